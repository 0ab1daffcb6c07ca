"""Telling whether a database has changed, and remembering what was read of it until then."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from entrepot_adapters.sql import DatabaseStamp, SqlCatalogue, open_database
from entrepot_adapters.sql.remembering import Remembered
from entrepot_core.changes import DatasetChanges
from entrepot_core.names import DatasetName, DatasetRef
from entrepot_core.ports.catalogue import Catalogue
from tests.contracts.catalogue import CatalogueContract
from tests.contracts.datasets import NOON, dataset
from tests.contracts.history import HistoryContract
from tests.contracts.listing import ListingContract


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "catalogue.sqlite3"
    open_database(path).dispose()
    return path


@pytest.fixture
def stamp(path: Path) -> Iterator[DatabaseStamp]:
    stamp = DatabaseStamp(path)
    yield stamp
    stamp.close()


def write(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS other (n)")
        connection.execute("INSERT INTO other VALUES (1)")


class TestRememberingCatalogue(CatalogueContract, ListingContract, HistoryContract):
    @pytest.fixture
    def catalogue(self, path: Path, stamp: DatabaseStamp) -> Iterator[Catalogue]:
        catalogue = SqlCatalogue(open_database(path), stamp)
        yield catalogue
        catalogue.close()


def test_a_stamp_stays_until_somebody_commits(path: Path, stamp: DatabaseStamp) -> None:
    first = stamp()
    assert stamp() == first
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
    assert stamp() == first
    write(path)
    second = stamp()
    assert second != first
    assert stamp() == second


def test_what_is_not_committed_is_not_told(path: Path, stamp: DatabaseStamp) -> None:
    write(path)
    first = stamp()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO other VALUES (2)")
    assert stamp() == first
    connection.execute("COMMIT")
    assert stamp() != first
    connection.close()


def test_a_commit_of_another_process_is_told(path: Path, stamp: DatabaseStamp) -> None:
    first = stamp()
    program = f"import sqlite3; sqlite3.connect({str(path)!r}).execute('CREATE TABLE a (n)')"
    subprocess.run([sys.executable, "-c", program], check=True)
    assert stamp() != first


def test_what_can_not_be_told_equals_nothing(stamp: DatabaseStamp) -> None:
    stamp.close()
    assert stamp() != stamp()


def test_many_threads_may_ask(path: Path, stamp: DatabaseStamp) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: stamp(), range(500)))) == 1
        write(path)
        assert len(set(pool.map(lambda _: stamp(), range(500)))) == 1


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_has_a_connection_of_its_own(path: Path, stamp: DatabaseStamp) -> None:
    first = stamp()
    child = os.fork()
    if not child:
        seen = stamp()
        write(path)
        os._exit(0 if stamp() not in (seen, first) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert stamp() != first


def test_a_value_is_read_once_until_the_state_is_another() -> None:
    state, reads = [1], list[str]()
    remembered = Remembered[str](lambda: state[0])

    def ask(key: str) -> str:
        def read() -> str:
            reads.append(key)
            return f"{key}{state[0]}"

        return remembered.get(key, read)

    assert [ask("a"), ask("a"), ask("b"), ask("a")] == ["a1", "a1", "b1", "a1"]
    state[0] = 2
    assert [ask("a"), ask("a")] == ["a2", "a2"]
    assert reads == ["a", "b", "a"]
    for number in range(1000):
        ask(str(number))
    assert ask("a") == "a2"


def test_what_changed_while_a_value_was_read_is_read_again() -> None:
    state, reads = [1], [0]
    remembered = Remembered[int](lambda: state[0])

    def read() -> int:
        reads[0] += 1
        state[0] = 2  # somebody commits meanwhile
        return reads[0]

    assert remembered.get("a", read) == 1
    assert remembered.get("a", read) == 2
    assert remembered.get("a", read) == 2


def test_a_catalogue_reads_a_dataset_once_until_it_changes(path: Path, stamp: DatabaseStamp) -> None:
    mine, other = SqlCatalogue(open_database(path), stamp), SqlCatalogue(open_database(path))
    added = other.add(dataset(), [DatasetName("cars")])
    ref = DatasetRef(added.id)
    assert mine.find(ref) is mine.find(ref)
    other.change(ref, lambda one: one.edited(DatasetChanges(title="New"), NOON))
    assert mine.find(ref).title == "New"
    mine.change(ref, lambda one: one.edited(DatasetChanges(title="Newer"), NOON))
    assert mine.find(ref).title == "Newer"
    mine.close()
    other.close()


CLOSING = """
import sys, time
from pathlib import Path
from threading import Thread
from entrepot_adapters.sql import DatabaseStamp

def ask(stamp):
    for _ in range(4000):
        stamp()

for _ in range(40):
    stamp = DatabaseStamp(Path(sys.argv[1]))
    threads = [Thread(target=ask, args=(stamp,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.003)
    stamp.close()
    for thread in threads:
        thread.join()
"""


def test_it_may_be_closed_while_others_ask(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CLOSING, str(path)], check=False)  # it may end with the process
    assert done.returncode == 0
