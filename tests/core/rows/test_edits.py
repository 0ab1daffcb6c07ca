"""Rows that are to be written, held against a schema."""

import pytest

from entrepot_core.errors import InvalidRows
from entrepot_core.rows.edits import Row, changed_rows, new_rows
from entrepot_core.schema import Field, FieldType, Schema

SCHEMA = Schema((Field("n", FieldType.INTEGER), Field("day", FieldType.DATE), Field("t", FieldType.STRING)))


def test_values_are_of_their_columns_types() -> None:
    (row,) = new_rows([{"n": 1, "day": "1970-01-02", "t": None}], SCHEMA)
    assert (row.values, row.id) == ({"n": 1, "day": 1, "t": None}, None)
    (row,) = changed_rows([{"_id": 7, "n": None}], SCHEMA)
    assert (row.values, row.id) == ({"n": None}, 7)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"n": "x"}, "n"),
        ({"day": "x"}, "day"),
        ({"t": 1}, "t"),
        ({"zz": 1}, "zz"),
        ({"_id": 1}, "_id"),
        ({"_id": None}, "_id"),
    ],
)
def test_a_wrong_value_is_named_with_its_row_and_column(row: Row, column: str) -> None:
    with pytest.raises(InvalidRows) as caught:
        new_rows([{"n": 1}, row], SCHEMA)
    (error,) = caught.value.errors
    assert (error.row, error.column) == (2, column)


@pytest.mark.parametrize("number", [None, 0, -1, "1", True, 2**63, 1.0])
def test_a_changed_row_needs_its_number(number: object) -> None:
    with pytest.raises(InvalidRows) as caught:
        changed_rows([{"_id": number, "n": 1}], SCHEMA)
    assert caught.value.errors[0].column == "_id"


def test_a_row_is_changed_once_in_a_batch() -> None:
    with pytest.raises(InvalidRows, match="another row"):
        changed_rows([{"_id": 1, "n": 1}, {"_id": 1, "n": 2}], SCHEMA)


def test_all_that_is_wrong_is_told_up_to_a_hundred() -> None:
    with pytest.raises(InvalidRows, match="And 99 more") as caught:
        new_rows([{"n": "x", "t": 1}] * 80, SCHEMA)
    assert len(caught.value.errors) == 100


def test_hostile_values_can_be_shown() -> None:
    with pytest.raises(InvalidRows) as caught:
        new_rows([{"n": "\ud800" * 1000, "t": {"a": "\ud800"}}, {"t": 10**5000}, {"t": [10**5000]}], SCHEMA)
    assert [error.value for error in caught.value.errors[2:]] == ["a number of thousands of digits"] * 2
    for error in caught.value.errors:
        str(error).encode()
