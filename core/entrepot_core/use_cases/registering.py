"""The metadata registry: records in, checked, and out again."""

import msgspec
from attrs import frozen

from entrepot_core.errors import InvalidPayload
from entrepot_core.ports.driven import Driven
from entrepot_core.record import (
    Record,
    RecordEntry,
    RecordHistory,
    RecordId,
    RecordPage,
    RecordQuery,
    parse_record_id,
)


@frozen
class LocalRecords:
    """The registry's part of ``LocalOperations``.

    Attributes:
        driven: The store.
    """

    driven: Driven

    def list_records(self, query: RecordQuery) -> RecordPage:
        """List the records that fit, the oldest first, a page of them."""
        return self.driven.records.list(query)

    def get_record(self, record_id: str) -> Record:
        """Show a record."""
        return self.driven.records.find(parse_record_id(record_id))

    def get_record_history(self, record_id: str) -> RecordHistory:
        """Show all that a record ever was, the newest first."""
        return self.driven.records.history(parse_record_id(record_id))

    def add_record(self, entry: RecordEntry) -> Record:
        """Register a record."""
        self._check(entry)
        clock = self.driven.clock
        record = Record(RecordId(clock.new_id()), clock.now(), entry.name, entry.payload)
        self.driven.records.add(record)
        return record

    def update_record(self, record_id: str, entry: RecordEntry, expected: str | None = None) -> Record:
        """Give a record another name and payload, if it has the tag that is expected of it."""
        known = parse_record_id(record_id)
        self.driven.records.find(known).require(expected)  # what is not there is said before what is wrong
        self._check(entry)

        def edit(record: Record) -> Record:
            record.require(expected)
            return msgspec.structs.replace(record, name=entry.name, payload=entry.payload)

        return self.driven.records.change(known, edit, self.driven.clock.now())

    def remove_record(self, record_id: str, expected: str | None = None) -> Record:
        """Remove a record with its history, if it has the tag that is expected of it."""
        return self.driven.records.remove(parse_record_id(record_id), lambda record: record.require(expected))

    def _check(self, entry: RecordEntry) -> None:
        """Hold a payload to the store's schema."""
        errors = self.driven.payloads.errors(entry.value)
        if errors:
            raise InvalidPayload(errors=list(errors))
