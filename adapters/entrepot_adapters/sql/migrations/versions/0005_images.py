"""Images: which columns hold them, what is known of each, and what was made of them; and where tables come from."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ASCII = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add columns to datasets, and make the tables of images and renditions."""
    for column in (
        sa.Column("images", sa.JSON(), nullable=True),
        sa.Column("imaged", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("pending", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("claimed_until", _TIME, nullable=True),
        sa.Column("origin", sa.JSON(), nullable=True),
        sa.Column("due_at", _TIME, nullable=True),
    ):
        op.add_column("datasets", column)
    op.create_index("ix_datasets_due_at", "datasets", ["due_at"])
    op.create_table(
        "images",
        sa.Column("dataset_id", _ASCII, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("checked_at", _TIME, nullable=False),
        sa.Column("left_at", sa.Integer(), nullable=True),
        sa.Column("validators", sa.JSON(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("digest", _ASCII, nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("look", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["datasets.id"], name="fk_images_dataset_id_datasets", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("dataset_id", "text", name="pk_images"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_images_digest", "images", ["digest"])
    op.create_table(
        "renditions",
        sa.Column("original", _ASCII, nullable=False),
        sa.Column("key", _ASCII, nullable=False),
        sa.Column("digest", _ASCII, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("format", _ASCII, nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("original", "key", name="pk_renditions"),
        sqlite_with_rowid=False,
    )
