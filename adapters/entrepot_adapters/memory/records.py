"""The metadata registry in memory."""

from collections.abc import Callable
from datetime import datetime
from threading import Lock

from entrepot_core.errors import RecordNotFound
from entrepot_core.record import (
    Record,
    RecordHistory,
    RecordId,
    RecordPage,
    RecordQuery,
    RecordRevision,
    page_of,
    source_name,
)


class MemoryRecords:
    """Remembers records as long as this object lives."""

    def __init__(self) -> None:
        self._records: dict[RecordId, tuple[Record, tuple[RecordRevision, ...]]] = {}
        self._lock = Lock()

    def add(self, record: Record) -> None:
        """Remember a new record."""
        first = RecordRevision(1, record.registered_on, record.name, record.payload)
        with self._lock:
            self._records = {**self._records, record.id: (record, (first,))}

    def find(self, record_id: RecordId) -> Record:
        """A record as it is now."""
        return self._find(record_id)[0]

    def list(self, query: RecordQuery) -> RecordPage:
        """The records that fit, the oldest first, one page of them."""
        records = [record for record, _ in self._records.values()]
        fitting = sorted((one for one in records if _fits(one, query)), key=lambda record: record.id)
        place = query.place
        found = fitting[query.offset :] if place is None else [one for one in fitting if one.id > place.id]
        return page_of(found[: query.limit + 1], len(fitting), query)

    def change(self, record_id: RecordId, edit: Callable[[Record], Record], at: datetime) -> Record:
        """Replace a record by what ``edit`` makes of it, and keep what it was."""
        with self._lock:
            before, revisions = self._find(record_id)
            after = edit(before)
            if after != before:
                newest = RecordRevision(revisions[0].number + 1, at, after.name, after.payload)
                self._records = {**self._records, record_id: (after, (newest, *revisions))}
        return after

    def remove(self, record_id: RecordId, check: Callable[[Record], None]) -> Record:
        """Forget a record and all that it was."""
        with self._lock:
            gone, _ = self._find(record_id)
            check(gone)
            self._records = {one: kept for one, kept in self._records.items() if one != record_id}
        return gone

    def history(self, record_id: RecordId) -> RecordHistory:
        """All that a record ever was."""
        return RecordHistory(self._find(record_id)[1])

    def _find(self, record_id: RecordId) -> tuple[Record, tuple[RecordRevision, ...]]:
        found = self._records.get(record_id)
        if found is None:
            raise RecordNotFound(record=record_id)
        return found


def _fits(record: Record, query: RecordQuery) -> bool:
    return query.name in {None, record.name} and (
        query.source_name is None or query.source_name == source_name(record.payload)
    )
