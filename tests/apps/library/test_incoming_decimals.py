"""Decimals in files whose rows are added to a dataset, or change it."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import entrepot
from entrepot.library.incoming_decimals import exact_number
from tests.apps.library.conftest import Add

LONG = Decimal("12345678901234567.89")
LESS = Decimal("-12345678901234567.80")


def prices() -> pl.DataFrame:
    return pl.DataFrame(
        {"price": pl.Series([Decimal("1.10"), Decimal(2)], dtype=pl.Decimal(38, 2)), "float": [0.5, 1.5]}
    )


def nested() -> pl.DataFrame:
    kind = pl.Struct({"a": pl.Decimal(38, 2), "n": pl.Int64})
    lists = pl.Series("lists", [[LONG]], dtype=pl.List(pl.Decimal(38, 2)))
    return pl.DataFrame([lists, pl.Series("objects", [{"a": Decimal("1.10"), "n": 2}], dtype=kind)])


@pytest.mark.parametrize(
    "content",
    [
        b"price,float\n12345678901234567.89,2.5\n,\n-12345678901234567.80,1e3\n",
        b"price;float\n12345678901234567,89;2,5\nNA;\n-12.345.678.901.234.567,80;1000\n",
        b'[{"price": 12345678901234567.89, "float": 2.5}, {}, {"price": -12345678901234567.80, "float": 1e3}]',
        b'{"price": 12345678901234567.89, "float": 2.5}\n{}\n{"price": "-12345678901234567.80", "float": 1000}\n',
        b'[["float", "price"], [2.5, 12345678901234567.89], [], [1e3, -1234567890123456780e-2]]',
    ],
    ids=["csv", "commas", "json", "ndjson", "arrays"],
)
def test_decimals_of_a_file_are_added_with_all_their_digits(add: Add, content: bytes) -> None:
    exact = add(prices())
    exact.append(content)
    assert exact.frame()["price"].to_list()[2:] == [LONG, None, LESS]
    assert exact.frame()["float"].to_list() == [0.5, 1.5, 2.5, None, 1000.0]


@pytest.mark.parametrize(
    "content", [b"_id,price\n2,12345678901234567.89\n", b'[{"_id":2,"price":12345678901234567.89}]']
)
def test_decimals_of_a_file_change_rows_with_all_their_digits(add: Add, content: bytes) -> None:
    exact = add(prices())
    exact.update(content)
    assert exact.row(2)["price"] == LONG


def test_decimals_within_lists_and_objects_of_a_file_keep_their_digits(add: Add) -> None:
    exact = add(nested())
    exact.append(b'[{"lists": [12345678901234567.89, 1, null], "objects": {"a": 0.10, "n": 9007199254740993}}, {}]')
    assert exact.row(2)["lists"] == [LONG, Decimal("1.00"), None]
    assert exact.row(2)["objects"] == {"a": Decimal("0.10"), "n": 9007199254740993}
    assert exact.row(3) == {"_id": 3, "lists": None, "objects": None}


@pytest.mark.parametrize(
    "content", [b"price\n1\n1.1000000000000000000001\n", b'[{"price":1},{"price":1.1000000000000000000001}]']
)
def test_more_digits_than_a_column_has_are_refused_not_rounded(add: Add, content: bytes) -> None:
    exact = add(prices())
    with pytest.raises(entrepot.InvalidRows, match="2 digits behind the point") as caught:
        exact.append(content)
    assert (caught.value.errors[0].row, caught.value.errors[0].column) == (2, "price")


def test_rows_that_are_set_aside_leave_the_digits_of_others_where_they_belong(store: entrepot.Store) -> None:
    exact = store.add(prices(), "prices", progress=False)
    last = "".join(f"1234567890123456.{number},1\n" for number in range(10, 60))
    content = f"price,float\n12345678901234567.89,1\nabc,2\n,3\n12345678901234567.91,4\nx,5\n2,6\n{last}"
    with pytest.warns(UserWarning, match="2 rows of the file were set aside"):
        exact.append(content.encode(), types={"price": "number"}, on_error="repair")
    added = exact.frame()["price"].to_list()[2:]
    assert added[:4] == [LONG, None, Decimal("12345678901234567.91"), Decimal(2)]
    assert added[4:] == [Decimal(f"1234567890123456.{number}") for number in range(10, 60)]
    assert exact.frame()["float"].to_list()[2:6] == [1, 3, 4, 6]


def test_amounts_and_percentages_that_are_asked_to_be_numbers_keep_their_digits(store: entrepot.Store) -> None:
    kind = pl.Decimal(38, 18)
    exact = store.add(pl.DataFrame({"a": [Decimal(1)], "b": [Decimal(1)]}, {"a": kind, "b": kind}), "amounts")
    exact.append(
        b'a,b\n"$1,234,567,890,123.123456789",12.3456789012345678%\n($2.10),-5%\n',
        types={"a": "number", "b": "number"},
    )
    assert exact.frame()["a"].to_list()[1:] == [Decimal("1234567890123.123456789"), Decimal("-2.1")]
    assert exact.frame()["b"].to_list()[1:] == [Decimal("0.123456789012345678"), Decimal("-0.05")]


@given(
    st.decimals(-(10**25), 10**25, allow_nan=False, places=6),
    st.sampled_from([("", "."), (",", "."), (".", ","), (" ", ","), ("'", ".")]),
    st.sampled_from(["%s", "$%s", "%s €", " %s "]),
)
def test_the_number_that_was_read_tells_what_the_marks_mean(number: Decimal, marks: tuple[str, str], form: str) -> None:
    thousands, point = marks
    text = f"{number:,f}".replace(",", "_").replace(".", point).replace("_", thousands)
    found = exact_number(Decimal(repr(float(number))), form % text)
    assert found == number or (found is not None and float(found) == float(number) == 0)
