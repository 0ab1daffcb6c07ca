"""Single values of a table: what stands for them in a filter's text or in JSON, by the type of their column.

Dates are days, times and durations nanoseconds, datetimes ``Moment``s: nothing is lost of what a column can hold.
"""

import base64
import binascii
import math
import re
from decimal import Decimal
from typing import TypeVar

from entrepot_core.changes import is_text
from entrepot_core.rows.times import Moment, days, duration, moment, time_of_day
from entrepot_core.schema import FieldType

Value = bool | int | Decimal | str | bytes | Moment
"""One value. Integers are also days (dates) and nanoseconds (times, durations); decimals are numbers."""

_EXACT_FLOAT = 2**53
_LONGEST_NUMBER = 400
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?|[+-]?inf(?:inity)?", re.IGNORECASE)
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}

_WANTED = {
    FieldType.BOOLEAN: "true or false",
    FieldType.INTEGER: "a whole number",
    FieldType.NUMBER: "a number, as 10.5 or 1e-3",
    FieldType.STRING: "a text",
    FieldType.DATE: "a date, as 2026-01-31",
    FieldType.DATETIME: "a date with a time, as 2026-01-31T12:00:00 or with Z at the end",
    FieldType.TIME: "a time, as 12:00:00",
    FieldType.DURATION: "a duration, as P1DT2H30M",
    FieldType.BINARY: "bytes in base64",
    FieldType.JSON: "a text",
}

_T = TypeVar("_T")


def from_text(kind: FieldType, text: str) -> Value:
    """The value of a type that a text stands for.

    >>> from_text(FieldType.DATE, "1970-01-02"), from_text(FieldType.NUMBER, "1e3")
    (1, Decimal('1E+3'))

    Raises:
        ValueError: It is none; the message says what to give.
    """
    found = _read(kind, text)
    if found is None:
        raise _refusal(kind)
    return found


def from_json(kind: FieldType, value: object) -> object:
    """The value of a type that a JSON value stands for, null for null; of the type ``json`` the JSON value itself.

    A NaN, which JSON does not have, is null too, as frames mean it and JSON's writers write it.

    >>> from_json(FieldType.INTEGER, 3.0), from_json(FieldType.DATE, "1970-01-02"), from_json(FieldType.TIME, None)
    (3, 1, None)

    Raises:
        ValueError: It is none; the message says what to give.
    """
    if value is None or kind is FieldType.JSON:
        return value
    if kind.is_numeric:
        return _json_number(kind, value)
    if kind is FieldType.BOOLEAN:
        return _insist(kind, value, bool)
    text = _insist(kind, value, str)
    if not is_text(text):
        message = "NUL and half characters can't be stored"
        raise ValueError(message)
    return from_text(kind, text)


def _read(kind: FieldType, text: str) -> Value | None:  # noqa: PLR0911 - a line for each type
    match kind:
        case FieldType.STRING | FieldType.JSON:
            return text if is_text(text) else None
        case FieldType.BOOLEAN:
            return _TRUTHS.get(text.lower())
        case FieldType.INTEGER:
            return int(text) if re.fullmatch(r"[+-]?[0-9]{1,400}", text, re.ASCII) else None
        case FieldType.NUMBER:
            return number(text)
        case FieldType.DATE:
            return days(text)
        case FieldType.DATETIME:
            return moment(text)
        case FieldType.TIME:
            return time_of_day(text)
        case FieldType.DURATION:
            return duration(text)
        case FieldType.BINARY:
            return _binary(text)


def number(text: str) -> Decimal | None:
    """The number that a text stands for, exactly; infinities are numbers here, NaN is not."""
    return Decimal(text) if len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text) else None


def _binary(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _json_number(kind: FieldType, value: object) -> int | Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _refusal(kind)
    if not isinstance(value, int):
        if math.isnan(value):
            return None
        if value.is_infinite() if isinstance(value, Decimal) else math.isinf(value):
            raise _refusal(kind)
    if kind is FieldType.NUMBER:
        return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if isinstance(value, int):
        return value
    if not -_EXACT_FLOAT <= value <= _EXACT_FLOAT or value != int(value):
        raise _refusal(kind)
    return int(value)


def _insist(kind: FieldType, value: object, wanted: type[_T]) -> _T:
    if not isinstance(value, wanted):
        raise _refusal(kind)
    return value


def _refusal(kind: FieldType) -> ValueError:
    return ValueError(f"give {_WANTED[kind]}")
