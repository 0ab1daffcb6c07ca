"""A folder that holds no store: reading makes nothing there, the first write makes a store of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from inspect import signature
from pathlib import Path

import pytest

import entrepot
from entrepot.pending import MAKE, OPERATIONS
from entrepot.settings import Settings
from entrepot.wiring import connect
from entrepot_core.changes import DatasetChanges
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.names import DatasetRef
from entrepot_core.ports.collections import CollectionQueries
from entrepot_core.ports.operations import Operations, Queries, Source
from entrepot_core.ports.registry import RecordQueries
from entrepot_core.source import Label, NewDataset
from tests.apps.library.conftest import CARS

READ: dict[str, Callable[[entrepot.Store], object]] = {
    "list": lambda store: store.list(),
    "search": lambda store: store.search("a"),
    "jobs": lambda store: store.jobs(),
    "records": lambda store: store.metadata.list(),
    "names": lambda store: [*store],
}
NOT_FOUND: dict[str, Callable[[entrepot.Store], object]] = {
    "dataset": lambda store: store["cars"],
    "job": lambda store: store.job("01a22737-25e3-736a-974a-52d06e7231b6"),
    "record": lambda store: store.metadata.get("01a22737-25e3-736a-974a-52d06e7231b6"),
}

THERE = {"ref", "record_id", "job_id"}
"""What the first argument of an operation is called that names what has to be there."""


@pytest.fixture(params=["missing", "missing with its parents", "empty", "of something else"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder that holds no store."""
    folder = tmp_path / "above" / "home" if "parents" in request.param else tmp_path / "home"
    if not request.param.startswith("missing"):
        folder.mkdir()
    if request.param == "of something else":
        (folder / "letter.txt").touch()
    return folder


def files(folder: Path) -> list[Path]:
    """All that is beside the folder and in it."""
    return sorted(folder.parent.parent.rglob("*"))


def test_reading_finds_nothing_and_makes_nothing(place: Path) -> None:
    before = files(place)
    with entrepot.connect(place) as store:
        for read in READ.values():
            assert not read(store)
        for read in NOT_FOUND.values():
            with pytest.raises(entrepot.NotFound):
                read(store)
        assert (len(store), "cars" in store) == (0, False)
    assert files(place) == before


def test_the_first_write_makes_the_store(place: Path) -> None:
    with entrepot.connect(place) as store:
        assert not store.list()
        store.add(CARS, "cars", progress=False)
        assert [*store] == ["cars"]
    with entrepot.connect(place) as store:
        assert store["cars"].rows(limit=1).total == 6


def test_the_first_record_makes_the_store(place: Path) -> None:
    with entrepot.connect(place) as store:
        assert not store.metadata.list()
        store.metadata.add("flights", {"sourceName": "flights"})
    with entrepot.connect(place) as store:
        assert [record.name for record in store.metadata.list()] == ["flights"]


def test_a_store_that_another_made_meanwhile_is_found(place: Path) -> None:
    with entrepot.connect(place) as reader:
        assert not reader.list()
        with entrepot.connect(place) as writer:
            writer.add(CARS, "cars", progress=False)
            assert [*reader] == ["cars"]
        assert reader["cars"].rows(limit=1).total == 6


def test_a_folder_given_by_a_relative_path_stays_the_one_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path)
    with entrepot.connect("home") as store:
        monkeypatch.chdir(tmp_path / "other")
        store.add(CARS, "cars", progress=False)
    assert (tmp_path / "home" / "catalogue.sqlite3").exists()


def test_all_that_begin_on_a_new_folder_at_once_have_the_same_store(place: Path) -> None:
    def add(number: int) -> None:
        stores[number % 2].add(CARS, f"cars-{number}", progress=False)

    with entrepot.connect(place) as one, entrepot.connect(place) as other:
        stores = (one, other)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(add, range(4)))
        assert sorted(one) == sorted(other) == [f"cars-{number}" for number in range(4)]


def test_which_store_answers_is_known_when_an_operation_is_called(place: Path) -> None:
    with connect(place, Settings()) as connection:
        find = connection.operations.get_dataset
        source = Source([CARS], Label("cars.csv"))
        added = connection.operations.add_dataset(source, NewDataset(), ImportOptions(), no_report)
        assert find(DatasetRef("cars")).id == added.id


def test_a_place_that_can_not_be_one_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "home"):
        with pytest.raises(entrepot.StoreUnusable):
            entrepot.connect(place)


def test_a_store_that_was_closed_before_it_was_made_takes_nothing(place: Path) -> None:
    before = files(place)
    store = entrepot.connect(place)
    store.close()
    with pytest.raises(entrepot.StoreUnusable, match="Open it again"):
        store.add(CARS, "cars", progress=False)
    assert files(place) == before


@pytest.mark.parametrize("for_import", [False, True])
def test_a_write_to_what_is_not_there_makes_nothing(place: Path, for_import: bool) -> None:  # noqa: FBT001 - a parameter
    before = files(place)
    with connect(place, Settings(), for_import=for_import) as connection:
        operations, ref = connection.operations, DatasetRef("cars")
        source = Source([CARS], Label("cars.csv"))
        for write in (
            lambda: operations.remove_dataset(ref),
            lambda: operations.edit_dataset(ref, DatasetChanges(title="T")),
            lambda: operations.append_rows(ref, [{"a": 1}]),
            lambda: operations.replace_dataset(ref, source, DatasetChanges(), ImportOptions(), no_report),
            lambda: operations.begin_replace_dataset(ref, source, DatasetChanges(), ImportOptions(), no_report),
        ):
            with pytest.raises(entrepot.DatasetNotFound):
                write()
        assert not hasattr(operations, "nothing_known")
    assert files(place) == before


def test_every_operation_makes_the_store_or_reads_or_names_what_has_to_be_there() -> None:
    reading = {name for port in (Queries, RecordQueries, CollectionQueries) for name in vars(port)}
    named = {name for name in OPERATIONS if [*signature(getattr(Operations, name)).parameters][1] in THERE}
    assert MAKE | (reading & OPERATIONS) | named == OPERATIONS
    assert not MAKE & (reading | named)
