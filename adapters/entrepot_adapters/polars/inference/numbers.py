"""Reading text as booleans and numbers."""

import polars as pl

from entrepot_adapters.polars.inference.readings import Reading
from entrepot_core.schema import FieldType

_CODE = r"^[+-]?0[0-9]|^\+[0-9]+$"
"""A code, such as an article's number or a telephone's, which would change if it was read as a number."""

_WHOLE = r"^-?[0-9]{19,}$"
_PAST_64_BITS = 2.0**63
_TRUE = ("true", "True", "TRUE")
_FALSE = ("false", "False", "FALSE")


def _as_boolean(column: pl.Expr, true: tuple[str, ...], false: tuple[str, ...]) -> pl.Expr:
    return pl.when(_is_one_of(column, true)).then(True).when(_is_one_of(column, false)).then(False)  # noqa: FBT003 - values


def _is_one_of(column: pl.Expr, texts: tuple[str, ...]) -> pl.Expr:
    return pl.any_horizontal([column == text for text in texts])


BOOLEAN = Reading(FieldType.BOOLEAN, lambda column: _as_boolean(column, _TRUE, _FALSE))

ANY_BOOLEAN = Reading(
    FieldType.BOOLEAN,
    lambda column: _as_boolean(
        column.str.to_lowercase(), ("true", "yes", "t", "y", "1"), ("false", "no", "f", "n", "0")
    ),
)
"""Spellings that say a boolean only where one is asked for."""


def _integer(kind: type[pl.Int64 | pl.UInt64]) -> Reading:
    return Reading(
        FieldType.INTEGER,
        lambda column: column.cast(kind, strict=False),
        valid=lambda column, _: ~column.str.contains(_CODE),
        doubts=lambda column, _: (
            column.str.starts_with("+")
            | column.str.starts_with("-0")
            | (column.str.starts_with("0") & (column.str.len_bytes() > 1))
        ),
    )


INTEGER = _integer(pl.Int64)
UNSIGNED = _integer(pl.UInt64)
ANY_INTEGER = Reading(FieldType.INTEGER, lambda column: column.cast(pl.Int64, strict=False))
ANY_UNSIGNED = Reading(FieldType.INTEGER, lambda column: column.cast(pl.UInt64, strict=False))


def _as_number(column: pl.Expr) -> pl.Expr:
    return column.cast(pl.Float64, strict=False).fill_nan(None)


def _is_past_64_bits(column: pl.Expr) -> pl.Expr:
    return column.str.contains(_WHOLE) & column.cast(pl.Int64, strict=False).is_null()


NUMBER = Reading(
    FieldType.NUMBER,
    _as_number,
    valid=lambda column, _: ~(column.str.contains(_CODE) | _is_past_64_bits(column)),
    doubts=lambda column, value: (
        column.str.starts_with("+")
        | (column.str.starts_with("-0") & ~column.str.starts_with("-0."))
        | (column.str.starts_with("0") & ~column.str.starts_with("0.") & (column.str.len_bytes() > 1))
        | ((value.abs() >= _PAST_64_BITS) & value.is_finite())
    ),
)
"""Floats. A whole number that no signed integer of 64 bits holds would lose digits, so it does not fit."""

ANY_NUMBER = Reading(FieldType.NUMBER, _as_number)
