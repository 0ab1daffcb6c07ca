"""``versions``, ``diff`` and ``restore``: what a dataset was before."""

from collections.abc import Iterator

from entrepot.cli.documents import print_brief, size_text
from entrepot.cli.output import Cell, print_json, print_table, say
from entrepot.cli.parameters import Ref
from entrepot.cli.session import Given
from entrepot.cli.text import one_line
from entrepot.cli.values import cell_of, read_values
from entrepot.library.listing import every_version, first
from entrepot.library.telling import columns_told, counts_told, how_made
from entrepot_core.names import DatasetRef
from entrepot_core.rows.views import Differences, RowDifference
from entrepot_core.schema import ROW_ID


def versions(dataset: Ref, /, *, limit: int | None = None, session: Given) -> None:
    """List a dataset's versions, the newest first.

    Args:
        limit: The most; by default all.
    """
    found = first(every_version(session.operations, DatasetRef(dataset)), limit)
    if session.json:
        print_json(found)
        return
    rows: list[list[Cell]] = [
        [one.version, f"{one.created_at:%Y-%m-%d %H:%M}", one.rows, one.columns, size_text(one.size), how_made(one)]
        for one in found
    ]
    print_table(["version", "created", "rows", "columns", "size", "how"], rows)


def diff(
    dataset: Ref, before: int | None = None, after: int | None = None, /, *, limit: int = 20, session: Given
) -> None:
    """Show how two versions differ: by default the newest from the one before.

    Args:
        before: The first version's number.
        after: The second version's number; by default the newest.
        limit: How many rows to show, at most 10,000; all are counted.
    """
    ref = DatasetRef(dataset)
    second = session.operations.get_dataset(ref).version if after is None else after
    first = max(second - 1, 1) if before is None else before
    found = session.operations.diff(ref, first, second, limit)
    if session.json:
        print_json(found)
    else:
        _print(found)


def restore(dataset: Ref, version: int, /, *, session: Given) -> None:
    """Make an older version the next one.

    Args:
        version: Its number.
    """
    print_brief(session.operations.restore_version(DatasetRef(dataset), version), as_json=session.json)


def _print(found: Differences) -> None:
    """What differs: first counted, then a line for each value that changed and each row that came or went."""
    rows = found.rows
    counts = counts_told(rows.added, rows.removed, rows.changed)
    print(f"Version {found.before} → {found.after}: {counts}")
    for line in columns_told(found.schema):
        print(one_line(line))
    lines = [line for row in rows.items for line in _lines(row)]
    if lines:
        print_table(["_id", "column", "before", "after"], lines)
    if rows.more:
        say(f"Only {len(rows.items):,} rows are shown; see more with --limit.")


def _lines(row: RowDifference) -> Iterator[list[Cell]]:
    before: dict[str, object] | None = read_values(row.before)
    after: dict[str, object] | None = read_values(row.after)
    if before is None or after is None:
        yield [row.id, "(added)" if before is None else "(removed)", _summary(before), _summary(after)]
        return
    for column, old in before.items():
        if old != after[column]:
            yield [row.id, column, cell_of(old), cell_of(after[column])]


def _summary(row: dict[str, object] | None) -> str:
    """A row in brief, nothing where it is not there."""
    values = {} if row is None else {name: value for name, value in row.items() if name != ROW_ID and value is not None}
    return ", ".join(f"{name}={cell_of(value)}" for name, value in values.items())
