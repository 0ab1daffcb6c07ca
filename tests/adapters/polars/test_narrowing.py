"""Which readings fit all values of a column: the same whether a few rows are looked at first or not."""

import polars as pl
import pytest

from entrepot_adapters.polars.inference.candidates import EVERY, narrow

FEW, MANY = 500, 1200


def texts(first: str, later: str) -> pl.DataFrame:
    """A column that changes after the rows that are looked at first."""
    return pl.DataFrame({"c": [first] * (FEW + 1) + [later] * (MANY - FEW)})


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("1", "2"),
        ("1", "1.5"),
        ("1", "007"),
        ("1", "x"),
        ("true", "yes"),
        ("2024-01-31", "2024-01-31 12:00"),
        ("1/2/2024", "31/1/2024"),
        ("12 Jan 2024", "12 Foo 2024"),
        ("1.234,5", "1,5"),
        ("12:30", "12:30:15"),
        ("3.50", "3.10-"),
        ("+5", "-3"),
        ("12", "(3)"),
        ("5 kg", "6 g"),
        ("5 kg", "6 kg"),
        ("2024-01-31 12:00:00", "2024-01-31 12:00:00,5"),
        ("", "1"),
    ],
)
def test_few_rows_first_change_nothing(first: str, later: str) -> None:
    frame = texts(first, later)
    alone = [one for one in EVERY if narrow(frame, {"c": [one]}, frozenset({""}))["c"]]
    assert narrow(frame, {"c": EVERY}, frozenset({""}))["c"] == tuple(alone)
