"""What people say about rows: filters with Python's values, and what is told where that can't be."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest

import entrepot
from entrepot.library.selecting import row_filter
from entrepot_core.schema import Field, FieldType, Schema

KINDS = Schema(tuple(Field(kind.value, kind, nullable=True) for kind in FieldType))

TEXTS = [
    ("boolean", True, "true"),
    ("boolean", np.bool_(False), "false"),  # noqa: FBT003 - numpy's own
    ("integer", 17, "17"),
    ("integer", 17.0, "17"),
    ("integer", np.int64(17), "17"),
    ("integer", 10**25, "1" + "0" * 25),
    ("number", 0.1, "0.1"),
    ("number", np.float64(0.1), "0.1"),
    ("number", Decimal("1E+3"), "1000"),
    ("number", float("-inf"), "-inf"),
    ("string", "a,b", "a,b"),
    ("date", date(2024, 1, 5), "2024-01-05"),
    ("datetime", datetime(2024, 1, 5, 10, tzinfo=UTC), "2024-01-05T10:00:00+00:00"),
    ("datetime", pd.Timestamp("2024-01-05T10:00:00.000000001"), "2024-01-05T10:00:00.000000001"),
    ("time", time(10, 30), "10:30:00"),
    ("duration", timedelta(days=1, seconds=1), "P1DT1S"),
    ("binary", b"\x00\xff", "AP8="),
]


@pytest.mark.parametrize(("column", "value", "text"), TEXTS, ids=lambda one: repr(one)[:40])
def test_a_value_becomes_the_text_that_stands_for_it(column: str, value: object, text: str) -> None:
    assert row_filter(KINDS, {column: value}).where == ((column, text),)


@pytest.mark.parametrize(
    ("filters", "where"),
    [
        ({"date": None}, ("date__isnull", "1")),
        ({"date__exact": None}, ("date__isnull", "1")),
        ({"date__not": None}, ("date__isnull", "0")),
        ({"date__isnull": True}, ("date__isnull", "true")),
        ({"date__in": [date(2024, 1, 5), None]}, ("date__in", '["2024-01-05",null]')),
        ({"integer__in": range(2)}, ("integer__in", '["0","1"]')),
        ({"integer__notin": np.array([1, 2])}, ("integer__notin", '["1","2"]')),
        ({"string__in": pl.Series(["a,b", '"'])}, ("string__in", '["a,b","\\""]')),
        ({"string__in": "a,b"}, ("string__in", "a,b")),
        ({"integer__in": 3}, ("integer__in", '["3"]')),
    ],
)
def test_none_and_lists_have_texts_too(filters: dict[str, object], where: tuple[str, str]) -> None:
    assert row_filter(KINDS, filters).where == (where,)


def test_a_null_is_asked_for_by_a_left_side_that_is_no_other_column() -> None:
    odd = Schema(tuple(Field(name, FieldType.STRING, nullable=True) for name in ("a", "a__isnull", "a__notnull")))
    assert row_filter(odd, {"a": None}).where == (("a__in", "[null]"),)
    assert row_filter(odd, {"a__not": None}).where == (("a__notin", "[null]"),)
    assert row_filter(odd, {"a__isnull": None}).where == (("a__isnull__isnull", "1"),)


@pytest.mark.parametrize("value", [[1, 2], {"a": 1}, object(), (1,)])
def test_what_is_no_single_value_is_refused(value: object) -> None:
    with pytest.raises(entrepot.InvalidFilter, match="give a single value"):
        row_filter(KINDS, {"integer": value})
    with pytest.raises(entrepot.InvalidFilter, match="give a single value"):
        row_filter(KINDS, {"integer__gt": None})
    with pytest.raises(entrepot.InvalidFilter, match="a list holds single values"):
        row_filter(KINDS, {"integer__in": [[1]]})


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("columns", 3),
        ("columns", ["price", 3]),
        ("sort", 3),
        ("q", 3),
        ("where", "price__gt=3"),
        ("where", {3: 4}),
        ("any_of", 3),
        ("any_of", [3]),
        ("any_of", {}),
        ("any_of", [("price", 3), "(doors.3)"]),
        ("limit", "3"),
        ("limit", True),
        ("offset", 1.5),
    ],
)
def test_an_option_of_a_wrong_kind_is_named(cars: entrepot.Dataset, option: str, value: object) -> None:
    with pytest.raises(entrepot.InvalidOption, match=option):
        cars.to_arrow(**{option: value})


def test_filters_are_all_to_hold_and_alternatives_are_a_dict_or_pairs(cars: entrepot.Dataset) -> None:
    def numbers(**said: object) -> list[int]:
        return cars.frame("_id", **said)["_id"].to_list()  # type: ignore[arg-type]  # any of its options

    assert numbers(price__gt=20, doors=5, sold__gte=date(2024, 4, 30)) == [6]
    assert numbers(where={"price__gt": 20}, make__in=["Bo", "Di"]) == [3, 4]
    assert numbers(any_of={"make": "Ada", "price": 30.5}) == [1, 2, 6]
    assert numbers(any_of=[("price__lt", 11), ("price__gt", 30), ("sold", None)]) == [1, 3, 6]
    assert numbers(any_of="(price__lt.11,doors.3)") == numbers(any_of={"price__lt": 11, "doors": 3}) == [1, 3, 4]
    assert numbers(any_of=["(make.Ada,make.Bo)", "(doors.5)"]) == [2]
    assert numbers(q="CY", sort=["doors", "-price"]) == [6, 5]
    assert numbers(sort="-sold", limit=2, offset=4) == [1, 3]


def test_columns_of_any_name_are_reached(store: entrepot.Store) -> None:
    names = ["limit", "where", "self", "a__gt", "a", 'say "x"', "a.b", "x,y", "naïve 名", "__", "q" * 1000]
    frame = pl.DataFrame({name: [place, place + 1] for place, name in enumerate(names)})
    odd = store.add(frame, "odd", progress=False)
    for place, name in enumerate(names):
        assert odd.rows(where={name: place}).total == 1, name
        assert odd.rows(where={f"{name}__gt": place}).total == 1, name
        assert odd.rows(any_of={name: place, f"{name}__gt": place}).total == 2, name
        assert odd.facets(name)[name] == [(place, 1), (place + 1, 1)]
    assert odd.rows(limit__exact=0).total == odd.rows(a__gt=3).total == 1
    assert odd.rows(["x,y", "a.b"], sort=["-x,y"])[0]["x,y"] == 8


@pytest.mark.parametrize(
    "value", ["a,b", 'quo"te', "(x.y)", "50%", "_", "\\", "a.b", "", " ", "Ünï", "[1]", "x" * 5000]
)
def test_texts_of_any_kind_are_found_as_they_are(store: entrepot.Store, value: str) -> None:
    words = store.add(pl.DataFrame({"word": [value, "other", None]}), "words", progress=False)
    ways: list[dict[str, object]] = [
        {"word": value},
        {"word__in": [value]},
        {"any_of": {"word": value}},
        {"any_of": [("word__in", [value])]},
    ]
    assert [words.frame(**way)["word"].to_list() for way in ways] == [[value]] * 4  # type: ignore[arg-type]  # any
    assert words.frame(word__not=value)["word"].to_list() == ["other", None]
