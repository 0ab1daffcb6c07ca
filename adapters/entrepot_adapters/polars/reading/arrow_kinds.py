"""Columns of Parquet and Arrow that no table can hold: refused by name, or read as what comes next to them."""

import os
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, cast

import polars as pl

from entrepot_adapters.polars.reading import arrow_schema as arrow
from entrepot_adapters.polars.reading.arrow_schema import ArrowField
from entrepot_adapters.polars.reading.frames import Begin
from entrepot_core.errors import MalformedInput
from entrepot_core.formats import Format

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

Held = tuple[pl.Expr, str | None]
"""How to read a column, and what to tell of it, if anything."""

MOST_DIGITS = 38
TOO_LONG = f"decimals of more than {MOST_DIGITS} digits can't be read; write them with fewer, or as text"

_WIDE = "decimals of 256 bits can't be read from Arrow; write them with 128 (in pyarrow: cast to decimal128)"
_TWICE = "several columns are called so; give each a name of its own"
_IN_MAPS = "categories within maps can't be read; write their values plain (in pyarrow: dictionary_decode)"
_IN_KEYS = "categories within categories can't be read; write the inner ones plain (in pyarrow: dictionary_decode)"
_BEFORE_ZEROS = "decimals of negative scale can't be read; write them as decimal128(38, 0), or as text"
_UUID, _UUID_BYTES = "arrow.uuid", 16
_SHORT = "UUIDs that are not stored as 16 bytes each can't be read; write them as text, or without their extension type"
_WITHIN = "UUIDs within lists or objects can't be read; write them as text"
_NOTHING = "values that are all of length 0 can't be read; leave the column out, or write lists or bytes of any length"
_REFUSED = {
    arrow.INTERVAL: "Arrow's intervals of months and days can't be read; write them as durations or as text",
    arrow.UNION: "values of several types (an Arrow union) can't be read; write a column for each type, or text",
    arrow.RUN_ENDS: "run-end encoded values can't be read; write them plain (in pyarrow: compute.run_end_decode)",
    arrow.LIST_VIEW: "list views can't be read; write lists (in pyarrow: cast to list_)",
    arrow.LARGE_LIST_VIEW: "list views can't be read; write lists (in pyarrow: cast to large_list)",
}
_PANDAS = re.compile("pandas\\.(period|interval)")
_LENIENT = "POLARS_IGNORE_TIMEZONE_PARSE_ERROR"
_ONE_AT_A_TIME = Lock()
_HEX = (0, 8), (8, 4), (12, 4), (16, 4), (20, 12)
"""The parts of a UUID: where each begins among its hexadecimal digits, and how many it has."""


def check_fields(fields: Sequence[ArrowField], kind: Format) -> None:
    """Refuse what polars would panic at.

    Raises:
        MalformedInput: A column has a type that can't be read, or the name of another.
    """
    names: set[str] = set()
    for field in fields:
        if field.name in names:
            raise MalformedInput(reason=_TWICE, column=field.name)
        names.add(field.name)
        for part in field.within():
            reason = _WITHIN if part is not field and part.extension == _UUID else _reason(part, kind)
            if reason:
                raise MalformedInput(reason=reason, column=field.name)


def _reason(part: ArrowField, kind: Format) -> str | None:
    if found := _PANDAS.fullmatch(part.extension):
        return f"pandas' {found[1]}s can't be read from a file; write them as text (in pandas: astype(str))"
    if part.extension == _UUID and (part.kind, part.width) != (arrow.FIXED_BINARY, _UUID_BYTES):
        return _SHORT
    if reason := _reason_of_sizes(part) or (_reason_of_arrow(part) if kind is Format.ARROW else None):
        return reason
    return _reason_of_members(part) if part.kind == arrow.STRUCT else _REFUSED.get(part.kind)


def _reason_of_sizes(part: ArrowField) -> str | None:
    if part.digits > MOST_DIGITS:
        return TOO_LONG
    if part.scale < 0:
        return _BEFORE_ZEROS
    return _NOTHING if part.width == 0 else None


def _reason_of_arrow(part: ArrowField) -> str | None:
    """Why Arrow's form of what Parquet has otherwise can't be read."""
    if part.bits > 128:  # noqa: PLR2004 - what the text beside says
        return _WIDE
    if part.kind == arrow.MAP and part.has_keys():
        return _IN_MAPS
    return _IN_KEYS if part.dictionary is not None and any(child.has_keys() for child in part.children) else None


def _reason_of_members(part: ArrowField) -> str | None:
    names = {child.name for child in part.children}
    if not names:
        return "objects without members can't be stored; leave the column out, or write JSON text"
    return (
        "its objects have several members of one name; give each its own" if len(names) < len(part.children) else None
    )


def zones_allowed(fields: Sequence[ArrowField]) -> "AbstractContextManager[None]":
    """Have polars take zones that it has no name for, such as +05:30, if a column has such."""
    zones = {part.zone for field in fields for part in field.within()}
    return nullcontext() if all(map(_is_known, zones)) else _lenient()


@contextmanager
def _lenient() -> Generator[None]:
    with _ONE_AT_A_TIME:  # it is the environment of the whole process
        before = os.environ.get(_LENIENT)
        os.environ[_LENIENT] = "1"
        try:
            yield
        finally:
            if before is None:
                del os.environ[_LENIENT]
            else:
                os.environ[_LENIENT] = before


