"""Datasets, their versions, fields, distributions and tags."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ASCII = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the first tables."""
    _make_datasets()
    _make_tags()
    _make_versions()
    _make_fields()
    _make_distributions()


def _make_datasets() -> None:
    op.create_table(
        "datasets",
        sa.Column("id", _ASCII, nullable=False),
        sa.Column("name", _ASCII, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("folded_title", sa.String(), nullable=False),
        sa.Column("folded_description", sa.String(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_datasets"),
        sa.UniqueConstraint("name", name="uq_datasets_name"),
    )
    op.create_index("ix_datasets_created_at_id", "datasets", ["created_at", "id"])
    op.create_index("ix_datasets_updated_at_id", "datasets", ["updated_at", "id"])


def _make_tags() -> None:
    op.create_table(
        "tags",
        sa.Column("dataset_id", _ASCII, nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "tag", name="pk_tags"),
        _reference("tags", "dataset_id", "datasets"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tags_tag", "tags", ["tag"])


def _make_versions() -> None:
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset_id", _ASCII, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
        sa.UniqueConstraint("dataset_id", "number", name="uq_versions_dataset_id_number"),
        _reference("versions", "dataset_id", "datasets"),
    )


def _make_fields() -> None:
    op.create_table(
        "fields",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", _ASCII, nullable=False),
        sa.Column("nullable", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("version_id", "position", name="pk_fields"),
        _reference("fields", "version_id", "versions"),
        sqlite_with_rowid=False,
    )


def _make_distributions() -> None:
    op.create_table(
        "distributions",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", _ASCII, nullable=False),
        sa.Column("media_type", _ASCII, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", _ASCII, nullable=False),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("version_id", "position", name="pk_distributions"),
        _reference("distributions", "version_id", "versions"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_distributions_digest", "distributions", ["digest"])


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}", ondelete="CASCADE")
