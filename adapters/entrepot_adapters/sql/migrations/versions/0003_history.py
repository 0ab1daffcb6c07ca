"""How versions came to be, and what a search of tags and columns compares."""

import sqlalchemy as sa
from alembic import op

from entrepot_core.selection import fold

revision = "0003"
down_revision = "0002"

_CAUSE = sa.text("""'{"kind": "import"}'""")


def upgrade() -> None:
    """Add the columns, and give those of what is there their values."""
    op.add_column("versions", sa.Column("dates_are_text", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("versions", sa.Column("next_row", sa.BigInteger(), nullable=False, server_default="1"))
    op.add_column("versions", sa.Column("cause", sa.JSON(), nullable=False, server_default=_CAUSE))
    op.execute(sa.text("UPDATE versions SET next_row = rows + 1"))
    op.add_column("tags", sa.Column("folded_tag", sa.String(), nullable=False, server_default=""))
    op.add_column("fields", sa.Column("folded_name", sa.String(), nullable=False, server_default=""))
    _fold("tags", "tag", "folded_tag")
    _fold("fields", "name", "folded_name")


def _fold(table: str, column: str, folded: str) -> None:
    connection, found = op.get_bind(), sa.table(table, sa.column(column), sa.column(folded))
    for (text,) in connection.execute(sa.select(found.c[column]).distinct()).all():
        connection.execute(found.update().where(found.c[column] == text).values({folded: fold(text)}))
