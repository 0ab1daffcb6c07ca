"""A copy of a catalogue that can't be written, which can."""

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

_LOG = "-wal"


def copy_catalogue(place: Path, copy: Path) -> None:
    """Copy the SQLite file at ``place``, as it is now, to ``copy``.

    SQLite reads it where it can. Where the file has a write-ahead log and nobody else has it open, it can't without
    writing beside it. Then it is copied as it lies there, with its log.

    Raises:
        OSError: It can't be read.
    """
    with suppress(sqlite3.Error):
        _back_up(place, copy)
        return
    shutil.copyfile(place, copy)
    with suppress(FileNotFoundError):
        shutil.copyfile(f"{place}{_LOG}", f"{copy}{_LOG}")


def _back_up(place: Path, copy: Path) -> None:
    with (
        closing(sqlite3.connect(f"{place.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
