"""Rows that are handed in as dicts land as a JSON array of objects does."""

import io
import math
from collections.abc import Iterator
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from entrepot import Store
from entrepot_core.errors import EmptyInput, MalformedInput
from tests.apps.library.test_incoming_tables import DAY, landed, refusal


def test_dicts_land_as_a_json_array_of_objects(store: Store) -> None:
    rows: list[dict[str, Any]] = [
        {"day": DAY, "at": time(1, 2), "n": Decimal("1.50"), "wide": 2**70, "tags": ["x"], "x": math.nan},
        {"day": None, "n": 2, "more": "x"},
    ]
    wanted = {"day": [DAY, None], "at": [time(1, 2), None], "n": [1.5, 2.0], "wide": [str(2**70), None]}
    for thing in (rows, tuple(rows), iter(rows)):
        found = landed(store, thing)
        assert found.columns == ["day", "at", "n", "wide", "tags", "x", "more"]
        assert {name: found[name].to_list() for name in wanted} == wanted


def test_they_are_kept_as_a_file_that_can_be_read_again(store: Store) -> None:
    dataset = store.add([{"code": 7}], file_name="codes.json", progress=False)
    assert dataset.name == "codes"
    assert dataset.retype({"code": "string"}).frame()["code"].to_list() == ["7"]


def test_they_replace_what_was(store: Store) -> None:
    dataset = store.add([{"a": 1}], "it", progress=False)
    assert dataset.replace([{"a": 2}, {"a": 3}]).frame()["a"].to_list() == [2, 3]


def test_no_rows_are_no_table(store: Store) -> None:
    with pytest.raises(EmptyInput):
        store.add([], "it", progress=False)


def test_what_json_has_nothing_for_is_refused_by_its_place(store: Store) -> None:
    infinite = refusal(store, [{"a": 1.5}, {"a": math.inf}])
    assert (infinite.row, infinite.column, "infinities" in infinite.reason) == (2, "a", True)
    exact = refusal(store, [{"a": Decimal("19.990")}, {"a": Decimal("12345678901234567.89")}])
    assert (exact.row, exact.column, exact.value) == (2, "a", "12345678901234567.89")
    assert refusal(store, [{"a": object()}]).row == 1


@pytest.mark.parametrize("thing", [[1, 2], ["cars.csv"], [{"a": 1}, None]])
def test_what_is_no_row_is_a_type_error(store: Store, thing: Any) -> None:  # noqa: ANN401 - the test
    with pytest.raises(TypeError, match="is no row; give a dict of columns and values"):
        store.add(thing, "it", progress=False)


def test_a_dict_may_be_a_row_or_columns_and_is_not_guessed(store: Store) -> None:
    with pytest.raises(TypeError, match=r"dict can't be landed; give .* rows \(a list of dicts\)"):
        store.add({"a": [1]}, "it", progress=False)  # type: ignore[call-overload]  # the test


def iterated() -> Iterator[io.BytesIO]:
    yield io.BytesIO(b"a\n1\n")


def test_several_files_are_no_rows(store: Store) -> None:
    with pytest.raises(TypeError, match="is no row"):
        store.add(iterated(), "it", progress=False)  # type: ignore[arg-type]  # the test


CIRCLE: list[Any] = [1]
CIRCLE.append(CIRCLE)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([math.inf], "infinities"),
        ({"x": [-math.inf]}, "infinities"),
        (np.array([1.0, np.inf]), "infinities"),
        (np.float32("inf"), "infinities"),
        (Decimal("Infinity"), "infinities"),
        ([Decimal("-Infinity")], "infinities"),
        (CIRCLE, "holds itself"),
        ({1: "x", "1": "y"}, "several keys are '1'"),
        ({None: "x", "None": "y"}, "several keys are 'None'"),
        (np.longdouble(1.5), "longdouble"),
        (np.timedelta64(1, "M"), "timedelta64 of months"),
        (object(), "type object"),
    ],
)
def test_what_json_has_nothing_for_is_refused_by_row_and_column(store: Store, value: object, reason: str) -> None:
    error = refusal(store, [{"fine": 1, "odd": 1}, {"fine": 1, "odd": value}])
    assert (error.row, error.column, reason in error.reason) == (2, "odd", True), error


def test_columns_that_are_the_same_text_are_refused(store: Store) -> None:
    error = refusal(store, [{1: "x", "1": "y"}])
    assert (error.row, error.column, "same text" in error.reason) == (1, "1", True)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (np.str_("x"), "x"),
        (np.bytes_(b"x"), "eA=="),
        (Decimal("NaN"), None),
        (Decimal("sNaN"), None),
        (np.datetime64("NaT"), None),
        (np.float16(1.5), 1.5),
        (np.datetime64("2024-01-01"), DAY),
        (timedelta(days=1, microseconds=1), "P1DT0.000001S"),
        (pd.Timedelta(days=1, microseconds=1), "P1DT0.000001S"),
        (pd.Timedelta(-1, "ns"), "-PT0.000000001S"),
        (pd.Timedelta(0), "P0D"),
        (np.timedelta64(86_400_000_000_001, "ns"), "P1DT0.000000001S"),
        (np.timedelta64(2, "D"), "P2D"),
    ],
)
def test_values_of_numpy_and_pandas_land_as_those_of_python_do(store: Store, value: object, found: object) -> None:
    assert landed(store, [{"a": value, "n": 1}])["a"].to_list() == [found]


@pytest.mark.parametrize("text", ["2024-01-01T00:00:00.000000001", "2024-01-01T00:00:00.123456789"])
def test_nanoseconds_are_kept(store: Store, text: str) -> None:
    for value in (np.datetime64(text), pd.Timestamp(text)):
        column = landed(store, [{"a": value}])["a"]
        assert column.cast(pl.Datetime("ns")).cast(pl.Int64).to_list() == [pd.Timestamp(text).value]


def test_rows_that_are_added_keep_to_that_too(store: Store) -> None:
    dataset = store.add([{"a": [1.5], "n": 1}], "it", progress=False)
    with pytest.raises(MalformedInput, match="row 2, column a: JSON has no infinities"):
        dataset.append([{"a": [1.5]}, {"a": [math.inf]}])
    with pytest.raises(MalformedInput, match="column a: the value holds itself"):
        dataset.append({"a": CIRCLE})
