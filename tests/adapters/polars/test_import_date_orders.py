"""Dates that could be either way round are read as the option ``date_order`` says, all others as their values show."""

import io
import json
from datetime import date, datetime
from typing import Any, Literal

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.errors import InvalidOption, MalformedInput
from tests.adapters.polars.test_import_csv import read, refusal
from tests.adapters.polars.test_import_types import SAMPLE, column
from tests.contracts.loading import Loaded

Order = Literal["day_first", "month_first"]
ORDERS: tuple[Order, ...] = ("day_first", "month_first")
FORMS = {
    "day_first": "{0.day:0{1}}{2}{0.month:0{1}}{2}{0.year:04}",
    "month_first": "{0.month:0{1}}{2}{0.day:0{1}}{2}{0.year:04}",
}

AMBIGUOUS = st.builds(date, st.integers(1, 9999), st.integers(1, 12), st.integers(1, 12))
DAYS = st.dates(date(1, 1, 1))


def written(day: date, order: Order, mark: str = "/", digits: int = 2) -> str:
    return FORMS[order].format(day, digits, mark)


def workbook(*values: str) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in ("a", *values):
        book.active.append([row])  # type: ignore[union-attr]  # a new workbook has a sheet
    book.save(out)
    return out.getvalue()


def parquet(*values: str) -> bytes:
    out = io.BytesIO()
    pl.DataFrame({"a": values}).write_parquet(out)
    return out.getvalue()


@given(st.lists(AMBIGUOUS, min_size=1), st.sampled_from(ORDERS), st.sampled_from("/-"), st.sampled_from([1, 2]))
def test_ambiguous_dates_come_out_as_they_were_written(days: list[date], order: Order, mark: str, digits: int) -> None:
    content = column(*(written(day, order, mark, digits) for day in days))
    assert read(content, date_order=order).values("a") == days
    assert read(content, date_order=order, types={"a": "date"}).values("a") == days


@given(st.lists(DAYS, min_size=1).filter(lambda days: any(day.day > 12 for day in days)), st.sampled_from(ORDERS))
def test_dates_of_one_order_are_read_so_whatever_the_option_says(days: list[date], order: Order) -> None:
    content = column(*(written(day, order) for day in days))
    for said in ORDERS:
        loaded = read(content, date_order=said)
        assert loaded.values("a") == days
        assert ("the version before, says otherwise" in loaded.warnings) == (said != order)


@pytest.mark.parametrize("order", ORDERS)
def test_a_value_past_the_sample_is_evidence_too(order: Order) -> None:
    other = ORDERS[order == "day_first"]
    shown = written(date(2024, 2, 29), other)
    loaded = read(column(*["03/04/2024"] * (SAMPLE + 1), shown), date_order=order)
    assert loaded.values("a")[-1] == date(2024, 2, 29)
    assert "although the option date_order, or the version before, says otherwise" in loaded.warnings


def test_what_is_read_as_the_option_says_is_no_news() -> None:
    assert read(column("03/04/2024"), date_order="day_first").imported.report.warnings == ()


@pytest.mark.parametrize(
    ("text", "day_first", "month_first"),
    [
        ("3/4/2024 15:04", datetime(2024, 4, 3, 15, 4), datetime(2024, 3, 4, 15, 4)),  # noqa: DTZ001 - naive stays naive
        ("3/4/2024 3:04 PM", datetime(2024, 4, 3, 15, 4), datetime(2024, 3, 4, 15, 4)),  # noqa: DTZ001 - likewise
        (" 3/4/2024 ", date(2024, 4, 3), date(2024, 3, 4)),
        ("3.4.2024", date(2024, 4, 3), date(2024, 4, 3)),
        ("2024-04-03", date(2024, 4, 3), date(2024, 4, 3)),
        ("1,234", "1,234", "1,234"),
    ],
)
def test_the_option_is_for_what_could_be_either_way_round(text: str, day_first: object, month_first: object) -> None:
    content = column(f'"{text}"')
    assert [read(content, date_order=order).values("a") for order in ORDERS] == [[day_first], [month_first]]


def test_dates_of_several_forms_are_read_in_the_order_too() -> None:
    loaded = read(column("3/4/2024", "2024-01-31", "5-6-2024"), date_order="month_first")
    assert loaded.values("a") == [date(2024, 3, 4), date(2024, 1, 31), date(2024, 5, 6)]


def test_years_of_two_digits_are_read_in_the_order_where_dates_are_asked_for() -> None:
    content = column("3/4/24")
    assert read(content, date_order="month_first").values("a") == ["3/4/24"]
    assert read(content, date_order="month_first", types={"a": "date"}).values("a") == [date(2024, 3, 4)]


