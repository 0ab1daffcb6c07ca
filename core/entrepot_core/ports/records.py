"""Where the metadata registry's records are kept, and what they are held to."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from entrepot_core.errors import PayloadError
from entrepot_core.record import Record, RecordHistory, RecordId, RecordPage, RecordQuery


class Records(Protocol):
    """Remembers records. Every method is atomic and safe to use from several threads and processes.

    What a writing method has acknowledged is durable. Any method may raise ``StoreBusy`` when another process holds the
    store for too long, and ``DiskFull``; then nothing was changed.
    """

    def add(self, record: Record) -> None:
        """Remember a new record, whose id is later than those of all before."""
        ...

    def find(self, record_id: RecordId) -> Record:
        """A record as it is now.

        Raises:
            RecordNotFound: There is none.
        """
        ...

    def list(self, query: RecordQuery) -> RecordPage:
        """The records that fit, the oldest first, one page of them.

        Raises:
            InvalidCursor: The query's cursor is of another list.
        """
        ...

    def change(self, record_id: RecordId, edit: Callable[[Record], Record], at: datetime) -> Record:
        """Replace a record by what ``edit`` makes of it, and keep what it was; answer what it is.

        No other change comes between the reading and the writing. What ``edit`` raises leaves the record as it was and
        passes through. Where nothing changes, nothing is kept.

        Raises:
            RecordNotFound: There is none.
        """
        ...

    def remove(self, record_id: RecordId, check: Callable[[Record], None]) -> Record:
        """Forget a record and all that it was; answer what it was last.

        What ``check`` raises of it, before which no other change comes, leaves it and passes through.

        Raises:
            RecordNotFound: There is none.
        """
        ...

    def history(self, record_id: RecordId) -> RecordHistory:
        """All that a record ever was.

        Raises:
            RecordNotFound: There is none.
        """
        ...


class Payloads(Protocol):
    """What payloads are held to."""

    def errors(self, payload: Any) -> tuple[PayloadError, ...]:  # noqa: ANN401 - any JSON
        """What is wrong with a payload, place by place, at most a hundred; nothing where it fits."""
        ...
