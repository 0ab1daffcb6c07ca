"""Whether a SQLite database has changed, told in microseconds."""

import sqlite3
from contextlib import suppress
from pathlib import Path


class DatabaseStamp:
    """Calling it answers with something that equals what it answered before as long as nobody has changed the database.

    What was committed before the call, by whatever process, is told by it. It may be called from one thread at a time,
    and does not wait for others: where it can't be told, what it answers equals nothing.

    Args:
        place: The database's file.
    """

    def __init__(self, place: Path) -> None:
        # A connection of its own that never writes: what it commits itself, it would not be told of.
        self._connection = sqlite3.connect(place, timeout=0, isolation_level=None, check_same_thread=False)

    def __call__(self) -> object:
        """The stamp of the database as it is now."""
        with suppress(sqlite3.Error):
            return self._connection.execute("PRAGMA data_version").fetchone()
        return object()

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()