def test_values_that_show_both_orders_stay_text() -> None:
    assert read(column("1/31/2024", "31/1/2024"), date_order="day_first").types["a"] == "string"


@pytest.mark.parametrize("order", ORDERS)
def test_of_as_many_values_of_either_order_those_of_the_other_are_set_aside(order: Order) -> None:
    content = column(*["1/2/2024"] * 20, "1/31/2024", "31/1/2024")
    loaded = read(content, date_order=order, types={"a": "date"})
    wrong = {"day_first": "1/31/2024", "month_first": "31/1/2024"}
    assert [reject.value for reject in loaded.imported.report.rejects] == [wrong[order]]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("count", [1, SAMPLE // 28 + 1])
def test_an_impossible_date_does_not_hide_the_order_that_the_others_show(order: Order, count: int) -> None:
    days = [date(2024, 3, day) for day in range(1, 29)] * count
    odd = {"day_first": "31/04/2024", "month_first": "04/31/2024"}[order]
    loaded = read(column(*(written(day, order) for day in days), odd), types={"a": "date"})
    assert loaded.values("a") == days
    assert [reject.value for reject in loaded.imported.report.rejects] == [odd]


@pytest.mark.parametrize("odd", ["31/04/2024", "soon"])
def test_an_impossible_date_shows_no_order(odd: str) -> None:
    with pytest.raises(InvalidOption, match="either way round"):
        read(column(*["1/2/2024"] * 20, odd), types={"a": "date"})


@pytest.mark.parametrize("odd", ["29.02.2023", "30/02/2024", "29.02.23", "24-13-31"])
def test_a_column_of_impossible_dates_is_told_of_them_not_of_an_order(odd: str) -> None:
    error = refusal(f"d\n{odd}\n", types={"d": "date"})
    assert (type(error), error.row, error.value) == (MalformedInput, 1, odd)
    assert error.reason.startswith("this is no date")


def test_a_date_in_another_form_than_others_is_told_as_such() -> None:
    error = refusal("d\n31.12.2023\n31.12.23\n30.12.2023\n", types={"d": "date"})
    assert (error.row, error.value) == (2, "31.12.23")
    assert error.reason.startswith("this is written in another form than most values of the column; ask for")


@pytest.mark.parametrize("content", ['[{"a":"03/04/2024"}]', '{"a":"03/04/2024"}\n{"a":"03/04/2024"}\n'])
@pytest.mark.parametrize("types", [{}, {"a": "date"}])
def test_texts_of_json_are_read_in_the_order(content: str, types: dict[str, Any]) -> None:
    loaded = read(content, date_order="month_first", types=types)
    assert loaded.values("a")[0] == date(2024, 3, 4)
    assert loaded.warnings == ""


@pytest.mark.parametrize("content", [workbook("03/04/2024"), parquet("03/04/2024")])
def test_texts_of_other_formats_are_read_in_the_order_where_dates_are_asked_for(content: bytes) -> None:
    def got(**options: Any) -> Loaded:  # noqa: ANN401 - those of ImportOptions
        return read(content, date_order="month_first", **options)

    asked, left = got(types={"a": "date"}), got()
    assert (asked.values("a"), asked.warnings) == ([date(2024, 3, 4)], "")
    assert left.values("a") == ["03/04/2024"]
    assert "The option date_order is for CSV, JSON and texts asked to be dates" in left.warnings
    with pytest.raises(InvalidOption, match="option date_order"):
        read(content, types={"a": "date"})


def test_each_column_is_read_for_itself() -> None:
    rows = [{"a": "03/04/2024", "b": "1/31/2024", "c": "x"}, {"a": "05/06/2024", "b": "2/3/2024", "c": "y"}]
    loaded = read(json.dumps(rows), date_order="day_first")
    assert loaded.data.rows() == [
        (date(2024, 4, 3), date(2024, 1, 31), "x"), (date(2024, 6, 5), date(2024, 2, 3), "y"),
    ]  # fmt: skip
    assert loaded.warnings.count("otherwise") == 1


@pytest.mark.parametrize(("text", "is_told"), [("31.12.23", True), ("1.12.10", False), ("10.20.30", False)])
def test_of_dates_with_points_and_years_of_two_digits_a_note_tells_where_they_look_like_no_versions(
    text: str, *, is_told: bool
) -> None:
    loaded = read(f"d,n\n{text},1\n")
    assert loaded.values("d") == [text]
    assert ("years have two digits" in loaded.warnings) == is_told
