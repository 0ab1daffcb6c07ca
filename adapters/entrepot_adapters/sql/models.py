"""The tables. They are normalised; the adapter makes the core's values of their rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, MetaData, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from entrepot_adapters.sql.columns import ASCII, Struct, UtcDateTime
from entrepot_core.dataset import Cause, Origin
from entrepot_core.dialect import ImportOptions, ImportReport
from entrepot_core.image import Look
from entrepot_core.job import Progress
from entrepot_core.validators import Validators

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """A table. Constraints are named, so that migrations can drop them."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy declares it so


class DatasetRow(Model):
    """A dataset, apart from its versions.

    ``folded_…`` is what a search compares, ``due_at`` and ``pending`` say what is due, ``failing`` that its source
    could not be fetched.
    """

    __tablename__ = "datasets"
    __table_args__ = (
        Index(None, "created_at", "id"),
        Index(None, "updated_at", "id"),
    )

    id: Mapped[str] = mapped_column(ASCII, primary_key=True)
    name: Mapped[str] = mapped_column(ASCII, unique=True)
    title: Mapped[str]
    description: Mapped[str]
    folded_title: Mapped[str]
    folded_description: Mapped[str]
    published: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    revision: Mapped[int]
    latest: Mapped[int]
    images: Mapped[tuple[str, ...] | None] = mapped_column(Struct(tuple[str, ...]))
    imaged: Mapped[int]
    pending: Mapped[bool]
    claimed_until: Mapped[datetime | None]
    origin: Mapped[Origin | None] = mapped_column(Struct(Origin))
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    failing: Mapped[bool]


class TagRow(Model):
    """A tag of a dataset."""

    __tablename__ = "tags"
    __table_args__ = ({"sqlite_with_rowid": False},)

    dataset_id: Mapped[str] = mapped_column(ForeignKey(DatasetRow.id, ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)
    folded_tag: Mapped[str]


class VersionRow(Model):
    """One immutable state of a dataset."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("dataset_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey(DatasetRow.id, ondelete="CASCADE"))
    number: Mapped[int]
    created_at: Mapped[datetime]
    rows: Mapped[int] = mapped_column(BigInteger)
    options: Mapped[ImportOptions] = mapped_column(Struct(ImportOptions))
    report: Mapped[ImportReport] = mapped_column(Struct(ImportReport))
    dates_are_text: Mapped[bool]
    next_row: Mapped[int] = mapped_column(BigInteger)
    cause: Mapped[Cause] = mapped_column(Struct(Cause))


class FieldRow(Model):
    """One declared entry of a version's schema."""

    __tablename__ = "fields"
    __table_args__ = ({"sqlite_with_rowid": False},)

    version_id: Mapped[int] = mapped_column(ForeignKey(VersionRow.id, ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    folded_name: Mapped[str]
    type: Mapped[str] = mapped_column(ASCII)
    nullable: Mapped[bool]


class DistributionRow(Model):
    """One stored form of a version."""

    __tablename__ = "distributions"
    __table_args__ = ({"sqlite_with_rowid": False},)

    version_id: Mapped[int] = mapped_column(ForeignKey(VersionRow.id, ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(ASCII)
    media_type: Mapped[str] = mapped_column(ASCII)
    size: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(ASCII, index=True)
    file_name: Mapped[str | None]


class ImageRow(Model):
    """What is known of an image that the text of cells names; of one that is stored, where and what it is."""

    __tablename__ = "images"
    __table_args__ = ({"sqlite_with_rowid": False},)

    dataset_id: Mapped[str] = mapped_column(ForeignKey(DatasetRow.id, ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(primary_key=True)
    url: Mapped[str | None]
    checked_at: Mapped[datetime]
    left_at: Mapped[int | None]
    validators: Mapped[Validators] = mapped_column(Struct(Validators))
    problem: Mapped[str | None]
    digest: Mapped[str | None] = mapped_column(ASCII, index=True)
    size: Mapped[int | None] = mapped_column(BigInteger)
    look: Mapped[Look | None] = mapped_column(Struct(Look))


class RenditionRow(Model):
    """What was made of an original; where that is no image's any more, this goes with the next sweep."""

    __tablename__ = "renditions"
    __table_args__ = ({"sqlite_with_rowid": False},)

    original: Mapped[str] = mapped_column(ASCII, primary_key=True)
    key: Mapped[str] = mapped_column(ASCII, primary_key=True)
    digest: Mapped[str] = mapped_column(ASCII)
    size: Mapped[int] = mapped_column(BigInteger)
    format: Mapped[str] = mapped_column(ASCII)
    width: Mapped[int]
    height: Mapped[int]


class RecordRow(Model):
    """A record of the metadata registry as it is now. ``source_name`` is the payload's, to be found by."""

    __tablename__ = "records"

    id: Mapped[str] = mapped_column(ASCII, primary_key=True)
    registered_on: Mapped[datetime]
    name: Mapped[str] = mapped_column(index=True)
    payload: Mapped[str]
    source_name: Mapped[str | None] = mapped_column(index=True)
    latest: Mapped[int]


class RevisionRow(Model):
    """What a record was since some time; the newest is what it is."""

    __tablename__ = "revisions"
    __table_args__ = ({"sqlite_with_rowid": False},)

    record_id: Mapped[str] = mapped_column(ForeignKey(RecordRow.id, ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    changed_at: Mapped[datetime]
    name: Mapped[str]
    payload: Mapped[str]


class JobRow(Model):
    """Long work, and the process it belongs to. ``dataset_id`` may outlive the dataset."""

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(ASCII, primary_key=True)
    kind: Mapped[str] = mapped_column(ASCII)
    file_name: Mapped[str | None]
    state: Mapped[str] = mapped_column(ASCII, index=True)
    cancelling: Mapped[bool]
    progress: Mapped[Progress | None] = mapped_column(Struct(Progress))
    dataset_id: Mapped[str | None] = mapped_column(ASCII)
    version: Mapped[int | None]
    problem: Mapped[dict[str, Any] | None] = mapped_column(Struct(dict[str, Any]))
    process: Mapped[str] = mapped_column(ASCII)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
