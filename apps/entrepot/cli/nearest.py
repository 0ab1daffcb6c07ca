"""What may have been meant by a name that no dataset has."""

from typing import TYPE_CHECKING

from entrepot.library.listing import newest_names
from entrepot_core.errors import DatasetNotFound
from entrepot_core.meant import did_you_mean

if TYPE_CHECKING:
    from entrepot.cli.session import Session


def add_hint(session: "Session", error: Exception) -> None:
    """Add what may have been meant to an error, if it is of a dataset that is not there."""
    if isinstance(error, DatasetNotFound) and (hint := _hint(session, error.ref)) is not None:
        error.add_note(hint)


def _hint(session: "Session", ref: str) -> str | None:
    """A name like the one that was given, or that there is nothing in the store; None where nothing helps."""
    names = newest_names(session.operations)
    if names is None:
        return None
    if not names:
        return f"There are no datasets in {session.place} yet. Add one: entrepot add FILE"
    return did_you_mean(ref, names).rstrip() or None
