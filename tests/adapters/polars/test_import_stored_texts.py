"""Numbers and dates that a sheet holds as texts are told of, in whatever way they are written."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from entrepot_adapters.polars.reading.sheet_texts import told_of_mixed
from tests.adapters.polars.test_import_csv import read
from tests.adapters.polars.workbooks import sheet
from tests.contracts.loading import Loaded


def column(values: Sequence[object], **options: Any) -> Loaded:  # noqa: ANN401 - those of ImportOptions
    return read(sheet([["a", "b"], *([value, "x"] for value in values)]), **options)


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (["1,50", "12", "-3,5"], [1.5, 12, -3.5]),
        (["1.234,50", "2.000"], [1234.5, 2000]),
        (["1,234,567", "12"], [1234567, 12]),
        (["1 234,50", "3"], [1234.5, 3]),
        (["1'234", "12.5"], [1234, 12.5]),
        (["12.50-", "3"], [-12.5, 3]),
        (["\N{MINUS SIGN}5,5", "3"], [-5.5, 3]),
        (["+5", "-3"], [5, -3]),
        (["1,50", "-", "2,50"], [1.5, None, 2.5]),
        ([1.5, 0.1, "1,50", "2,50"], [1.5, 0.1, 1.5, 2.5]),
    ],
)
def test_numbers_in_any_writing_are_told_of(values: list[object], numbers: list[float]) -> None:
    loaded = column(values)
    told = "Column 'a' holds numbers stored as text; ask for the type number to read them as such."
    assert (loaded.types["a"], loaded.imported.report.warnings) == ("string", (told,))
    assert column(values, types={"a": "number"}).values("a") == numbers


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (["(12)", "3,50"], "holds numbers as they stand in accounts"),
        (["5 €", "7,20 €"], "holds amounts of a currency, and stays text; ask for the type number"),
        (["12%", "3,5 %"], "holds percentages, and stays text; ask for the type number"),
        (["5 kg", "12 kg"], "holds numbers with one unit behind them, and stays text; ask for the type number"),
        (["31/1/24", "1/2/24"], "holds dates whose years have two digits; it stays text. Ask for date"),
        (["912 345 678"], "stays text: digits stand in groups as in a number or a code, such as a telephone's"),
        (["+5", "+47"], "stays text: a plus could be a sign or a part of a code"),
    ],
)
def test_those_with_units_and_those_that_may_be_codes_are_told_of_as_in_csv(values: list[object], told: str) -> None:
    (sheet_says,) = column(values).imported.report.warnings
    assert sheet_says.startswith(f"Column 'a' {told}")
    assert sheet_says in read("a;b\n" + "".join(f"{value};x\n" for value in values)).imported.report.warnings


@pytest.mark.parametrize(
    ("values", "kind", "say", "options", "read_as"),
    [
        (["1,234", "2,345"], "number", "what stands before decimals (option decimal)", {"decimal": ","}, "1.234"),
        (["03/04/2024"], "date", "which comes first (option date_order)", {"date_order": "day_first"}, "2024-04-03"),
    ],
)
def test_of_those_that_could_be_meant_either_way_it_is_told_what_to_say(
    values: list[object], kind: str, say: str, options: dict[str, Any], read_as: str
) -> None:
    told = f"Column 'a' holds {kind}s stored as text; ask for the type {kind} to read them as such, and say {say}."
    assert column(values).imported.report.warnings == (told,)
    assert str(column(values, types={"a": kind}, **options).values("a")[0]) == read_as


@pytest.mark.parametrize("values", [["12345678901234567890"], ["1,5", "2.5"], ["5 kg", "5 m"], ["5 kg", "x", "y"]])
def test_other_texts_are_left_without_a_word(values: list[object]) -> None:
    assert column(values).warnings == ""


def test_a_long_column_is_not_said_to_hold_numbers_only_by_its_first_values() -> None:
    values = [f"{number % 28},5" for number in range(12_000)]
    frame = pl.DataFrame({
        "all": values,
        "most": [*values[:-1], "?!"],
        "later": [*["1,234"] * 11_999, "1,5"],
        "units": [*["5 kg"] * 11_999, "7 m"],
    })  # fmt: skip
    told = "holds numbers stored as text; ask for the type number to read them as such"
    say = ", and say what stands before decimals (option decimal)"
    first, *others = told_of_mixed(frame, frame.columns)
    assert first == f"Column 'all' {told}."
    assert [one.removesuffix(f"{say}.").removesuffix(".") for one in others] == [f"Column 'later' {told}"]
