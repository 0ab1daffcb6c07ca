"""What the core calls the types of polars."""

from typing import TYPE_CHECKING

import polars as pl

from entrepot_core.schema import FieldType

if TYPE_CHECKING:
    from polars._typing import PolarsDataType


def field_type(dtype: "PolarsDataType") -> FieldType:
    """The type of a stored column, documents of JSON apart, which are strings."""
    if dtype.is_integer():
        return FieldType.INTEGER
    if dtype.is_numeric():  # decimals too
        return FieldType.NUMBER
    if dtype.is_nested():
        return FieldType.JSON
    return _SIMPLE.get(dtype.base_type(), FieldType.STRING)


_SIMPLE: dict[type[pl.DataType], FieldType] = {
    pl.Boolean: FieldType.BOOLEAN,
    pl.Date: FieldType.DATE,
    pl.Datetime: FieldType.DATETIME,
    pl.Time: FieldType.TIME,
    pl.Duration: FieldType.DURATION,
    pl.Binary: FieldType.BINARY,
}
