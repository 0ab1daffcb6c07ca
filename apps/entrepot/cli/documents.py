"""Documents of datasets, for people."""

from collections.abc import Mapping, Sequence

from entrepot.cli.output import FIGURES, Cell, print_json, print_table, say
from entrepot.cli.text import as_flags, one_line
from entrepot.wording import counted, shape_text
from entrepot_core.collection import CollectionPage
from entrepot_core.dialect import Flaw
from entrepot_core.job import Job
from entrepot_core.schema import Schema
from entrepot_core.statistics import Statistics
from entrepot_core.views import DatasetView, RefreshView, RowsPage

_BLOCKS = "▁▂▃▄▅▆▇█"
_YES: dict[bool | None, str] = {True: "yes", False: "no"}
_MARKS = {"delimiter", "quote", "escape"}
_UNITS = ("B", "kB", "MB", "GB", "TB")
_THOUSAND = 1000
_LENGTHS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_SHOWN_FLAWS = 10


def print_brief(view: DatasetView, *, as_json: bool) -> None:
    """One line of result; what was noticed on the way in goes to the standard error."""
    print_notes(view)
    if as_json:
        print_json(view)
    else:
        shape = shape_text(view.rows, view.columns)
        print(f"{view.name}\t{shape}\t{size_text(view.size)}\tversion {view.version}")


def print_notes(view: DatasetView) -> None:
    """What was noticed on the way in, to the standard error."""
    for warning in view.import_report.warnings:
        say(f"{view.name}: {as_flags(warning)}")


def print_begun(job: Job, *, as_json: bool) -> None:
    """A job's id; how to follow it goes to the standard error."""
    if as_json:
        print_json(job)
        return
    print(job.id)
    say(f"Follow it: entrepot jobs show {job.id} --follow")


def print_list(views: Sequence[DatasetView]) -> None:
    """A line a dataset."""
    heads = ["name", "title", "rows", "columns", "size", "updated"]
    rows: list[list[Cell]] = [
        [view.name, view.title, view.rows, view.columns, size_text(view.size), f"{view.updated_at:%Y-%m-%d %H:%M}"]
        for view in views
    ]
    print_table(heads, rows)


def print_document(view: DatasetView) -> None:
    """All that is known of a dataset: first of the whole, then of its columns."""
    report = view.import_report
    read = {
        "encoding": report.encoding,
        "delimiter": report.delimiter,
        "quote": report.quote,
        "escape": report.escape,
        "header": None if report.header is None else _YES[report.header],
        "line end": report.line_end,
        "skipped lines": report.skipped_lines or None,
    }
    facts: dict[str, Cell] = {
        "name": view.name,
        "title": view.title,
        "description": view.description or None,
        "tags": ", ".join(view.tags) or None,
        "rows": view.rows,
        "columns": view.columns,
        "size": size_text(view.size),
        "file": view.file_name,
        "type": view.media_type,
        "packed with": report.compression,
        "fetched from": report.source_url,
        "fetched again": None if view.refresh is None else _refreshed(view.refresh),
        "published": f"/api/{view.name}/" if view.published else None,
        "images": _pictured(view),
        "version": view.version,
        "id": view.id,
        "created": f"{view.created_at:%Y-%m-%d %H:%M:%S} UTC",
        "updated": f"{view.updated_at:%Y-%m-%d %H:%M:%S} UTC",
        **{
            name: repr(value) if name in {"delimiter", "quote", "escape"} and value else value
            for name, value in read.items()
        },
        "repaired rows": report.repaired or None,
        "rows set aside": report.rejected or None,
    }
    for name, value in facts.items():
        if value is not None:
            print(one_line(f"{name + ':':<16}{value}"))
    for warning in report.warnings:
        print(one_line(f"{'note:':<16}{as_flags(warning)}"))
    _print_flaws("mended", report.repairs)
    _print_flaws("set aside", report.rejects)
    print()
    print_schema(view.schema)


