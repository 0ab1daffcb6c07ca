"""A glance at a SQLite catalogue that costs no import of SQLAlchemy, which takes longer than all else of a start."""

import sqlite3
from contextlib import closing
from pathlib import Path

_MIGRATIONS = Path(__file__).with_name("migrations") / "versions"


def is_current(place: Path) -> bool:
    """Whether there is a catalogue at ``place`` that is up to date; false too where that takes a longer look."""
    newest = max(script.name.partition("_")[0] for script in _MIGRATIONS.glob("[0-9]*_*.py"))
    try:
        with closing(sqlite3.connect(f"{place.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
            found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite3.Error:
        return False
    return (mode, found) == ("wal", [(newest,)])
