"""``append``, ``update`` and ``drop-rows``: edits of rows."""

from typing import Annotated

from cyclopts import Parameter

from entrepot.cli.failing import Misused
from entrepot.cli.output import print_json, say
from entrepot.cli.parameters import ALL_ROWS, AS_FOUND, Reading, Ref, Which
from entrepot.cli.session import Given, Session, place_of
from entrepot.library.incoming_rows import decimals_in, rows_of
from entrepot.wording import counted
from entrepot_core.names import DatasetRef
from entrepot_core.rows.edits import Row
from entrepot_core.rows.views import RowsChanged
from entrepot_core.views import DatasetView


def append(dataset: Ref, file: str, /, *, reading: Reading = AS_FOUND, session: Given) -> None:
    """Add the rows of a file, which makes the next version; columns it does not have are null.

    Args:
        file: A path, or - for the standard input; its columns are read as the types that the dataset's have.
        reading: How to read it.
        session: The store and how to print.
    """
    view = session.operations.get_dataset(DatasetRef(dataset))
    rows = _given(session, file, view, reading)
    _print(session, view.name, session.operations.append_rows(DatasetRef(view.id), rows), "added")


def update(
    dataset: Ref,
    file: str,
    /,
    *,
    whole: Annotated[bool, Parameter(negative=())] = False,
    reading: Reading = AS_FOUND,
    session: Given,
) -> None:
    """Give rows new values from a file with a column _id, which makes the next version.

    Args:
        file: A path, or - for the standard input; columns it does not have stay as they are.
        whole: These are whole rows: columns the file does not have become null.
        reading: How to read it.
        session: The store and how to print.
    """
    view = session.operations.get_dataset(DatasetRef(dataset))
    rows = _given(session, file, view, reading)
    _print(session, view.name, session.operations.update_rows(DatasetRef(view.id), rows, whole=whole), "changed")


def drop_rows(
    dataset: Ref,
    /,
    *,
    row_id: Annotated[list[int] | None, Parameter(name="--id", negative=(), help="A row's number; repeatable.")] = None,
    which: Which = ALL_ROWS,
    session: Given,
) -> None:
    """Remove rows, by filters or by their numbers, which makes the next version."""
    fitting = which.filter()
    if row_id is not None and not fitting.is_empty:
        raise Misused("Give --id or filters, not both.")
    ref = DatasetRef(dataset)
    changed = session.operations.remove_rows(ref, fitting if row_id is None else row_id)
    _print(session, dataset, changed, "removed")


def _given(session: Session, file: str, view: DatasetView, reading: Reading) -> list[Row]:
    """The rows of a file; what became of those that don't fit is told."""
    options = reading.options().over(view.import_report.conventions)
    found = rows_of(place_of(file), view.schema, options, decimals_in(session.operations, view))
    for told in found.told:
        say(told)
    return found.rows


def _print(session: Session, name: str, changed: RowsChanged, what: str) -> None:
    """One line of result: how many rows, and which version that made."""
    if session.json:
        print_json(changed)
        return
    if not changed.ids:
        say("No row fits; nothing was changed." if what == "removed" else "There is no row in it; nothing was changed.")
    print(f"{name}\t{counted(len(changed.ids), 'row')} {what}\tversion {changed.version}")
