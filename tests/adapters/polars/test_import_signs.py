"""Numbers whose signs are not written as programs write them, and numbers as they stand in accounts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.errors import InvalidOption
from tests.adapters.polars.test_import_conventions import load
from tests.adapters.polars.test_import_types import SAMPLE
from tests.contracts.loading import Loaded

MINUS, NARROW = "\N{MINUS SIGN}", "\N{NARROW NO-BREAK SPACE}"
ACCOUNTS = "holds numbers as they stand in accounts"


def late(first: str, *rest: str, **options: object) -> Loaded:
    """A column whose other values come after those by which types are guessed."""
    return load(*[first] * (SAMPLE + 1), *rest, **options)


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (["3", f"{MINUS}5"], [3, -5]),
        (["3.1", f"{MINUS}5.5", f"{MINUS}.5"], [3.1, -5.5, -0.5]),
        (["0,5", f"{MINUS}1{NARROW}234,5", "+7,25"], [0.5, -1234.5, 7.25]),
        (["1,234,567", f"{MINUS}1,234"], [1234567, -1234]),
        (["1,234,567", "+1,234", "+5"], [1234567, 1234, 5]),
        (["0", "+1,234.50", "+5"], [0.0, 1234.5, 5.0]),
        (["0,5", "+1.234,50", "+5"], [0.5, 1234.5, 5.0]),
        (["0", "+5", "-3"], [0, 5, -3]),
        (["0", "+5", f"{MINUS}3"], [0, 5, -3]),
        (["0", "+5", "-3.2"], [0.0, 5.0, -3.2]),
        (["12.50", "3.10-", "4"], [12.5, -3.1, 4.0]),
        (["12,50", "1.234,10-", "3,10-"], [12.5, -1234.1, -3.1]),
        (["12.50", f"3.10{MINUS}", "NA"], [12.5, -3.1, None]),
        (["1.5", f"{MINUS}2e-3"], [1.5, -0.002]),
    ],
)
def test_signs_that_can_not_be_mistaken_are_read_and_that_is_told(values: list[str], numbers: list[float]) -> None:
    for loaded in (load(*values), late(*values)):
        found = loaded.values("a")[-len(values) :]
        assert (found, list(map(type, found))) == (numbers, list(map(type, numbers)))
        assert "are signs" in loaded.warnings
    assert load(*values, types={"a": "number"}).values("a") == numbers


@pytest.mark.parametrize(
    "values",
    [
        ["+4712345678"],
        ["+4712345678", "-5"],
        ["+05", "-5"],
        ["+47.123.456"],
        ["+47 123 456"],
        ["5-5"],
        ["-5-"],
        [f"{MINUS}5.5-"],
        ["--5.5"],
        ["5.5--"],
        ["1.5.5-"],
        ["1,5", "1.5-"],
        [f"{MINUS}007", "1"],
        [f"{MINUS}9007199254740993", "1.5"],
    ],
)
def test_what_is_no_number_stays_text_without_a_word(values: list[str]) -> None:
    loaded = load(*values)
    assert (loaded.values("a"), loaded.warnings) == (values, "")


def test_whole_numbers_with_a_plus_may_be_codes_where_none_has_a_minus() -> None:
    for values in (["+47", "+1", "+358"], ["+5", "0"], ["1.5", "+47"]):
        loaded = load(*values)
        assert loaded.values("a") == values
        assert "a plus could be a sign or a part of a code" in loaded.warnings
        assert load(*values, types={"a": "number"}).values("a") == [float(value) for value in values]


def test_marks_that_could_mean_two_things_still_do_beside_a_sign() -> None:
    for texts in (["1,234-"], ["1.234-"], [f"{MINUS}1.234"], ["+1,234", "-567"], ["+1,234", "+5"]):
        assert "thousands or before decimals" in load(*texts).warnings
        with pytest.raises(InvalidOption, match="thousands or before decimals"):
            load(*texts, types={"a": "number"})
    assert load("1.234-", decimal=",").values("a") == [-1234]
    assert load("1.234-", decimal=".").values("a") == [-1.234]
    assert load("1.234-", "1,5").values("a") == [-1234.0, 1.5]


@given(
    st.lists(st.decimals(-(10**12), 10**12, places=2).map(lambda number: number + 0), min_size=1, max_size=20),
    st.sampled_from([",.", ".,", f"{NARROW},", "’."]),
)
def test_no_sign_and_no_digit_is_lost(numbers: list[Decimal], marks: str) -> None:
    def written(number: Decimal) -> str:
        return f"{abs(number):,}".translate(str.maketrans(",.", marks))

    values = [float(number) for number in numbers]
    for texts in (
        [f"{written(number)}-" if number < 0 else written(number) for number in numbers],
        [f"{MINUS}{written(number)}" if number < 0 else f"+{written(number)}" for number in numbers],
    ):
        assert load(*texts).values("a") == values
        assert load(*texts, types={"a": "number"}).values("a") == values
    accounts = [f"({written(number)})" if number < 0 else written(number) for number in numbers]
    assert load(*accounts, types={"a": "number"}).values("a") == values


@given(st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=20))
def test_whole_numbers_stay_whole(numbers: list[int]) -> None:
    texts = [str(number).replace("-", MINUS) for number in (*numbers, -1)]
    assert load(*texts).values("a") == [*numbers, -1]


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (["12", "(3)", "4"], [12, -3, 4]),
        (["12.50", "(3.10)"], [12.5, -3.1]),
        (["1,200.50", "(3,100.00)"], [1200.5, -3100]),
        (["12", "3-"], [12, -3]),
        (["7", "\N{EN DASH}5"], [7, -5]),
        (["12.50", "1\N{RIGHT SINGLE QUOTATION MARK}000\N{RIGHT SINGLE QUOTATION MARK}000.\N{EM DASH}"], [12.5, 1e6]),
        (["1'000.50", "1'000.-", "12.--", "12.\N{EN DASH}"], [1000.5, 1000, 12, 12]),
        (["12,50", "5,-", "5,--", "-5,-"], [12.5, 5, 5, -5]),
        (["0", "$5", "($6.50)"], [0, 5, -6.5]),
    ],
)
def test_numbers_as_in_accounts_are_told_of_and_read_where_they_are_asked_for(
    values: list[str], numbers: list[float]
) -> None:
    for loaded in (load(*values), late(*values)):
        assert loaded.values("a")[-len(values) :] == values
        assert ACCOUNTS in loaded.warnings
    for loaded in (load(*values, types={"a": "number"}), late(*values, types={"a": "number"})):
        assert loaded.values("a")[-len(values) :] == numbers


@pytest.mark.parametrize(
    "values",
    [
        ["007", "1"],
        ["1.5", "1,5"],
        ["555-1234"],
        ["+4712345678", "+4722334455"],
        ["(555) 123 456"],
        ["9007199254740993", "1,5"],
        ["(12", "3)"],
        ["(12", "3"],
        ["192.168.1.1"],
        ["2024-05"],
        ["10-20", "20-30"],
        ["-", "x"],
    ],
)
def test_nothing_is_said_of_other_texts(values: list[str]) -> None:
    loaded = load(*values)
    assert loaded.values("a") == values
    assert ACCOUNTS not in loaded.warnings


def test_of_points_an_error_speaks_of_points() -> None:
    with pytest.raises(InvalidOption, match="commas or points could stand"):
        load("$1.234", "$5", types={"a": "number"})
    told = load("$1.234", "$5", types={"a": "number"}, decimal=".").warnings
    assert "with commas between thousands, points before decimals, as was said" in told
