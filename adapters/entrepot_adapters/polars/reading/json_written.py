"""Numbers of JSON as they are written, for columns that are to be text."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Self


class Written(float):
    """A number with a point or an exponent, and how it is written: floats lose digits, and ``1.10`` its zero."""

    text: str

    def __new__(cls, text: str) -> Self:
        """Take it as JSON's parser finds it."""
        made = super().__new__(cls, text)
        made.text = text
        return made


def settled(values: Mapping[str, Sequence[Any]], texts: Collection[str]) -> dict[str, Sequence[Any]]:
    """Values by member, as texts those of some members, the others with floats."""
    return {name: list(map(_text if name in texts else _float, some)) for name, some in values.items()}


def _text(value: Any) -> str | None:  # noqa: ANN401 - any value of JSON
    return value if value is None or isinstance(value, str) else _json(value)


class _Piece(str):
    """A part of a text that is JSON already."""

    __slots__ = ()


def _json(value: Any) -> str:  # noqa: ANN401 - any value of JSON
    """JSON without spaces, in which numbers are written as they were; however deep, in no deeper stack."""
    pieces: list[str] = []
    left: list[Any] = [value]
    while left:
        match left.pop():
            case _Piece() as piece:
                pieces.append(piece)
            case dict() as members:
                parts = [(_Piece(f",{json.dumps(name, ensure_ascii=False)}:"), one) for name, one in members.items()]
                left += [_Piece("}"), *_reversed([part for pair in parts for part in pair]), _Piece("{")]
            case list() as items:
                left += [_Piece("]"), *_reversed([part for one in items for part in (_Piece(","), one)]), _Piece("[")]
            case Written() as number:
                pieces.append(number.text)
            case other:
                pieces.append(json.dumps(other, ensure_ascii=False))
    return "".join(pieces)


def _reversed(parts: list[Any]) -> list[Any]:
    """Parts of a list or an object, the last first, without the comma before the first."""
    return [*reversed(parts[1:]), _Piece(parts[0][1:])] if parts else []


def _float(value: Any) -> Any:  # noqa: ANN401 - any value of JSON
    """The same value, with floats for the numbers in it."""
    whole = [value]
    left: list[Any] = [whole]
    while left:
        inner = left.pop()
        for place, one in list(inner.items() if isinstance(inner, dict) else enumerate(inner)):
            if isinstance(one, Written):
                inner[place] = float(one)
            elif isinstance(one, dict | list):
                left.append(one)
    return whole[0]
