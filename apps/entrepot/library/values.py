"""Python's values as JSON and as the texts of filters."""

import math
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import cast

import msgspec

from entrepot_core.errors import MalformedInput

INFINITE = "JSON has no infinities; leave the cell empty, or give a polars or pandas frame"
_DAY = 86_400
_MISSING = {"NaTType", "NAType"}
"""The types of what pandas puts where a value is missing."""


def json_value(value: object) -> object:  # noqa: PLR0911 - a line for each kind
    """What stands for a Python value in JSON: dates, times and durations in ISO 8601, binary in base64.

    What JSON has nothing for stays as it is, and is refused where it is taken in.

    Raises:
        RecursionError: It holds itself.
        TypeError: It is a number of numpy that is none of Python's.
        ValueError: Several keys of a mapping are the same text.
    """
    if value is None or type(value) in {str, bool, int}:
        return value
    if isinstance(value, str | Decimal | int | float):
        return _single(value)
    if type(value).__name__ in _MISSING:
        return None
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return msgspec.to_builtins(bytes(value))
    if isinstance(value, Mapping):
        return _members(cast("Mapping[object, object]", value))
    item = getattr(value, "item", None)  # numpy's scalars
    if callable(item) and not getattr(value, "shape", None):
        return _of_numpy(value, item())
    return [json_value(one) for one in cast("Iterable[object]", value)] if isinstance(value, Iterable) else value


def _single(value: str | Decimal | float) -> str | Decimal | float:
    """A text or number as Python has it, for one of numpy or a member of an enumeration."""
    if isinstance(value, str):
        return _text_of(value)
    if isinstance(value, Decimal):
        return value if value.is_finite() else math.nan if value.is_nan() else float(value)
    return int(value) if isinstance(value, int) else float(value)


def _of_numpy(value: object, plain: object) -> object:
    """What stands for a scalar of numpy, given what numpy says that it is in Python."""
    if type(plain) is type(value):
        raise TypeError(f"numpy's {type(value).__name__} is no number of Python")
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind == "M" and isinstance(plain, int):  # nanoseconds, which Python's datetimes lack, or far years
        return str(value)
    if kind == "m" and isinstance(plain, int):
        unit = str(value).rpartition(" ")[2]
        if unit != "nanoseconds":
            raise TypeError(f"numpy's timedelta64 of {unit} is no duration of Python")
        return _iso_duration(plain)
    return json_value(plain)


def _duration(value: timedelta) -> str:
    if type(value) is timedelta:
        return cast("str", msgspec.to_builtins(value))
    microseconds = (value.days * _DAY + value.seconds) * 10**6 + value.microseconds
    return _iso_duration(microseconds * 1000 + int(getattr(value, "nanoseconds", 0)))  # which pandas' have


def _iso_duration(nanoseconds: int) -> str:
    """A duration in ISO 8601, as msgspec writes those of Python."""
    seconds, fraction = divmod(abs(nanoseconds), 10**9)
    days, seconds = divmod(seconds, _DAY)
    sign, of_days = "-" * (nanoseconds < 0), f"{days}D" * (days > 0)
    if not seconds and not fraction:
        return f"{sign}P{days}D"
    digits = f"{seconds}.{fraction:09}".rstrip("0").rstrip(".") if fraction else str(seconds)
    return f"{sign}P{of_days}T{digits}S"


def _members(value: "Mapping[object, object]") -> dict[str, object]:
    found: dict[str, object] = {}
    for key, one in value.items():
        name = key if type(key) is str else _text_of(key)
        if name in found:
            raise ValueError(f"several keys are {name!r} as text")
        found[name] = json_value(one)
    return found


def _text_of(key: object) -> str:
    return str.__str__(key) if isinstance(key, str) else str(key)


def json_row(row: object, number: int | None = None) -> dict[str, object]:
    """A row as JSON has it, for a dict of columns and Python's values.

    Args:
        row: The dict.
        number: The row's number, for errors.

    Raises:
        MalformedInput: A value holds itself, or what JSON has nothing for, or several columns have one name.
        TypeError: It is no dict.
    """
    if not isinstance(row, Mapping):
        raise TypeError(f"{row!r:.100} is no row; give a dict of columns and values")
    found: dict[str, object] = {}
    for key, value in cast("Mapping[object, object]", row).items():
        name = key if type(key) is str else _text_of(key)
        if name in found:
            raise MalformedInput(reason="several keys of the dict are the same text", row=number, column=name)
        try:
            found[name] = plain = json_value(value)
            is_infinite = isinstance(plain, dict | list) and _holds_infinity(plain)
        except RecursionError as error:
            reason = "the value holds itself, or is nested too deep; give text"
            raise MalformedInput(reason=reason, row=number, column=name) from error
        except (TypeError, ValueError, OverflowError) as error:
            reason = f"JSON has nothing for a value ({error}); give text"
            raise MalformedInput(reason=reason, row=number, column=name) from error
        if is_infinite:
            raise MalformedInput(reason=INFINITE, row=number, column=name)
    return found


def _holds_infinity(plain: object) -> bool:
    """Whether a value, as JSON has it, is an infinity or has one within."""
    if isinstance(plain, dict):
        return any(map(_holds_infinity, plain.values()))
    if isinstance(plain, list):
        return any(map(_holds_infinity, plain))
    return isinstance(plain, float) and math.isinf(plain)


def text_value(value: object) -> str | None:
    """What stands for a Python value in a filter's text; nothing for what is no single value."""
    plain = value if isinstance(value, Decimal) else json_value(value)
    if isinstance(plain, bool):
        return str(plain).lower()
    if isinstance(plain, Decimal):
        return format(plain, "f") if plain.is_finite() else str(plain)
    return plain if isinstance(plain, str) else repr(plain) if isinstance(plain, int | float) else None
