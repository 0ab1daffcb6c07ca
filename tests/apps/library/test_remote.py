"""The same objects on a server: selections, edits and versions."""

import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pandas as pd
import polars as pl
import pytest

import entrepot
from entrepot_adapters.http import connection, remote
from tests.apps.library.conftest import CARS
from tests.serving import served


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("served")) as url:
        yield url


@pytest.fixture
def store(url: str) -> Iterator[entrepot.Store]:
    """A store on a server, which is empty again afterwards."""
    with entrepot.connect(url) as opened:
        yield opened
        for dataset in opened.list():
            dataset.delete()


def test_rows_are_selected_counted_and_found(store: entrepot.Store, cars: entrepot.Dataset, tmp_path: Path) -> None:
    assert [row["sold"] for row in cars.rows(make__in=["Bo", "a,b"], sort="-price")] == [date(2024, 3, 5), None]
    assert cars.rows(any_of={"sold": None, "price__lt": 11}).total == 2
    assert [len(page) for page in cars.rows(price__gt=11, limit=2).pages()] == [2, 2, 1]
    assert cars.row(1)["sold"] == date(2024, 1, 5)
    assert cars.facets("sold", make="Bo")["sold"] == [(date(2024, 3, 5), 1), (None, 1)]
    assert cars.frame("_id", q="cy", where={"doors": 5}).rows() == [(5,), (6,)]
    assert cars.lazy(doors=3).select(pl.col("price").max()).collect().item() == 25.5
    assert pl.read_parquet(cars.export(tmp_path / "a.parquet", sort="-price", limit=1))["price"].item() == 30.5
    assert store.search("price")[0].columns == ("price",)
    words = store.add(pl.DataFrame({"limit": ['a,"b', "c"], "or": [1, 2], "q": [None, 1.5]}), "words", progress=False)
    assert words.rows(where={"limit": 'a,"b', "or": 1, "q": None}).total == 1
    assert words.rows(any_of={"limit": 'a,"b', "q": 1.5}).total == 2


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "SHORT", httpx.Timeout(0.2))
    monkeypatch.setattr(remote, "BEGIN", httpx.Timeout(0.4))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = entrepot.connect(f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(entrepot.ServerUnreachable, match=r"it said nothing for 0\.2 seconds\.$"):
            store.list()
        with pytest.raises(
            entrepot.ServerUnreachable, match=r"nothing for 0\.4 seconds; what it was asked may still be"
        ):
            store.add(b"a\n1\n", wait=False)


def test_rows_are_changed_and_versions_compared(store: entrepot.Store, cars: entrepot.Dataset) -> None:
    mine = store["cars"]
    assert cars.append([{"make": "Di", "sold": date(2025, 1, 1), "price": float("nan")}]) == [7]
    assert cars.append(pl.DataFrame({"make": ["Ed"], "price": [0.1]})) == [8]
    assert cars.update({7: {"price": 9}, 8: {"make": None}}) == [7, 8]
    assert cars.update([{"_id": 1, "make": "Fay"}], whole=True) == [1]
    assert cars.drop_rows([8]) == [8]
    assert cars.drop_rows(make__startswith="C", price__lt=25) == [5]
    assert (cars.version, cars.shape, cars.document.revision) == (7, (6, 4), 7)
    found = cars.diff(1)
    assert (found.added, found.removed, found.changed) == (1, 1, 1)
    assert found.rows[0].changed == {
        "make": ("Ada", "Fay"), "price": (10.5, None), "doors": (3, None), "sold": (date(2024, 1, 5), None),
    }  # fmt: skip
    with pytest.raises(entrepot.Stale):
        mine.update({1: {"price": 2}}, if_unchanged=True)
    with pytest.raises(entrepot.InvalidRows, match="row 1, column price") as refused:
        cars.append({"price": "cheap"})
    assert refused.value.errors[0].value == "cheap"
    assert cars.restore(1).frame().equals(mine.frame())
    assert [one.version for one in cars.versions(limit=3)] == [8, 7, 6]


def test_the_file_is_the_same_here_and_there(cars: entrepot.Dataset) -> None:
    with cars.file() as download:
        assert download.read() == CARS
    cars.drop_rows(1)
    with pytest.raises(entrepot.NoOriginal):
        cars.file()


def test_categories_with_missing_ones_are_sent(store: entrepot.Store) -> None:
    frame = pd.DataFrame({"c": pd.Categorical(["x", None, "y"]), "n": pd.Categorical([1, None, 2])})
    dataset = store.add(frame, "categories", progress=False)
    assert dataset.append(frame) == [4, 5, 6]
    assert dataset.frame().rows() == [("x", 1), (None, None), ("y", 2)] * 2