def held(begin: Begin, fields: Sequence[ArrowField]) -> tuple[Begin, list[str]]:
    """Read the columns of a frame as what a table can hold.

    Args:
        begin: Begins to read the frame.
        fields: What its Arrow schema says of its columns, if it has one.

    Returns:
        What begins to read the columns so, and a sentence on each that a person should know of.

    Raises:
        MalformedInput: A column has lists or objects of a type that nobody knows here.
    """
    said = {field.name: field for field in fields}
    schema = begin().collect_schema()
    found = {
        number: one
        for number, (name, dtype) in enumerate(schema.items())
        if (one := _held(number, name, dtype, said.get(name))) is not None
    }
    if not found:
        return begin, []
    columns = [found[number][0] if number in found else pl.nth(number) for number in range(len(schema))]
    return lambda: begin().select(columns), [told for _, told in found.values() if told]


def _held(number: int, name: str, dtype: pl.DataType, field: ArrowField | None) -> Held | None:
    column = pl.nth(number)  # by place: a name such as ^a$ would be taken for a pattern
    if field is not None and field.extension == _UUID and dtype == pl.Binary:
        return _uuids(column), None
    if isinstance(dtype, pl.BaseExtension):
        return _stored(column, name, dtype)
    if any(isinstance(part, pl.BaseExtension) for part in parts(dtype)):
        reason = "lists or objects of an extension type of Arrow can't be read; write its values with a plain type"
        raise MalformedInput(reason=reason, column=name)
    plain = _plain(dtype)
    if plain == dtype:
        return None
    return column.cast(plain), " ".join(_changes(name, dtype)) or None


def _changes(name: str, dtype: pl.DataType) -> Iterator[str]:
    """What to tell of a column that is read as another type."""
    if zones := sorted({zone for part in parts(dtype) if not _is_known(zone := _zone(part))}):
        of = " and ".join(zones)
        yield f"Column {name!r} has the zone {of}, which has no name; its times are the same moments in UTC."
    if any(isinstance(part, pl.Map) and not _is_text(part.key) for part in parts(dtype)):
        yield f"Column {name!r} has maps whose keys are no texts; they are lists of objects with a key and a value."


def _uuids(column: pl.Expr) -> pl.Expr:
    digits = column.bin.encode("hex")
    return pl.concat_str([digits.str.slice(*part) for part in _HEX], separator="-")


def _stored(column: pl.Expr, name: str, dtype: pl.BaseExtension) -> Held:
    """A column of an extension type as what its values are stored as."""
    of, storage = dtype.ext_name(), _plain(_instance(dtype.ext_storage()))
    values = column.ext.storage()
    if of == "arrow.bool8":
        return values.cast(pl.Boolean), None
    if of == "arrow.json":
        return values.cast(pl.String), f"Column {name!r} holds JSON documents, which are kept as text."
    told = f"Column {name!r} is of the type {of!r}, which is not known here; its values are kept as they are stored."
    return values.cast(storage), told


def _plain(dtype: pl.DataType) -> pl.DataType:  # noqa: PLR0911 - a line for each kind
    match dtype:
        case pl.Float16():
            return pl.Float32()
        case pl.Datetime(time_unit=unit) if not _is_known(_zone(dtype)):
            return pl.Datetime(unit, "UTC")
        case pl.List():
            return pl.List(_plain(_instance(dtype.inner)))
        case pl.Array():
            return pl.Array(_plain(_instance(dtype.inner)), dtype.size)
        case pl.Map():
            key, value = _plain(_instance(dtype.key)), _plain(_instance(dtype.value))
            return pl.Map(key, value) if _is_text(key) else pl.List(pl.Struct({"key": key, "value": value}))
        case pl.Struct():
            return pl.Struct({field.name: _plain(_instance(field.dtype)) for field in dtype.fields})
        case _:
            return dtype


def _is_text(key: object) -> bool:
    """Whether keys of maps are what polars makes JSON objects of."""
    return isinstance(key, pl.String | pl.Categorical | pl.Enum)


def _zone(dtype: pl.DataType) -> str:
    return (dtype.time_zone or "") if isinstance(dtype, pl.Datetime) else ""


@lru_cache(64)
def _is_known(zone: str) -> bool:
    """Whether polars knows a zone; it takes offsets of whole hours for zones, too."""
    try:
        pl.Series([0]).cast(pl.Datetime("us")).dt.replace_time_zone(zone or None)
    except pl.exceptions.PolarsError:
        return False
    return True


def parts(dtype: pl.DataType) -> Iterator[pl.DataType]:
    """A type, and those of what is within."""
    yield dtype
    match dtype:
        case pl.List() | pl.Array():
            yield from parts(_instance(dtype.inner))
        case pl.Map():
            yield from parts(_instance(dtype.key))
            yield from parts(_instance(dtype.value))
        case pl.Struct():
            for field in dtype.fields:
                yield from parts(_instance(field.dtype))
        case _:
            return


def _instance(dtype: object) -> pl.DataType:
    return cast("pl.DataType", dtype)  # the types of columns in files are always instances
