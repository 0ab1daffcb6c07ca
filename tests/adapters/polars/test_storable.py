"""Single values on their way into a column of each type."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_adapters.polars.editing.storable import carrier, document, storable
from entrepot_adapters.polars.field_types import field_type
from entrepot_core.rows.values import from_json

SHAPE = pl.Struct({"at": pl.List(pl.Datetime("ms", "UTC")), "*": pl.Enum(["a", "b"]), "n": pl.Array(pl.Int8, 2)})


def stored(dtype: pl.DataType, value: object) -> object:
    """What a column of a type has, once a JSON value was stored in it."""
    found = storable(dtype, from_json(field_type(dtype), value))
    values: list[object] = pl.Series([found], dtype=carrier(dtype)).cast(dtype).to_list()
    return values[0]


@pytest.mark.parametrize(
    ("dtype", "value", "expected"),
    [
        (pl.Int8(), -128, -128),
        (pl.UInt64(), 2**64 - 1, 2**64 - 1),
        (pl.Int128(), -(2**127), -(2**127)),
        (pl.Int64(), 3.0, 3),
        (pl.Float64(), 0.1, 0.1),
        (pl.Float64(), 1e23, 1e23),
        (pl.Float64(), 2**53, 2.0**53),
        (pl.Float64(), float("nan"), None),
        (pl.Float32(), 0.1, 0.10000000149011612),
        (pl.Float32(), 16_777_216, 16_777_216.0),
        (pl.Decimal(38, 2), Decimal("123456789012345678901234567890123456.78"),
         Decimal("123456789012345678901234567890123456.78")),
        (pl.Decimal(5, 2), 1.5, Decimal("1.50")),
        (pl.Decimal(5, 2), Decimal("1.500"), Decimal("1.50")),
        (pl.Decimal(5, 2), 0, Decimal("0.00")),
        (pl.Enum(["a", "b"]), "b", "b"),
        (pl.Date(), "0001-01-01", date(1, 1, 1)),
        (pl.Datetime("ms"), "1969-12-31T23:59:59.999", datetime(1969, 12, 31, 23, 59, 59, 999000)),  # noqa: DTZ001 - naive
        (pl.Datetime("us", "Asia/Tokyo"), "2024-01-01T00:00:00Z", datetime(2024, 1, 1, tzinfo=UTC)),
        (pl.Duration("ms"), "-PT0.001S", timedelta(milliseconds=-1)),
        (pl.Binary(), "/w==", b"\xff"),
        (pl.List(pl.Decimal(10, 2)), [1, None, 2.5], [Decimal("1.00"), None, Decimal("2.50")]),
        (SHAPE, {"at": ["2024-01-01T00:00Z"], "n": [1, None]},
         {"at": [datetime(2024, 1, 1, tzinfo=UTC)], "*": None, "n": [1, None]}),
        (SHAPE, None, None),
        (pl.Map(pl.String(), pl.Int32()), {"k": 2, "": None}, {"k": 2, "": None}),
        (pl.Map(pl.String(), pl.Int32()), {}, {}),
        (pl.Map(pl.String(), pl.Int32()), None, None),
        (pl.Map(pl.Enum(["a"]), pl.Date()), {"a": "1970-01-02"}, {"a": date(1970, 1, 2)}),
        (pl.Map(pl.Categorical(), pl.Decimal(5, 2)), {"a": 1.5}, {"a": Decimal("1.50")}),
        (pl.Map(pl.String(), pl.Map(pl.String(), pl.Date())), {"k": {"j": "1970-01-02"}, "l": None},
         {"k": {"j": date(1970, 1, 2)}, "l": None}),
        (pl.Map(pl.String(), pl.List(pl.Datetime("ms", "UTC"))), {"k": ["2024-01-01T00:00Z", None]},
         {"k": [datetime(2024, 1, 1, tzinfo=UTC), None]}),
        (pl.List(pl.Struct({"m": pl.Map(pl.String(), SHAPE)})), [{"m": {"k": {"*": "b"}}}],
         [{"m": {"k": {"at": None, "*": "b", "n": None}}}]),
        (pl.Null(), None, None),
    ],
)  # fmt: skip
def test_what_fits_is_stored_exactly(dtype: pl.DataType, value: object, expected: object) -> None:
    assert stored(dtype, value) == expected


@pytest.mark.parametrize(
    ("dtype", "value", "detail"),
    [
        (pl.Int8(), 128, "from -128 to 127"),
        (pl.UInt64(), -1, "from 0 to"),
        (pl.UInt64(), 2**64, "from 0 to"),
        (pl.Int64(), 10**400, "from -"),
        (pl.Float64(), 2**53 + 1, "floats"),
        (pl.Float64(), Decimal("1e400"), "at most 1.79"),
        (pl.Decimal(38, 2), Decimal("1e400"), "at most 36 digits"),
        (pl.Float64(), 10**308 * 2, "at most 1.79"),
        (pl.Float32(), 16_777_217, "floats"),
        (pl.Float32(), 1e39, "at most 3.40"),
        (pl.Float64(), float("inf"), "give a number"),
        (pl.Decimal(5, 2), 1000, "at most 3 digits"),
        (pl.Decimal(5, 2), 1.005, "at most 2 digits"),
        (pl.Decimal(5, 2), Decimal("1e-999"), "at most 2 digits"),
        (pl.Decimal(5, 2), Decimal("999.999"), "at most 2 digits"),
        (pl.Enum(["a", "b"]), "c", "'a', 'b'"),
        (pl.Enum([str(n) for n in range(99)]), "c", "…"),
        (pl.Datetime("us"), "2024-01-01T00:00:00Z", "leave out the time zone"),
        (pl.Datetime("us", "UTC"), "2024-01-01T00:00:00", "add the time zone"),
        (pl.Datetime("us"), "2024-01-01T00:00:00.000000001", "microseconds"),
        (pl.Datetime("ns"), "2300-01-01T00:00:00", "too far"),
        (pl.Duration("ms"), "PT0.0001S", "milliseconds"),
        (pl.Duration("ns"), "P999999D", "too far"),
        (pl.List(pl.Int8()), [1, 200], "element 2: give a number from"),
        (pl.List(pl.Int8()), {"a": 1}, "give a list"),
        (pl.List(pl.Int8()), "[1]", "give a list"),
        (pl.Array(pl.Int8(), 2), [1], "2 elements"),
        (SHAPE, {"n": [1, "x"]}, "member 'n': element 2: give a whole number"),
        (SHAPE, {"zz": 1}, "no member 'zz'"),
        (SHAPE, [1], "give an object"),
        (pl.Map(pl.String(), pl.Int32()), [1], "give an object"),
        (pl.Map(pl.String(), pl.Int32()), 5, "give an object"),
        (pl.Map(pl.String(), pl.Int32()), "x", "give an object"),
        (pl.Map(pl.String(), pl.Int32()), {"k": "x"}, "member 'k': give a whole number"),
        (pl.Map(pl.String(), pl.Int32()), {"k": 1.5}, "member 'k': give a whole number"),
        (pl.Map(pl.String(), pl.Int32()), {"k": 99999999999}, "member 'k': give a number from"),
        (pl.Map(pl.String(), pl.Int32()), {1: 2}, "the name of member '1': give a text"),
        (pl.Map(pl.String(), pl.Int32()), {"a\0": 2}, "the name of member .*: NUL"),
        (pl.Map(pl.Enum(["a", "b"]), pl.Int32()), {"c": 2}, "the name of member 'c': give one of 'a', 'b'"),
        (pl.Map(pl.String(), pl.Map(pl.String(), pl.Decimal(5, 2))), {"k": {"j": 1.005}},
         "'k': member 'j': give at most 2"),
        (pl.Map(pl.String(), pl.List(pl.Date())), {"k": ["x"]}, "member 'k': element 1: give a date"),
        (pl.Null(), "x", "nothing but nulls"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_and_told(dtype: pl.DataType, value: object, detail: str) -> None:
    with pytest.raises(ValueError, match=detail):
        stored(dtype, value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_stored_as_it_is(value: float) -> None:
    assert stored(pl.Float64(), value) == value


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_narrow_float_is_stored_as_it_is(value: float) -> None:
    assert stored(pl.Float32(), value) == value


def test_a_document_is_compact_text() -> None:
    assert (
        document({"a": [1, None, "é"], "b": {"c": 10**30}})
        == '{"a":[1,null,"é"],"b":{"c":1000000000000000000000000000000}}'
    )
    assert document({"a": [Decimal("1.10"), Decimal("0.5")]}) == '{"a":[1.1,0.5]}'
    assert document({"a": (float("nan"), Decimal("nan"), 1)}) == '{"a":[null,null,1]}'
    assert (document("x"), document(value=False), document(None)) == ('"x"', "false", None)
    assert document(float("nan")) is None


@pytest.mark.parametrize("value", [{1, 2}, {"a": float("inf")}, "\ud800", {("a",): 1}, [10**5000]])
def test_what_json_does_not_have_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"JSON|characters"):
        document(value)
