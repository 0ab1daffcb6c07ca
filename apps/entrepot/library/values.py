"""Single values between Python, JSON and the texts of filters."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypedDict, cast

import msgspec

from entrepot_core.schema import ROW_ID, FieldType

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
_MISSING = {"NaTType", "NAType"}
"""The types of what pandas puts where a value is missing."""


def python_rows(rows: bytes, types: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows, encoded as a JSON array, with Python's own values.

    What Python has no value for, as a date in the year 12,000, leaves the dates and times of all of them as text.

    Args:
        rows: The rows.
        types: Column to type.
    """
    fields = {ROW_ID: int, **{name: _PYTHON.get(kind, Any) for name, kind in types.items()}}
    row: Any = TypedDict("row", fields, total=False)  # type: ignore[misc]  # the fields are the data's
    try:
        found: list[dict[str, Any]] = msgspec.json.decode(rows, type=list[row], strict=False)
    except msgspec.ValidationError:
        found = msgspec.json.decode(rows, type=list[dict[str, Any]])
    return found


def python_value(value: bytes, kind: str) -> object:
    """One value, encoded as JSON, as Python's own."""
    return python_rows(b'[{"value":%s}]' % value, {"value": kind})[0]["value"]


def json_value(value: object) -> object:  # noqa: PLR0911 - a line for each kind
    """What stands for a Python value in JSON: dates, times and durations in ISO 8601, binary in base64.

    What JSON has nothing for stays as it is, and is refused where it is taken in.
    """
    if value is None or isinstance(value, str | Decimal) or type(value) in {bool, int}:
        return value
    if isinstance(value, int | float):  # numpy's floats are floats
        return float(value) if isinstance(value, float) else int(value)
    if type(value).__name__ in _MISSING:
        return None
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview | timedelta):
        return msgspec.to_builtins(value)
    if isinstance(value, Mapping):
        return {name: json_value(one) for name, one in cast("Mapping[object, object]", value).items()}
    item = getattr(value, "item", None)  # numpy's scalars
    if callable(item) and not getattr(value, "shape", None):
        return json_value(item())
    return [json_value(one) for one in cast("Iterable[object]", value)] if isinstance(value, Iterable) else value


def json_row(row: object) -> dict[str, object]:
    """A row as JSON has it, for a dict of columns and Python's values.

    Raises:
        TypeError: It is no dict.
    """
    if not isinstance(row, Mapping):
        raise TypeError(f"{row!r:.100} is no row; give a dict of columns and values")
    return {str(name): json_value(value) for name, value in cast("Mapping[object, object]", row).items()}


def text_value(value: object) -> str | None:
    """What stands for a Python value in a filter's text; nothing for what is no single value."""
    plain = json_value(value)
    if isinstance(plain, bool):
        return str(plain).lower()
    if isinstance(plain, Decimal):
        return format(plain, "f") if plain.is_finite() else str(plain)
    return plain if isinstance(plain, str) else repr(plain) if isinstance(plain, int | float) else None
