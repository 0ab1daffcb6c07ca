"""Reading text as dates, datetimes and times."""

import re
from datetime import date, datetime
from typing import Literal

import polars as pl
from attrs import evolve

from entrepot_adapters.polars.inference.readings import Make, Order, Reading, Test
from entrepot_core.schema import FieldType

_FIRST, _LAST = date(1000, 1, 1), date(9999, 12, 31)
_CLOCK = "[0-9]{2}:[0-9]{2}"
_SECOND = "[0-5][0-9]"
"""Not 60: the parser makes the next day of a leap second, which no value holds."""
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_OFFSET = "(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)"

Unit = Literal["us", "ns"]


def _is_shaped(pattern: str) -> Test:
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


def _is_odd(length: int) -> Test:
    """A text of another length is not in the format; one of this length is, if its year has four digits.

    A leap second is doubtful too.
    """
    has_clock = length > len("2024-01-31")
    last = datetime(9999, 12, 31, 23, 59, 59) if has_clock else _LAST  # noqa: DTZ001 - naive as the values

    def test(column: pl.Expr, value: pl.Expr) -> pl.Expr:
        is_odd = (column.str.len_bytes() != length) | ~value.is_between(_FIRST, last)
        return is_odd | column.str.ends_with(":60") if has_clock else is_odd

    return test


def _not(test: Test) -> Test:
    return lambda column, value: ~test(column, value)


def _to_date(form: str) -> Make:
    return lambda column: column.str.to_date(form, strict=False, cache=False)  # the cache costs more than it saves


def _to_datetime(form: str, unit: Unit = "us") -> Make:
    return lambda column: column.str.to_datetime(form, strict=False, time_unit=unit, cache=False)


def _plain(type: FieldType, value: Make, pattern: str, length: int) -> Reading:  # noqa: A002 - the field of this name
    return Reading(type, value, re.compile(pattern), _is_shaped(pattern), _is_odd(length))


def _date(form: str, pattern: str) -> Reading:
    shaped = _is_shaped(pattern)
    return Reading(FieldType.DATE, _to_date(form), re.compile(pattern), valid=shaped, doubts=_not(shaped))


def _datetime(form: str, pattern: str) -> Reading:
    shaped = _is_shaped(pattern)
    return Reading(FieldType.DATETIME, _to_datetime(form), re.compile(pattern), valid=shaped, doubts=_not(shaped))


def _nanosecond(form: str, pattern: str) -> Reading:
    shaped = _is_shaped(pattern)

    def valid(column: pl.Expr, value: pl.Expr) -> pl.Expr:
        return shaped(column, value) & _is_near(column, value)

    return Reading(FieldType.DATETIME, _to_datetime(form, "ns"), re.compile(pattern), valid=valid, doubts=_not(valid))


def _time(form: str, pattern: str) -> Reading:
    def shaped(column: pl.Expr, _: pl.Expr) -> pl.Expr:
        return column.str.contains(f"^{pattern}$")

    return Reading(
        FieldType.TIME,
        lambda column: column.str.to_time(form, strict=False),
        re.compile(pattern),
        valid=shaped,
        doubts=_not(shaped),
    )


def _iso_datetimes(mark: str) -> list[Reading]:
    seconds = f"{_DAY}{mark}{_CLOCK}:{_SECOND}"
    form = f"%Y-%m-%d{mark}%H:%M:%S"
    return [
        _plain(FieldType.DATETIME, _to_datetime(form), seconds, len("2024-01-31 12:00:00")),
        _datetime(form + "%.f", rf"{seconds}(?:\.[0-9]{{1,6}})?"),
        _nanosecond(form + "%.f", rf"{seconds}(?:\.[0-9]{{1,9}})?"),
        _datetime(f"%Y-%m-%d{mark}%H:%M", f"{_DAY}{mark}{_CLOCK}"),
        _datetime(form + "%.f%#z", rf"{seconds}(?:\.[0-9]{{1,6}})?{_OFFSET}"),
        _nanosecond(form + "%.f%#z", rf"{seconds}(?:\.[0-9]{{1,9}})?{_OFFSET}"),
        _datetime(f"%Y-%m-%d{mark}%H:%M%#z", f"{_DAY}{mark}{_CLOCK}{_OFFSET}"),
    ]


def _local(mark: str, order: Order | None) -> tuple[Reading, ...]:
    """Dates with the year last: ``31/1/2024``, ``31/1/2024 12:00`` and ``31/1/2024 12:00:00``."""
    first, second = ("%m", "%d") if order == "month" else ("%d", "%m")
    form = f"{first}{mark}{second}{mark}%Y"
    day = rf"[0-9]{{1,2}}\{mark}[0-9]{{1,2}}\{mark}[0-9]{{4}}"
    readings = (
        _date(form, day),
        _datetime(f"{form} %H:%M", f"{day} [0-9]{{1,2}}:[0-9]{{2}}"),
        _datetime(f"{form} %H:%M:%S", f"{day} [0-9]{{1,2}}:[0-9]{{2}}:{_SECOND}"),
    )
    return tuple(evolve(reading, order=order) for reading in readings)


ISO_DATE = _plain(FieldType.DATE, _to_date("%Y-%m-%d"), _DAY, len("2024-01-31"))

_AMBIGUOUS = (*_local("/", "day"), *_local("-", "day"), *_local("/", "month"), *_local("-", "month"))

_UNAMBIGUOUS = (
    ISO_DATE,
    *_iso_datetimes(" "),
    *_iso_datetimes("T"),
    _date("%Y/%m/%d", "[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}"),
    *_local(".", None),  # nobody writes the month first with points
)

TIMES = (
    _time("%H:%M:%S", f"{_CLOCK}:{_SECOND}"),
    _time("%H:%M", _CLOCK),
    _time("%H:%M:%S%.f", rf"{_CLOCK}:{_SECOND}(?:\.[0-9]{{1,9}})?"),
)

DATES = (*_UNAMBIGUOUS, *_AMBIGUOUS)
