"""Reads tables of flatbuffers, the form in which Arrow says what its messages and columns are.

A field that is not there has its default, as in every flatbuffer; what is damaged is a ``ValueError``, an
``IndexError`` or a ``struct.error``.
"""

import struct
from collections.abc import Iterator

_OFFSET = struct.Struct("<I")
_BACK = struct.Struct("<i")
_ENTRY = struct.Struct("<H")


class FlatTable:
    """One table of a flatbuffer, its fields by their numbers."""

    def __init__(self, data: bytes, place: int | None = None) -> None:
        """Begin at a place, by default where the buffer's root is."""
        self._data = data
        self._place = _OFFSET.unpack_from(data, 0)[0] if place is None else place
        self._entries: int = self._place - _BACK.unpack_from(data, self._place)[0]
        self._size: int = _ENTRY.unpack_from(data, self._entries)[0]

    def number(self, field: int, form: str, default: int = 0) -> int:
        """A number, in the form that ``struct`` calls it by."""
        place = self._find(field)
        return default if place is None else int(struct.unpack_from(form, self._data, place)[0])

    def table(self, field: int) -> "FlatTable | None":
        """A table within, if there is one."""
        place = self._find(field)
        return None if place is None else FlatTable(self._data, self._follow(place))

    def text(self, field: int) -> str:
        """A text; empty where there is none."""
        place = self._find(field)
        if place is None:
            return ""
        start, length = self._vector(place)
        return self._data[start : start + length].decode()

    def tables(self, field: int) -> Iterator["FlatTable"]:
        """The tables of a list."""
        place = self._find(field)
        if place is None:
            return
        start, length = self._vector(place)
        for number in range(length):
            yield FlatTable(self._data, self._follow(start + number * _OFFSET.size))

    def _find(self, field: int) -> int | None:
        entry = 4 + 2 * field
        offset: int = _ENTRY.unpack_from(self._data, self._entries + entry)[0] if entry < self._size else 0
        return self._place + offset if offset else None

    def _follow(self, place: int) -> int:
        offset: int = _OFFSET.unpack_from(self._data, place)[0]
        return place + offset

    def _vector(self, place: int) -> tuple[int, int]:
        """Where the items of a list or text begin, and how many there are."""
        start = self._follow(place)
        length: int = _OFFSET.unpack_from(self._data, start)[0]
        return start + _OFFSET.size, length
