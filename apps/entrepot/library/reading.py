"""Values of JSON as Python's own."""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypedDict

import msgspec

from entrepot_core.names import DatasetRef
from entrepot_core.ports.operations import Operations
from entrepot_core.rows.query import RowQuery
from entrepot_core.schema import ROW_ID, FieldType, Schema

_PYTHON: dict[str, object] = {
    FieldType.BOOLEAN: bool | None,
    FieldType.INTEGER: int | None,
    FieldType.NUMBER: float | None,
    FieldType.STRING: str | None,
    FieldType.DATE: date | None,
    FieldType.DATETIME: datetime | None,
    FieldType.TIME: time | None,
    FieldType.DURATION: timedelta | None,
    FieldType.BINARY: bytes | None,
    FieldType.JSON: Any,
}
_FRACTIONS = {FieldType.NUMBER, FieldType.JSON}
_TO_THE_NANOSECOND = {FieldType.DATETIME, FieldType.TIME, FieldType.DURATION}
_TEMPORAL = {*_TO_THE_NANOSECOND, FieldType.DATE}
_NANOSECONDS = re.compile(r"\.\d{6}\d{0,2}[1-9]0{0,2}[ZS]?\Z")
_MAYBE_NANOSECONDS = re.compile(rb'\.\d{6}\d{0,2}[1-9]0{0,2}[ZS]?"')
_DECODE_EXACT = msgspec.json.Decoder(float_hook=Decimal).decode

Types = Mapping[str, str]
"""Column to type."""


def python_rows(rows: bytes, types: Types, decimals: AbstractSet[str] = frozenset()) -> list[dict[str, Any]]:
    """Rows, encoded as a JSON array, with Python's own values.

    What Python has no value for, as a date in the year 12,000, leaves the dates and times of all of them as text.
    A column in which one of them has nanoseconds, which Python's times lack, is text in all of them.

    Args:
        rows: The rows.
        types: Column to type.
        decimals: The columns whose fractions are decimals, also those within lists and objects.
    """
    exact = [name for name in decimals if types.get(name) == FieldType.JSON]
    fields: dict[str, Any] = {ROW_ID: int, **{name: _PYTHON.get(kind, Any) for name, kind in types.items()}}
    fields |= {name: Decimal | None for name in decimals if types.get(name) == FieldType.NUMBER}
    raw = dict.fromkeys(exact, msgspec.Raw)
    fields |= raw | dict.fromkeys(_with_nanoseconds(rows, types), Any)
    texts = {name: Any for name, kind in types.items() if kind in _TEMPORAL}
    found = _decoded(rows, (fields, {**fields, **texts}, dict.fromkeys(fields, Any) | raw))
    for name in exact:
        for row in found:
            if name in row:
                row[name] = _DECODE_EXACT(row[name])
    return found


def python_values(values: Sequence[bytes], kind: str, *, is_decimal: bool = False) -> list[Any]:
    """The values of a column, each encoded as JSON, as Python's own."""
    rows = b",".join(b'{"value":%s}' % value for value in values)
    decimals = frozenset(["value"] if is_decimal else [])
    return [row["value"] for row in python_rows(b"[%s]" % rows, {"value": kind}, decimals)]


def decimals_of(operations: Operations, ref: DatasetRef, version: int, schema: Schema) -> frozenset[str]:
    """The columns of a version whose fractions are decimals, which only pages of rows tell."""
    if not any(field.type in _FRACTIONS for field in schema.fields):
        return frozenset()
    page = operations.read_rows(ref, RowQuery(limit=1, count="none"), version)
    return frozenset(column.name for column in page.columns if column.decimal)


def _decoded(rows: bytes, attempts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows by the first types that all values fit; the last of these have to."""
    *others, last = attempts
    for fields in others:
        try:
            return _decode(rows, fields)
        except msgspec.ValidationError:
            continue
    return _decode(rows, last)


def _decode(rows: bytes, fields: dict[str, Any]) -> list[dict[str, Any]]:
    return decode_objects(rows, fields, strict=False)


def decode_objects(objects: bytes, fields: dict[str, Any], *, strict: bool = True) -> list[dict[str, Any]]:
    """Decode a JSON array of objects whose members are of some types; others are left out.

    Args:
        objects: The array.
        fields: Member to type.
        strict: Whether texts of numbers and the like are refused where these are to be.

    Raises:
        msgspec.ValidationError: A member is of another type.
    """
    msgspec.json.encode(list(fields))  # has Python keep the names' UTF-8: msgspec leaves out members without that
    kind: Any = TypedDict("kind", fields, total=False)  # type: ignore[misc]  # the fields are the data's
    found: list[dict[str, Any]] = msgspec.json.decode(objects, type=list[kind], strict=strict)
    return found


def _with_nanoseconds(rows: bytes, types: Types) -> Iterator[str]:
    """The columns of times in which some value has nanoseconds, of which Python would lose digits."""
    names = [name for name, kind in types.items() if kind in _TO_THE_NANOSECOND]
    if not names or not _MAYBE_NANOSECONDS.search(rows):
        return
    found = msgspec.json.decode(rows, type=list[dict[str, Any]])
    for name in names:
        if any(isinstance(text := row.get(name), str) and _NANOSECONDS.search(text) for row in found):
            yield name
