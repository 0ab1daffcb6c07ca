"""What a sheet holds only as text: categories, bytes, nested values."""

import polars as pl
from polars._typing import PolarsDataType

_JSON_HEAD, _JSON_TAIL = '{"":', "}"


def positional(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its columns named 0, 1, 2 …: as names in expressions, ``*`` and ``^a$`` would mean others."""
    return pl.DataFrame([values.alias(str(at)) for at, values in enumerate(frame)])


def with_text(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with categories as strings, bytes as base64 and nested values as JSON."""
    return frame.with_columns(
        _as_text(pl.col(name), dtype).alias(name) for name, dtype in frame.schema.items() if _is_textual(dtype)
    )


def _is_textual(dtype: pl.DataType) -> bool:
    return not (dtype.is_numeric() or dtype.is_temporal() or isinstance(dtype, pl.Boolean | pl.String | pl.Null))


def _as_text(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Binary:
        return column.bin.encode("base64")
    if dtype.is_nested():
        return pl.when(column.is_not_null()).then(_json(_without_bytes(column, dtype)))
    return column.cast(pl.String)


def _json(column: pl.Expr) -> pl.Expr:
    wrapped = pl.struct(column.alias("")).struct.json_encode()  # only structs can be encoded
    return wrapped.str.strip_prefix(_JSON_HEAD).str.strip_suffix(_JSON_TAIL)


def _without_bytes(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Bytes at any depth as base64: polars' JSON encoder panics at them."""
    if not _holds_bytes(dtype):
        return column
    if isinstance(dtype, pl.List):
        return column.list.eval(_without_bytes(pl.element(), _inner(dtype)))
    if isinstance(dtype, pl.Array):
        return column.arr.to_list().list.eval(_without_bytes(pl.element(), _inner(dtype)))
    if isinstance(dtype, pl.Struct):
        return column.struct.with_fields(
            _without_bytes(pl.field(part.name), _instance(part.dtype)).alias(part.name) for part in dtype.fields
        )
    if isinstance(dtype, pl.Map):
        entry = pl.element().struct
        value = _without_bytes(entry.field("value"), _instance(dtype.value))
        entries = column.map.entries().list.eval(pl.struct(entry.field("key"), value.alias("value")))
        return entries.cast(_type_without_bytes(dtype))
    return column.bin.encode("base64")


def _type_without_bytes(dtype: pl.DataType) -> pl.DataType:
    if isinstance(dtype, pl.Struct):
        return pl.Struct({part.name: _type_without_bytes(_instance(part.dtype)) for part in dtype.fields})
    if isinstance(dtype, pl.List | pl.Array):
        return pl.List(_type_without_bytes(_inner(dtype)))
    if isinstance(dtype, pl.Map):
        return pl.Map(dtype.key, _type_without_bytes(_instance(dtype.value)))
    return pl.String() if dtype == pl.Binary else dtype


def _holds_bytes(dtype: pl.DataType) -> bool:
    if isinstance(dtype, pl.Struct):
        return any(_holds_bytes(_instance(part.dtype)) for part in dtype.fields)
    if isinstance(dtype, pl.List | pl.Array):
        return _holds_bytes(_inner(dtype))
    if isinstance(dtype, pl.Map):
        return _holds_bytes(_instance(dtype.value))
    return dtype == pl.Binary


def _inner(dtype: pl.List | pl.Array) -> pl.DataType:
    return _instance(dtype.inner)


def _instance(dtype: PolarsDataType) -> pl.DataType:
    """Polars takes types as classes too; in the schema of a frame they are instances."""
    return dtype() if isinstance(dtype, type) else dtype
