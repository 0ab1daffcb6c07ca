"""Reading text as dates whose years have two digits: only where dates are asked for, as the century is not known."""

import polars as pl

from entrepot_adapters.polars.inference.dates import CLOCKS, MONTH, moments, to_date, to_datetime
from entrepot_adapters.polars.inference.local_dates import ONE_OR_TWO, ORDERS, after, spaced, uncomma
from entrepot_adapters.polars.inference.readings import Make, Reading, Sense, looking_like, recognised
from entrepot_core.schema import FieldType

_DAY = r"(?:1{1,2}[ /-](?:1{1,2}|[a-z]{3,9})[ /-]11|1{1,2}\.1{1,2}\.11)"
_TIME = "(?:,? 1{1,2}:11(?::11)?(?: [ap]m)?)"
_LIKE_DATES, _LIKE_DATETIMES = looking_like(_DAY), looking_like(_DAY + _TIME)

_TWO = "[0-9]{2}"
_CLOCK = f"{ONE_OR_TWO}:{_TWO}(?::[0-5][0-9])?(?: [APap][Mm])?"


def _dates(form: str, day: str, sense: Sense | None, prepare: Make = uncomma) -> tuple[Reading, Reading]:
    """Dates of one form, and the same before a time of day of any form."""

    def moment(column: pl.Expr) -> pl.Expr:
        return pl.coalesce([to_datetime(f"{form} {clock.form}")(prepare(column)) for clock in CLOCKS])

    return (
        moments(FieldType.DATE, after(prepare, to_date(form)), day, sense, _LIKE_DATES),
        moments(FieldType.DATETIME, moment, f"{day},? {_CLOCK}", sense, _LIKE_DATETIMES),
    )


def _year_last(mark: str, sense: Sense) -> tuple[Reading, Reading]:
    first, second = ORDERS[sense]
    day = rf"{ONE_OR_TWO}\{mark}{ONE_OR_TWO}\{mark}{_TWO}"
    return _dates(f"{first}{mark}{second}{mark}%y", day, sense)


def _year_first(mark: str) -> tuple[Reading, Reading]:
    """With the month before the day, which is what such texts may be beside those with the day first."""
    return _dates(f"%y{mark}%m{mark}%d", rf"{_TWO}\{mark}{_TWO}\{mark}{_TWO}", Sense.MONTH_FIRST)


_LIKELY = (
    *(one for mark in "/-." for one in _year_last(mark, Sense.DAY_FIRST)),
    *(one for mark in "/-" for one in _year_last(mark, Sense.MONTH_FIRST)),
    *(one for mark in "/-" for one in _year_first(mark)),  # with points, the day stands first
    *_dates("%d %B %y", f"{ONE_OR_TWO}[ /-]{MONTH}[ /-]{_TWO}", None, spaced),
)
"""Those with the year last are preferred: where the month comes first, ``05/01/24`` is a day in May."""

OF_SHORT_YEARS = (*_LIKELY, *_year_last(".", Sense.MONTH_FIRST))


def _is_no_version(column: pl.Expr) -> pl.Expr:
    """Whether it isn't written as the number of a version, ``1.12.10``."""
    return ~column.str.contains("^[0-9.]+$") | (column.str.len_bytes() == len("31.12.24"))


SHORT_YEARS = recognised(
    lambda column: pl.any_horizontal(
        [_is_no_version(column) & reading.fits(column).fill_null(value=False) for reading in _LIKELY]
    ),
    f"{_DAY}{_TIME}?",
    "holds dates whose years have two digits; it stays text. Ask for date or datetime to take 00 to 69 for 2000 to "
    "2069 (options types and date_order).",
)
"""Recognises dates whose century is not known."""
