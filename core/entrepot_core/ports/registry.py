"""The driving port's part for the metadata registry."""

from typing import Protocol, runtime_checkable

from entrepot_core.record import Record, RecordEntry, RecordHistory, RecordPage, RecordQuery


@runtime_checkable
class RecordQueries(Protocol):
    """What reads records. A remote implementation also raises ``ServerUnreachable`` and ``ServerFailed``."""

    def list_records(self, query: RecordQuery) -> RecordPage:
        """List the records that fit, the oldest first, a page of them; where none fits, an empty one.

        Raises:
            InvalidCursor: The query's cursor is of another list.
        """
        ...

    def get_record(self, record_id: str) -> Record:
        """Show a record.

        Raises:
            RecordNotFound: There is none.
        """
        ...

    def get_record_history(self, record_id: str) -> RecordHistory:
        """Show all that a record ever was, the newest first.

        Raises:
            RecordNotFound: There is none.
        """
        ...


@runtime_checkable
class RecordCommands(Protocol):
    """What writes records; see ``Commands``."""

    def add_record(self, entry: RecordEntry) -> Record:
        """Register a record.

        Raises:
            InvalidPayload: The payload is no JSON, or does not fit the schema.
        """
        ...

    def update_record(self, record_id: str, entry: RecordEntry, expected: str | None = None) -> Record:
        """Give a record another name and payload, if it has the tag that is expected of it.

        Raises:
            RecordNotFound: There is none.
            Stale: It has changed since.
            InvalidPayload: The payload is no JSON, or does not fit the schema.
        """
        ...

    def remove_record(self, record_id: str, expected: str | None = None) -> Record:
        """Remove a record with its history, if it has the tag that is expected of it; answer what it was.

        Raises:
            RecordNotFound: There is none.
            Stale: It has changed since.
        """
        ...
