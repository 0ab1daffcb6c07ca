"""What people of pandas and polars type first: a dataset's columns, and itself in the place of a frame."""

from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import entrepot
from tests.apps.library.conftest import Add


def test_a_column_is_a_series_and_several_are_a_frame(cars: entrepot.Dataset) -> None:
    assert cars["price"].to_list() == [10.5, 11.5, 20.5, 25.5, 24.5, 30.5]
    assert (cars["price"].name, cars["_id"].to_list()) == ("price", [1, 2, 3, 4, 5, 6])
    assert cars[["sold", "make"]].columns == ["sold", "make"]
    assert cars[["sold", "make"]].equals(cars.frame(["sold", "make"]))
    assert np.asarray(cars["doors"]).sum() == 24


@pytest.mark.parametrize("name", ["*", "^a$", "a,b", " "])
def test_a_column_of_any_name_is_found(store: entrepot.Store, name: str) -> None:
    odd = store.add(pl.DataFrame({"a": [1], name: [2]}), "odd", progress=False)
    assert (odd[name].to_list(), odd.rows()[name], name in odd) == ([2], [2], True)


def test_a_column_that_is_not_there_is_told_with_what_may_be_meant(cars: entrepot.Dataset) -> None:
    for read in (cars.__getitem__, cars.rows().__getitem__):
        with pytest.raises(entrepot.UnknownColumn, match="Did you mean 'price'"):
            read("prize")
    assert "price" in cars
    assert "prize" not in cars
    assert 1 not in cars


@pytest.mark.parametrize("given", [0, slice(2), ("make", "price")])
def test_what_is_no_column_is_told_what_reads_rows(cars: entrepot.Dataset, given: object) -> None:
    with pytest.raises(TypeError, match=r"row\(17\) reads a row by its number"):
        cars.__getitem__(given)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType] - wrong on purpose


@pytest.mark.parametrize("make", [pd.DataFrame, list, dict, tuple])
def test_what_goes_over_a_dataset_is_told_what_to_give(cars: entrepot.Dataset, make: object) -> None:
    with pytest.raises(TypeError, match=r"rows\(\) gives rows, frame\(\) a polars frame, to_pandas\(\) a pandas frame"):
        make(cars)  # type: ignore[operator]  # pyright: ignore[reportCallIssue] - any of these


def test_polars_and_arrow_take_a_dataset_as_it_is(cars: entrepot.Dataset) -> None:
    assert pl.DataFrame(cars).equals(cars.frame())
    assert pa.table(cars).num_rows == 6
    assert cars.append(cars.at(1)) == [7, 8, 9, 10, 11, 12]


def test_a_page_gives_its_values_by_column_and_as_a_pandas_frame(add: Add) -> None:
    amount = pl.Series("amount", [Decimal("1.10"), None], dtype=pl.Decimal(38, 2))
    page = add(pl.DataFrame([amount, pl.Series("n", [2**53 + 1, None])])).rows()
    assert (page["amount"], page["_id"]) == ([Decimal("1.10"), None], [1, 2])
    assert [row["n"] for row in page[:1]] == [2**53 + 1]
    frame = page.to_pandas()
    assert list(frame.columns) == ["_id", "amount", "n"]
    assert (frame["amount"][0], frame["n"][0]) == (Decimal("1.10"), 2**53 + 1)
    assert page.to_pandas().equals(page.frame().to_pandas()) is False, "integers beside nulls are exact"
    assert add(b"a\n").rows().to_pandas().shape == (0, 2)


@pytest.mark.parametrize(
    ("documents", "held"),
    [
        (['{"x":1}', '{"x":null}'], [{"x": 1}, {"x": None}]),
        (["[1]", "[]", "null"], [[1], [], None]),
        (['{"x":1}', "[1]", '"t"', "null"], None),
        (['{"x":1}', '{"x":"a"}'], None),
        (['{"x":1}', '{"y":[1]}'], None),
        (["[1]", "[2.5]", "[[1]]"], None),
        (['{"x":true}', '{"x":1}'], None),
    ],
)
def test_frames_have_nested_values_as_they_are_or_their_json(
    add: Add, documents: list[str], held: list[object] | None
) -> None:
    rows = ",".join(f'{{"d":{one}}}' for one in documents)
    nested = add(f"[{rows}]".encode())
    expected: list[object] = [None if one == "null" else one for one in documents] if held is None else held
    assert nested.rows().frame()["d"].to_list() == expected
    counted = nested.facets("d").frame("d")["d"].to_list()
    assert sorted(map(repr, counted)) == sorted(map(repr, expected))
    assert nested.rows(d__notnull=True).to_pandas().shape == (len(documents) - documents.count("null"), 2)


@pytest.mark.parametrize(
    ("name", "way"),
    [("describe", r"stats\(\)"), ("head", r"rows\(limit=5\)"), ("to_polars", "frame"), ("dtypes", "schema")],
)
def test_what_frames_have_under_another_name_is_told(cars: entrepot.Dataset, name: str, way: str) -> None:
    with pytest.raises(AttributeError, match=f"a dataset has no '{name}': .*{way}"):
        getattr(cars, name)


def test_other_names_are_looked_for_as_ever(cars: entrepot.Dataset) -> None:
    assert not hasattr(cars, "__array__")
    with pytest.raises(AttributeError) as caught:
        getattr(cars, "rowz")  # noqa: B009 - type-checkers know that it is not there
    assert (str(caught.value), caught.value.name, caught.value.obj) == ("a dataset has no 'rowz'", "rowz", cars)
