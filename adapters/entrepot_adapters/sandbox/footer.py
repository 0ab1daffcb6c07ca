"""Reads what a Parquet file says of itself, as far as its rows and columns, without a library.

What wrote the file is not trusted, and polars, which is, takes half a second to import. So this is as small as can be:
the beginning of the footer, in Thrift's compact form, and every number in it held to a bound.
"""

import os
from collections.abc import Iterator
from typing import NamedTuple

from entrepot_adapters.parquet.compact import BYTE, FALSE, INT, LIST, LONG, SHORT, STRUCT, TEXT, TRUE, Compact

_MARK = b"PAR1"
_TAIL = 8
_MOST_BYTES = 1 << 24
"""Of the footer, from its beginning: columns and rows stand before what grows with the rows."""
_MOST_COLUMNS = 1 << 20
_MOST_FIELDS = 32
_DEEPEST = 4


class Footer(NamedTuple):
    """What a Parquet file says of itself.

    Attributes:
        rows: How many rows it has.
        columns: The names of its columns, those within others left out.
    """

    rows: int
    columns: list[bytes]


def read_footer(file: int) -> Footer:
    """Read the footer of a file, whatever stands in it.

    Args:
        file: Its descriptor.

    Raises:
        ValueError: It is no Parquet file.
        OSError: It can't be read.
    """
    size = os.fstat(file).st_size
    tail = os.pread(file, _TAIL, max(0, size - _TAIL))
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != _MARK or length > size - _TAIL - len(_MARK):
        raise ValueError("it has no footer")
    try:
        return _footer(_Bounded(os.pread(file, min(length, _MOST_BYTES), size - _TAIL - length)))
    except IndexError:
        raise ValueError("its footer ends too early") from None


def _footer(data: "_Bounded") -> Footer:
    columns: list[bytes] | None = None
    for field, kind in data.fields():
        if (field, kind) == (2, LIST):
            columns = _columns(data)
        elif (field, kind) == (3, LONG) and columns is not None:
            return Footer(data.whole(), columns)
        else:
            data.skip(kind)
    raise ValueError("its footer says no rows")


def _columns(data: "_Bounded") -> list[bytes]:
    names: list[bytes] = []
    _, top = _element(data, data.length())
    within = 0
    while len(names) < top or within:
        name, children = _element(data, STRUCT)
        if within:
            within -= 1
        else:
            names.append(name)
        within += children
    return names


def _element(data: "_Bounded", kind: int) -> tuple[bytes, int]:
    """The name of a column, and how many columns it has within."""
    name, children = b"", 0
    if kind != STRUCT:
        raise ValueError("its columns are none")
    for field, of in data.fields():
        if (field, of) == (4, TEXT):
            name = data.text()
        elif (field, of) == (5, INT):
            children = data.whole()
        else:
            data.skip(of)
    if not 0 <= children <= _MOST_COLUMNS:
        raise ValueError("a column has no such number of others within")
    return name, children


class _Bounded(Compact):
    """Fields of structs, as few and as flat as they are in a footer."""

    def length(self) -> int:
        """The head of a list: how many there are is passed over, their kind is given."""
        head = self.byte()
        if head >> 4 == 0xF:  # noqa: PLR2004 - so many that their number stands behind
            self.number()
        return head & 0xF

    def fields(self) -> Iterator[tuple[int, int]]:
        """The number and kind of each field of a struct, whose value is to be taken before the next is asked for."""
        number = 0
        while head := self.byte():
            step = head >> 4
            if not step or number + step > _MOST_FIELDS:
                raise ValueError("its footer has a field that nobody knows")
            number += step
            yield number, head & 0xF

    def skip(self, kind: int, depth: int = 0) -> None:
        """Pass over a value."""
        if kind == STRUCT and depth < _DEEPEST:
            for _, inner in self.fields():
                self.skip(inner, depth + 1)
        elif kind == BYTE:
            self.byte()
        elif kind in {SHORT, INT, LONG}:
            self.number()
        elif kind == TEXT:
            self.text()
        elif kind not in {TRUE, FALSE}:
            raise ValueError("its footer holds what does not belong there")
