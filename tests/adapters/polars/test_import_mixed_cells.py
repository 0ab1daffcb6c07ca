"""What keeps a column of a sheet from being of one type is told, and can be named as null."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_adapters.polars.reading.sheet_texts import told_of_mixed
from tests.adapters.polars.test_import_csv import read, refusal
from tests.adapters.polars.workbooks import sheet
from tests.contracts.loading import Loaded

DAYS = [date(2024, 1, 1) + timedelta(days=number) for number in range(6)]
ADVICE = "correct it in the file, or name it as null (option null_values)."


def column(values: Sequence[object], **options: Any) -> Loaded:  # noqa: ANN401 - those of ImportOptions
    return read(sheet([["a", "b"], *([value, "x"] for value in values)]), **options)


@pytest.mark.parametrize("odd", ["31.04.2024", "n/a?"])
def test_a_text_among_dates_is_named(odd: str) -> None:
    loaded = column([*DAYS[:3], odd, *DAYS[3:]])
    assert loaded.types["a"] == "string"
    assert loaded.imported.report.warnings == (f"Column 'a' stays text, as {odd!r} is no date; {ADVICE}",)


@pytest.mark.parametrize(
    ("values", "odd", "kind"),
    [
        ([1, 2.5, "12 pcs", 4], "12 pcs", "number"),
        ([1, 2, True, 4, 5], "true", "number"),
        ([True, False, True, "perhaps"], "perhaps", "boolean"),
        ([datetime(2024, 1, 1, hour) for hour in range(1, 5)] + ["soon"], "soon", "datetime"),  # noqa: DTZ001 - naive
        ([time(hour, 30) for hour in range(4)] + ["late"], "late", "time"),
        ([1, 2, "12 pcs", "n/a", None], "12 pcs", "number"),
        ([timedelta(hours=20 + hour, milliseconds=hour) for hour in range(5)] + ["n/a", "gone"], "gone", "duration"),
    ],
)
def test_a_text_among_other_values_is_named_and_null_if_it_is_named_so(
    values: list[object], odd: str, kind: str
) -> None:
    assert f"Column 'a' stays text, as {odd!r} is no {kind}; {ADVICE}" in column(values).warnings
    loaded = column(values, null_values=(odd,))
    is_odd = [str(value).lower() == odd for value in values]
    assert loaded.values("a") == [
        None if bad or value == "n/a" else value for bad, value in zip(is_odd, values, strict=True)
    ]
    assert "stays text" not in loaded.warnings


def test_what_is_named_as_null_leaves_dates() -> None:
    loaded = column([*DAYS, "31.04.2024", "n/a"], null_values=("31.04.2024",))
    assert (loaded.types["a"], loaded.values("a")) == ("date", [*DAYS, None, None])
    assert "Column 'a': 'n/a' was read as null." in loaded.warnings


def test_whole_numbers_are_integers_once_the_texts_among_them_are_null() -> None:
    assert column([1, 2, "12 pcs"], null_values=("12 pcs",)).types["a"] == "integer"


def test_numbers_that_are_texts_stay_texts_whatever_is_null() -> None:
    loaded = column(["1", "2", "-", 3], null_values=("-",))
    assert loaded.values("a") == ["1", "2", None, "3"]


def test_real_dates_among_texts_are_read_as_the_dates_asked_for() -> None:
    loaded = column([*DAYS, "30.04.2024", "2024-05-01"], types={"a": "date"})
    assert loaded.values("a") == [*DAYS, date(2024, 4, 30), date(2024, 5, 1)]


def test_real_times_among_texts_are_read_as_the_times_asked_for() -> None:
    assert column([time(8, 30), "09:15:00"], types={"a": "time"}).values("a") == [time(8, 30), time(9, 15)]


def test_the_odd_cell_among_dates_is_named_where_dates_are_asked_for() -> None:
    rows = [[day, "x"] for day in DAYS]
    error = refusal(sheet([["day", "b"], *rows, ["31.04.2024", "y"], *rows]), types={"day": "date"})
    assert (error.row, error.column, error.value) == (7, "day", "31.04.2024")


def test_dates_among_dates_that_are_texts_are_told_of() -> None:
    told = "Column 'a' holds dates stored as text; ask for the type date to read them as such."
    assert told in column([*DAYS, "30.04.2024"]).warnings


@pytest.mark.parametrize(
    ("values", "kind"),
    [(["1", "25", "3.5"], "number"), (["2024-01-31", "2024-02-29"], "date"), ([1, 2, "3", None], "number")],
)
def test_numbers_and_dates_stored_as_text_are_told_of(values: list[object], kind: str) -> None:
    loaded = column(values)
    told = f"Column 'a' holds {kind}s stored as text; ask for the type {kind} to read them as such."
    assert (loaded.types["a"], loaded.imported.report.warnings) == ("string", (told,))
    assert column(values, types={"a": kind}).warnings == ""


@pytest.mark.parametrize("values", [["007", "12"], ["+49301234", "12"], ["12345678901234567890", "1"], ["n/a", "-"]])
def test_codes_are_texts_without_a_word(values: list[object]) -> None:
    assert column(values).warnings == ""


@pytest.mark.parametrize("count", [5, 40])
def test_a_text_below_the_table_is_named(count: int) -> None:
    rows: list[list[object]] = [[DAYS[number % 6], "x", number] for number in range(count)]
    below: list[list[object]] = [["Total", None, 123], [None] * 3, ["* preliminary", None, None]]
    loaded = read(sheet([["day", "what", "n"], *rows, *below]))
    assert loaded.imported.rows == count + 3
    assert f"Column 'day' stays text, as 'Total' is no date; {ADVICE}" in loaded.warnings


@pytest.mark.parametrize("values", [[1, 2, "x", "y"], [1, "x", 2, "y", 3], [*range(8), "a", "b", "c", "d"]])
def test_texts_that_are_many_are_not_named(values: list[object]) -> None:
    assert column(values).warnings == ""


@pytest.mark.parametrize("place", [0, 9_000, 11_500])
def test_a_text_is_named_wherever_it_stands_in_a_long_column(place: int) -> None:
    days = pl.Series([f"2024-01-{number % 28 + 1:02} 00:00:00" for number in range(12_000)])
    numbers = pl.Series([str(number) for number in range(12_000)])
    frame = pl.DataFrame({"day": days, "n": numbers, "texts": "x"})
    odd = frame.with_row_index().select(
        pl.when(pl.col("index") != place).then(pl.col(name)).otherwise(pl.lit("?!")).alias(name)
        for name in frame.columns
    )
    assert [told.partition(";")[0] for told in told_of_mixed(odd, odd.columns)] == [
        "Column 'day' stays text, as '?!' is no date",
        "Column 'n' stays text, as '?!' is no number",
    ]


def test_a_long_column_is_not_said_to_hold_dates_only_by_its_first_values() -> None:
    days = [f"{number % 28 + 1:02}.01.2024" for number in range(12_000)]
    frame = pl.DataFrame({"all": days, "most": [*days[:-1], "?!"]})
    told = "Column 'all' holds dates stored as text; ask for the type date to read them as such."
    assert told_of_mixed(frame, frame.columns) == [told]


@pytest.mark.parametrize("odd", [5, 2.5, True, "soon", datetime(2024, 1, 2, 3, 4)])  # noqa: DTZ001 - naive
def test_durations_beside_other_cells_are_texts_as_a_spreadsheet_shows_them(odd: object) -> None:
    values = [timedelta(hours=30, minutes=5, seconds=1, milliseconds=500), timedelta(minutes=7), odd, None]
    loaded = column(values)
    assert loaded.values("a")[:2] == ["30:05:01.500", "0:07:00"]
    assert loaded.values("a")[2:] == ["true" if odd is True else str(odd), None]
    assert loaded.values("b") == ["x"] * 4


def test_a_column_of_durations_among_others_in_a_table_that_begins_elsewhere() -> None:
    took = [timedelta(hours=1), "never", timedelta(days=2)]
    rows: list[list[object]] = [["n", "took", "at"], *([n, took[n], DAYS[n]] for n in range(3))]
    loaded = read(sheet(rows, row=3, column=4))
    assert loaded.types == {"n": "integer", "took": "string", "at": "date"}
    assert loaded.values("took") == ["1:00:00", "never", "48:00:00"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (timedelta(days=3), "72:00:00"),
        (timedelta(hours=20_000, minutes=3), "20000:03:00"),
        (date(1900, 5, 1), "1900-05-01 00:00:00"),
        (date(1949, 5, 1), "1949-05-01 00:00:00"),
    ],
)
def test_whole_days_beside_durations_are_dates_if_they_are_many(value: object, text: str) -> None:
    loaded = column([timedelta(hours=30), value, "x"])
    assert loaded.values("a") == ["30:00:00", text, "x"]
    assert loaded.warnings.count("Column") == 1


def test_times_beside_texts_have_no_day() -> None:
    values = [time(8, 30), "closed", time(0, 0), datetime(2024, 1, 2, 3, 4)]  # noqa: DTZ001 - naive
    assert column(values).values("a") == ["08:30:00", "closed", "00:00:00", "2024-01-02 03:04:00"]


FLOATS = (
    st.sampled_from([1e-7, 2e-6, 5e-7, -1e-9, 1e14])
    | st.floats(-1e6, 1e6).filter(bool).map(lambda value: float(f"{value:.15g}"))
    | st.integers(-999_999, 999_999).map(lambda thousandths: thousandths / 1000)
)


@given(st.lists(FLOATS, min_size=1, max_size=6), st.sampled_from([".", ",", None]))
def test_real_numbers_beside_texts_stay_what_they_are_whatever_the_texts_have_before_decimals(
    values: list[float], decimal: str | None
) -> None:
    text = {",": "1.234,5", ".": "1,234.5", None: "7"}[decimal]
    for content in (
        sheet([["n"], *([value] for value in values), [text]]),
        json.dumps([{"n": n} for n in [*values, text]]),
    ):
        loaded = read(content, types={"n": "number"}, decimal=decimal)
        assert loaded.data["n"].to_list() == [*values, 7 if decimal is None else 1234.5]


def test_the_option_decimal_is_used_where_numbers_are_asked_for() -> None:
    values: list[object] = [5, "1.234"]
    assert column(values, types={"a": "number"}, decimal=",").data["a"].to_list() == [5, 1234]
    assert "decimal" not in column(values, types={"a": "number"}, decimal=",").warnings
    assert "The option decimal is for CSV" in column(values, decimal=",").warnings


def test_numbers_are_exact_once_the_texts_among_them_are_null() -> None:
    values: list[object] = [1.23456789012345, -98765.4321098765, "n/a?", 1e-7]
    assert column(values, null_values=["n/a?"]).data["a"].to_list() == [1.23456789012345, -98765.4321098765, None, 1e-7]


@pytest.mark.parametrize("others", [["x"], ["NA", "007"], [True, "x"]])
@pytest.mark.parametrize("types", [{}, {"a": "string"}])
def test_numbers_among_texts_are_texts_with_all_their_digits(others: list[object], types: dict[str, str]) -> None:
    values = [7, 8.5, 1.23456789012345, 98765.4321098765, 1e-11, 0, *others]
    expected = ["7", "8.5", "1.23456789012345", "98765.4321098765", "1e-11", "0"]
    shown = ["true" if one is True else one for one in others]
    assert column(values, types=types).data["a"].to_list() == [*expected, *shown]


@pytest.mark.parametrize("values", [[7, 8.5, 1.23456789012345], [7, "NA", 1.5], [7, 8]])
def test_numbers_are_the_texts_that_they_are_among_texts_where_these_are_asked_for(values: list[object]) -> None:
    loaded = column(values, types={"a": "string"})
    assert loaded.data["a"].to_list() == list(map(str, values))
    assert loaded.imported.report.warnings == ()
