"""Single values as a column stores them, or why it can't."""

import json
import math
from collections.abc import Mapping
from decimal import Context, Decimal, Inexact
from typing import TYPE_CHECKING, NoReturn, cast

import numpy as np
import polars as pl

from entrepot_adapters.polars.field_types import field_type
from entrepot_core.changes import is_text
from entrepot_core.rows.times import Moment
from entrepot_core.rows.values import from_json

if TYPE_CHECKING:
    from polars._typing import PolarsDataType

_NANOSECONDS = {"ns": 1, "us": 1_000, "ms": 1_000_000}
_UNITS = {"ns": "nanoseconds", "us": "microseconds", "ms": "milliseconds"}
_BITS: dict[type[pl.DataType], int] = {
    pl.Int8: 8, pl.Int16: 16, pl.Int32: 32, pl.Int64: 64, pl.Int128: 128,
    pl.UInt8: 8, pl.UInt16: 16, pl.UInt32: 32, pl.UInt64: 64, pl.UInt128: 128,
}  # fmt: skip
_FLOATS: dict[type[pl.DataType], type[np.floating]] = {
    pl.Float16: np.float16,
    pl.Float32: np.float32,
    pl.Float64: np.float64,
}
_MOST_NAMED = 10


def carrier(dtype: pl.DataType) -> pl.DataType:  # noqa: PLR0911 - a line for each type
    """The type of what ``storable`` gives; a cast makes the column's own of it."""
    match dtype:
        case pl.Date():
            return pl.Int32()
        case pl.Datetime() | pl.Duration() | pl.Time():
            return pl.Int64()
        case pl.Enum():
            return pl.String()
        case pl.List():
            return pl.List(carrier(_instance(dtype.inner)))
        case pl.Array():
            return pl.Array(carrier(_instance(dtype.inner)), dtype.size)
        case pl.Map():
            return pl.Map(dtype.key, carrier(_instance(dtype.value)))
        case pl.Struct():
            return pl.Struct([pl.Field(field.name, carrier(_instance(field.dtype))) for field in dtype.fields])
        case _:
            return dtype


def document(value: object) -> str | None:
    """A JSON value as a column of JSON texts stores it; a NaN within it is null, as it is elsewhere.

    Raises:
        ValueError: It is none, or can't be stored.
    """
    try:
        plain = _plain(value)
        text = json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        message = f"give a JSON value ({error})"
        raise ValueError(message) from error
    return None if plain is None else _text(text)


