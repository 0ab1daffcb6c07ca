"""What a database's complaints mean for the catalogue."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from entrepot_core.errors import DiskFull, StoreBusy, StoreUnusable

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_UNUSABLE = {
    sqlite3.SQLITE_AUTH, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY,
}  # fmt: skip
PRIMARY = 0xFF
"""SQLite's extended codes have the primary one in their lowest byte."""
_SPARE = 1 << 20
"""With less room than this a failed write is a full disk: SQLite calls that an I/O error when it can't grow its
shared memory, and when a quota is used up."""

_PG_BUSY = {"55P03", "40001", "40P01"}
"""Lock not available, serialization failure, deadlock."""
_PG_FULL = {"53100"}
_NO_CONNECTION = "08"
_PG_UNUSABLE = {"08", "28", "3D", "53", "57", "58", "XX"}
"""Classes of states: connection, authorisation, no such database, resources, intervention, system, internal."""


@contextmanager
def faults_of(url: URL) -> Generator[None]:
    """Translate what goes wrong in the database at ``url``.

    Raises:
        StoreBusy: Others hold it for too long.
        DiskFull: There is no room.
        StoreUnusable: It can't be reached, read or written, or is damaged.
    """
    try:
        yield
    except NoFreeConnection as error:
        raise StoreBusy from error
    except DBAPIError as error:
        fact = _fact(error, url)
        if fact is None:
            raise
        raise fact from error


def _fact(error: DBAPIError, url: URL) -> StoreBusy | DiskFull | StoreUnusable | None:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _sqlite_fact(code & PRIMARY, error, url)
    state = getattr(error.orig, "sqlstate", None) or (_NO_CONNECTION if isinstance(error, OperationalError) else "")
    if state in _PG_BUSY:
        return StoreBusy()
    if state in _PG_FULL:
        return DiskFull()
    return _unusable(error, url) if state[:2] in _PG_UNUSABLE else None


def _sqlite_fact(code: int, error: DBAPIError, url: URL) -> StoreBusy | DiskFull | StoreUnusable | None:
    if code in _BUSY:
        return StoreBusy()
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _is_full(url)):
        return DiskFull()
    return _unusable(error, url) if code in _UNUSABLE else None


def _is_full(url: URL) -> bool:
    try:
        room = os.statvfs(Path(url.database or "").parent)
    except OSError:
        return False
    return room.f_bavail * room.f_frsize < _SPARE


def _unusable(error: DBAPIError, url: URL) -> StoreUnusable:
    place = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
    what = str(error.orig).partition("\n")[0]
    return StoreUnusable(f"Can't use the catalogue at {place}: {what}.")
