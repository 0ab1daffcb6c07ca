"""The figures of a number that has more around it: a unit, a minus behind, or parentheses that mean one."""

import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.inference.grouped import (
    FRACTIONS,
    WHOLE_WITH_APOSTROPHES,
    WHOLE_WITH_COMMAS,
    WHOLE_WITH_POINTS,
    WHOLE_WITH_SPACES,
)
from entrepot_adapters.polars.inference.numbers import ANY_INTEGER, ANY_NUMBER
from entrepot_adapters.polars.inference.readings import Reading

MINUSES = "-\N{MINUS SIGN}\N{EN DASH}"
MINUS = f"[{MINUSES}]"
DASH = "(?:--?|[\N{EN DASH}\N{EM DASH}])"
"""What stands for no decimals, as in ``12.-``."""

DIGITS = r"[.,]?[0-9](?:[0-9.,'’\s]*[0-9])?"
"""A number with marks, roughly: how it is read tells which of them it may have."""
FIGURES = f"{DIGITS}(?:[.,]{DASH})?"
_IS_NEGATIVE = rf"^[^0-9]*[{MINUSES}(]|[0-9]{MINUS}$"

_BESIDE = rf"([^{MINUSES}—+0-9.,'’\s()]+)"

ONES = rf"[.,]?1[1.,'’\s]*{DASH}?"
"""What figures look like, with a 1 for each digit."""

_PLAIN = r"^(?:[0-9]+|[0-9]*\.(?:[0-9]{1,2}|[0-9]{4,}))(?:e-2)?$"
"""Digits without marks; not with three decimals, for their point could stand between thousands."""
PLAIN_WHOLE = "^[0-9]+$"


def plain(base: Reading, pattern: str = _PLAIN) -> Reading:
    """Read figures without marks."""
    return replace(base, value=lambda column: pl.when(column.str.contains(pattern)).then(base.value(column)))


NUMBERS = (plain(ANY_NUMBER), *FRACTIONS)
"""How the figures of numbers are read."""

WHOLE = (
    plain(ANY_INTEGER, PLAIN_WHOLE),
    WHOLE_WITH_COMMAS,
    WHOLE_WITH_POINTS,
    WHOLE_WITH_SPACES,
    WHOLE_WITH_APOSTROPHES,
)
"""How the figures of whole numbers are read."""


def unit_of(column: pl.Expr, value: pl.Expr) -> pl.Expr:
    """What stands beside the figures that a value is made of: ``kr`` of ``5 kr``, ``5 kr.`` and ``kr. 5``."""
    return pl.when(value.is_not_null()).then(column.str.extract(_BESIDE, 1))


def signed(column: pl.Expr, value: pl.Expr) -> pl.Expr:
    """A value, negative where its text has a minus around it or parentheses."""
    return pl.when(column.str.contains(_IS_NEGATIVE)).then(-value).otherwise(value)


def told(base: Reading, unit: str) -> Reading:
    """The same, with a remark on what the numbers are."""
    remark = f"was read as {unit}." if base.remark is None else f"{base.remark[:-1]}; they are {unit}."
    return replace(base, remark=remark, unit=unit)
