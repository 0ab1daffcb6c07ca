"""Amounts of money and percentages are text, and numbers where that is asked for."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_adapters.polars.landing import SAMPLE_ROWS
from entrepot_core.errors import InvalidOption
from entrepot_core.schema import FieldType
from tests.adapters.polars.test_import_csv import read, refusal


def column(*texts: str) -> str:
    return "\n".join(["v\tn", *(f"{text}\t." for text in texts), ""])


def numbers(*texts: str, kind: FieldType = FieldType.NUMBER, **options: Any) -> list[Any]:  # noqa: ANN401 - of the import
    return read(column(*texts), types={"v": kind}, **options).values("v")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["$5", "$6.50", "$.50", "-$7", "$-8", "+$9", "$ 1"], [5, 6.5, 0.5, -7, -8, 9, 1]),
        (["$1,234.50", "$5"], [1234.5, 5]),
        (["1.234,50 €", "5 €", "1.234 €"], [1234.5, 5, 1234]),
        (["12\u202f345,60\u202f€", "7\u00a0€"], [12345.6, 7]),
        (["CHF 1'234.50", "CHF 7"], [1234.5, 7]),
        (["12 345,60 kr", "7 kr"], [12345.6, 7]),
        (["US$ 5", "US$ 6"], [5, 6]),
        (["100 USD", "n/a", "7"], [100, None, 7]),
        (["kr. 5", "12 kr", "7,50 kr.", "kr 1"], [5, 12, 7.5, 1]),
        (["Fr. 1'000.\N{EM DASH}", "Fr. 12.50", "5", "7 Fr."], [1000, 12.5, 5, 7]),
        (["\N{MINUS SIGN}$5", "$6", "\N{EN DASH}7 $"], [-5, 6, -7]),
        (["(9)", "($9.10)", "$(2)", "(3 $)", "12.50-", "$4"], [-9, -9.1, -2, -3, -12.5, 4]),
        (["0.7%", "12 %", "%5", "-3%", "(4%)", "100%"], [0.007, 0.12, 0.05, -0.03, -0.04, 1]),
        (["12,5 %", "3 %"], [0.125, 0.03]),
        (["1,234.5%", "7%"], [12.345, 0.07]),
    ],
)
def test_they_are_numbers_where_these_are_asked_for(texts: list[str], expected: list[float]) -> None:
    assert numbers(*texts) == expected


def test_whole_amounts_are_integers_where_these_are_asked_for() -> None:
    assert numbers("$5", "(7)", "8-", kind=FieldType.INTEGER) == [5, -7, -8]
    assert numbers("$1,234,567", kind=FieldType.INTEGER) == [1_234_567]


@given(st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1, max_size=9), st.sampled_from(["$", "€ ", "CHF "]))
def test_no_amount_is_read_as_another(amounts: list[Decimal], unit: str) -> None:
    for texts in (
        [f"{unit}{amount}" for amount in amounts],
        [f"{'-' if amount < 0 else ''}{unit}{abs(amount):,}" for amount in amounts],
        [f"({unit}{-amount:,})" if amount < 0 else f"{unit}{amount:,}" for amount in amounts],
        [f"{amount:,} {unit}".replace(",", " ") for amount in amounts],
    ):
        assert numbers(*texts) == [float(amount) for amount in amounts]


@given(st.lists(st.decimals(-(10**6), 10**6, places=2), min_size=1, max_size=9))
def test_percentages_are_the_nearest_fractions(shares: list[Decimal]) -> None:
    assert numbers(*(f"{share}%" for share in shares)) == [float(share / 100) for share in shares]


@pytest.mark.parametrize("texts", [["$1,234", "$5"], ["1.234 €", "5 €"], ["12.125%"]])
def test_what_marks_mean_has_to_be_shown_or_said(texts: list[str]) -> None:
    with pytest.raises(InvalidOption, match="option decimal"):
        numbers(*texts)
    assert numbers(*texts, decimal=".") != numbers(*texts, decimal=",")


@pytest.mark.parametrize(
    ("texts", "unit"),
    [(["$1,234", "$5"], "amounts, without their currency"), (["1.234 €"], "amounts"), (["12.125%"], "percentages")],
)
def test_that_they_lose_their_unit_is_told_also_where_the_mark_was_said(texts: list[str], unit: str) -> None:
    for options in ({}, {"decimal": "."}, {"decimal": ","}):
        content = column(*texts) if options else column(*texts).replace("\t.", "\t1.5")  # another column shows it
        report = read(content, types={"v": FieldType.NUMBER}, **options).imported.report
        (warning,) = (one for one in report.warnings if "'v'" in one)
        assert f"they are {unit}" in warning
        assert "its own values don't show it" in warning


def test_amounts_of_two_currencies_are_no_column_of_numbers() -> None:
    error = refusal(column("$5", "$6", "€7"), types={"v": FieldType.NUMBER})
    assert (error.row, error.value) == (3, "€7")
    assert "in another form than most values of the column, or has another unit or none" in error.reason
    assert refusal(column("$5", "$6", "7%"), types={"v": FieldType.NUMBER}).value == "7%"
    assert "or none" in refusal(column("12%", "13%", "0.5"), types={"v": FieldType.NUMBER}).reason


@pytest.mark.parametrize(
    ("first", "later"), [("5", ["$6", "$7"]), ("5", ["1,5", "2,25"]), ("1.5", ["2%"]), ("$5", ["6", "€7"])]
)
def test_what_fits_most_values_is_kept_also_where_later_rows_show_it(first: str, later: list[str]) -> None:
    texts = [*[first] * (SAMPLE_ROWS + 1), *later, "what?"]
    loaded = read(column(*texts), types={"v": FieldType.NUMBER})
    units = {"%", "€"}
    assert [one.value for one in loaded.imported.report.rejects] == [
        *(text for text in later if units & {*text}), "what?",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "odd"),
    [
        (["$5 EUR"], "$5 EUR"),
        (["ABC 5"], "ABC 5"),
        (["$5", "--6"], "--6"),
        (["$5", "((6))"], "((6))"),
        (["$5", "$"], "$"),
        (["5%", "6%%"], "6%%"),
    ],
)
def test_other_texts_are_refused(texts: list[str], odd: str) -> None:
    error = refusal(column(*texts), types={"v": FieldType.NUMBER})
    assert error.value == odd
    assert "this is no number" in error.reason


@pytest.mark.parametrize(
    ("texts", "what"),
    [
        (["$5", "($6.50)", "-"], "amounts of a currency"),
        (["1.234,50 €"], "amounts of a currency"),
        (["5%", "6.5 %"], "percentages"),
    ],
)
def test_without_being_asked_for_they_stay_text_and_it_is_said_what_can_be_done(texts: list[str], what: str) -> None:
    loaded = read(column(*texts))
    assert loaded.types["v"] == "string"
    assert loaded.values("v") == texts
    (warning,) = (one for one in loaded.imported.report.warnings if "'v'" in one)
    assert what in warning
    assert "option types" in warning


@pytest.mark.parametrize("texts", [["(5)", "6"], ["5-", "6"], ["5%", "6"], ["10 kg"], ["$"], ["100 m", "USD"]])
def test_what_has_no_unit_is_not_remarked_on(texts: list[str]) -> None:
    assert not [one for one in read(column(*texts)).imported.report.warnings if "amounts" in one or "percent" in one]
