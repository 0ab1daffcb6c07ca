"""The metadata registry."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ASCII = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of records and of what they were."""
    op.create_table(
        "records",
        sa.Column("id", _ASCII, nullable=False),
        sa.Column("registered_on", _TIME, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("source_name", sa.String(), nullable=True),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
    )
    op.create_index("ix_records_name", "records", ["name"])
    op.create_index("ix_records_source_name", "records", ["source_name"])
    op.create_table(
        "revisions",
        sa.Column("record_id", _ASCII, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["records.id"], name="fk_revisions_record_id_records", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_id", "number", name="pk_revisions"),
        sqlite_with_rowid=False,
    )
