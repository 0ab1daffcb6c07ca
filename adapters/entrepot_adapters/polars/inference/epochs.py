"""Reading whole numbers as moments, counted from the beginning of 1970: only where datetimes are asked for.

How many digits a number has says in which unit: moments from 1973 to 2286 are told apart so, and no others are read.
All values of a column have to be counted in the same unit.
"""

import re

import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.inference.dates import Unit
from entrepot_adapters.polars.inference.readings import Reading, prepared
from entrepot_core.schema import FieldType

_MONTH, _DAY, _HOUR, _SIXTY = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])", "(?:[01][0-9]|2[0-3])", "[0-5][0-9]"
_DATE = f"{_MONTH}{_DAY}{_HOUR}"
_CALENDAR = f"^(?:(?:19|20)[0-9]{{2}}{_DATE}(?:{_SIXTY})?|[0-9]{{2}}{_DATE}{_SIXTY}{_SIXTY}|[2-9][0-9]{_DATE}{_SIXTY})$"
"""What may be a date and a time of day: ``2024013112``, ``202401311200``, ``240131120000``, and ``2401311200``.

A column of such numbers alone is not read; the last are counted, though, if that gives moments before 2033.
"""


def _counted(what: str, digits: str, factor: int, unit: Unit = "us") -> Reading:
    """Numbers of some lengths as moments in UTC."""

    def value(column: pl.Expr) -> pl.Expr:
        return (column.cast(pl.Int64, strict=False) * factor).cast(pl.Datetime(unit, "UTC"))

    def is_as_long(column: pl.Expr) -> pl.Expr:
        return column.str.contains(f"^[1-9][0-9]{{{digits}}}$")

    def are_of_calendar(column: pl.Expr) -> pl.Expr:
        is_long = is_as_long(column)
        return is_long.any() & pl.when(is_long).then(column.str.contains(_CALENDAR)).all()

    return Reading(
        FieldType.DATETIME,
        value,
        (re.compile(f"11{{{digits}}}"),),
        valid=lambda column, _: is_as_long(column) & ~are_of_calendar(column),
        doubts=lambda column, _: (~is_as_long(column)).any() | are_of_calendar(column),
        remark=f"was read as {what} since 1970, in UTC.",
        unit=f"{what} since 1970",
    )


EPOCHS = (
    _counted("seconds", "8,9", 1_000_000),
    _counted("milliseconds", "11,12", 1_000),
    _counted("microseconds", "14,15", 1),
    _counted("nanoseconds", "17,18", 1, "ns"),
)

_NO_MOMENTS = Reading(
    FieldType.DATETIME,
    lambda column: pl.when(column.is_null()).then(pl.lit(None, pl.Datetime("us", "UTC"))),
    is_stripped=True,
)

EPOCHS_OF_NUMBERS = (
    _NO_MOMENTS,  # where all are null, nothing says a unit
    *(replace(prepared(reading, lambda column: column.cast(pl.String)), is_stripped=True) for reading in EPOCHS),
)
"""The same of columns that are no text."""
