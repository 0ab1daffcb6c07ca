"""Makes datasets of the tables' rows, with the same few queries for one or many."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from entrepot_adapters.sql.models import DatasetRow, DistributionRow, FieldRow, TagRow, VersionRow
from entrepot_core.dataset import Dataset, Distribution, Role, Version
from entrepot_core.errors import DatasetNotFound, VersionNotFound
from entrepot_core.names import DatasetId, DatasetName, DatasetRef, Digest, as_id, is_id
from entrepot_core.schema import Field, FieldType, Schema

Head = tuple[DatasetRow, VersionRow]


def find(session: Session, ref: DatasetRef, version: int | None = None) -> Dataset:
    """A dataset by its id or name, at a version, by default its newest.

    Raises:
        DatasetNotFound: There is none.
        VersionNotFound: It has no such version.
    """
    row = find_row(session, ref)
    if version is not None and not 1 <= version <= row.latest:
        raise VersionNotFound(ref=ref, version=version, latest=row.latest)
    number = row.latest if version is None else version
    wanted = select(VersionRow).where(VersionRow.dataset_id == row.id, VersionRow.number == number)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise VersionNotFound(ref=ref, version=number, latest=row.latest)
    return load(session, [(row, found)])[0]


def find_row(session: Session, ref: DatasetRef, *, lock: bool = False) -> DatasetRow:
    """A dataset's own row, with ``lock`` kept from others until the transaction ends.

    Raises:
        DatasetNotFound: There is none.
    """
    wanted = select(DatasetRow).where(DatasetRow.id == as_id(ref) if is_id(ref) else DatasetRow.name == ref)
    row = session.scalars(wanted.with_for_update() if lock else wanted).one_or_none() if ref.isascii() else None
    if row is None:
        raise DatasetNotFound(ref=ref)
    return row


def heads() -> Select[DatasetRow, VersionRow]:
    """Datasets, each with its newest version."""
    newest = (VersionRow.dataset_id == DatasetRow.id) & (VersionRow.number == DatasetRow.latest)
    return select(DatasetRow, VersionRow).join(VersionRow, newest)


def load(session: Session, heads: Sequence[Head]) -> list[Dataset]:
    """The datasets of these rows, in their order."""
    tags = _tags(session, [row.id for row, _ in heads])
    ids = [version.id for _, version in heads]
    fields, forms = _fields(session, ids), _forms(session, ids)
    return [_dataset(row, tags[row.id], _version(version, fields, forms)) for row, version in heads]


def _dataset(row: DatasetRow, tags: Iterable[str], version: Version) -> Dataset:
    return Dataset(
        id=DatasetId(row.id),
        name=DatasetName(row.name),
        title=row.title,
        description=row.description,
        tags=tuple(sorted(tags)),
        published=row.published,
        created_at=row.created_at,
        updated_at=row.updated_at,
        revision=row.revision,
        version=version,
        latest=row.latest,
    )


def _version(row: VersionRow, fields: dict[int, list[Field]], forms: dict[int, list[Distribution]]) -> Version:
    return Version(
        number=row.number,
        created_at=row.created_at,
        schema=Schema(tuple(fields[row.id])),
        rows=row.rows,
        distributions=tuple(forms[row.id]),
        options=row.options,
        report=row.report,
    )


def _tags(session: Session, ids: Sequence[str]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for dataset, tag in session.execute(select(TagRow.dataset_id, TagRow.tag).where(TagRow.dataset_id.in_(ids))):
        found[dataset].append(tag)
    return found


def _fields(session: Session, ids: Sequence[int]) -> dict[int, list[Field]]:
    columns = select(FieldRow.version_id, FieldRow.name, FieldRow.type, FieldRow.nullable)
    wanted = columns.where(FieldRow.version_id.in_(ids)).order_by(FieldRow.version_id, FieldRow.position)
    found: defaultdict[int, list[Field]] = defaultdict(list)
    for version, name, kind, nullable in session.execute(wanted):
        found[version].append(Field(name, FieldType(kind), nullable))
    return found


def _forms(session: Session, ids: Sequence[int]) -> dict[int, list[Distribution]]:
    table = DistributionRow
    columns = select(table.version_id, table.role, table.media_type, table.size, table.digest, table.file_name)
    wanted = columns.where(table.version_id.in_(ids)).order_by(table.version_id, table.position)
    found: defaultdict[int, list[Distribution]] = defaultdict(list)
    for version, role, media_type, size, digest, file_name in session.execute(wanted):
        found[version].append(Distribution(Role(role), media_type, size, Digest(digest), file_name))
    return found
