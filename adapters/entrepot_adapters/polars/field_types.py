"""What the core calls the types of polars."""

from collections.abc import Iterator

import polars as pl

from entrepot_core.schema import FieldType


def field_type(dtype: pl.DataType) -> FieldType:
    """The type of a stored column, documents of JSON apart, which are strings."""
    if dtype.is_integer():
        return FieldType.INTEGER
    if dtype.is_numeric():  # decimals too
        return FieldType.NUMBER
    if dtype.is_nested():
        return FieldType.JSON
    return _SIMPLE.get(type(dtype), FieldType.STRING)


def is_decimal(dtype: object) -> bool:
    """Whether the fractions in a stored column are decimals, and none a float, within lists and structs too."""
    kinds = set(_leaves(dtype))
    return pl.Decimal in kinds and not kinds & {pl.Float32, pl.Float64}


def _leaves(dtype: object) -> Iterator[type]:
    """The kinds of the single values in a type."""
    match dtype:
        case pl.List(inner=inner) | pl.Array(inner=inner):
            yield from _leaves(inner)
        case pl.Struct():
            for one in dtype.fields:
                yield from _leaves(one.dtype)
        case pl.Map():
            yield from _leaves(dtype.value)
        case _:
            yield type(dtype)


_SIMPLE: dict[type[pl.DataType], FieldType] = {
    pl.Boolean: FieldType.BOOLEAN,
    pl.Date: FieldType.DATE,
    pl.Datetime: FieldType.DATETIME,
    pl.Time: FieldType.TIME,
    pl.Duration: FieldType.DURATION,
    pl.Binary: FieldType.BINARY,
}
