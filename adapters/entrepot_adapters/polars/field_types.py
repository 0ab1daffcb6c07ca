"""What the core calls the types of polars."""

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


_SIMPLE: dict[type[pl.DataType], FieldType] = {
    pl.Boolean: FieldType.BOOLEAN,
    pl.Date: FieldType.DATE,
    pl.Datetime: FieldType.DATETIME,
    pl.Time: FieldType.TIME,
    pl.Duration: FieldType.DURATION,
    pl.Binary: FieldType.BINARY,
}
