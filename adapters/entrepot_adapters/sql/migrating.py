"""Brings a database's tables up to date."""

import sqlite3
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from entrepot_adapters.sql.engine import for_writing
from entrepot_adapters.sql.making import take_turn
from entrepot_core.errors import StoreUnusable

_one_at_a_time = Lock()
"""Alembic keeps what it works on in global variables."""


def migrate(engine: Engine, revision: str = "head") -> None:
    """Run the migrations that the database lacks: all in one transaction, one process at a time.

    Args:
        engine: Leads to the database.
        revision: The last migration to run.

    Raises:
        StoreUnusable: It was made by newer software.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    with _one_at_a_time, for_writing(engine).connect() as connection:
        connection.detach()  # it is set up differently, so it must not go back to the pool
        _ignore_foreign_keys(connection)
        with connection.begin():
            take_turn(connection)
            _refuse_newer(connection, config)
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            _check_foreign_keys(connection)


def _refuse_newer(connection: Connection, config: Config) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if connection.dialect.has_table(connection, "alembic_version"):
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
        if found is not None and found not in known:
            place = connection.engine.url.database
            raise StoreUnusable(f"{place} was made by a newer Entrepot (revision {found}). Upgrade this one to use it.")


def _ignore_foreign_keys(connection: Connection) -> None:
    """A table that is rebuilt is dropped in between; that must not delete the rows that refer to it.

    SQLite takes this setting only outside of transactions.
    """
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.execute("PRAGMA foreign_keys=OFF")


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        message = f"a migration left rows without what they refer to: {broken[:3]}"
        raise AssertionError(message)
