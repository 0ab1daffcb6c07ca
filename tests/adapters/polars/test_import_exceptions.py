"""A column that stays text for the sake of a few values says which, and what to do."""

import json
from datetime import date
from typing import Any

import pytest

from entrepot_adapters.polars.landing import SAMPLE_ROWS
from tests.adapters.polars.test_import_csv import read
from tests.contracts.loading import Loaded

LATE = SAMPLE_ROWS + 10_000


def of_json(values: list[Any], **options: Any) -> Loaded:  # noqa: ANN401 - those of ImportOptions
    return read(json.dumps([{"n": value} for value in values]), **options)


def of_csv(values: list[str], **options: Any) -> Loaded:  # noqa: ANN401 - likewise
    return read("n,m\n" + "".join(f"{value},x\n" for value in values), **options)


SET_ASIDE = "ask for that type (rows that don't fit are set aside if they are few)"
CORRECT = "correct it in the file"


def told(odd: str, kind: str, advice: str = SET_ASIDE) -> str:
    return f"Column 'n' stays text, as {odd!r} is no {kind}; {advice}, or name it as null (option null_values)."


@pytest.mark.parametrize("count", [4, LATE])
@pytest.mark.parametrize(
    ("value", "odd", "kind"),
    [(1, "n/a?", "number"), (1.5, "n/a?", "number"), (True, "maybe", "boolean"), ("2024-01-31", "soon", "date")],
)
def test_a_member_of_numbers_booleans_or_dates_but_for_a_text(value: object, odd: str, kind: str, count: int) -> None:
    loaded = of_json([value] * count + [odd])
    assert (loaded.types["n"], loaded.imported.report.warnings) == ("string", (told(odd, kind, CORRECT),))


@pytest.mark.parametrize(
    ("values", "read_as"),
    [
        ([1, "n/a?", 2, None], [1, None, 2, None]),
        ([1.5, "n/a?", 2], [1.5, None, 2.0]),
        ([True, "n/a?"], [True, None]),
        (["2024-01-31", "n/a?"], [date(2024, 1, 31), None]),
        (["n/a?", [1]], [None, [1]]),
        ([*range(LATE), "n/a?"], [*range(LATE), None]),
    ],
)
def test_a_text_that_is_named_as_null_leaves_the_type_of_the_others(values: list[Any], read_as: list[Any]) -> None:
    loaded = of_json(values, null_values=("n/a?",))
    assert (loaded.values("n"), loaded.warnings) == (read_as, "")


def test_a_number_among_dates_can_be_named_as_null() -> None:
    values = ["2024-01-31", "2024-02-01", 5, "2024-02-03"]
    assert of_json(values).imported.report.warnings == (told("5", "date", CORRECT),)
    assert of_json(values, null_values=("5",)).types["n"] == "date"


def test_what_can_be_done_is_told_as_it_is() -> None:
    quoted = of_json([1, 2, 3, "4"])
    assert "'4' stands in quotes; ask for the type number" in quoted.warnings
    assert of_json([1, 2, 3, "4"], types={"n": "number"}).values("n") == [1.0, 2.0, 3.0, 4.0]
    assert "as true is no number; correct it in the file" in of_json([1, 2, 3, True]).warnings


@pytest.mark.parametrize("values", [[1, "a"], [1, "a", 2, "b", 3], ["a", "b", "c", 4], [1, 2, None]])
def test_a_mixed_member_says_nothing(values: list[Any]) -> None:
    assert of_json(values).warnings == ""


def test_nothing_is_remarked_where_a_type_is_asked_for() -> None:
    assert of_json([1, 2, 3, "x"], types={"n": "string"}).warnings == ""
    assert of_csv(["31/03/2024"] * 9 + ["31/04/2024"], types={"n": "string"}).warnings == ""


