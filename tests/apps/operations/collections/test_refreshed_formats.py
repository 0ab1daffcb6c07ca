"""Which types a source that carries its own may give when it is fetched again."""

import io
import json
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from entrepot_core.dialect import no_report
from entrepot_core.ports.operations import Operations
from tests.apps.operations.collections.conftest import empty
from tests.apps.operations.collections.giving import give, land, refused, types, values
from tests.contracts.operations import ref
from tests.sources import Sources


@pytest.fixture
def operations(memory: Operations) -> Iterator[Operations]:
    """One store: the formats are read alike for all."""
    yield memory
    empty(memory)


def parquet(**columns: list[Any]) -> bytes:
    """A Parquet file."""
    file = io.BytesIO()
    pl.DataFrame(columns).write_parquet(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("first", "then", "kind", "shown"),
    [
        ([1, 2], ["3", "4"], "integer", [3, 4]),
        ([1, 2], [1, 2.5], "number", [1, 2.5]),
        ([1, 2], ["1", 2.5], "number", [1, 2.5]),
        ([1.5, 2], [1, 2], "number", [1, 2]),
        ([1, 2], [None, None], "integer", [None, None]),
        (["a", "1"], [1, 2], "string", ["1", "2"]),
        (["b", "c"], [{"a": 1.50}, [2]], "string", ['{"a":1.5}', "[2]"]),
        ([[1], {}], [None, None], "string", [None, None]),
        ([None, None], [{"a": 1}, [2]], "json", [{"a": 1}, [2]]),
        ([None, 1], [None, None], "integer", [None, None]),
    ],
)
def test_types_of_json_are_kept_where_that_can_be(
    operations: Operations, source: Sources, first: list[Any], then: list[Any], kind: str, shown: list[Any]
) -> None:
    path = "/list.json"
    made = land(operations, source, json.dumps([{"id": 1, "a": one} for one in first]), path)
    give(source, json.dumps([{"id": 2, "a": one} for one in then]), path)
    again = operations.refresh_dataset(ref(made), no_report)
    assert types(again) == {"id": "integer", "a": kind}
    assert values(operations, again, "a") == shown


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        ([1, 2], [1, "tba"], ["column a", "no integer", "'tba'"]),
        ([1, 2], [[1], {}], ["column a", "was integer", "is json"]),
        ([{"a": 1}, 2], [3, 4], ["column a", "was json", "is integer"]),
    ],
)
def test_types_of_json_that_cant_be_kept_are_refused(
    operations: Operations, source: Sources, first: list[Any], then: list[Any], told: list[str]
) -> None:
    path = "/list.json"
    made = land(operations, source, json.dumps([{"id": 1, "a": one} for one in first]), path)
    give(source, json.dumps([{"id": 2, "a": one} for one in then]), path)
    problem = refused(operations, made)
    assert [one for one in told if one not in problem] == []


@pytest.mark.parametrize(
    ("first", "then", "kind"),
    [
        ([1, 2], ["3", "4"], "integer"),
        ([1, 2], [0.5, 1.0], "number"),
        ([0.5, 1.0], [1, 2], "number"),
        (["a", "b"], [1, 2], "string"),
        ([1, 2], [None, None], "integer"),
        ([b"a"], [None, None], "string"),
    ],
)
def test_types_of_parquet_are_kept_where_that_can_be(
    operations: Operations, source: Sources, first: list[Any], then: list[Any], kind: str
) -> None:
    path = "/list.parquet"
    made = land(operations, source, parquet(a=first), path)
    give(source, parquet(a=then), path)
    assert types(operations.refresh_dataset(ref(made), no_report)) == {"a": kind}


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        ([1, 2], ["1", "tba"], ["column a", "no integer", "'tba'"]),
        ([b"a", b"b"], ["a", "b"], ["column a", "was binary", "is string"]),
        ([1, 2], [b"a", b"b"], ["column a", "was integer", "is binary"]),
        ([[1], [2]], [1, 2], ["column a", "was json", "is integer"]),
    ],
)
def test_types_of_parquet_that_cant_be_kept_are_refused(
    operations: Operations, source: Sources, first: list[Any], then: list[Any], told: list[str]
) -> None:
    path = "/list.parquet"
    made = land(operations, source, parquet(a=first), path)
    give(source, parquet(a=then), path)
    problem = refused(operations, made)
    assert [one for one in told if one not in problem] == []


def test_a_cell_of_a_workbook_that_is_not_of_its_columns_type_is_refused(
    operations: Operations, source: Sources
) -> None:
    path = "/list.xlsx"
    made = land(operations, source, workbook(1, 2, 3), path)
    assert types(made) == {"a": "integer"}
    give(source, workbook(1, 2, "tba"), path)
    assert "column a: this is no integer, as which the column has been read so far" in refused(operations, made)
    give(source, workbook(1, 2.5, 3), path)
    again = operations.refresh_dataset(ref(made), no_report)
    assert (types(again), values(operations, again, "a")) == ({"a": "number"}, [1, 2.5, 3])


def workbook(*cells: float | str) -> bytes:
    """A workbook with one column."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    book.add_worksheet().write_column(0, 0, ["a", *cells])
    book.close()
    return file.getvalue()
