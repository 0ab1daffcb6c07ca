"""Columns of pandas whose values are objects, or as numpy has them: to the nanosecond, or refused by name."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from entrepot import Store
from tests.apps.library.test_incoming_tables import landed, objects, refusal

DAY = pd.Timedelta("1 days 00:00:00.000000001")
MOMENT = pd.Timestamp("2024-01-01 00:00:00.000000001")
ZONED = MOMENT.tz_localize("UTC")
NEW_YEAR = datetime(2024, 1, 1)  # noqa: DTZ001 - naive
FAR = datetime(1, 1, 1)  # noqa: DTZ001 - naive


def innermost(column: pl.Series) -> list[int]:
    while column.dtype.is_nested():
        column = column.explode() if isinstance(column.dtype, pl.List) else column.struct.unnest().to_series()
    assert getattr(column.dtype, "time_unit", None) == "ns"
    return column.cast(pl.Int64).to_list()


@pytest.mark.parametrize(
    "values",
    [
        (DAY, None),
        (timedelta(1), DAY),
        ([DAY], [timedelta(1)]),
        ({"x": [{"y": DAY}]},),
        (np.timedelta64(86_400_000_000_001, "ns"), np.timedelta64(1, "D")),
    ],
)
def test_durations_keep_their_nanoseconds(store: Store, values: tuple[object, ...]) -> None:
    assert DAY.value in innermost(landed(store, objects(*values))["o"])


@pytest.mark.parametrize(
    "values",
    [
        (MOMENT, None),
        (NEW_YEAR, MOMENT),
        (date(2024, 1, 1), MOMENT),
        ([MOMENT], None, [NEW_YEAR]),
        ({"x": MOMENT},),
        (ZONED, None, ZONED.tz_convert("Europe/Oslo")),
        ([ZONED],),
        (np.datetime64("2024-01-01T00:00:00.000000001"), MOMENT),
    ],
)
def test_moments_keep_their_nanoseconds(store: Store, values: tuple[object, ...]) -> None:
    assert MOMENT.value in innermost(landed(store, objects(*values))["o"])


@pytest.mark.parametrize(
    "values",
    [
        (MOMENT, FAR),
        (FAR.date(), MOMENT),
        ([MOMENT, FAR],),
        (ZONED, FAR.replace(tzinfo=UTC)),
        (ZONED.tz_convert("Europe/Oslo"), FAR.replace(tzinfo=UTC)),
        (DAY, timedelta(999_999)),
    ],
)
def test_nanoseconds_beside_what_is_too_far_away_are_refused(store: Store, values: tuple[object, ...]) -> None:
    error = refusal(store, objects(*values))
    assert (error.column, "some have nanoseconds" in error.reason, "round them" in error.reason) == ("o", True, True)


def test_dates_of_numpy_are_dates(store: Store) -> None:
    found = landed(store, objects(np.datetime64("2024-01-01"), np.datetime64("NaT"), None))
    assert found["o"].to_list() == [date(2024, 1, 1), None, None]


def test_what_holds_itself_is_refused(store: Store) -> None:
    circle: list[Any] = [1]
    circle.append(circle)
    error = refusal(store, objects(circle))
    assert (error.column, "holds itself" in error.reason) == ("o", True)


def test_numbers_whose_bytes_are_the_other_way_round_are_read(store: Store) -> None:
    frame = pd.DataFrame({"n": np.array([1, 2**40], dtype=">i8"), "f": np.array([1.5, np.nan], dtype=">f4"), "t": "x"})
    assert landed(store, frame).rows() == [(1, 1.5, "x"), (2**40, None, "x")]
