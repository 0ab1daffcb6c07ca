"""What time it is, and new ids."""

from datetime import datetime
from typing import Protocol

from entrepot_core.names import DatasetId


class Clock(Protocol):
    """Gives the facts that differ at every call, so that tests can fix them."""

    def now(self) -> datetime:
        """The time in UTC, to the microsecond."""
        ...

    def new_id(self) -> DatasetId:
        """An id that was never given before: a UUIDv7, later ones sort after earlier ones."""
        ...
