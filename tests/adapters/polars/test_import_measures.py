"""Numbers with a unit behind them are text, and numbers where that is asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.schema import FieldType
from tests.adapters.polars.test_import_amounts import column, numbers
from tests.adapters.polars.test_import_csv import read, refusal
from tests.adapters.polars.test_import_types import SAMPLE

TOLD = "holds numbers with one unit behind them"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["5 kg", "12 kg", "-0.5 kg", "n/a"], [5, 12, -0.5, None]),
        (["5.5kg", "1,234.5kg"], [5.5, 1234.5]),
        (["5,5 °C", "\N{MINUS SIGN}12,25 °C"], [5.5, -12.25]),
        (["5 m²", "7 m²"], [5, 7]),
        (["100 km/h"], [100]),
        (["5\N{NO-BREAK SPACE}µm", "1 234,5 µm"], [5, 1234.5]),
        (["5 Stk.", "7 Stk"], [5, 7]),
    ],
)
def test_they_are_told_of_and_numbers_where_these_are_asked_for(texts: list[str], expected: list[float]) -> None:
    loaded = read(column(*texts))
    assert (loaded.types["v"], loaded.values("v")) == ("string", texts)
    assert TOLD in loaded.warnings
    assert numbers(*texts) == expected
    assert "without the unit behind them" in read(column(*texts), types={"v": FieldType.NUMBER}).warnings


def test_whole_ones_are_integers_where_these_are_asked_for() -> None:
    assert numbers("5 kg", "1,234,567 kg", kind=FieldType.INTEGER) == [5, 1_234_567]


@given(st.lists(st.decimals(-(10**9), 10**9, places=3), min_size=1, max_size=9))
def test_no_measure_is_read_as_another(measures: list[object]) -> None:
    assert numbers(*(f"{measure} kg" for measure in measures), decimal=".") == [float(str(one)) for one in measures]


@pytest.mark.parametrize(
    ("texts", "odd"),
    [
        (["5 km", "6 km", "800 m"], "800 m"),
        (["5 km", "6 km", "800"], "800"),
        (["12", "13", "12a"], "12a"),
        ([*["12"] * SAMPLE, "13", "12a"], "12a"),
        (["5 kg", "6 kg", "$7"], "$7"),
    ],
)
def test_another_unit_or_none_does_not_fit(texts: list[str], odd: str) -> None:
    error = refusal(column(*texts), types={"v": FieldType.NUMBER}, on_error="reject")
    assert error.value == odd
    assert "or has another unit or none" in error.reason
    assert TOLD not in read(column(*texts)).warnings


@pytest.mark.parametrize("text", ["5 kg 3", "kg 5", "5 k9", "5 very long units indeed", "5 % kg", "007 James", "x kg"])
def test_other_texts_are_refused(text: str) -> None:
    if text != "007 James":
        assert TOLD not in read(column(text)).warnings
        assert "this is no number" in refusal(column(text), types={"v": FieldType.NUMBER}).reason
