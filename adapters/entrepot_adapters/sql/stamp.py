"""Whether a SQLite database has changed, told in microseconds."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from threading import Lock


class DatabaseStamp:
    """Calling it answers with something that equals what it answered before as long as nobody has changed the database.

    What was committed before the call, by whatever process, is told by it. It may be called by several threads, and
    does not wait for other processes: where it can't be told, what it answers equals nothing.

    Args:
        place: The database's file.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self._inherited: list[sqlite3.Connection] = []
        self._open()

    def __call__(self) -> object:
        """The stamp of the database as it is now."""
        if self._process != os.getpid():  # a connection must not be used, nor closed, on both sides of a fork
            self._inherited.append(self._connection)
            self._open()
        with suppress(sqlite3.Error), self._lock:
            return self._process, self._connection.execute("PRAGMA data_version").fetchone()
        return object()

    def close(self) -> None:
        """Let go of the connection."""
        if self._process == os.getpid():
            with self._lock:  # SQLite ends the process where a connection is closed while it is used
                self._connection.close()

    def _open(self) -> None:
        # A connection of its own that never writes: what it commits itself, it would not be told of.
        self._connection = sqlite3.connect(self._place, timeout=0, isolation_level=None, check_same_thread=False)
        self._lock = Lock()
        self._process = os.getpid()
