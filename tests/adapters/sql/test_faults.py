"""What goes wrong in a SQLite file is told in the store's words, and leaves what was there."""

import os
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from sqlalchemy import event

from entrepot_adapters.sql import SqlCatalogue, open_catalogue
from entrepot_adapters.sql.engine import for_writing, open_engine
from entrepot_core.changes import DatasetChanges
from entrepot_core.errors import DiskFull, StoreBusy, StoreUnusable
from entrepot_core.names import DatasetRef
from entrepot_core.ports.catalogue import Catalogue
from entrepot_core.selection import DatasetQuery
from tests.contracts.datasets import NOON, add, dataset, touched, version

CARS = DatasetRef("cars")
WRITES: list[Callable[[Catalogue], object]] = [
    lambda catalogue: add(catalogue, dataset("bikes")),
    lambda catalogue: catalogue.change(CARS, touched),
    lambda catalogue: catalogue.remove(CARS, lambda _: None),
]


@contextmanager
def held(path: str) -> Generator[None]:
    """Somebody else writes, and does not come to an end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.parametrize("write", WRITES)
def test_a_store_that_others_hold_is_busy_for_writers_only(url: str, write: Callable[[Catalogue], object]) -> None:
    catalogue = open_catalogue(url, busy_timeout=0.05)
    added = add(catalogue, dataset())
    with held(url.removeprefix("sqlite:///")):
        with pytest.raises(StoreBusy):
            write(catalogue)
        assert catalogue.find(CARS) == added
        assert catalogue.list(DatasetQuery()).items == (added,)
    write(catalogue)
    catalogue.close()


def test_a_writer_is_let_in_once_the_other_is_done_and_is_as_patient_afterwards(url: str) -> None:
    engine = open_engine(url, 60)
    with closing(
        sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        leaving = Timer(0.1, other.execute, ["ROLLBACK"])
        leaving.start()
        with for_writing(engine).begin() as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 60_000
        leaving.join()
    engine.dispose()


def test_a_store_that_others_hold_can_be_opened(url: str) -> None:
    with held(url.removeprefix("sqlite:///")):
        open_catalogue(url, busy_timeout=0.05).close()


def test_a_new_store_that_others_hold_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite3"
    with held(str(path)), pytest.raises(StoreBusy):
        open_catalogue(f"sqlite:///{path}", busy_timeout=0.05)


def test_a_full_disk_changes_nothing(url: str) -> None:
    """SQLite says the same of a file that reached its longest as of a full disk."""

    def limit(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's connection
        connection.execute("PRAGMA max_page_count = 40")

    engine = open_engine(url, 1)
    event.listen(engine, "connect", limit)
    catalogue = SqlCatalogue(engine)
    added = add(catalogue, dataset())
    long = DatasetChanges(description="x" * 1_000_000)
    with pytest.raises(DiskFull):
        catalogue.change(CARS, lambda found: found.succeeded_by(version(mark="y"), long))
    with pytest.raises(DiskFull):
        add(catalogue, dataset("bikes", description="x" * 1_000_000))
    assert catalogue.find(CARS) == added
    assert catalogue.list(DatasetQuery()).total == 1
    catalogue.change(CARS, touched)
    catalogue.close()


def test_a_damaged_file_is_reported(url: str) -> None:
    catalogue = open_catalogue(url)
    for number in range(20):
        add(catalogue, dataset(f"d{number}", description="x" * 2_000, at=NOON))
    catalogue.close()
    path = Path(url.removeprefix("sqlite:///"))
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    damaged = open_engine(url, 1)
    with pytest.raises(StoreUnusable, match=r"catalogue\.sqlite3.*malformed"):
        SqlCatalogue(damaged).list(DatasetQuery())
    damaged.dispose()


def test_a_file_that_is_cut_while_it_is_used_is_reported_to_writers(url: str) -> None:
    first = open_catalogue(url)
    add(first, dataset())
    first.close()
    catalogue = SqlCatalogue(open_engine(url, 1))
    catalogue.find(CARS)
    os.truncate(url.removeprefix("sqlite:///"), 5_000)
    with pytest.raises(StoreUnusable, match=r"catalogue\.sqlite3.*malformed"):
        catalogue.change(CARS, touched)
    catalogue.close()


def test_other_mistakes_pass_through(url: str) -> None:
    """What is a fault of the program must not be called one of the store."""
    catalogue = open_catalogue(url)
    add(catalogue, dataset())
    with pytest.raises(ZeroDivisionError):
        catalogue.change(CARS, lambda found: touched(found) if 1 / 0 else found)
    catalogue.close()
