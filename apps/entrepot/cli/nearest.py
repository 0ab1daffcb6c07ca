"""What may have been meant by a name that no dataset has."""

from typing import TYPE_CHECKING

from entrepot.library.listing import every_dataset, first
from entrepot_core.errors import DatasetNotFound, EntrepotError
from entrepot_core.meant import did_you_mean
from entrepot_core.paging import MAX_LIMIT
from entrepot_core.selection import DatasetQuery

if TYPE_CHECKING:
    from entrepot.cli.session import Session

_LOOKED_AT = 2_000
"""Datasets among which a name is looked for, the newest first."""


def add_hint(session: "Session", error: Exception) -> None:
    """Add what may have been meant to an error, if it is of a dataset that is not there."""
    if isinstance(error, DatasetNotFound) and (hint := _hint(session, error.ref)) is not None:
        error.add_note(hint)


def _hint(session: "Session", ref: str) -> str | None:
    """A name like the one that was given, or that there is nothing in the store; None where nothing helps."""
    try:
        found = first(every_dataset(session.operations, DatasetQuery(limit=MAX_LIMIT)), _LOOKED_AT)
    except (EntrepotError, OSError):  # what went wrong first is told
        return None
    if not found:
        return f"There are no datasets in {session.place} yet. Add one: entrepot add FILE"
    return did_you_mean(ref, [view.name for view in found]).rstrip() or None
