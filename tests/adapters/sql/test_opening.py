"""Opening a catalogue: what is made, what is refused, and that nothing is harmed by it."""

import re
import sqlite3
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Engine, MetaData, String, Table
from sqlalchemy.exc import OperationalError

from entrepot_adapters.sql import making, migrating, open_catalogue
from entrepot_adapters.sql.engine import open_engine
from entrepot_adapters.sql.migrating import migrate
from entrepot_adapters.sql.models import Model
from entrepot_adapters.sql.opening import REVISION
from entrepot_core.errors import StoreUnusable
from entrepot_core.names import DatasetRef
from entrepot_core.selection import DatasetQuery
from tests.contracts.datasets import add, dataset


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def tables_of(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    return names


def execute(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(statement)
    connection.close()


def test_what_was_stored_is_there_when_it_is_opened_again(url: str) -> None:
    first = open_catalogue(url)
    added = add(first, dataset(tags=("a",)))
    first.close()
    first.close()
    second = open_catalogue(url)
    assert second.find(DatasetRef("cars")) == added
    second.close()


def migrated(path: Path, revision: str = "head") -> Engine:
    """A new database whose tables the migrations have made."""
    engine = open_engine(path, 1)
    migrate(engine, revision)
    return engine


def shape_of(path: Path) -> set[object]:
    """The tables, columns, keys and indexes of a database, in no order; which values columns begin with is left out."""
    connection = sqlite3.connect(path)
    found = set[object](connection.execute("SELECT schema, name, type, ncol, wr, strict FROM pragma_table_list"))
    for table in tables_of(path):
        for column in connection.execute(
            'SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?)', [table]
        ):
            found.add((table, *column))
        for key in connection.execute("SELECT * FROM pragma_foreign_key_list(?)", [table]):
            found.add((table, *key[2:]))
    for row in connection.execute(
        'SELECT i.name, i.tbl_name, c.seqno, c.name, c.desc, c.coll, c.key, l."unique", l.partial'
        " FROM sqlite_master i, pragma_index_xinfo(i.name) c, pragma_index_list(i.tbl_name) l"
        " WHERE i.type = 'index' AND l.name = i.name AND c.cid >= 0"
    ):
        found.add(row)
    found.update(connection.execute("SELECT type, name, tbl_name FROM sqlite_master"))
    constraints = re.findall(
        r"CONSTRAINT \w+",
        " ".join(sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql > ''")),
    )
    connection.close()
    return found | set(constraints)


def test_the_models_are_what_the_migrations_make(tmp_path: Path) -> None:
    engine = migrated(tmp_path / "catalogue.sqlite3")
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Model.metadata)
    engine.dispose()
    assert differences == []


@pytest.mark.parametrize("revision", ["0001", "0002", "0003", "0004", "0005", "0006"])
def test_a_new_catalogue_has_the_shape_of_one_that_was_migrated(url: str, tmp_path: Path, revision: str) -> None:
    older = tmp_path / "older.sqlite3"
    migrated(older, revision).dispose()
    open_catalogue(older).close()
    assert shape_of(older) == shape_of(file_of(url))


def test_those_whose_source_failed_before_the_upgrade_are_found_after_it(tmp_path: Path) -> None:
    older = tmp_path / "older.sqlite3"
    migrated(older, "0005").dispose()
    origins = (None, '{"problem": null}', '{"problem": "it answers 404"}')
    statement = (
        "INSERT INTO datasets (id, name, title, description, folded_title, folded_description, published, created_at,"
        " updated_at, revision, latest, origin) VALUES (?1, ?1, '', '', '', '', 0, '2026-01-01', '2026-01-01', 1,"
        " 1, ?2)"
    )
    connection = sqlite3.connect(older, isolation_level=None)
    connection.executemany(statement, enumerate(origins))
    connection.close()
    open_catalogue(older).close()
    connection = sqlite3.connect(older)
    assert connection.execute("SELECT failing FROM datasets ORDER BY id").fetchall() == [(0,), (0,), (1,)]
    connection.close()


def test_the_newest_migration_is_known_without_alembic() -> None:
    folder = Path(migrating.__file__).with_name("migrations")
    assert ScriptDirectory(str(folder)).get_heads() == [REVISION]


def test_alembic_is_imported_for_migrations_only(url: str) -> None:
    program = (
        "import sys; from entrepot_adapters.sql import open_catalogue; open_catalogue(sys.argv[1]).close();"
        "sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, url], check=True)


def test_writes_are_durable_references_hold_and_readers_do_not_wait(url: str) -> None:
    engine = open_engine(url, 1)
    with engine.connect() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    engine.dispose()
    assert settings == ["wal", 2, 1]


def open_and_list(url: str) -> int:
    catalogue = open_catalogue(url)
    total = catalogue.list(DatasetQuery()).total
    catalogue.close()
    return total


def test_several_processes_may_open_a_new_catalogue_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalogue.sqlite3'}"
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(open_and_list, [url] * 6)) == [0] * 6


def test_a_migration_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "catalogue.sqlite3"
    migrated(path, "0001").dispose()
    before, upgrade = shape_of(path), command.upgrade

    def fail(config: Config, revision: str) -> None:
        upgrade(config, revision)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(command, "upgrade", fail)
        with pytest.raises(KeyboardInterrupt):
            open_catalogue(path)
    assert shape_of(path) == before
    open_catalogue(path).close()
    assert "images" in tables_of(path)


def test_a_catalogue_that_can_not_be_made_whole_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "catalogue.sqlite3"
    with monkeypatch.context() as patch:
        patch.setattr(making, "SEEN", Table("datasets", MetaData(), Column("id", String)))  # there is one already
        with pytest.raises(OperationalError):
            open_catalogue(path)
    assert tables_of(path) == set()
    open_catalogue(path).close()
    assert "datasets" in tables_of(path)


def test_no_character_in_a_path_is_an_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / "100% ünï ?#"
    folder.mkdir()
    open_catalogue(folder / "catalogue.sqlite3").close()
    assert "datasets" in tables_of(folder / "catalogue.sqlite3")


# --- what is refused ---


def test_newer_software_is_asked_for(url: str) -> None:
    execute(file_of(url), "UPDATE alembic_version SET version_num = '9999'")
    before = file_of(url).read_bytes()
    with pytest.raises(StoreUnusable, match=r"newer Entrepot.*9999.*Upgrade"):
        open_catalogue(url)
    assert file_of(url).read_bytes() == before


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite3"
    execute(path, "CREATE TABLE songs (title TEXT)")
    with pytest.raises(StoreUnusable, match=r"other\.sqlite3 is a database of another program"):
        open_catalogue(f"sqlite:///{path}")
    assert tables_of(path) == {"songs"}


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "cars.csv"
    path.write_text("a,b\n" * 1000)
    with pytest.raises(StoreUnusable, match=r"cars\.csv.*not a database"):
        open_catalogue(f"sqlite:///{path}")
    assert path.read_text() == "a,b\n" * 1000


def test_a_folder_that_is_missing_or_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in ("missing", "file"):
        with pytest.raises(StoreUnusable, match="unable to open"):
            open_catalogue(f"sqlite:///{tmp_path / folder / 'catalogue.sqlite3'}")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_that_would_not_last_is_refused(url: str) -> None:
    with pytest.raises(StoreUnusable, match="names no file"):
        open_catalogue(url)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreUnusable, match="psycopg"):
        open_catalogue("postgresql+psycopg://nowhere.invalid/entrepot")
