"""Several processes on one home: two server workers, and this one beside them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from entrepot.settings import Settings
from entrepot.wiring import connect
from entrepot_core.changes import DatasetChanges
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.names import DatasetRef
from entrepot_core.ports.operations import Operations
from entrepot_core.selection import DatasetQuery
from tests.contracts.operations import add, csv, ref
from tests.serving import served

WRITES = 15


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    """A server of two workers."""
    with served(home, WORKERS="2") as found:
        yield found


@pytest.fixture(scope="module")
def both(url: str, home: Path) -> Iterator[tuple[Operations, Operations]]:
    with connect(url, Settings()) as remote, connect(home, Settings()) as embedded:
        yield remote.operations, embedded.operations


def test_no_write_is_lost(both: tuple[Operations, Operations]) -> None:
    dataset = add(both[0], "a\n1\n", name="counted")

    def write(number: int) -> int:
        operations = both[number % 2]
        if number % 3:
            return operations.edit_dataset(ref(dataset), DatasetChanges(title=f"Title {number}")).revision
        source = csv(f"a\n{number}\n")
        return operations.replace_dataset(ref(dataset), source, DatasetChanges(), ImportOptions(), no_report).revision

    with ThreadPoolExecutor(6) as pool:
        revisions = sorted(pool.map(write, range(WRITES)))
    assert revisions == list(range(2, WRITES + 2))
    versions = [both[1].get_dataset(ref(dataset), number + 1).version for number in range(WRITES // 3 + 1)]
    assert versions == list(range(1, WRITES // 3 + 2))


def test_no_answer_is_stale(both: tuple[Operations, Operations]) -> None:
    """What one process has acknowledged, every other shows at once; new connections reach either worker."""
    remote, embedded = both
    dataset = add(embedded, "a\n1\n", name="fresh")
    for number in range(10):
        writer, reader = (embedded, remote) if number % 2 else (remote, embedded)
        title = f"Title {number}"
        writer.edit_dataset(ref(dataset), DatasetChanges(title=title))
        assert reader.get_dataset(ref(dataset)).title == title
        assert reader.list_datasets(DatasetQuery(name="fresh")).items[0].title == title


def test_adding_one_name_at_once_gives_it_to_one(both: tuple[Operations, Operations]) -> None:
    with ThreadPoolExecutor(6) as pool:
        names = list(pool.map(lambda number: add(both[number % 2]).name, range(8)))
    assert sorted(names) == sorted(["cars", *(f"cars-{number}" for number in range(2, 9))])


def test_either_worker_shows_it(url: str, both: tuple[Operations, Operations]) -> None:
    _, embedded = both
    add(embedded, "a\n1\n", name="d")
    for number in range(20):
        embedded.edit_dataset(DatasetRef("d"), DatasetChanges(title=str(number)))
        with httpx.Client(base_url=url) as fresh:
            assert fresh.get("/datasets/d/").json()["title"] == str(number)
