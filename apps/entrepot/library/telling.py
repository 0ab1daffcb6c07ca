"""Versions, what differs between them, and what did not fit, in a few words."""

import re
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


_ABOUT_ROWS = re.compile(
    r"Only the sheet .*|.* before the table (?:was|were) left out.*|.* looks like a total: .*"
    r"|.* stands beside the rows and was left out\.|.* was read as \w+ since 1970, in UTC\."
)
"""Notes of an import on what its rows are, rather than on how they are read; and on numbers that became moments."""


def rows_told(report: ImportReport) -> Iterator[str]:
    """What was left out beside a file's rows, and how many of these were mended and set aside, with the first."""
    yield from (note for note in report.warnings if _ABOUT_ROWS.fullmatch(note))
    kinds = (("mended", report.repaired, report.repairs), ("set aside", report.rejected, report.rejects))
    for what, number, flaws in kinds:
        if number and flaws:
            was, first = ("was", "") if number == 1 else ("were", "the first ")
            place = "" if flaws[0].line is None else f" ({first}on line {flaws[0].line:,})"
            yield f"{counted(number, 'row')} of the file {was} {what}{place}: {flaws[0].detail}."
