"""JSON that comes from outside: decoded so that whatever is sent is one kind of error."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar, cast

import msgspec

_Value = TypeVar("_Value")

MOST_LEVELS = 64
"""How deep a value that is stored may be nested, the object or list itself included."""

_TRUNCATED = "Input data was truncated"


class TooDeep(msgspec.DecodeError):
    """It is nested too deeply for the parser."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("it is nested too deeply")


def decode_json(text: bytes | str | msgspec.Raw, kind: type[_Value]) -> _Value:
    """Decode JSON that comes from outside.

    >>> decode_json("[" * 100_000, list[int])
    Traceback (most recent call last):
    ...
    entrepot_core.json_text.TooDeep: it is nested too deeply

    Args:
        text: What was sent, whatever it is.
        kind: What it is to be.

    Raises:
        msgspec.DecodeError: It is empty, no JSON, no UTF-8, nested too deeply (``TooDeep``), or of another kind.
    """
    try:
        return msgspec.json.decode(text, type=kind)
    except RecursionError as error:
        raise TooDeep from error
    except UnicodeEncodeError as error:
        message = "half a character stands in it, which no UTF-8 has"
        raise msgspec.DecodeError(message) from error
    except UnicodeDecodeError as error:  # which counts from where a text within begins
        raise msgspec.DecodeError(_why_no_text(text)) from error
    except msgspec.DecodeError as error:
        if str(error) != _TRUNCATED:
            raise
        raise msgspec.DecodeError(_why_truncated(text)) from error


def _why_no_text(text: bytes | str | msgspec.Raw) -> str:
    sent = text.encode() if isinstance(text, str) else bytes(text)
    try:
        sent.decode()
    except UnicodeDecodeError as error:
        return f"it is not UTF-8: its byte {error.start}, counted from 0, is 0x{sent[error.start]:02x}"
    return "it is not UTF-8"


def _why_truncated(text: bytes | str | msgspec.Raw) -> str:
    """What is wrong with JSON that the parser takes for cut off: it says so of half a character near an end too."""
    sent = text if isinstance(text, str) else bytes(text)
    if not sent.strip():
        return "it is empty"
    try:
        json.loads(sent)
    except (ValueError, RecursionError):
        return "it ends before it is complete"
    return r"half a character stands in a text, as \ud800"


def check_keys(text: bytes | str | msgspec.Raw, *, inside: bool = True) -> None:
    """Insist that no key stands twice in an object: of two, some readers take this one and some that one.

    Args:
        text: JSON that was decoded.
        inside: Whether objects within it are looked at too.

    Raises:
        msgspec.DecodeError: One does; it is named.
    """
    sent = text if isinstance(text, str) else bytes(text)
    try:
        # A number stays its text: one of thousands of digits would be refused.
        found = json.loads(sent, object_pairs_hook=_once if inside else _Pairs, parse_int=str, parse_float=str)
    except RecursionError as error:
        raise TooDeep from error
    if isinstance(found, _Pairs):
        _once(found)


class _Pairs(list[tuple[str, object]]):
    """The keys and values of an object, which is not mistaken for a list."""


def _once(pairs: list[tuple[str, object]]) -> None:
    keys = set[str]()
    for key, _ in pairs:
        if key in keys:
            message = f"the key {key[:100]!r} stands twice in one object"
            raise msgspec.DecodeError(message)
        keys.add(key)


def is_deeper(value: object, levels: int = MOST_LEVELS) -> bool:
    """Whether a value has more objects and lists within each other than ``levels``.

    >>> is_deeper([[1]], 2), is_deeper([[[]]], 2)
    (False, True)
    """
    level, within = 0, list(_holders([value]))
    while within:
        level += 1
        if level > levels:
            return True
        within = list(_holders(one for holder in within for one in _members(holder)))
    return False


def _holders(values: Iterable[object]) -> Iterator[list[object] | dict[str, object]]:
    return (cast("list[object] | dict[str, object]", one) for one in values if isinstance(one, list | dict))


def _members(holder: list[object] | dict[str, object]) -> Iterable[Any]:
    return holder.values() if isinstance(holder, dict) else holder
