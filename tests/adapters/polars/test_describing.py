"""``describe()`` gives what pandas gives of what its own reader makes of the same file."""

import io
import math
import warnings
from typing import Any

import pandas as pd
import pytest
from hypothesis import given

from entrepot_core.describing import Cell, Description, describe
from tests.adapters.polars.frames import KINDS, Frame, frames


def read_csv(text: str, dates: list[str]) -> pd.DataFrame:
    """What pandas makes of a CSV file, when told which columns are dates."""
    return pd.read_csv(io.StringIO(text), parse_dates=dates, date_format="ISO8601")


def described(frame: pd.DataFrame, *, include_all: bool) -> Description:
    """What pandas describes, with null where it has a kind of its own for nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of overflows, which are meant here
        table = frame.describe(include="all" if include_all else None)
    return {name: {row: plain(table[name][row]) for row in table.index} for name in table.columns}


def described_as_read(text: str, dates: list[str], *, include_all: bool) -> Description:
    """What pandas describes of what its own reader makes of a CSV file; dates, with all columns, as datetimes.

    There are the rows that pandas has for texts, which is what its reader makes of dates.
    """
    read = described(read_csv(text, []), include_all=include_all)
    if not include_all:
        return read
    told = described(read_csv(text, dates), include_all=True)
    rows = list(dict.fromkeys([*next(iter(read.values()), {}), *next(iter(told.values()), {})]))
    return {name: {row: cells.get(row) for row in rows} for name, cells in told.items()}


def plain(value: Any) -> Cell:  # noqa: ANN401 - a cell of a data frame is anything
    """A cell of pandas as JSON has it."""
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if value is pd.NaT:
        return None
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).replace("+00:00", "Z")
    result: Cell = value.item() if hasattr(value, "item") else value
    return result


def assert_same(ours: Description, theirs: Description) -> None:
    """Columns, rows and their order alike, and every cell: the mean and the deviation to the last bit, too."""
    assert list(ours) == list(theirs)
    assert {name: list(cells) for name, cells in ours.items()} == {name: list(cells) for name, cells in theirs.items()}
    differences = {
        (name, row): (cell, theirs[name][row])
        for name, cells in ours.items()
        for row, cell in cells.items()
        if cell != theirs[name][row]
    }
    assert not differences


@pytest.mark.parametrize("include_all", [False, True])
@given(frame=frames())
def test_every_cell_is_that_of_pandas(*, frame: Frame, include_all: bool) -> None:
    assert_same(
        describe(frame.profile(), include_all=include_all),
        described_as_read(frame.csv(), frame.dates, include_all=include_all),
    )


@given(frame=frames({name: KINDS[name] for name in ("integer", "number", "plain number", "unsigned")}, most_rows=400))
def test_longer_columns_of_numbers_agree_to_the_last_bit(frame: Frame) -> None:
    assert_same(
        describe(frame.profile(), include_all=False),
        described(read_csv(frame.csv(), []), include_all=False),
    )
