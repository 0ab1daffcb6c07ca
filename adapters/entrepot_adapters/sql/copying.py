"""A copy of a catalogue that can't be written, which can."""

import errno
import os
import shutil
import sqlite3
import time
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from entrepot_core.errors import StoreBusy, StoreUnusable

_LOG = "-wal"
_PATIENCE, _PAUSE, _QUIET = 10.0, 0.02, 1.0
"""Seconds for which another may write, between two attempts, and after which nobody writes any more."""

_State = list[tuple[int, ...] | None]


def copy_catalogue(place: Path, copy: Path) -> None:
    """Copy the SQLite file at ``place``, as it is at one moment, to ``copy``.

    SQLite reads it where it can. Where the file has a write-ahead log and nobody else has it open, it can't without
    writing beside it. Then it is copied as it lies there, with its log, until nobody has written meanwhile.

    Raises:
        OSError: It can't be read, or there is no room for the copy.
        StoreBusy: Others write all the time.
        StoreUnusable: Nobody writes, and it is damaged.
    """
    since = time.monotonic()
    until, seen = since + _PATIENCE, _state(place)
    while not (_is_backed_up(place, copy) or _is_copied(place, copy)):
        now, state = time.monotonic(), _state(place)
        if state != seen:
            since, seen = now, state
        elif now > since + _QUIET:
            raise StoreUnusable(f"The database {place} is damaged. Restore it from a backup.")
        if now > until:
            raise StoreBusy
        time.sleep(_PAUSE)


@contextmanager
def told_of(original: Path, copy: Path) -> Generator[None]:
    """Tell of a folder what is wrong with the copy of its catalogue in another.

    Raises:
        StoreUnusable: Something is.
    """
    try:
        yield
    except StoreUnusable as error:
        raise StoreUnusable(error.reason.replace(str(copy), str(original))) from error


def _is_backed_up(place: Path, copy: Path) -> bool:
    _remove(copy)
    try:
        with (
            closing(sqlite3.connect(f"{place.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
    except sqlite3.Error:
        return False
    return True


def _is_copied(place: Path, copy: Path) -> bool:
    """Copy the files; answer whether nothing was written while that was done, and what they hold is sound."""
    _remove(copy)
    before = _state(place)
    shutil.copyfile(place, copy)
    with suppress(FileNotFoundError):
        shutil.copyfile(f"{place}{_LOG}", f"{copy}{_LOG}")
    return _state(place) == before and _is_sound(copy)


def _state(place: Path) -> _State:
    return [_file_state(f"{place}{end}") for end in ("", _LOG)]


def _file_state(path: str) -> tuple[int, ...] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - of a text
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _is_sound(copy: Path) -> bool:
    """Whether the copy is whole; what is no database at all is left for others to tell."""
    try:
        with closing(sqlite3.connect(copy)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        return error.sqlite_errorcode == sqlite3.SQLITE_NOTADB


def _remove(copy: Path) -> None:
    for end in ("", _LOG, "-shm"):
        Path(f"{copy}{end}").unlink(missing_ok=True)
