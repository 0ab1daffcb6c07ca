"""The metadata registry in an SQL database."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, false, func, insert, select, update

from entrepot_adapters.sql.models import RecordRow, RevisionRow
from entrepot_adapters.sql.repository import Repository
from entrepot_core.changes import is_text
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

_RECORDS = select(RecordRow.id, RecordRow.registered_on, RecordRow.name, RecordRow.payload)
"""The columns stand in the order of ``Record``'s attributes."""

_KNOWN = RecordRow.id == bindparam("known")
_FIND = _RECORDS.where(_KNOWN)
_LOCK = _RECORDS.add_columns(RecordRow.latest).where(_KNOWN).with_for_update()
_ADD = insert(RecordRow)
_CHANGE = update(RecordRow).where(_KNOWN)
_REMOVE = delete(RecordRow).where(_KNOWN)
_ADD_REVISION = insert(RevisionRow)
_REVISIONS = select(RevisionRow.number, RevisionRow.changed_at, RevisionRow.name, RevisionRow.payload)


class SqlRecords(Repository):
    """Remembers records in a database whose tables are there already; ``open_database`` sees to that."""

    def add(self, record: Record) -> None:
        """Remember a new record."""
        first = {"id": record.id, "registered_on": record.registered_on, "latest": 1}
        with self.writing_rows() as connection:
            connection.execute(_ADD, {**first, **_written(record)})
            connection.execute(_ADD_REVISION, _revision(record, 1, record.registered_on))

    def find(self, record_id: RecordId) -> Record:
        """A record as it is now."""
        with self.reading() as connection:
            row = connection.execute(_FIND, {"known": record_id}).one_or_none()
        if row is None:
            raise RecordNotFound(record=record_id)
        return _record(row)

    def list(self, query: RecordQuery) -> RecordPage:
        """The records that fit, the oldest first, one page of them."""
        fits, place = list(_conditions(query)), query.place
        wanted = _RECORDS.where(*fits).order_by(RecordRow.id).limit(query.limit + 1)
        wanted = wanted.offset(query.offset) if place is None else wanted.where(RecordRow.id > place.id)
        with self.reading() as connection:
            total = connection.scalars(select(func.count()).select_from(RecordRow).where(*fits)).one()
            found = [_record(row) for row in connection.execute(wanted).all()]
        return page_of(found, total, query)

    def change(self, record_id: RecordId, edit: Callable[[Record], Record], at: datetime) -> Record:
        """Replace a record by what ``edit`` makes of it, while no other writer is let in, and keep what it was."""
        with self.writing_rows() as connection:
            before, number = _lock(connection, record_id)
            after = edit(before)
            if after != before:
                connection.execute(_CHANGE, {"known": record_id, "latest": number + 1, **_written(after)})
                connection.execute(_ADD_REVISION, _revision(after, number + 1, at))
        return after

    def remove(self, record_id: RecordId, check: Callable[[Record], None]) -> Record:
        """Forget a record and all that it was."""
        with self.writing_rows() as connection:
            gone, _ = _lock(connection, record_id)
            check(gone)
            connection.execute(_REMOVE, {"known": record_id})
        return gone

    def history(self, record_id: RecordId) -> RecordHistory:
        """All that a record ever was."""
        wanted = _REVISIONS.where(RevisionRow.record_id == record_id).order_by(RevisionRow.number.desc())
        with self.reading() as connection:
            rows = connection.execute(wanted).all()
        if not rows:
            raise RecordNotFound(record=record_id)
        return RecordHistory(tuple(RecordRevision(*row) for row in rows))


def _conditions(query: RecordQuery) -> Iterator[ColumnElement[bool]]:
    if any(text is not None and not is_text(text) for text in (query.name, query.source_name)):
        yield false()
        return
    if query.name is not None:
        yield RecordRow.name == query.name
    if query.source_name is not None:
        yield RecordRow.source_name == query.source_name


def _lock(connection: Connection, record_id: RecordId) -> tuple[Record, int]:
    """A record that no other writer may change meanwhile, and the number of its newest revision."""
    row = connection.execute(_LOCK, {"known": record_id}).one_or_none()
    if row is None:
        raise RecordNotFound(record=record_id)
    *values, number = row
    return _record(values), number


def _written(record: Record) -> dict[str, Any]:
    return {"name": record.name, "payload": record.payload, "source_name": source_name(record.payload)}


def _revision(record: Record, number: int, at: datetime) -> dict[str, Any]:
    return {
        "record_id": record.id,
        "number": number,
        "changed_at": at,
        "name": record.name,
        "payload": record.payload,
    }


def _record(values: Iterable[Any]) -> Record:
    return Record(*values)
