"""Reads tables of flatbuffers, the form in which Arrow says what its messages and columns are.

A field that is not there has its default, as in every flatbuffer; what is damaged is a ``ValueError``, an
``IndexError`` or a ``struct.error``. What a buffer refers to again and again is counted each time: a small one could
be read for hours.
"""

import struct
from collections.abc import Iterator

from entrepot_core.errors import MalformedInput

_OFFSET = struct.Struct("<I")
_BACK = struct.Struct("<i")
_ENTRY = struct.Struct("<H")
_SHARED = 16
"""How many times the size of a buffer may be read from it: what writes Arrow has few parts stand for several."""
_SPARE = 4096


class _Budget:
    """How many bytes may still be read of a buffer, those that are read twice counted twice."""

    def __init__(self, size: int) -> None:
        self._left = _SHARED * size + _SPARE

    def spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise MalformedInput(reason="its Arrow metadata is not sound: the same parts stand in it again and again")


class FlatTable:
    """One table of a flatbuffer, its fields by their numbers.

    Attributes:
        place: Where it begins.
    """

    def __init__(self, data: bytes, place: int | None = None, budget: _Budget | None = None) -> None:
        """Begin at a place, by default where the buffer's root is.

        Raises:
            MalformedInput: As every method that reads: more is read than a sound buffer of this size has.
        """
        self._data = data
        self._budget = _Budget(len(data)) if budget is None else budget
        self.place: int = _OFFSET.unpack_from(data, 0)[0] if place is None else place
        self._entries: int = self.place - _BACK.unpack_from(data, self.place)[0]
        self._size: int = _ENTRY.unpack_from(data, self._entries)[0]
        self._budget.spend(self._size + self._length())

    def number(self, field: int, form: str, default: int = 0) -> int:
        """A number, in the form that ``struct`` calls it by."""
        place = self.find(field)
        return default if place is None else int(struct.unpack_from(form, self._data, place)[0])

    def table(self, field: int) -> "FlatTable | None":
        """A table within, if there is one."""
        place = self.find(field)
        return None if place is None else self._at(place)

    def text(self, field: int) -> str:
        """A text; empty where there is none."""
        place = self.find(field)
        if place is None:
            return ""
        start, length = self._vector(place)
        self._budget.spend(length)
        return self._data[start : start + length].decode()

    def count(self, field: int) -> int:
        """How many items a list has."""
        place = self.find(field)
        return 0 if place is None else self._vector(place)[1]

    def tables(self, field: int) -> Iterator["FlatTable"]:
        """The tables of a list."""
        place = self.find(field)
        if place is None:
            return
        start, length = self._vector(place)
        self._budget.spend(length * _OFFSET.size)
        for number in range(length):
            yield self._at(start + number * _OFFSET.size)

    def records(self, field: int, form: str) -> Iterator[tuple[int, ...]]:
        """The records of a list, each of numbers in the form that ``struct`` calls them by."""
        place = self.find(field)
        if place is None:
            return
        start, length = self._vector(place)
        size = struct.calcsize(form)
        self._budget.spend(length * size)
        for number in range(length):
            yield struct.unpack_from(form, self._data, start + number * size)

    def plain(self) -> tuple[bytes, bytes]:
        """What says where its fields are, and these, of a table that refers to no other."""
        entries = self._data[self._entries : self._entries + self._size]
        return entries, self._data[self.place : self.place + self._length()]

    def find(self, field: int) -> int | None:
        """Where a field is, if it is there."""
        entry = 4 + 2 * field
        offset: int = _ENTRY.unpack_from(self._data, self._entries + entry)[0] if entry < self._size else 0
        return self.place + offset if offset else None

    def _at(self, place: int) -> "FlatTable":
        return FlatTable(self._data, self._follow(place), self._budget)

    def _length(self) -> int:
        length: int = _ENTRY.unpack_from(self._data, self._entries + _ENTRY.size)[0]
        return length

    def _follow(self, place: int) -> int:
        offset: int = _OFFSET.unpack_from(self._data, place)[0]
        return place + offset

    def _vector(self, place: int) -> tuple[int, int]:
        """Where the items of a list or text begin, and how many there are."""
        start = self._follow(place)
        length: int = _OFFSET.unpack_from(self._data, start)[0]
        return start + _OFFSET.size, length
