"""Versions and what differs between them, in a few words."""

from collections.abc import Iterator

from entrepot_core.dataset import Cause
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
    return ", ".join(f"{rows_told(count)} {what}" for what, count in counts.items() if count)


def rows_told(count: int) -> str:
    """A number of rows."""
    return f"{count:,} row{'s' * (count != 1)}"


def counts_told(added: int, removed: int, changed: int) -> str:
    """How many rows differ, and in which way."""
    return f"{rows_told(added)} added, {removed:,} removed, {changed:,} changed"


def columns_told(schema: SchemaDifferences) -> Iterator[str]:
    """What differs between two schemas, a sentence a column."""
    yield from (f"column {field.name} ({field.type}) added" for field in schema.added)
    yield from (f"column {field.name} ({field.type}) removed" for field in schema.removed)
    yield from (f"column {field.name}: {field.before} → {field.after}" for field in schema.changed)
