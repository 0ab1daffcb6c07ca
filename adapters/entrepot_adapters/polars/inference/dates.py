"""Reading text as dates, datetimes and times in ISO 8601 or nearly so, and what all dates are read with."""

import re
from datetime import date, datetime
from typing import Literal

import msgspec
import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.inference.readings import Make, Reading, Sense, Test, lengths_of
from entrepot_core.schema import FieldType

_FIRST, _LAST = date(1000, 1, 1), date(9999, 12, 31)
_CLOCK = "[0-9]{2}:[0-9]{2}"
_SECOND = "[0-5][0-9]"
"""Not 60: the parser makes the next day of a leap second, which no value holds."""
_MICRO, _NANO = r"(?:\.[0-9]{1,6})?", r"(?:\.[0-9]{1,9})?"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_OFFSET = " ?(?:Z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)"
_HALF = " [APap][Mm]"

MONTH = (
    "(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
"""The English name of a month."""

Unit = Literal["us", "ns"]


def is_shaped(pattern: str) -> Test:
    """Whether a text has a shape; the parser alone takes ``1-2-3`` for a date, and the year 0."""

    def test(column: pl.Expr, value: pl.Expr) -> pl.Expr:
        return column.str.contains(f"^{pattern}$") & _has_a_year(value)

    return test


def _has_a_year(value: pl.Expr) -> pl.Expr:
    return value.dt.year().is_between(1, 9999)


def _is_near(column: pl.Expr, value: pl.Expr) -> pl.Expr:
    """Whether a value is of the year that its text begins with, give or take an offset.

    The parser goes round past the 584 years that nanoseconds of 64 bits hold, and makes 2084 of 1500.
    """
    return (column.str.head(4).cast(pl.Int32, strict=False) - value.dt.year()).abs() <= 1


def _are_odd(length: int) -> Test:
    """Whether some texts may be in another format: those of this length are in it, if the year has four digits.

    A leap second is doubtful too.
    """
    has_clock = length > len("2024-01-31")
    last = datetime(9999, 12, 31, 23, 59, 59) if has_clock else _LAST  # noqa: DTZ001 - naive as the values

    def test(column: pl.Expr, value: pl.Expr) -> pl.Expr:
        lengths = lengths_of(column, value)
        are_odd = (lengths.min() != length) | (lengths.max() != length) | (value.min() < _FIRST) | (value.max() > last)
        return are_odd | column.str.ends_with(":60").any() if has_clock else are_odd

    return test


def _some_not(test: Test) -> Test:
    return lambda column, value: (~test(column, value)).any()


def to_date(form: str) -> Make:
    """Parse dates; without a cache, which costs more than it saves."""
    return lambda column: column.str.to_date(form, strict=False, cache=False)


def to_datetime(form: str, unit: Unit = "us") -> Make:
    """Parse datetimes."""
    return lambda column: column.str.to_datetime(form, strict=False, time_unit=unit, cache=False)


def _shapes(pattern: str) -> tuple[re.Pattern[str]]:
    """What texts look like that a pattern may match: any word may be a month, which is quicker to compile."""
    return (re.compile(pattern.replace(MONTH, "[A-Za-z]+")),)


def _plain(type: FieldType, value: Make, pattern: str, length: int) -> Reading:  # noqa: A002 - the field of this name
    return Reading(type, value, _shapes(pattern), is_shaped(pattern), _are_odd(length))


def moments(
    type: FieldType,  # noqa: A002 - likewise
    value: Make,
    pattern: str,
    sense: Sense | None = None,
    shapes: tuple[re.Pattern[str], ...] | None = None,
) -> Reading:
    """Read texts of a shape as moments; what they look like follows from the pattern, if it is not given."""
    shaped = is_shaped(pattern)
    return Reading(type, value, shapes or _shapes(pattern), valid=shaped, doubts=_some_not(shaped), sense=sense)


def _datetime(form: str, pattern: str) -> Reading:
    return moments(FieldType.DATETIME, to_datetime(form), pattern)


def _instant(form: str, pattern: str, unit: Unit = "us") -> Reading:
    """Datetimes with an offset."""

    def value(column: pl.Expr) -> pl.Expr:
        return to_datetime(f"{form} %#z", unit)(column.str.replace("UTC", "Z", literal=True))

    reading = moments(FieldType.DATETIME, value, f"{pattern}{_OFFSET}")
    return _with_years(reading) if unit == "ns" else reading


def _with_years(reading: Reading) -> Reading:
    """Make sure that nanoseconds reach the values."""
    shaped = reading.valid or _is_near

    def valid(column: pl.Expr, value: pl.Expr) -> pl.Expr:
        return shaped(column, value) & _is_near(column, value)

    return replace(reading, valid=valid, doubts=_some_not(valid))


def _iso_forms(mark: str) -> tuple[str, str]:
    return f"%Y-%m-%d{mark}%H:%M:%S", f"{_DAY}{mark}{_CLOCK}:{_SECOND}"


def _naive_datetimes(mark: str) -> list[Reading]:
    form, seconds = _iso_forms(mark)
    return [
        _plain(FieldType.DATETIME, to_datetime(form), seconds, len("2024-01-31 12:00:00")),
        _datetime(form + "%.f", seconds + _MICRO),
        _datetime(f"%Y-%m-%d{mark}%H:%M", f"{_DAY}{mark}{_CLOCK}"),
    ]


def _other_datetimes(mark: str) -> list[Reading]:
    """Those with an offset, or to the nanosecond."""
    form, seconds = _iso_forms(mark)
    return [
        _with_years(moments(FieldType.DATETIME, to_datetime(form + "%.f", "ns"), seconds + _NANO)),
        _instant(form + "%.f", seconds + _MICRO),
        _instant(form + "%.f", seconds + _NANO, "ns"),
        _instant(f"%Y-%m-%d{mark}%H:%M", f"{_DAY}{mark}{_CLOCK}"),
    ]


class Clock(msgspec.Struct, frozen=True):
    """A way to write the time of day: how it is parsed, and its shape."""

    form: str
    pattern: str


CLOCKS = (
    Clock("%H:%M", "[0-9]{1,2}:[0-9]{2}"),
    Clock("%H:%M:%S", f"[0-9]{{1,2}}:[0-9]{{2}}:{_SECOND}"),
    Clock("%I:%M %p", f"[0-9]{{1,2}}:[0-9]{{2}}{_HALF}"),
    Clock("%I:%M:%S %p", f"[0-9]{{1,2}}:[0-9]{{2}}:{_SECOND}{_HALF}"),
)
"""After a date."""


def _time(form: str, pattern: str) -> Reading:
    def shaped(column: pl.Expr, _: pl.Expr) -> pl.Expr:
        return column.str.contains(f"^{pattern}$")

    return Reading(
        FieldType.TIME,
        lambda column: column.str.to_time(form, strict=False, cache=False),
        _shapes(pattern),
        valid=shaped,
        doubts=_some_not(shaped),
    )


ISO_DATE = _plain(FieldType.DATE, to_date("%Y-%m-%d"), _DAY, len("2024-01-31"))
_NAIVE = {mark: _naive_datetimes(mark) for mark in " T"}
_OTHER = {mark: _other_datetimes(mark) for mark in " T"}
NAIVE_DATETIMES = (*_NAIVE[" "], *_NAIVE["T"])
"""Without an offset, to the microsecond."""

ISO_DATETIMES = (*NAIVE_DATETIMES, *_OTHER[" "], *_OTHER["T"])
WITH_T = (*_NAIVE["T"], *_OTHER["T"])
"""Those with a ``T`` before the time of day."""

TIMES_OF_24_HOURS = (
    _time("%H:%M:%S", f"{_CLOCK}:{_SECOND}"),
    _time("%H:%M", _CLOCK),
    _time("%H:%M:%S%.f", f"{_CLOCK}:{_SECOND}{_NANO}"),
)

TIMES = (
    *TIMES_OF_24_HOURS,
    *(_time(clock.form, clock.pattern) for clock in CLOCKS[2:]),
)
