"""Frames of all types read back equal through openpyxl and calamine."""

import math
from datetime import date, datetime, time, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.adapters.excel.reading import calamine, openpyxl_columns, written

MILLISECOND = timedelta(milliseconds=1)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=20)
ODD_TEXT = st.lists(st.sampled_from(["_", "x", "_x", "0041", "_x0041_", "a", " ", "\n", "\r", "&", "<"])).map("".join)
MOMENTS = st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31)).map(  # noqa: DTZ001 - cells have no zone
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
TIMES = st.times().map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
COLUMNS: dict[str, tuple[pl.DataType, st.SearchStrategy[object]]] = {
    "integer": (pl.Int64(), st.integers(-(2**53), 2**53)),
    "small": (pl.UInt8(), st.integers(0, 255)),
    "float": (pl.Float64(), st.floats(allow_nan=False, allow_infinity=False)),
    "boolean": (pl.Boolean(), st.booleans()),
    "text": (pl.String(), TEXT | ODD_TEXT),
    "date": (pl.Date(), st.dates(date(1900, 3, 1), date(9999, 12, 31))),
    "datetime": (pl.Datetime("ms"), MOMENTS),
    "time": (pl.Time(), TIMES),
    "duration": (pl.Duration("ms"), st.integers(-(10**12), 10**12).map(lambda count: count * MILLISECOND)),
}


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    """A frame of some columns; its last row has no null, so that readers see all its rows."""
    names = draw(st.lists(st.sampled_from(list(COLUMNS)), min_size=1, unique=True))
    height = draw(st.integers(0, 8))
    series: list[pl.Series] = []
    for name in names:
        dtype, values = COLUMNS[name]
        column = draw(st.lists(st.none() | values, min_size=height, max_size=height))
        series.append(pl.Series(name, [*column, draw(values)], dtype=dtype))
    return pl.DataFrame(series)


def as_read(values: pl.Series) -> list[object]:
    """The values as openpyxl gives them: dates as datetimes, XML's forbidden characters still escaped."""
    found: list[object] = values.to_list()
    if values.dtype == pl.Date:
        return [None if day is None else datetime.combine(day, time()) for day in values]
    if values.dtype == pl.String:
        return [None if text is None else escaped(text) for text in values]
    return found


def escaped(text: str) -> str:
    return "".join(f"_x{ord(one):04X}_" if ord(one) < 0x20 and one not in "\t\n\r" else one for one in text)


@given(frames())
def test_openpyxl_reads_back_what_was_written(frame: pl.DataFrame) -> None:
    found = openpyxl_columns(written(frame))
    assert found == {name: as_read(frame[name]) for name in frame.columns}


@given(frames())
def test_calamine_reads_back_what_was_written(frame: pl.DataFrame) -> None:
    found = calamine(written(frame), floats=[name for name in frame.columns if frame[name].dtype == pl.Float64])
    times = [name for name in frame.columns if frame[name].dtype == pl.Time]
    # calamine has no times alone: they are datetimes, and midnights alone are dates
    found = found.with_columns(pl.col(*times).cast(pl.Datetime("ms")).dt.time()) if times else found
    assert_frame_equal(found, frame, check_dtypes=False, check_exact=True)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_floats_are_equal_bit_for_bit(values: list[float]) -> None:
    found = calamine(written(pl.DataFrame({"x": values})), floats=["x"])["x"]
    assert [math.copysign(1, value) for value in found] == [math.copysign(1, value) for value in values]
    assert found.to_list() == values


@given(frames(), st.integers(1, 5))
def test_batches_make_no_difference(frame: pl.DataFrame, size: int) -> None:
    assert openpyxl_columns(written(*frame.iter_slices(size))) == openpyxl_columns(written(frame))
