"""Rows that are handed in as dicts land as a JSON array of objects does."""

import io
import math
from collections.abc import Iterator
from datetime import time
from decimal import Decimal
from typing import Any

import pytest

from entrepot import Store
from entrepot_core.errors import EmptyInput
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
