"""Thrift's compact form, in which a Parquet file says what is in it: read without loss, and written again."""

from collections.abc import Iterator
from typing import cast

import msgspec

from entrepot_adapters.parquet.compact import (
    BYTE,
    DOUBLE,
    FALSE,
    INT,
    LIST,
    LONG,
    SET,
    SHORT,
    STRUCT,
    TEXT,
    TRUE,
    Compact,
)  # fmt: skip

_WHOLE = frozenset({SHORT, INT, LONG})
_DEEPEST = 32
_MANY = 15
_FARTHEST = 15


class Values(msgspec.Struct):
    """A list: the kind of its items, and those."""

    kind: int
    items: list["Value"]


Struct = dict[int, tuple[int, "Value"]]
"""A struct: the number of each field that is there, in order, to its kind and value."""

Value = int | bytes | Values | Struct
"""A value. A truth is its kind again, a double its eight bytes."""


def read_struct(data: bytes) -> Struct:
    """Read the struct that some bytes begin with.

    Raises:
        ValueError: They are no such thing.
    """
    try:
        return _Reader(data).struct(0)
    except IndexError:
        raise ValueError("it ends too early") from None


def write_struct(struct: Struct) -> bytes:
    """Write a struct."""
    out = bytearray()
    _write_struct(out, struct)
    return bytes(out)


class _Reader(Compact):
    """Whole structs."""

    def struct(self, depth: int) -> Struct:
        found: Struct = {}
        for number, kind in self._fields():
            if number in found:
                raise ValueError("it has a field twice")
            found[number] = (kind, kind if kind in {TRUE, FALSE} else self._value(kind, depth))
        return found

    def _fields(self) -> Iterator[tuple[int, int]]:
        number = 0
        while head := self.byte():
            step = head >> 4
            number = number + step if step else self.whole()
            yield number, head & 0xF

    def _value(self, kind: int, depth: int) -> Value:
        if kind in _WHOLE:
            return self.whole()
        if kind == TEXT:
            return self.text()
        if kind == STRUCT and depth < _DEEPEST:
            return self.struct(depth + 1)
        if kind in {LIST, SET} and depth < _DEEPEST:
            return self._list(depth + 1)
        if kind in {BYTE, TRUE, FALSE}:
            return self.byte()
        if kind == DOUBLE:
            return self.take(8)
        raise ValueError(f"it has a value of kind {kind}")

    def _list(self, depth: int) -> Values:
        head = self.byte()
        count = head >> 4 if head >> 4 < _MANY else self.number()
        kind = head & 0xF
        return Values(kind, [self._value(kind, depth) for _ in range(count)])


def _write_struct(out: bytearray, struct: Struct) -> None:
    before = 0
    for number, (kind, value) in struct.items():
        if 0 < number - before <= _FARTHEST:
            out.append((number - before) << 4 | kind)
        else:
            out.append(kind)
            _write_whole(out, number)
        before = number
        if kind not in {TRUE, FALSE}:
            _write(out, kind, value)
    out.append(0)


def _write(out: bytearray, kind: int, value: Value) -> None:
    if kind in _WHOLE:
        _write_whole(out, cast("int", value))
    elif kind == TEXT:
        _write_number(out, len(cast("bytes", value)))
        out += cast("bytes", value)
    elif kind == STRUCT:
        _write_struct(out, cast("Struct", value))
    elif kind in {LIST, SET}:
        _write_list(out, cast("Values", value))
    elif kind == DOUBLE:
        out += cast("bytes", value)
    else:
        out.append(cast("int", value))


def _write_list(out: bytearray, values: Values) -> None:
    count = len(values.items)
    out.append(min(count, _MANY) << 4 | values.kind)
    if count >= _MANY:
        _write_number(out, count)
    for item in values.items:
        _write(out, values.kind, item)


def _write_whole(out: bytearray, number: int) -> None:
    _write_number(out, (number << 1) ^ (number >> 63))


def _write_number(out: bytearray, number: int) -> None:
    while number > 0x7F:  # noqa: PLR2004 - what fits into the seven bits of a byte
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
