"""Whether a dataset's source could be fetched, so that those may be listed that fail."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column, which those that fail already have to say."""
    op.add_column("datasets", sa.Column("failing", sa.Boolean(), nullable=False, server_default=sa.false()))
    origin = sa.table("datasets", sa.column("failing", sa.Boolean()), sa.column("origin", sa.JSON()))
    op.execute(origin.update().where(origin.c.origin["problem"].as_string().is_not(None)).values(failing=sa.true()))
