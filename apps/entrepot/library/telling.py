"""Versions, what differs between them, and what did not fit, in a few words."""

from collections.abc import Iterator

from entrepot.wording import counted
from entrepot_core.dataset import Cause
from entrepot_core.dialect import ImportReport
from entrepot_core.rows.views import SchemaDifferences
from entrepot_core.views import VersionView


def how_made(version: VersionView) -> str:
    """How a version came to be, in a few words."""
    cause, file = version.cause, version.file_name or "a table"
    match cause.kind:
        case "import":
            return f"reading {file}"
        case "retype":
            return f"reading {file} with other types"
        case "edit":
            return _edit_told(cause)
        case "restore":
            return f"going back to version {cause.restored}"


def _edit_told(cause: Cause) -> str:
    """What an edit did."""
    counts = {"added": cause.added, "changed": cause.changed, "removed": cause.removed}
    return ", ".join(f"{counted(count, 'row')} {what}" for what, count in counts.items() if count)


def counts_told(added: int, removed: int, changed: int) -> str:
    """How many rows differ, and in which way."""
    return f"{counted(added, 'row')} added, {removed:,} removed, {changed:,} changed"


def columns_told(schema: SchemaDifferences) -> Iterator[str]:
    """What differs between two schemas, a sentence a column."""
    yield from (f"column {field.name} ({field.type}) added" for field in schema.added)
    yield from (f"column {field.name} ({field.type}) removed" for field in schema.removed)
    yield from (
        f"column {field.name}: {field.before} → {field.after}; its values are not compared" for field in schema.changed
    )


def flaws_told(report: ImportReport) -> Iterator[str]:
    """How many rows of a file were mended and set aside, and what was wrong with the first."""
    kinds = (("mended", report.repaired, report.repairs), ("set aside", report.rejected, report.rejects))
    for what, number, flaws in kinds:
        if number and flaws:
            was, first = ("was", "") if number == 1 else ("were", "the first ")
            place = "" if flaws[0].line is None else f" ({first}on line {flaws[0].line:,})"
            yield f"{counted(number, 'row')} of the file {was} {what}{place}: {flaws[0].detail}."
