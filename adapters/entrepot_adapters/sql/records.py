"""The metadata registry in an SQL database."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, false, func, insert, select
from sqlalchemy.orm import Session

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
_REVISIONS = select(RevisionRow.number, RevisionRow.changed_at, RevisionRow.name, RevisionRow.payload)


class SqlRecords(Repository):
    """Remembers records in a database whose tables are there already; ``open_database`` sees to that."""

    def add(self, record: Record) -> None:
        """Remember a new record."""
        with self.writing() as session:
            row = RecordRow(id=record.id, registered_on=record.registered_on, latest=1)
            session.add(_written(row, record))
            session.flush()
            _keep(session, row, record.registered_on)

    def find(self, record_id: RecordId) -> Record:
        """A record as it is now."""
        with self.reading() as connection:
            row = connection.execute(_RECORDS.where(RecordRow.id == record_id)).one_or_none()
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
        with self.writing() as session:
            row = _lock(session, record_id)
            before = _record(row)
            after = edit(before)
            if after != before:
                _written(row, after).latest += 1
                _keep(session, row, at)
        return after

    def remove(self, record_id: RecordId) -> Record:
        """Forget a record and all that it was."""
        with self.writing() as session:
            row = _lock(session, record_id)
            gone = _record(row)
            session.delete(row)
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


def _lock(session: Session, record_id: RecordId) -> RecordRow:
    row = session.scalars(select(RecordRow).where(RecordRow.id == record_id).with_for_update()).one_or_none()
    if row is None:
        raise RecordNotFound(record=record_id)
    return row


def _written(row: RecordRow, record: Record) -> RecordRow:
    row.name, row.payload, row.source_name = record.name, record.payload, source_name(record.payload)
    return row


def _keep(session: Session, row: RecordRow, at: datetime) -> None:
    values = {"number": row.latest, "changed_at": at, "name": row.name, "payload": row.payload}
    session.execute(insert(RevisionRow), [{"record_id": row.id, **values}])


def _record(row: RecordRow | Row[*tuple[Any, ...]]) -> Record:
    return Record(RecordId(row.id), row.registered_on, row.name, row.payload)