def _refreshed(refresh: RefreshView) -> str | None:
    """When the source is fetched again, and how that went last."""
    every = None if refresh.every is None else f"every {interval_text(refresh.every)}"
    problem = None if refresh.problem is None else f"failed {refresh.checked_at:%Y-%m-%d %H:%M} UTC: {refresh.problem}"
    return "; ".join(told for told in (every, problem) if told is not None) or None


def _pictured(view: DatasetView) -> str | None:
    """Which columns hold images, and how many of these are there."""
    if not view.images:
        return None
    found = view.import_report.images
    names = ", ".join(view.images)
    if found is None:
        return names
    return f"{names} ({found.stored:,} stored, {found.failed:,} failed, {found.pending:,} pending)"


def tell_more(page: RowsPage | CollectionPage, shown: int, what: str) -> None:
    """Which part of the whole a page shows, where that is not all of it; ``what`` is one thing of a page."""
    if page.next:
        which = f"{what}s {page.offset + 1:,} to {page.offset + shown:,}" if page.offset else f"{shown:,}"
        of = f" of {page.total:,}" + ("" if page.offset else f" {what}s")
        say(f"{which}{of}; see more with --limit and --offset.")
    elif not shown:
        say(f"No {what} fits." if page.total == 0 else f"There are {page.total:,} {what}s.")


def tell_left_out(columns: int) -> None:
    """That there is no room for so many columns."""
    say(f"No room for {counted(columns, 'column')}; choose some with --columns, or see all with --json.")


def _print_flaws(word: str, flaws: Sequence[Flaw]) -> None:
    """The first rows that were mended, or set aside: where, and why."""
    for flaw in flaws[:_SHOWN_FLAWS]:
        at = ", ".join(
            f"{name} {one}" for name, one in (("line", flaw.line), ("column", flaw.column)) if one is not None
        )
        print(one_line(f"{word + ':':<16}{at}: {flaw.detail}"))
    if len(flaws) > _SHOWN_FLAWS:
        print(f"{'':<16}… --json lists the first {len(flaws)}")


def print_schema(schema: Schema) -> None:
    """A line a column: its type, and whether it has nulls."""
    rows = [[field.name, field.type.value, _YES[field.nullable]] for field in schema.fields]
    print_table(["column", "type", "nulls"], rows)


def print_statistics(statistics: Statistics) -> None:
    """A line a column: its type, nulls, middle, ends and histogram."""
    rows = [_line(entry) for entry in statistics.statistics]
    print_table(["column", "type", "nulls", "min", "mean", "max", "histogram"], rows, FIGURES)


def _line(entry: Mapping[str, object]) -> list[Cell]:
    found = entry["column_statistics"]
    details: Mapping[str, object] = found if isinstance(found, Mapping) else {}
    histogram = details.get("histogram")
    bars = histogram.get("hist") if isinstance(histogram, Mapping) else None
    middle = [_cell(details.get(key)) for key in ("min", "mean", "max")]
    picture = spark([int(count) for count in bars]) if isinstance(bars, Sequence) else None
    return [str(entry["column_name"]), str(entry["column_type"]), _cell(details.get("nan_count")), *middle, picture]


def spark(counts: Sequence[int]) -> str:
    """A histogram on one line; a bar that is there is never invisible.

    >>> spark([0, 1, 4, 8])
    ' ▁▄█'
    """
    most = max(counts, default=0) or 1
    return "".join(_BLOCKS[-(-count * len(_BLOCKS) // most) - 1] if count else " " for count in counts)


def size_text(size: float) -> str:
    """A number of bytes for a person.

    >>> size_text(999), size_text(17_094)
    ('999 B', '17.1 kB')
    """
    for unit in _UNITS[:-1]:
        if size < _THOUSAND:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= _THOUSAND
    return f"{size:.1f} {_UNITS[-1]}"


def interval_text(seconds: int) -> str:
    """An interval for a person, as it is written on the way in.

    >>> interval_text(3_600), interval_text(90), interval_text(604_800)
    ('1h', '90s', '7d')
    """
    unit, length = next((unit, length) for unit, length in _LENGTHS.items() if seconds % length == 0)
    return f"{seconds // length}{unit}"


def _cell(value: object) -> Cell:
    return value if value is None or isinstance(value, str | int | float) else str(value)
