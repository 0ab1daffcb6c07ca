"""Dates and times as Excel counts them: in days, as a double, from an epoch in 1900.

Text takes the place of what it can't count, or not alike everywhere: before 1900-03-01 Excel has a 29th of February
too many and LibreOffice has not, so they are a day apart there; the calendar ends with 9999.
"""

import polars as pl
from attrs import frozen

_UNIX_EPOCH = 25_569  # 1970-01-01 as Excel counts
_FIRST_DAY, _LAST_DAY = 61 - _UNIX_EPOCH, 2_958_465 - _UNIX_EPOCH  # 1900-03-01 and 9999-12-31, from 1970
_CALENDAR = 90_000_000  # polars panics at writing dates some more days away from 1970
_SECONDS = 86_400
_PER_SECOND = {"ms": 10**3, "us": 10**6, "ns": 10**9}


@frozen
class Numbers:
    """Values as numbers, where they can be, and as text.

    Attributes:
        serial: The digits of the number.
        text: What is written where the value can't be a number.
        countable: Whether it can be.
        fine: Whether some value has thousandths of a second.
    """

    serial: pl.Expr
    text: pl.Expr
    countable: pl.Expr
    fine: bool = False


def moments(values: pl.Series) -> Numbers:
    """Dates, datetimes (those of a time zone in UTC), times and durations as numbers of days.

    Readers round them to milliseconds. A time of the last half millisecond of the day is brought down to
    23:59:59.999: rounded it would be 24:00.
    """
    dtype = values.dtype
    column = pl.col(values.name)
    ticks = column.to_physical().cast(pl.Int64)
    if isinstance(dtype, pl.Date):
        return _dates(column, ticks)
    if isinstance(dtype, pl.Datetime):
        return _datetimes(values, column, ticks, dtype)
    second = _PER_SECOND[dtype.time_unit if isinstance(dtype, pl.Duration) else "ns"]
    if isinstance(dtype, pl.Time):
        ticks = ticks.clip(upper_bound=_SECONDS * second - second // 1000)
    serial = (ticks / (_SECONDS * second)).cast(pl.String)
    return Numbers(serial, serial, pl.lit(value=True), _is_fine(values, ticks, second))


def _dates(column: pl.Expr, days: pl.Expr) -> Numbers:
    text = _in_calendar(column, days).dt.strftime("%Y-%m-%d").fill_null(pl.format("{} days from 1970", days))
    return Numbers((days + _UNIX_EPOCH).cast(pl.String), text, days.is_between(_FIRST_DAY, _LAST_DAY))


def _datetimes(values: pl.Series, column: pl.Expr, ticks: pl.Expr, dtype: pl.Datetime) -> Numbers:
    unit = dtype.time_unit
    if unit == "ns":  # all of Excel's calendar in nanoseconds is too long for 64 bits
        ticks, unit = ticks // 1000, "us"
    second = _PER_SECOND[unit]
    day = _SECONDS * second
    last = (_LAST_DAY + 1) * day - second // 1000
    if dtype.time_zone is not None:
        column = column.dt.convert_time_zone("UTC")
    calendar = _in_calendar(column, ticks // day).dt.strftime("%Y-%m-%d %H:%M:%S%.f")
    text = calendar.fill_null(pl.format(f"{{}} {unit} from 1970", ticks))
    serial = ((ticks + _UNIX_EPOCH * day) / day).cast(pl.String)
    return Numbers(serial, text, ticks.is_between(_FIRST_DAY * day, last), _is_fine(values, ticks, second))


def _in_calendar(column: pl.Expr, days: pl.Expr) -> pl.Expr:
    return pl.when(days.is_between(-_CALENDAR, _CALENDAR)).then(column)


def _is_fine(values: pl.Series, ticks: pl.Expr, second: int) -> bool:
    return bool(values.to_frame().select((ticks % second >= second // 1000).any()).item())
