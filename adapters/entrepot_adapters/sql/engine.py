"""Connections to the database, set up so that what the catalogue acknowledges is durable."""

import os
import sqlite3
import time
from functools import cache, partial
from pathlib import Path
from typing import Any, cast
from weakref import WeakSet

from sqlalchemy import URL, Connection, Engine, Pool, create_engine, event, make_url

from entrepot_adapters.sql.faults import PRIMARY
from entrepot_core.errors import StoreUnusable

_BEGIN = "entrepot_begin"
_WRITING = "IMMEDIATE"
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.0005, 0.005
"""Seconds between two attempts to write."""
_POOL = 4
_PRAGMAS = ("foreign_keys=ON", "synchronous=FULL")


def open_engine(place: str | Path, busy_timeout: float) -> Engine:
    """Prepare connections to the database at ``place``; none is made yet.

    Args:
        place: The path of a SQLite file, or a URL: ``sqlite:///…``, ``postgresql://…``.
        busy_timeout: How many seconds to wait for other writers.

    Raises:
        StoreUnusable: The URL has no file's name, or its driver isn't installed.
    """
    parsed = URL.create("sqlite", database=str(place.absolute())) if isinstance(place, Path) else make_url(place)
    if parsed.get_backend_name() != "sqlite":
        return _remember(_server_engine(parsed))
    if parsed.database in {None, "", ":memory:"}:
        raise StoreUnusable(f"{place!r} names no file. Give the path of the catalogue.")
    engine = create_engine(parsed, connect_args={"timeout": busy_timeout}, pool_size=_POOL, max_overflow=-1)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", partial(_begin, busy_timeout))
    return _remember(engine)


def for_reading(engine: Engine) -> Engine:
    """The same connections, for transactions that read: all their statements see one state."""
    return engine if engine.dialect.name == "sqlite" else engine.execution_options(isolation_level="REPEATABLE READ")


def for_writing(engine: Engine) -> Engine:
    """The same connections, for transactions that read and then write.

    SQLite gives them the write lock at once: with a lock taken only at the first write, another writer could come
    in between. Elsewhere the rows that are read are locked.
    """
    return engine.execution_options(**{_BEGIN: _WRITING})


def for_settings(engine: Engine) -> Engine:
    """The same connections to a SQLite file, outside of any transaction."""
    return engine.execution_options(**{_BEGIN: None})


def _server_engine(url: URL) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True, pool_size=_POOL, max_overflow=-1)
    except ModuleNotFoundError as error:
        raise StoreUnusable(f"A catalogue in {url.get_backend_name()} needs the package {error.name!r}.") from error


def _set_up(connection: Any, record: object) -> None:  # noqa: ANN401, ARG001 - the event's signature
    connection.isolation_level = None  # the driver would begin transactions late; _begin does
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(patience: float, connection: Connection) -> None:
    mode = connection.get_execution_options().get(_BEGIN, "DEFERRED")
    if mode == _WRITING:
        _wait_to_write(connection, patience)
    elif mode is not None:
        connection.exec_driver_sql(f"BEGIN {mode}")


def _wait_to_write(connection: Connection, patience: float) -> None:
    """Begin a transaction that writes, as soon as no other does.

    SQLite would pause ever longer between its attempts, up to 0.1 s, while others who have only come take the lock.
    Shorter pauses are fairer: see ``docs/decisions/0023-records.md``.
    """
    driver = cast("sqlite3.Connection", connection.connection.dbapi_connection)
    begun = time.monotonic()
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while _is_kept_waiting(driver) and (waited := time.monotonic() - begun) < patience:
            time.sleep(min(_LONGEST_PAUSE, _SHORTEST_PAUSE + waited / 20))
        if not driver.in_transaction:
            connection.exec_driver_sql(f"BEGIN {_WRITING}")  # fails as before, with an error that SQLAlchemy wraps
    finally:
        driver.execute(f"PRAGMA busy_timeout={patience * 1000:.0f}")


def _is_kept_waiting(driver: sqlite3.Connection) -> bool:
    """Try to begin; answer whether it is another writer that keeps from it."""
    try:
        driver.execute(f"BEGIN {_WRITING}")
    except sqlite3.DatabaseError as error:
        return getattr(error, "sqlite_errorcode", 0) & PRIMARY == sqlite3.SQLITE_BUSY
    return False


_engines: WeakSet[Engine] = WeakSet()
_inherited: list[Pool] = []
"""Connections of the process that this one was forked from: neither used nor closed here."""


def _remember(engine: Engine) -> Engine:
    _engines.add(engine)
    _watch_forks()
    return engine


@cache
def _watch_forks() -> None:
    os.register_at_fork(after_in_child=_start_anew)


def _start_anew() -> None:
    for engine in list(_engines):
        _inherited.append(engine.pool)
        engine.dispose(close=False)
