"""Reading what tables write, value by value, by the standard library alone."""

import base64
import json
import math
import re
import struct
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

_SPAN = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?")


def read_value(written: object, kind: pl.DataType) -> object:
    """A value of parsed JSON as the value it stands for."""
    match kind:
        case pl.List(inner=pl.DataType() as inner) | pl.Array(inner=pl.DataType() as inner) if isinstance(
            written, list
        ):
            return [read_value(one, inner) for one in written]
        case pl.Struct() if isinstance(written, dict):
            return {field.name: read_value(written[field.name], _instance(field.dtype)) for field in kind.fields}
        case _:
            read = _READERS.get(kind.base_type())
            return read(written) if read and written is not None else written


def read_json(text: bytes) -> object:
    return json.loads(text, parse_float=Decimal)


def same(read: object, value: object) -> bool:
    """Whether a value read from JSON is the value written; JSON has no NaN and no infinities."""
    match value:
        case float():
            return read == value if math.isfinite(value) else read is None
        case list():
            return isinstance(read, list) and len(read) == len(value) and all(map(same, read, value))
        case dict():
            return (
                isinstance(read, dict) and list(read) == list(value) and all(map(same, read.values(), value.values()))
            )
        case _:
            return type(read) is type(value) and read == value


def _number(written: object) -> Decimal:
    assert isinstance(written, int | Decimal), f"no number: {written!r}"
    return Decimal(written)


def _single(written: Decimal) -> float:
    """The float of single precision that a number is nearest to."""
    found: float = struct.unpack("f", struct.pack("f", written))[0]
    return found


def read_span(text: str) -> timedelta:
    match = _SPAN.fullmatch(text)
    assert match, text
    sign, days, hours, minutes, seconds, fraction = match.groups(default="")
    parts = {"days": days, "hours": hours, "minutes": minutes, "seconds": seconds}
    span = timedelta(**{name: int(part or 0) for name, part in parts.items()}, microseconds=int(f"{fraction:0<6}"[:6]))
    return -span if sign else span


_READERS: dict[object, Callable[[Any], object]] = {
    pl.Float64: lambda written: float(_number(written)),
    pl.Float32: lambda written: _single(_number(written)),
    pl.Decimal: _number,
    pl.Date: date.fromisoformat,
    pl.Datetime: datetime.fromisoformat,
    pl.Time: time.fromisoformat,
    pl.Duration: read_span,
    pl.Binary: base64.b64decode,
}


def _instance(kind: object) -> pl.DataType:
    assert isinstance(kind, pl.DataType)
    return kind
