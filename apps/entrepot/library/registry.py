"""The metadata registry, as people hold it."""

import builtins
from collections.abc import Mapping

import msgspec
from attrs import frozen

from entrepot.wording import counted
from entrepot_core.errors import InvalidRecord
from entrepot_core.paging import DEFAULT_LIMIT
from entrepot_core.ports.operations import Operations
from entrepot_core.record import Record, RecordEntry, RecordQuery, RecordRevision

Payload = Mapping[str, object] | str


@frozen(repr=False)
class Registry:
    """The store's metadata registry: JSON under a name, held to a schema, with all that it was.

    >>> record = store.metadata.add("flights", {"sourceName": "flights"})
    >>> store.metadata.get(record.id).payload
    '{"sourceName":"flights"}'
    """

    _operations: Operations

    def add(self, name: str, payload: Payload) -> Record:
        """Register a record.

        >>> store.metadata.add("flights", {"sourceName": "flights", "partitioning": "day"}).name
        'flights'

        Args:
            name: Any text but the empty one.
            payload: A dict, or JSON text, which is stored as it is.

        Raises:
            InvalidPayload: It is no JSON, or does not fit the schema.
        """
        return self._operations.add_record(RecordEntry(name, _text(payload)))

    def get(self, record_id: str) -> Record:
        """Show a record.

        >>> store.metadata.get("019aa5c0-8a11-7d0e-b2c4-1f2e3d4c5b6a")
        Traceback (most recent call last):
        ...
        entrepot_core.errors.records.RecordNotFound: There is no record ...
        """
        return self._operations.get_record(record_id)

    def list(
        self, *, name: str | None = None, source_name: str | None = None, limit: int = DEFAULT_LIMIT
    ) -> builtins.list[Record]:
        """List records, the oldest first: those of a name, or whose payload has a ``sourceName``.

        >>> store.metadata.list(source_name="nothing")
        []
        """
        query = RecordQuery(name=name, source_name=source_name, limit=limit)
        return [*self._operations.list_records(query).items]

    def update(self, record_id: str, *, name: str | None = None, payload: Payload | None = None) -> Record:
        """Give a record another name, another payload, or both.

        >>> record = store.metadata.add("flights", {"sourceName": "flights"})
        >>> store.metadata.update(record.id, payload={"sourceName": "trains"}).name
        'flights'

        Raises:
            Stale: Another changed it in between; nothing was changed.
        """
        before = self.get(record_id)
        new_payload = before.payload if payload is None else _text(payload)
        entry = RecordEntry(name or before.name, new_payload)
        return self._operations.update_record(record_id, entry, before.tag)

    def remove(self, record_id: str) -> Record:
        """Remove a record with its history, and give what it was.

        >>> record = store.metadata.add("flights", {"sourceName": "flights"})
        >>> store.metadata.remove(record.id).name
        'flights'
        """
        return self._operations.remove_record(record_id)

    def history(self, record_id: str) -> builtins.list[RecordRevision]:
        """All that a record ever was, the newest first.

        >>> record = store.metadata.add("flights", {"sourceName": "flights"})
        >>> [revision.number for revision in store.metadata.history(record.id)]
        [1]
        """
        return [*self._operations.get_record_history(record_id).items]

    def __repr__(self) -> str:
        return f"<Registry of {counted(self._operations.list_records(RecordQuery(limit=1)).total, 'record')}>"


def _text(payload: Payload) -> str:
    if isinstance(payload, str):
        return payload
    try:
        return msgspec.json.encode(payload).decode()
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        reason = f"give what JSON can say ({error})"
        raise InvalidRecord(field="payload", value=repr(payload)[:100], reason=reason) from error
