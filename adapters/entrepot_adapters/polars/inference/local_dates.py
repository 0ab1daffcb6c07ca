"""Reading text as dates the way people write them: with the year last, or with the month's name."""

import polars as pl

from entrepot_adapters.polars.inference.dates import CLOCKS, MONTH, moments, to_date, to_datetime
from entrepot_adapters.polars.inference.readings import Make, Reading, Sense, recognised
from entrepot_core.schema import FieldType

_ONE_OR_TWO = "[0-9]{1,2}"
_YEAR = "[0-9]{4}"
_ORDERS = {Sense.DAY_FIRST: ("%d", "%m"), Sense.MONTH_FIRST: ("%m", "%d")}


def _spaced(column: pl.Expr) -> pl.Expr:
    """With a space for a comma or another mark: ``12 Jan 2024`` for ``12-Jan-2024``."""
    return column.str.replace_all("[,/-] ?", " ")


def _uncomma(column: pl.Expr) -> pl.Expr:
    """Without the comma that stands before a time of day in some places."""
    return column.str.replace(",", "", literal=True)


def _after(prepare: Make, parse: Make) -> Make:
    return lambda column: parse(prepare(column))


def _with_clocks(form: str, day: str, prepare: Make, sense: Sense | None = None) -> tuple[Reading, ...]:
    """Dates of one form, and the same before a time of day."""
    return tuple(
        moments(
            FieldType.DATETIME,
            _after(prepare, to_datetime(f"{form} {clock.form}")),
            f"{day},? {clock.pattern}",
            sense,
        )
        for clock in CLOCKS
    )


def _local(mark: str, sense: Sense, *, is_known: bool = False) -> tuple[Reading, ...]:
    """Dates with the year last: ``31/1/2024``, ``31/1/2024 12:00``, ``31/1/2024 12:00:00``, ``1/31/2024, 3:04 PM``."""
    first, second = _ORDERS[sense]
    form = f"{first}{mark}{second}{mark}%Y"
    day = rf"{_ONE_OR_TWO}\{mark}{_ONE_OR_TWO}\{mark}{_YEAR}"
    found = None if is_known else sense
    return (moments(FieldType.DATE, to_date(form), day, found), *_with_clocks(form, day, _uncomma, found))


def _named(form: str, day: str) -> tuple[Reading, ...]:
    """Dates with the English name of a month."""
    return (moments(FieldType.DATE, _after(_spaced, to_date(form)), day), *_with_clocks(form, day, _spaced))


def _local_years_of_two(mark: str, sense: Sense) -> Reading:
    first, second = _ORDERS[sense]
    day = rf"{_ONE_OR_TWO}\{mark}{_ONE_OR_TWO}\{mark}[0-9]{{2}}"
    return moments(FieldType.DATE, to_date(f"{first}{mark}{second}{mark}%y"), day, sense)


_SLASHED = f"{_YEAR}/{_ONE_OR_TWO}/{_ONE_OR_TWO}"
_DAY_NAMED = f"{_ONE_OR_TWO}[ /-]{MONTH}[ /-]{_YEAR}"
_NAMED_DAY = f"{MONTH} {_ONE_OR_TWO},? {_YEAR}"
_ISO = f"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}"

UNAMBIGUOUS = (
    moments(FieldType.DATE, to_date("%Y/%m/%d"), _SLASHED),
    *_with_clocks("%Y/%m/%d", _SLASHED, _uncomma),
    *_with_clocks("%Y-%m-%d", _ISO, _uncomma)[2:],  # those of 24 hours are ISO 8601
    *_local(".", Sense.DAY_FIRST, is_known=True),  # nobody writes the month first with points
    *_named("%d %B %Y", _DAY_NAMED),
    *_named("%B %d %Y", _NAMED_DAY),
)

IN_ONE_ORDER = {sense: (*_local("/", sense), *_local("-", sense)) for sense in _ORDERS}
"""Dates in which day and month may be either way round."""

_TWO_DIGITS = (
    *(_local_years_of_two(mark, sense) for sense in _ORDERS for mark in "/-."),
    moments(FieldType.DATE, to_date("%y-%m-%d"), "[0-9]{2}-[0-9]{2}-[0-9]{2}", Sense.MONTH_FIRST),  # before the day
    moments(FieldType.DATE, _after(_spaced, to_date("%d %B %y")), f"{_ONE_OR_TWO}[ /-]{MONTH}[ /-][0-9]{{2}}"),
)

ONLY_ASKED = (
    moments(FieldType.DATE, to_date("%Y%m%d"), "[12][0-9]{3}(?:0[1-9]|1[0-2])[0-3][0-9]"),
    *_TWO_DIGITS,
)
"""Dates only where dates are asked for: ``20240131`` is a number else, and ``31/1/24`` text."""


def _is_no_version(column: pl.Expr) -> pl.Expr:
    """Whether it isn't written as the number of a version, ``1.12.10``."""
    return ~column.str.contains(".", literal=True) | (column.str.len_bytes() == len("31.12.24"))


SHORT_YEARS = recognised(
    lambda column: pl.any_horizontal(
        [
            _is_no_version(column) & reading.fits(column).fill_null(value=False)
            for reading in _TWO_DIGITS
            if reading.sense is not Sense.MONTH_FIRST or not reading.may_read("11.11.11")
        ]
    ),
    r"1{1,2}[ /-](?:1{1,2}|[a-z]{3,9})[ /-]11|11\.11\.11",
    "holds dates whose years have two digits; it stays text. Ask for date to take 00 to 69 for 2000 to 2069.",
)
"""Recognises dates whose century is not known."""
