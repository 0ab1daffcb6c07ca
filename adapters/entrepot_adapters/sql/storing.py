"""Writes datasets into the tables."""

from collections.abc import Iterable
from itertools import islice

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from entrepot_adapters.sql.models import DatasetRow, DistributionRow, FieldRow, TagRow, VersionRow
from entrepot_core.dataset import Dataset, Distribution, Version
from entrepot_core.errors import DatasetNotFound, NameTaken
from entrepot_core.names import DatasetId, DatasetName, DatasetRef, as_id, is_id
from entrepot_core.selection import fold

_NAMES_AT_ONCE = 500
"""How many names are looked up at once, after the first."""


def free_name(session: Session, names: Iterable[DatasetName]) -> DatasetName:
    """The first of ``names`` that no dataset has, which stays free until the transaction ends.

    Raises:
        NameTaken: None is free; it names the last.
    """
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        session.execute(text("LOCK TABLE datasets IN SHARE ROW EXCLUSIVE MODE"))
    waiting = iter(names)
    some, last = list(islice(waiting, 1)), ""
    while some:
        taken = set(session.scalars(select(DatasetRow.name).where(DatasetRow.name.in_(some))))
        for name in some:
            if name not in taken:
                return name
        last = some[-1]
        some = list(islice(waiting, _NAMES_AT_ONCE))
    raise NameTaken(name=last)


def lock(session: Session, ref: DatasetRef) -> DatasetRow:
    """A dataset's own row, kept from other writers until the transaction ends.

    Raises:
        DatasetNotFound: There is none.
    """
    wanted = select(DatasetRow).where(DatasetRow.id == as_id(ref) if is_id(ref) else DatasetRow.name == ref)
    row = session.scalars(wanted.with_for_update()).one_or_none() if ref.isascii() else None
    if row is None:
        raise DatasetNotFound(ref=ref)
    return row


def store(session: Session, dataset: Dataset) -> None:
    """Store a new dataset with its version."""
    row = DatasetRow(id=dataset.id, created_at=dataset.created_at)
    _describe(row, dataset)
    session.add(row)
    session.flush()
    _store_tags(session, dataset)
    _store_version(session, dataset.id, dataset.version)


def replace(session: Session, row: DatasetRow, before: Dataset, after: Dataset) -> None:
    """Store what became of a dataset.

    Raises:
        NameTaken: Another has its name.
    """
    _describe(row, after)
    try:
        session.flush()
    except IntegrityError as error:
        raise NameTaken(name=after.name) from error
    if after.tags != before.tags:
        session.execute(delete(TagRow).where(TagRow.dataset_id == row.id))
        _store_tags(session, after)
    if after.version.number > before.version.number:
        _store_version(session, before.id, after.version)
    elif after.version.report != before.version.report:
        numbered = (VersionRow.dataset_id == row.id, VersionRow.number == before.version.number)
        session.execute(update(VersionRow).where(*numbered).values(report=after.version.report))


def _describe(row: DatasetRow, dataset: Dataset) -> None:
    row.name, row.published = dataset.name, dataset.published
    row.title, row.folded_title = dataset.title, fold(dataset.title)
    row.description, row.folded_description = dataset.description, fold(dataset.description)
    row.updated_at, row.revision, row.latest = dataset.updated_at, dataset.revision, dataset.latest
    row.images, row.imaged, row.pending = dataset.images, dataset.imaged, dataset.has_pending_images
    row.claimed_until = dataset.claimed_until
    row.origin, row.due_at = dataset.origin, None if dataset.origin is None else dataset.origin.due_at
    row.failing = dataset.is_failing


def _store_tags(session: Session, dataset: Dataset) -> None:
    if dataset.tags:
        tags = [{"dataset_id": dataset.id, "tag": tag, "folded_tag": fold(tag)} for tag in dataset.tags]
        session.execute(insert(TagRow), tags)


def _store_version(session: Session, dataset: DatasetId, version: Version) -> None:
    row = VersionRow(
        dataset_id=dataset,
        number=version.number,
        created_at=version.created_at,
        rows=version.rows,
        options=version.options,
        report=version.report,
        dates_are_text=version.dates_are_text,
        next_row=version.next_row,
        cause=version.cause,
    )
    session.add(row)
    session.flush()
    fields = [
        {
            "version_id": row.id,
            "position": place,
            "name": field.name,
            "folded_name": fold(field.name),
            "type": field.type,
            "nullable": field.nullable,
        }
        for place, field in enumerate(version.schema.fields)
    ]
    if fields:
        session.execute(insert(FieldRow), fields)
    forms = [_form(row.id, place, form) for place, form in enumerate(version.distributions)]
    if forms:
        session.execute(insert(DistributionRow), forms)


def _form(version: int, place: int, form: Distribution) -> dict[str, object]:
    return {
        "version_id": version,
        "position": place,
        "role": form.role,
        "media_type": form.media_type,
        "size": form.size,
        "digest": form.digest,
        "file_name": form.file_name,
    }


def complete(session: Session, row: DatasetRow, number: int, form: Distribution) -> None:
    """Store one more form of a version, unless it has one of that role, or is there no more."""
    numbered = (VersionRow.dataset_id == row.id, VersionRow.number == number)
    version = session.scalars(select(VersionRow.id).where(*numbered)).one_or_none()
    if version is None:
        return
    found = session.execute(select(DistributionRow.position, DistributionRow.role).filter_by(version_id=version)).all()
    if all(role != form.role for _, role in found):
        place = max((position for position, _ in found), default=-1) + 1
        session.execute(insert(DistributionRow), [_form(version, place, form)])


def forget(session: Session, row: DatasetRow, keep: int) -> int:
    """Remove all versions but the newest ``keep``; answer how many."""
    old = delete(VersionRow).where(VersionRow.dataset_id == row.id, VersionRow.number <= row.latest - keep)
    return len(session.scalars(old.returning(VersionRow.id)).all())
