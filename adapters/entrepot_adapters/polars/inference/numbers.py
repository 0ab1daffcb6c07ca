"""Reading text as booleans and numbers."""

import re

import polars as pl

from entrepot_adapters.polars.inference.readings import Reading, recognised
from entrepot_core.schema import FieldType

CODE = r"^[+-]?0[0-9]|^\+[0-9]+$"
"""A code, such as an article's number or a telephone's, which would change if it was read as a number."""

_WHOLE = r"^-?[0-9]{16,}$"
"""A whole number that a float may not hold exactly."""

_EXACT = 2.0**53
"""Whole numbers below this are exact as floats."""

_WORD = (re.compile("true|false", re.IGNORECASE),)
_ANSWER = (re.compile("true|false|yes|no|[tfyn1]", re.IGNORECASE),)
_DIGITS = (re.compile("[+-]?1+"),)
_NUMERAL = r"[+-]?(?:(?:1+\.?1*|\.1+)(?:e[+-]?1+)?|inf|infinity)"

_TRUE = ("true", "True", "TRUE")
_FALSE = ("false", "False", "FALSE")


def _as_boolean(column: pl.Expr, true: tuple[str, ...], false: tuple[str, ...]) -> pl.Expr:
    return pl.when(_is_one_of(column, true)).then(True).when(_is_one_of(column, false)).then(False)  # noqa: FBT003 - values


def _is_one_of(column: pl.Expr, texts: tuple[str, ...]) -> pl.Expr:
    return pl.any_horizontal([column == text for text in texts])


BOOLEAN = Reading(FieldType.BOOLEAN, lambda column: _as_boolean(column, _TRUE, _FALSE), _WORD)

ANY_BOOLEAN = Reading(
    FieldType.BOOLEAN,
    lambda column: _as_boolean(
        column.str.to_lowercase(), ("true", "yes", "t", "y", "1"), ("false", "no", "f", "n", "0")
    ),
    _ANSWER,
)
"""Spellings that say a boolean only where one is asked for."""


def _integer(kind: type[pl.Int64 | pl.UInt64]) -> Reading:
    return Reading(
        FieldType.INTEGER,
        lambda column: column.cast(kind, strict=False),
        _DIGITS,
        valid=lambda column, _: ~column.str.contains(CODE),
        doubts=lambda column, _: column.str.contains(CODE).any(),
    )


INTEGER = _integer(pl.Int64)
UNSIGNED = _integer(pl.UInt64)
ANY_INTEGER = Reading(FieldType.INTEGER, lambda column: column.cast(pl.Int64, strict=False), _DIGITS)
ANY_UNSIGNED = Reading(FieldType.INTEGER, lambda column: column.cast(pl.UInt64, strict=False), _DIGITS)


def _as_number(column: pl.Expr) -> pl.Expr:
    return column.cast(pl.Float64, strict=False).fill_nan(None)


def loses_digits(column: pl.Expr, value: pl.Expr) -> pl.Expr:
    """Whether a number is infinite as a float, or a whole one another, or past the bits in which that could be seen."""
    is_same = value.cast(pl.Int64, strict=False) == column.cast(pl.Int64, strict=False)
    is_past = value.is_infinite() & column.str.contains("[0-9]")
    return (column.str.contains(_WHOLE) & ~is_same.fill_null(value=False)) | is_past


def are_large(value: pl.Expr) -> pl.Expr:
    """Whether some floats may stand for several whole numbers, or for one past all floats."""
    return (value.min() <= -_EXACT) | (value.max() >= _EXACT)


NUMBER = Reading(
    FieldType.NUMBER,
    _as_number,
    (re.compile(_NUMERAL, re.IGNORECASE),),
    valid=lambda column, value: ~(column.str.contains(CODE) | loses_digits(column, value)),
    doubts=lambda column, value: column.str.contains(CODE).any() | are_large(value),
    point=".",
)
"""Floats. A whole number that would lose digits does not fit."""

INEXACT = recognised(
    lambda column: _as_number(column).is_not_null() & ~column.str.contains(CODE),
    _NUMERAL,
    "holds numbers that would lose digits, or be infinite, as floats; it stays text.",
)
"""Tells numbers of which some would lose digits from other texts."""

ANY_NUMBER = Reading(FieldType.NUMBER, _as_number, (re.compile(_NUMERAL, re.IGNORECASE),), point=".")
