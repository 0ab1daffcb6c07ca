"""Rows in a request's body: JSON, read strictly and within limits."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn, cast

import msgspec

from entrepot.http.exchange import AnyRequest
from entrepot.http.merging import PATCHES
from entrepot.http.problems import BodyTooLarge, InvalidRequest, UnsupportedMediaType
from entrepot.http.responses import JSON
from entrepot.http.uploads import fault_of, read_body
from entrepot_core.errors import CellError, InvalidRows, MalformedInput
from entrepot_core.json_text import MOST_LEVELS, TooDeep, decode_json, is_deeper
from entrepot_core.rows.edits import Row, shown
from entrepot_core.schema import ROW_ID

MOST_BYTES = 32 << 20
"""What a body of rows may have; a larger table comes as a file."""

MOST_ROWS = 100_000
MOST_HOLDERS = 2_000_000
"""How many objects and lists it may have: a body of empty ones takes thirty times its size in memory."""

_MOST_DIGITS = 4_000
_TOO_DEEP = f"a value is nested more than {MOST_LEVELS} levels deep"
_ADVICE = f"Send a JSON object, or a list of them, as {JSON}; a whole file replaces the dataset by PUT"


async def rows_body(request: AnyRequest) -> bytes:
    """The body of a request that carries rows; empty where there is none.

    Raises:
        UnsupportedMediaType: It is said to be something else than JSON.
        BodyTooLarge: It has more than 32 MiB.
    """
    media_type = request.content_type[0].lower()
    if media_type and media_type not in PATCHES:
        raise UnsupportedMediaType(reason=f"Rows can't be taken as {media_type}. {_ADVICE}.")
    return await read_body(request, MOST_BYTES)


def read_rows(body: bytes) -> list[Row]:
    """The rows of a body: an object, or a list of objects.

    Raises:
        InvalidRequest: It is no JSON, a key stands twice in an object, or it is no object.
        MalformedInput: It is nested too deeply.
        BodyTooLarge: There are more than 100,000.
    """
    if body.count(b"{") + body.count(b"[") > MOST_HOLDERS:
        raise BodyTooLarge(allowed=MOST_HOLDERS, unit="objects and lists")
    value = _decode(body)
    rows = cast("list[object]", value if isinstance(value, list) else [value])
    if len(rows) > MOST_ROWS:
        raise BodyTooLarge(allowed=MOST_ROWS, unit="rows")
    return [_row(place, row) for place, row in enumerate(rows, 1)]


def read_row(body: bytes, number: int) -> Row:
    """One row, whose number the URL says.

    Raises:
        InvalidRequest: It is not one object; or see ``read_rows``.
        InvalidRows: It says another number.
    """
    rows = read_rows(body)
    if len(rows) != 1:
        raise InvalidRequest(reason="Send one object with the row's columns.")
    row = rows[0]
    if row.get(ROW_ID, number) != number:
        detail = f"the URL says {number}; leave it out"
        raise InvalidRows(errors=[CellError(row=1, column=ROW_ID, value=shown(row[ROW_ID]), detail=detail)])
    return {**row, ROW_ID: number}


def read_numbers(body: bytes) -> list[int]:
    """A list of rows' numbers.

    Raises:
        InvalidRequest: It is none.
    """
    _check_text(body)
    try:
        return decode_json(body, list[int])
    except msgspec.MsgspecError as error:
        raise InvalidRequest(reason=f"Send a JSON list of rows' numbers, as [1, 2] ({error}).") from error


def _row(place: int, value: object) -> Row:
    if not isinstance(value, dict):
        raise InvalidRequest(reason=f"Row {place} is no JSON object of columns and their values.")
    row = cast("dict[str, Any]", value)
    if is_deeper(row):
        raise MalformedInput(reason=_TOO_DEEP, row=place)
    return row


def _decode(body: bytes) -> object:
    """JSON in which nothing is doubtful. It is parsed twice: one parser is strict, the other sees keys twice."""
    _check_text(body)
    try:
        decode_json(body, msgspec.Raw)
        text = body.decode()
        return json.loads(text, object_pairs_hook=_once, parse_int=_whole, parse_float=_number, parse_constant=_refuse)
    except (RecursionError, TooDeep) as error:
        raise MalformedInput(reason=_TOO_DEEP) from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise InvalidRequest(reason=f"This JSON can't be read: {error}.") from error


def _check_text(body: bytes) -> None:
    fault = fault_of(body)
    if fault is not None:
        raise InvalidRequest(reason=f"This JSON can't be read: {fault}.")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            message = f"the key {name[:100]!r} stands twice in an object"
            raise ValueError(message)
        found[name] = value
    return found


def _whole(text: str) -> int | Decimal:
    """A whole number; of so many digits that Python makes no ``int`` of them, a decimal, which no column can hold."""
    return int(text) if len(text) <= _MOST_DIGITS else Decimal(text)


def _number(text: str) -> float | Decimal:
    """A number with a point or an exponent: as a float where that is exactly it, for most columns hold those."""
    number = float(text)
    try:
        exact = Decimal(text)
    except InvalidOperation:
        message = f"{text[:50]} has an exponent that no number can have"
        raise ValueError(message) from None
    return number if Decimal(repr(number)) == exact else exact


def _refuse(text: str) -> NoReturn:
    message = f"{text} is no JSON"
    raise ValueError(message)
