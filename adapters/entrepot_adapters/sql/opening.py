"""Opens a catalogue: connections, write-ahead log, tables."""

import sqlite3
import time
from pathlib import Path

from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import OperationalError

from entrepot_adapters.sql.catalogue import SqlCatalogue
from entrepot_adapters.sql.engine import for_reading, for_settings, open_engine
from entrepot_adapters.sql.faults import faults_of
from entrepot_adapters.sql.making import SEEN, make
from entrepot_core.errors import StoreUnusable

REVISION = "0006"
"""The newest migration."""

_BUSY_TIMEOUT = 10.0
_PAUSE = 0.02


def open_catalogue(place: str | Path, busy_timeout: float = _BUSY_TIMEOUT) -> SqlCatalogue:
    """Open the catalogue at ``place``; its tables are made, or brought up to date, where they aren't.

    Args:
        place: The path of a SQLite file, which is made where it is missing, or a URL: ``postgresql://…``.
        busy_timeout: How many seconds a SQLite file waits for other writers before it raises ``StoreBusy``.

    Raises:
        StoreUnusable: It isn't a catalogue, can't be read or written, is damaged, or was made by newer software.
        StoreBusy: Others hold it for too long.
        DiskFull: There is no room for it.
    """
    return SqlCatalogue(open_database(place, busy_timeout))


def open_database(place: str | Path, busy_timeout: float = _BUSY_TIMEOUT) -> Engine:
    """Open the database of a catalogue and of what stands beside it there; see ``open_catalogue``."""
    engine = open_engine(place, busy_timeout)
    try:
        with faults_of(engine.url):
            if engine.dialect.name == "sqlite":
                _use_write_ahead_log(engine, busy_timeout)
            upgrade(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def upgrade(engine: Engine) -> None:
    """Make the tables of an empty database, or run the migrations that it lacks; only for these Alembic is imported.

    Raises:
        StoreUnusable: It belongs to another program, or was made by newer software.
    """
    found = revision(engine)
    if found is None:
        make(engine, REVISION)
    elif found != REVISION:
        from entrepot_adapters.sql.migrating import migrate

        migrate(engine)


def revision(engine: Engine) -> str | None:
    """The newest migration that the database has seen; none where it is empty.

    Raises:
        StoreUnusable: It has tables, but they aren't a catalogue's.
    """
    with for_reading(engine).connect() as connection:
        tables = inspect(connection).get_table_names()
        if SEEN.name in tables:
            return connection.scalars(select(SEEN.c.version_num)).one_or_none() or ""
    if tables:
        raise StoreUnusable(f"{engine.url.database} is a database of another program. Choose another home.")
    return None


def _use_write_ahead_log(engine: Engine, patience: float) -> None:
    """Let readers and a writer work at the same time. SQLite does not wait for others here, so this does."""
    until = time.monotonic() + patience
    while (mode := _journal(engine, last=time.monotonic() > until)) is None:
        time.sleep(_PAUSE)
    if mode != "wal":
        raise StoreUnusable(f"{engine.url.database} can't have a write-ahead log. Put the home on a local disk.")


def _journal(engine: Engine, *, last: bool) -> str | None:
    """Ask for the write-ahead log; answer which journal there is now, or none if others are in the way."""
    with for_settings(engine).connect() as connection:
        try:
            return str(connection.exec_driver_sql("PRAGMA journal_mode=WAL").scalar_one())
        except OperationalError as error:
            if last or getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
                raise
            return None
