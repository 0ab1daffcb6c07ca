"""Values as text: expressions that turn columns into what JSON and CSV can say."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import polars as pl

from entrepot_adapters.polars.members import members

if TYPE_CHECKING:
    from polars._typing import PolarsDataType

_DATETIME = "%Y-%m-%dT%H:%M:%S%.f"
_TIME = "%H:%M:%S%.f"


def plain(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """The values as polars' own JSON writer can write them, but for what ``needs_json_text``.

    Dates and times become ISO 8601 (those of a time zone UTC, with ``Z``), durations ISO 8601, binary base64,
    within lists and structs too.

    Args:
        column: The values.
        kind: Their type.
    """
    match kind:
        case pl.List(inner=pl.DataType() as inner) if not _is_plain(inner):
            return column.list.eval(plain(pl.element(), inner))
        case pl.Array() if not _is_plain(kind):
            return plain(column.arr.to_list(), _as_list(kind))
        case pl.Struct() if not _is_plain(kind):
            parts = [plain(member, inner) for member, inner in members(column, kind)]
            return pl.when(column.is_not_null()).then(_struct(parts, kind))
        case _:
            return _leaf(column, kind)


def _leaf(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    match kind:
        case pl.Datetime(time_zone=None):
            return column.dt.to_string(_DATETIME)
        case pl.Datetime():
            return column.dt.convert_time_zone("UTC").dt.replace_time_zone(None).dt.to_string(_DATETIME + "Z")
        case pl.Time():
            return column.dt.to_string(_TIME)
        case pl.Duration():
            return column.dt.to_string("iso")
        case pl.Binary():
            return column.bin.encode("base64")
        case _:
            return column


def json_text(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """The values as texts of JSON, null where they are null; decimals are exact numbers."""
    match kind:
        case pl.Decimal():
            return column.cast(pl.String)
        case pl.List(inner=pl.DataType() as inner) if needs_json_text(inner):
            elements = column.list.eval(json_text(pl.element(), inner).fill_null("null"))
            return pl.format("[{}]", elements.list.join(","))
        case pl.Array() if needs_json_text(kind):
            return json_text(column.arr.to_list(), _as_list(kind))
        case pl.Struct() if needs_json_text(kind):
            parts = members(column, kind)
            pieces = [member_text(f.name, json_text(*one)) for f, one in zip(kind.fields, parts, strict=True)]
            return pl.when(column.is_not_null()).then(object_text(pieces))
        case pl.Map() if needs_json_text(kind):
            key, value = pl.element().struct.field("key"), pl.element().struct.field("value")
            texts = json_text(key, _instance(kind.key)), json_text(value, _instance(kind.value)).fill_null("null")
            entries = column.map.entries().list.eval(pl.concat_str(texts, separator=":"))
            return pl.when(column.is_not_null()).then(object_text([entries.list.join(",")]))
        case _:
            whole = pl.struct(plain(column, kind).alias("v")).struct.json_encode()
            return pl.when(column.is_not_null()).then(whole.str.strip_prefix('{"v":').str.strip_suffix("}"))


def member_text(name: str, text: pl.Expr) -> pl.Expr:
    """A member of a JSON object, ``"name":text``; its text null becomes JSON's null."""
    return pl.concat_str(pl.lit(json.dumps(name, ensure_ascii=False) + ":"), text.fill_null("null"))


def object_text(texts: Sequence[pl.Expr]) -> pl.Expr:
    """A JSON object of the texts of its members."""
    return pl.concat_str(pl.lit("{"), pl.concat_str(texts, separator=","), pl.lit("}"))


def needs_json_text(kind: pl.DataType) -> bool:
    """Whether polars' JSON writer would not write the values as JSON should have them: decimals, and much in maps."""
    match kind:
        case pl.List(inner=pl.DataType() as inner) | pl.Array(inner=pl.DataType() as inner):
            return needs_json_text(inner)
        case pl.Struct():
            return any(needs_json_text(_instance(field.dtype)) for field in kind.fields)
        case pl.Map():
            return needs_json_text(_instance(kind.value)) or not _is_plain(_instance(kind.value))
        case _:
            return isinstance(kind, pl.Decimal)


def cell(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """The values as polars' CSV writer can write them; nested ones become JSON."""
    return json_text(column, kind) if kind.is_nested() else plain(column, kind)


def _is_plain(kind: pl.DataType) -> bool:
    match kind:
        case pl.List(inner=pl.DataType() as inner) | pl.Array(inner=pl.DataType() as inner):
            return _is_plain(inner)
        case pl.Struct():
            return all(_is_plain(_instance(field.dtype)) for field in kind.fields)
        case _:
            return not isinstance(kind, pl.Datetime | pl.Time | pl.Duration | pl.Binary)


def _struct(parts: Sequence[pl.Expr], kind: pl.Struct) -> pl.Expr:
    numbered = pl.struct([part.alias(str(i)) for i, part in enumerate(parts)])
    return numbered.struct.rename_fields([field.name for field in kind.fields])


def _as_list(kind: pl.Array) -> pl.List:
    """A list of arrays of one less dimension is what ``arr.to_list`` makes."""
    return pl.List(kind.inner)


def _instance(kind: "PolarsDataType") -> pl.DataType:
    return cast("pl.DataType", kind)  # the types of stored columns are always instances
