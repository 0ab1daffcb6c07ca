"""Edits of rows on their way to a server, and what it answers."""

import math
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

import httpx
import msgspec
from attrs import frozen

from entrepot_adapters.http.answers import decode
from entrepot_core.errors import CellError, InvalidRows, ServerFailed
from entrepot_core.rows.edits import Row, shown
from entrepot_core.rows.views import RowsChanged

_JSON = msgspec.json.Encoder(decimal_format="number")
_MOST_BITS = 10_000
"""Of whole numbers that can be written as text: Python refuses those of more than 4,300 digits."""

_TAG = re.compile(r'"[0-9a-f-]{36}-([0-9]+)-([0-9]+)(?:\.[0-9a-f]+)?(?:-[a-z-]+)?"')


@frozen
class Seen:
    """The state of a dataset that an answer is about."""

    revision: int
    version: int


class _Changed(msgspec.Struct, frozen=True):
    version: int
    ids: tuple[int, ...]


def body_of(rows: Sequence[Row]) -> bytes:
    """Rows as JSON.

    Raises:
        InvalidRows: A value is none that JSON has.
    """
    errors = list(_errors(rows))
    if errors:
        raise InvalidRows(errors=errors)
    return _JSON.encode(rows)


def changed(response: httpx.Response) -> RowsChanged:
    """What an edit made, as a server tells it."""
    made = decode(response, _Changed)
    return RowsChanged(made.version, seen(response).revision, made.ids)


def seen(response: httpx.Response) -> Seen:
    """The dataset's state, by the entity tag of an answer.

    Raises:
        ServerFailed: It has none of this API.
    """
    found = _TAG.fullmatch(response.headers.get("etag", ""))
    if found is None:
        raise ServerFailed(answered=response.status_code, reason="the answer is not one of this API (it has no ETag)")
    return Seen(int(found[1]), int(found[2]))


def _errors(rows: Sequence[Row]) -> Iterator[CellError]:
    for place, row in enumerate(rows, 1):
        for name, value in row.items():
            reason = _reason(name, value)
            if reason is not None:
                column = name.encode("utf-8", "backslashreplace").decode()
                yield CellError(row=place, column=column[:200], value=shown(value), detail=reason)


def _reason(name: str, value: object) -> str | None:
    """Why a value, or the name it has, can't be sent."""
    if (isinstance(value, float) and math.isinf(value)) or (isinstance(value, Decimal) and not value.is_finite()):
        return "JSON has no such number"
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return "give a number of fewer digits, which a column can hold"
    if value is None or (isinstance(value, bool | int | float | Decimal) and name.isascii()):
        return None
    try:
        _JSON.encode((name, value))
    except UnicodeEncodeError:
        return "NUL and half characters can't be stored"
    except (TypeError, ValueError, RecursionError):
        return "give a value that JSON has; dates and times in ISO 8601, binary in base64"
    return None