def _plain(value: object) -> object:
    """A JSON value with floats where it has decimals, as texts of JSON hold numbers, and null where it has NaN."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in cast("dict[object, object]", value).items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in cast("list[object]", value)]
    if not isinstance(value, Decimal | float):
        return value
    if math.isinf(number := float(value)):
        _refuse("a number in it is larger than 1.8e308, the greatest that it can have")
    return None if math.isnan(number) else number


def storable(dtype: pl.DataType, value: object) -> object:  # noqa: PLR0911 - a line for each type
    """What stands for a value in a column.

    Args:
        dtype: The column's type.
        value: What ``from_json`` made for the column; of a nested column the JSON value.

    Raises:
        ValueError: The column can't hold it; the message says what to give.
    """
    if value is None:
        return None
    if isinstance(dtype, pl.Null):
        _refuse("the column holds nothing but nulls")
    match dtype:
        case pl.Datetime():
            return _moment(dtype, cast("Moment", value))
        case pl.Duration():
            return _ticks(dtype.time_unit, cast("int", value))
        case pl.Decimal():
            return _decimal(dtype, cast("Decimal", value))
        case pl.Enum():
            return _category(dtype, cast("str", value))
        case pl.List() | pl.Array() | pl.Struct() | pl.Map():
            return _nested(dtype, value)
        case _ if type(dtype) in _BITS:
            return _whole(dtype, cast("int", value))
        case _ if type(dtype) in _FLOATS:
            return _float(_FLOATS[type(dtype)], cast("Decimal", value))
        case _:
            return value


def _refuse(message: str) -> NoReturn:
    raise ValueError(message)


def _instance(dtype: "PolarsDataType") -> pl.DataType:
    return cast("pl.DataType", dtype)  # the types of stored columns are always instances


def _text(text: str) -> str:
    if not is_text(text):
        _refuse("NUL and half characters can't be stored")
    return text


def _whole(dtype: pl.DataType, value: int) -> int:
    bits = _BITS[type(dtype)]
    least, most = (0, 2**bits - 1) if dtype.is_unsigned_integer() else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    if not least <= value <= most:
        _refuse(f"give a number from {least} to {most}, which is what the column can hold")
    return value


def _float(kind: type[np.floating], value: Decimal) -> float:
    """The nearest float, as of any text of a number; but a whole number that floats are too coarse for is refused."""
    double = float(value)
    with np.errstate(over="ignore"):
        found = kind(double)
    if not np.isfinite(found):
        _refuse(f"give a number of at most {np.finfo(kind).max}, the greatest that the column can hold")
    texts = {str(found), *((repr(double), str(int(double))) if float(found) == double else ())}
    if value == value.to_integral_value() and value not in map(Decimal, texts):
        _refuse("give a number of fewer digits: the column holds floats, which have no such whole number")
    return float(found)


def _decimal(dtype: pl.Decimal, value: Decimal) -> Decimal:
    digits, scale = dtype.precision or 38, dtype.scale
    if value and (not value.is_finite() or value.adjusted() >= digits - scale):
        _refuse(f"give a number of at most {digits - scale} digits before the point")
    context = Context(prec=digits + 1, traps=[Inexact])
    try:
        return value.quantize(Decimal((0, (1,), -scale)), context=context)
    except Inexact:
        message = f"give at most {scale} digits behind the point"
        raise ValueError(message) from None


def _moment(dtype: pl.Datetime, value: Moment) -> int:
    if value.has_zone and dtype.time_zone is None:
        _refuse("leave out the time zone: the column has none")
    if dtype.time_zone is not None and not value.has_zone:
        _refuse("add the time zone, as Z or +01:00: the column is of moments in time")
    return _ticks(dtype.time_unit, value.nanoseconds)


def _ticks(unit: str, nanoseconds: int) -> int:
    ticks, rest = divmod(nanoseconds, _NANOSECONDS[unit])
    if rest:
        _refuse(f"give whole {_UNITS[unit]}, which is what the column can hold")
    if not -(2**63) <= ticks < 2**63:
        _refuse(f"it is too far away for a column of {_UNITS[unit]}")
    return ticks


def _category(dtype: pl.Enum, value: str) -> str:
    names = dtype.categories
    if value not in names:
        shown = ", ".join(repr(name) for name in names.head(_MOST_NAMED).to_list())
        _refuse(f"give one of {shown}{' …' if len(names) > _MOST_NAMED else ''}")
    return value


def _nested(dtype: pl.List | pl.Array | pl.Struct | pl.Map, value: object) -> object:
    if isinstance(dtype, pl.Struct):
        return _members(dtype, value)
    if isinstance(dtype, pl.Map):
        return _entries(dtype, value)
    if not isinstance(value, list | tuple):
        _refuse("give a list")
    elements = list(cast("list[object]", value))
    if isinstance(dtype, pl.Array) and len(elements) != dtype.size:
        _refuse(f"give a list of {dtype.size} elements")
    return [_within(f"element {place}", dtype.inner, element) for place, element in enumerate(elements, 1)]


def _members(dtype: pl.Struct, value: object) -> dict[str, object]:
    given, types = _object(value), {field.name: field.dtype for field in dtype.fields}
    for name in given:
        if name not in types:
            _refuse(f"there is no member {str(name)[:200]!r}")
    return {name: _within(f"member {name[:200]!r}", kind, given.get(name)) for name, kind in types.items()}


def _entries(dtype: pl.Map, value: object) -> dict[object, object]:
    """An object whose members may have any names that the map's keys can be."""
    found = dict[object, object]()
    for name, inner in _object(value).items():
        member = f"member {str(name)[:200]!r}"
        found[_within(f"the name of {member}", dtype.key, name)] = _within(member, dtype.value, inner)
    return found


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, Mapping):
        _refuse("give an object")
    return dict(cast("Mapping[str, object]", value))


def _within(place: str, dtype: "PolarsDataType", value: object) -> object:
    """A value within another, which comes as JSON has it."""
    try:
        return storable(_instance(dtype), from_json(field_type(_instance(dtype)), value))
    except ValueError as error:
        message = f"{place}: {error}"
        raise ValueError(message) from error
