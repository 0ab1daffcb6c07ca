import pickle
from collections.abc import Callable
from contextlib import ExitStack
from copy import copy, deepcopy
from pathlib import Path

import polars as pl
import pytest

import entrepot
from tests.apps.library.conftest import CARS
from tests.serving import served

Use = Callable[[], object]


def test_a_folder_is_made_a_store_and_keeps_what_was_added(tmp_path: Path) -> None:
    with entrepot.connect(tmp_path / "home") as store:
        store.add(CARS, "cars", progress=False)
    with entrepot.connect(str(tmp_path / "home")) as store:
        assert list(store) == ["cars"]


def test_a_store_that_lost_its_database_is_not_begun_anew(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with entrepot.connect(home) as store:
        store.add(CARS, "cars", progress=False)
    database = home / "catalogue.sqlite3"
    database.rename(tmp_path / "kept")
    blobs = sorted((home / "blobs").rglob("*"))
    for use in (list, lambda store: store.add(CARS, "cars")):
        with (
            pytest.raises(entrepot.StoreUnusable, match=r"catalogue\.sqlite3 is missing"),
            entrepot.connect(home) as store,
        ):
            use(store)
    assert sorted((home / "blobs").rglob("*")) == blobs
    (tmp_path / "kept").rename(database)
    with entrepot.connect(home) as store:
        assert list(store) == ["cars"]


def test_without_a_target_the_setting_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTREPOT_STORE", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    with entrepot.connect() as store:
        assert store.place == str(tmp_path / "home")


def test_a_dataset_is_named_after_its_file_and_a_number_keeps_it_unique(store: entrepot.Store, tmp_path: Path) -> None:
    path = tmp_path / "Cars 2024.csv"
    path.write_bytes(CARS)
    assert [store.add(path, progress=False).name for _ in range(2)] == ["cars-2024", "cars-2024-2"]


def test_a_name_that_is_taken_is_refused_and_the_store_stays_as_it_was(
    store: entrepot.Store, cars: entrepot.Dataset
) -> None:
    with pytest.raises(entrepot.NameTaken):
        store.add(b"a\n1\n", "cars", progress=False)
    assert (len(store), store["cars"].document) == (1, cars.document)


def test_replace_makes_the_next_version_of_the_dataset_of_the_files_name(store: entrepot.Store, tmp_path: Path) -> None:
    path = tmp_path / "Cars.csv"
    path.write_bytes(CARS)
    assert [store.add(path, replace=True, progress=False).version for _ in range(2)] == [1, 2]
    assert list(store) == ["cars"]


def test_what_has_no_name_can_not_replace_anything(store: entrepot.Store) -> None:
    with pytest.raises(entrepot.InvalidOption, match="give the name"):
        store.add(b"a\n1\n", replace=True, progress=False)


@pytest.mark.parametrize(
    ("name", "error"),
    [("Cars!", entrepot.InvalidName), ("batch", entrepot.InvalidName), ("", entrepot.InvalidName)],
)
def test_a_name_that_can_be_none_is_refused_before_anything_is_read(
    store: entrepot.Store, name: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        store.add(b"", name, progress=False)


def test_a_table_keeps_its_types_and_has_no_original(store: entrepot.Store) -> None:
    frame = pl.DataFrame({"a": [1, None], "b": [True, False], "c": ["x", "y"], "d": [1.5, float("nan")]})
    added = store.add(frame, "frame", progress=False)
    assert added.frame().equals(frame)
    assert added.file_name is None
    with pytest.raises(entrepot.NoOriginal):
        added.file()


def test_an_option_that_is_none_is_a_type_error(store: entrepot.Store) -> None:
    with pytest.raises(TypeError, match="no option 'delimeter'; there are date_order, decimal"):
        store.add(b"a\n1\n", delimeter=";")  # type: ignore[call-overload]  # the test
    with pytest.raises(TypeError, match=r"there are .*images, null_values, on_error, published, quote, refresh, sheet"):
        store.add(b"a\n1\n", "own", image="a")  # type: ignore[call-overload]  # the test
    own = store.add(b"a\n1\n", "own", progress=False)
    with pytest.raises(TypeError, match=r"there are .*images, .*published, .*refresh"):
        own.replace(b"a\n1\n", publish=True)  # type: ignore[call-overload]  # the test
    with pytest.raises(TypeError) as told:
        own.append(b"a\n1\n", images="a")  # type: ignore[call-arg]  # the test
    assert "refresh" not in str(told.value)


def test_a_type_that_is_none_is_refused(store: entrepot.Store) -> None:
    with pytest.raises(entrepot.InvalidOption, match="the types are boolean"):
        store.add(b"a\n1\n", types={"a": "decimal"}, progress=False)


def test_an_order_of_dates_that_is_none_is_refused(store: entrepot.Store) -> None:
    with pytest.raises(entrepot.InvalidOption, match="give one of day_first, month_first"):
        store.add(b"a\n1\n", date_order="dmy", progress=False)  # type: ignore[call-overload]  # the test


def test_progress_is_reported_in_its_stages(store: entrepot.Store) -> None:
    stages: list[str] = []
    store.add(CARS, "cars", progress=lambda stage, _done, _total: stages.append(stage))
    assert list(dict.fromkeys(stages)) == ["upload", "import", "profile"]


def test_datasets_are_found_by_name_and_id(store: entrepot.Store, cars: entrepot.Dataset) -> None:
    assert store["cars"].id == store[cars.id].id == cars.id
    assert "cars" in store
    assert cars.id in store
    assert "trucks" not in store
    assert 5 not in store
    with pytest.raises(entrepot.DatasetNotFound) as missing:
        store["trucks"]
    assert not hasattr(missing.value, "__notes__")


def test_what_may_have_been_meant_is_noted(store: entrepot.Store, cars: entrepot.Dataset) -> None:
    del cars
    with pytest.raises(entrepot.DatasetNotFound) as missing:
        store["carz"]
    assert missing.value.__notes__ == ["Did you mean 'cars'?"]


def test_lists_are_filtered_sorted_and_limited(store: entrepot.Store) -> None:
    for name in ("b", "a", "c"):
        store.add(b"x\n1\n", name, tags=[name, "all"], progress=False)
    assert [one.name for one in store.list()] == ["c", "a", "b"]
    assert [one.name for one in store.list(sort="name", limit=2)] == ["a", "b"]
    assert [one.name for one in store.list(tag="b")] == ["b"]
    assert [one.name for one in store.list(q="A")] == ["a"]
    assert store.list(media_type="text/nothing") == []
    store["b"].edit(published=True)
    assert [one.name for one in store.list(published=True)] == ["b"]
    assert [one.name for one in store.list(published=False)] == ["c", "a"]
    assert list(store) == ["a", "b", "c"]


def test_a_store_without_datasets_is_still_true(store: entrepot.Store) -> None:
    assert (bool(store), len(store)) == (True, 0)


def test_a_missing_file_is_named(store: entrepot.Store) -> None:
    with pytest.raises(entrepot.FileMissing, match=r"missing\.csv: there is no such file"):
        store.add("missing.csv")
    assert len(store) == 0


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_is_at_least_1(store: entrepot.Store, limit: int) -> None:
    cars = store.add(b"a\n1\n", name="few")
    for ask in (lambda: store.list(limit=limit), lambda: cars.versions(limit=limit)):
        with pytest.raises(entrepot.InvalidOption, match="give 1 or more"):
            ask()


def test_a_limit_may_be_larger_than_any_list(store: entrepot.Store) -> None:
    cars = store.add(b"a\n1\n", name="few")
    assert "few" in [one.name for one in store.list(limit=10**20)]
    assert len(cars.versions(limit=10**20)) == 1


@pytest.mark.parametrize("place", ["memory", "disk", "remote"])
def test_a_store_that_is_closed_refuses_all(place: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        home = tmp_path / "home"
        places = {"memory": ":memory:", "disk": str(home)}
        store = entrepot.connect(places.get(place) or stack.enter_context(served(home)))
        cars = store.add(CARS, "cars", progress=False)
        store.close()
        store.close()
        uses: tuple[Use, ...] = (
            lambda: list(store),
            lambda: store.add(CARS, "more", progress=False),
            cars.rows,
            lambda: cars.append([{"make": "Di"}]),
            lambda: cars.excel(tmp_path / "cars.xlsx"),
        )
        for use in uses:
            with pytest.raises(entrepot.StoreUnusable, match=r"The store was closed\. Open it again\."):
                use()
        assert (len(cars), cars.name) == (6, "cars")
        assert not (tmp_path / "cars.xlsx").exists()


@pytest.mark.parametrize(
    ("name", "way"),
    [("remove", r"store\[name\]\.delete\(\)"), ("get", r"store\[name\]"), ("keys", "list"), ("upload", "add")],
)
def test_what_other_stores_have_under_another_name_is_told(store: entrepot.Store, name: str, way: str) -> None:
    with pytest.raises(AttributeError, match=f"a store has no '{name}': .*{way}"):
        getattr(store, name)
    assert not hasattr(store, "__array__")


def test_an_open_store_can_not_go_to_another_process_and_says_so(store: entrepot.Store, cars: entrepot.Dataset) -> None:
    for one in (store, cars):
        with pytest.raises(TypeError, match=r"can't go to another process\. .* entrepot\.connect\."):
            pickle.dumps(one)


def test_a_copy_of_a_dataset_is_of_the_same_store(cars: entrepot.Dataset) -> None:
    for copied in (copy(cars), deepcopy(cars)):
        assert (copied.id, copied.shape, copied.edit(title="Copied").title) == (cars.id, cars.shape, "Copied")


@pytest.mark.parametrize("name", ["notes/käse\ud800.csv", "..\\käse\0.csv"])
def test_a_file_name_is_made_one_that_can_be_stored(tmp_path: Path, name: str) -> None:
    with entrepot.connect(tmp_path / "home") as store:
        added = store.add(b"a\n1\n", file_name=name, progress=False)
        assert (added.document.file_name, added.name) == ("käse.csv", "kase")