@pytest.mark.parametrize("count", [9, LATE])
@pytest.mark.parametrize(
    ("value", "odd", "kind"),
    [
        ("31/03/2024", "31/04/2024", "date"),
        ("03-31-2024", "02-30-2024", "date"),
        ("2024-01-31", "2023-02-30", "date"),
        ("2024/1/31", "2023/2/30", "date"),
        ("1.2.2024", "31.4.2024", "date"),
        ("1 Feb 2024", "31 Apr 2024", "date"),
        ("2024-01-31 10:00", "2023-02-30 10:00", "datetime"),
        ("2024-01-31T10:00:00Z", "2023-02-30T10:00:00Z", "datetime"),
        ("31/03/2024 10:00", "31/04/2024 10:00", "datetime"),
        ("10:00", "25:00", "time"),
        ("true", "maybe", "boolean"),
        ("1", "x", "number"),
    ],
)
def test_the_first_odd_value_of_a_column_is_named(value: str, odd: str, kind: str, count: int) -> None:
    loaded = of_csv([value] * count + [odd])
    assert (loaded.types["n"], loaded.imported.report.warnings) == ("string", (told(odd, kind),))


def test_an_impossible_date_can_be_named_as_null() -> None:
    loaded = of_csv(["31/03/2024"] * 9 + ["31/04/2024"], null_values=("31/04/2024",))
    assert (loaded.types["n"], loaded.data["n"].null_count()) == ("date", 1)


def test_an_impossible_date_among_dates_of_several_forms_is_named() -> None:
    loaded = of_csv(["31/03/2024", "2024-01-31"] * 5 + ["31/04/2024"])
    assert loaded.imported.report.warnings == (told("31/04/2024", "date"),)


def test_a_date_of_the_other_order_is_no_date_of_this_order() -> None:
    loaded = of_csv(["03/13/2024"] * 9 + ["31/01/2024"])
    assert "dates of both orders occur: '31/01/2024' has the day first, others the month first; ask" in loaded.warnings


@pytest.mark.parametrize("count", [3, 10])
def test_dates_of_which_many_have_either_order_are_told(count: int) -> None:
    told = "Column 'n' stays text, as dates of both orders occur: '25/04/2024' has the day first, "
    days = [*["01/02/2024"] * 5, "25/04/2024", "04/25/2024"] * count
    assert of_csv(days).imported.report.warnings == (f"{told}'04/25/2024' the month first.",)
    assert of_json(days).imported.report.warnings == (f"{told}'04/25/2024' the month first.",)


@pytest.mark.parametrize(
    ("code", "loss"),
    [("01067", "first zero"), ("007", "first zeros"), ("+4930123", "plus"), ("-012", "first zero"), ("0.5", None)],
)
def test_a_code_would_be_another_as_a_number(code: str, loss: str | None) -> None:
    values = [*map(str, range(10_000, 10_020)), code]
    told = f"Column 'n' stays text, as {code!r} would lose its {loss} as a number."
    assert of_csv(values).warnings == (told if loss else "")


@pytest.mark.parametrize("first", ["12", "1.5"])
@pytest.mark.parametrize(
    ("codes", "loss"), [(["00123", "01"], "'00123' would lose its first zeros"), (["x", "01"], None)]
)
def test_a_code_after_many_numbers_is_told(first: str, codes: list[str], loss: str | None) -> None:
    loaded = of_csv([first] * LATE + codes)
    expected = told("x", "number") if loss is None else f"Column 'n' stays text, as {loss} as a number."
    assert (loaded.types["n"], loaded.imported.report.warnings) == ("string", (expected,))


def test_of_several_odd_values_a_code_is_named() -> None:
    assert "'01067' would lose its first zero" in of_csv([*map(str, range(100)), "x", "01067"]).warnings
    assert "'01067' would lose its first zero" in of_json([1, 2, 3, "01067"]).warnings


def test_setting_rows_aside_is_not_advised_where_they_are_refused() -> None:
    loaded = of_csv(["1"] * 20 + ["x"], on_error="reject")
    assert loaded.imported.report.warnings == (told("x", "number", CORRECT),)
    assert of_csv(["1"] * 20 + ["x"], types={"n": "number"}).data.height == 20


def test_numbers_in_quotes_are_texts() -> None:
    assert of_json(["1", "2", "3", "x"]).warnings == ""


def test_decimals_after_whole_numbers_are_not_what_is_odd() -> None:
    assert of_csv(["1"] * LATE + ["1.5", "x"]).imported.report.warnings == (told("x", "number"),)


@pytest.mark.parametrize("values", [["Rome", "Oslo", "Bern"] * 4, ["555-1234"] * 9 + ["555-12"], ["a 1", "b 2"] * 5])
def test_a_column_of_text_says_nothing(values: list[str]) -> None:
    assert of_csv(values).warnings == ""
