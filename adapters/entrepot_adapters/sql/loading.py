"""Makes datasets of the tables' rows, with the same few queries for one or many.

Reading goes past the ORM's objects, straight from its tables' columns: that is four times as quick. The statements are
made once, since making one costs more than running it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Integer, Row, bindparam, func, select

from entrepot_adapters.sql.models import DatasetRow, DistributionRow, FieldRow, TagRow, VersionRow
from entrepot_core.dataset import Dataset, Distribution, Role, Version
from entrepot_core.errors import DatasetNotFound, VersionNotFound
from entrepot_core.names import DatasetId, DatasetName, DatasetRef, Digest, as_id, is_id
from entrepot_core.ports.catalogue import VersionList
from entrepot_core.schema import Field, FieldType, Schema
from entrepot_core.selection import VersionQuery

Head = Row[*tuple[Any, ...]]
"""What ``HEADS`` selects: a dataset with one of its versions."""

_HEAD = select(
    DatasetRow.id,
    DatasetRow.name,
    DatasetRow.title,
    DatasetRow.description,
    DatasetRow.published,
    DatasetRow.created_at,
    DatasetRow.updated_at,
    DatasetRow.revision,
    DatasetRow.latest,
    DatasetRow.images,
    DatasetRow.imaged,
    DatasetRow.claimed_until,
    DatasetRow.origin,
    VersionRow.id.label("version"),
    VersionRow.number,
    VersionRow.created_at.label("recorded_at"),
    VersionRow.rows,
    VersionRow.options,
    VersionRow.report,
    VersionRow.dates_are_text,
    VersionRow.next_row,
    VersionRow.cause,
)
_number = func.coalesce(bindparam("number", type_=Integer), DatasetRow.latest)
_ONE = _HEAD.join_from(
    DatasetRow, VersionRow, (VersionRow.dataset_id == DatasetRow.id) & (VersionRow.number == _number), isouter=True
)
_BY_ID = _ONE.where(DatasetRow.id == bindparam("ref"))
_BY_NAME = _ONE.where(DatasetRow.name == bindparam("ref"))
_MOST = 2**31 - 1

HEADS = _HEAD.join_from(
    DatasetRow, VersionRow, (VersionRow.dataset_id == DatasetRow.id) & (VersionRow.number == DatasetRow.latest)
)
"""Datasets, each with its newest version."""

_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_TAGS = select(TagRow.dataset_id, TagRow.tag).where(TagRow.dataset_id.in_(_ids))
_FIELDS = (
    select(FieldRow.version_id, FieldRow.name, FieldRow.type, FieldRow.nullable)
    .where(FieldRow.version_id.in_(_ids))
    .order_by(FieldRow.version_id, FieldRow.position)
)
_FORMS = (
    select(
        DistributionRow.version_id,
        DistributionRow.role,
        DistributionRow.media_type,
        DistributionRow.size,
        DistributionRow.digest,
        DistributionRow.file_name,
    )
    .where(DistributionRow.version_id.in_(_ids))
    .order_by(DistributionRow.version_id, DistributionRow.position)
)


def find(connection: Connection, ref: DatasetRef, version: int | None = None) -> Dataset:
    """A dataset by its id or name, at a version, by default its newest.

    Raises:
        DatasetNotFound: There is none.
        VersionNotFound: It has no such version.
    """
    if not ref.isascii():
        raise DatasetNotFound(ref=ref)
    statement, value = (_BY_ID, as_id(ref)) if is_id(ref) else (_BY_NAME, ref)
    number = version if version is None or 0 < version <= _MOST else 0
    head = connection.execute(statement, {"ref": value, "number": number}).one_or_none()
    if head is None:
        raise DatasetNotFound(ref=ref)
    if head.version is None:
        raise VersionNotFound(ref=head.name, version=version or 0, latest=head.latest)
    return load(connection, [head])[0]


def load(connection: Connection, heads: Sequence[Head]) -> list[Dataset]:
    """The datasets of these rows, in their order."""
    tags = _tags(connection, [head.id for head in heads])
    versions = [head.version for head in heads]
    fields, forms = _fields(connection, versions), _forms(connection, versions)
    return [_dataset(head, tags[head.id], _version(head, fields, forms)) for head in heads]


def load_versions(connection: Connection, ref: DatasetRef, query: VersionQuery) -> VersionList:
    """The versions of a dataset, the newest first, one page of them.

    Raises:
        DatasetNotFound: There is none.
    """
    dataset, before = find(connection, ref), query.before
    counted = select(func.count()).select_from(VersionRow).where(VersionRow.dataset_id == dataset.id)
    total = connection.scalars(counted).one()
    all_versions = _HEAD.join_from(DatasetRow, VersionRow, VersionRow.dataset_id == DatasetRow.id)
    wanted = all_versions.where(DatasetRow.id == dataset.id).order_by(VersionRow.number.desc()).limit(query.limit)
    wanted = wanted.offset(query.offset) if before is None else wanted.where(VersionRow.number < before)
    heads = connection.execute(wanted).all()
    offset = query.offset if before is None else min(dataset.latest - before + 1, total)
    return VersionList(tuple(one.version for one in load(connection, heads)), total, offset)


def _dataset(head: Head, tags: Iterable[str], version: Version) -> Dataset:
    return Dataset(
        id=DatasetId(head.id),
        name=DatasetName(head.name),
        title=head.title,
        description=head.description,
        tags=tuple(sorted(tags)),
        published=head.published,
        created_at=head.created_at,
        updated_at=head.updated_at,
        revision=head.revision,
        version=version,
        latest=head.latest,
        images=head.images,
        imaged=head.imaged,
        claimed_until=head.claimed_until,
        origin=head.origin,
    )


def _version(head: Head, fields: dict[int, list[Field]], forms: dict[int, list[Distribution]]) -> Version:
    return Version(
        number=head.number,
        created_at=head.recorded_at,
        schema=Schema(tuple(fields[head.version])),
        rows=head.rows,
        distributions=tuple(forms[head.version]),
        options=head.options,
        report=head.report,
        dates_are_text=head.dates_are_text,
        next_row=head.next_row,
        cause=head.cause,
    )


def _tags(connection: Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for dataset, tag in connection.execute(_TAGS, {"ids": ids}).all():
        found[dataset].append(tag)
    return found


def _fields(connection: Connection, ids: Sequence[int]) -> dict[int, list[Field]]:
    found: defaultdict[int, list[Field]] = defaultdict(list)
    for version, name, kind, nullable in connection.execute(_FIELDS, {"ids": ids}).all():
        found[version].append(Field(name, FieldType(kind), nullable))
    return found


def _forms(connection: Connection, ids: Sequence[int]) -> dict[int, list[Distribution]]:
    found: defaultdict[int, list[Distribution]] = defaultdict(list)
    for version, role, media_type, size, digest, file_name in connection.execute(_FORMS, {"ids": ids}).all():
        found[version].append(Distribution(Role(role), media_type, size, Digest(digest), file_name))
    return found
