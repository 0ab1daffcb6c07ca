"""Reading text as dates the way people write them: with the year last, or with the month's name."""

import polars as pl

from entrepot_adapters.polars.inference.dates import CLOCKS, MONTH, moments, to_date, to_datetime
from entrepot_adapters.polars.inference.readings import Make, Reading, Sense
from entrepot_core.schema import FieldType

ONE_OR_TWO = "[0-9]{1,2}"
_YEAR = "[0-9]{4}"
ORDERS = {Sense.DAY_FIRST: ("%d", "%m"), Sense.MONTH_FIRST: ("%m", "%d")}


def spaced(column: pl.Expr) -> pl.Expr:
    """With a space for a comma or another mark: ``12 Jan 2024`` for ``12-Jan-2024``."""
    return column.str.replace_all("[,/-] ?", " ")


def uncomma(column: pl.Expr) -> pl.Expr:
    """Without the comma that stands before a time of day in some places."""
    return column.str.replace(",", "", literal=True)


def after(prepare: Make, parse: Make) -> Make:
    """Make the texts ready, and parse them."""
    return lambda column: parse(prepare(column))


def _with_clocks(form: str, day: str, prepare: Make, sense: Sense | None = None) -> tuple[Reading, ...]:
    """Dates of one form, and the same before a time of day."""
    return tuple(
        moments(
            FieldType.DATETIME,
            after(prepare, to_datetime(f"{form} {clock.form}")),
            f"{day},? {clock.pattern}",
            sense,
        )
        for clock in CLOCKS
    )


def _local(mark: str, sense: Sense, *, is_known: bool = False) -> tuple[Reading, ...]:
    """Dates with the year last: ``31/1/2024``, ``31/1/2024 12:00``, ``31/1/2024 12:00:00``, ``1/31/2024, 3:04 PM``."""
    first, second = ORDERS[sense]
    form = f"{first}{mark}{second}{mark}%Y"
    day = rf"{ONE_OR_TWO}\{mark}{ONE_OR_TWO}\{mark}{_YEAR}"
    found = None if is_known else sense
    return (moments(FieldType.DATE, to_date(form), day, found), *_with_clocks(form, day, uncomma, found))


def _named(form: str, day: str) -> tuple[Reading, ...]:
    """Dates with the English name of a month."""
    return (moments(FieldType.DATE, after(spaced, to_date(form)), day), *_with_clocks(form, day, spaced))


_SLASHED = f"{_YEAR}/{ONE_OR_TWO}/{ONE_OR_TWO}"
_DAY_NAMED = f"{ONE_OR_TWO}[ /-]{MONTH}[ /-]{_YEAR}"
_NAMED_DAY = f"{MONTH} {ONE_OR_TWO},? {_YEAR}"
_ISO = f"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}"

NAMED = (*_named("%d %B %Y", _DAY_NAMED), *_named("%B %d %Y", _NAMED_DAY))

UNAMBIGUOUS = (
    moments(FieldType.DATE, to_date("%Y/%m/%d"), _SLASHED),
    *_with_clocks("%Y/%m/%d", _SLASHED, uncomma),
    *_with_clocks("%Y-%m-%d", _ISO, uncomma)[2:],  # those of 24 hours are ISO 8601
    *_local(".", Sense.DAY_FIRST, is_known=True),  # nobody writes the month first with points
    *NAMED,
)

IN_ONE_ORDER = {sense: (*_local("/", sense), *_local("-", sense)) for sense in ORDERS}
"""Dates in which day and month may be either way round."""
