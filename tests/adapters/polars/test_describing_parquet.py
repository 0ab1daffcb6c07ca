"""``describe()`` of a Parquet file gives what pandas gives of it; pandas then sees dates, and ``NA`` is a text."""

import datetime as dt
import io
from decimal import Decimal

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.describing import describe
from entrepot_core.schema import Field, FieldType, Schema
from tests.adapters.polars.frames import KINDS, Frame, Kind, frames, profile_of
from tests.adapters.polars.test_describing import assert_same, described

_DURATIONS = st.timedeltas(dt.timedelta(days=-(10**4)), dt.timedelta(days=10**4))
_RECENT = st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1))  # noqa: DTZ001 - naive ones are meant

STORED = {
    **{name: KINDS[name] for name in ("integer", "number", "infinite", "boolean", "text", "date", "datetime")},
    "uint64": Kind(FieldType.INTEGER, pl.UInt64(), st.integers(0, 2**64 - 1)),
    "int8": Kind(FieldType.INTEGER, pl.Int8(), st.integers(-128, 127)),
    "uint8": Kind(FieldType.INTEGER, pl.UInt8(), st.integers(0, 255)),
    "float32": Kind(FieldType.NUMBER, pl.Float32(), st.floats(width=32, allow_nan=False)),
    "nanoseconds": Kind(FieldType.DATETIME, pl.Datetime("ns"), _RECENT),
    "milliseconds": Kind(FieldType.DATETIME, pl.Datetime("ms"), _RECENT),
    "utc": Kind(FieldType.DATETIME, pl.Datetime("us", "UTC"), _RECENT),
    "duration": Kind(FieldType.DURATION, pl.Duration("us"), _DURATIONS),
    "time": Kind(FieldType.TIME, pl.Time(), st.times()),
}


@pytest.mark.parametrize("include_all", [False, True])
@given(frame=frames(STORED))
def test_every_cell_is_that_of_pandas(*, frame: Frame, include_all: bool) -> None:
    file = io.BytesIO()
    frame.frame().write_parquet(file)
    theirs = pd.read_parquet(file)
    assert_same(
        describe(frame.profile(dates_are_text=False), include_all=include_all),
        described(theirs, include_all=include_all),
    )


@pytest.mark.parametrize("include_all", [False, True])
@pytest.mark.parametrize("values", [[], [None, None]], ids=["no rows", "nulls"])
@pytest.mark.parametrize("name", list(STORED))
def test_a_typed_column_without_values_is_described(*, name: str, values: list[None], include_all: bool) -> None:
    kind = STORED[name]
    frame = pl.DataFrame({name: pl.Series(values, dtype=kind.dtype)})
    file = io.BytesIO()
    frame.write_parquet(file)
    found = profile_of(frame, Schema((Field(name, kind.type),)), dates_are_text=False)
    assert_same(
        describe(found, include_all=include_all),
        described(pd.read_parquet(file), include_all=include_all),
    )


def test_decimals_are_described_as_numbers() -> None:
    """Where pandas has objects, which it would only count; their numbers are of more use."""
    frame = pl.DataFrame({"price": [Decimal("1.10"), Decimal("2.30"), None]})
    schema = Schema((Field("price", FieldType.NUMBER),))
    told = describe(profile_of(frame, schema, dates_are_text=False), include_all=False)
    assert_same(told, described(frame.cast(pl.Float64).to_pandas(), include_all=False))
