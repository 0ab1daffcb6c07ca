"""What an Arrow schema says of its columns, read before polars does: polars ends in a panic on some of it.

The layout is that of ``Schema.fbs`` in Arrow's specification. Parquet that Arrow wrote holds such a schema, too.
"""

import base64
import struct
from collections.abc import Iterator
from itertools import count
from os import SEEK_END
from typing import IO

import polars as pl
from attrs import frozen

from entrepot_adapters.polars.reading.flatbuffers import FlatTable
from entrepot_core.formats import Format

FILE_MARK = b"ARROW1"
"""How an Arrow file begins, which a stream does not."""

DECIMAL, TIMESTAMP = 7, 10
INTERVAL, STRUCT, UNION, RUN_ENDS, LIST_VIEW, LARGE_LIST_VIEW = 11, 13, 14, 22, 25, 26

_PREFIX = struct.Struct("<II")
_TAIL = struct.Struct("<I6s")
_LONGEST = 1 << 28
_HEADER, _SCHEMA, _FIELDS = 2, 1, 1  # of the tables ``Message``, ``Footer`` and ``Schema``
_NAME, _KIND, _TYPE, _CHILDREN, _METADATA = 0, 2, 3, 5, 6  # of the table ``Field``
_EXTENSION = "ARROW:extension:name"
_PARQUET_KEY = "ARROW:schema"
_DEEPEST = 64
_MOST = 1 << 20


@frozen
class ArrowField:
    """A column, or a part of one.

    Attributes:
        name: What it is called.
        kind: The number of its type.
        children: Its parts.
        extension: The name of its extension type; empty where it has none.
        zone: The zone of a timestamp; empty where it has none.
        digits: How many digits a decimal may have.
        bits: How many bits a decimal has.
    """

    name: str
    kind: int
    children: tuple["ArrowField", ...] = ()
    extension: str = ""
    zone: str = ""
    digits: int = 0
    bits: int = 0

    def within(self) -> Iterator["ArrowField"]:
        """Itself and all its parts."""
        yield self
        for child in self.children:
            yield from child.within()


def read_fields(file: IO[bytes], kind: Format) -> tuple[ArrowField, ...]:
    """The columns that a file's Arrow schema names; none where it has no schema that can be read.

    Args:
        file: Parquet, an Arrow file or an Arrow stream.
        kind: Which of them.
    """
    try:
        schema = _of_parquet(file) if kind is Format.PARQUET else _of_arrow(file)
        numbers = count()
        return tuple(_field(one, numbers, 0) for one in schema.tables(_FIELDS)) if schema else ()
    except (struct.error, IndexError, ValueError, OSError):
        return ()  # polars says what is wrong with it


def _of_parquet(file: IO[bytes]) -> FlatTable | None:
    file.seek(0)
    message = base64.b64decode(pl.read_parquet_metadata(file).get(_PARQUET_KEY, ""))
    return FlatTable(message[_PREFIX.size :]).table(_HEADER) if message else None


def _of_arrow(file: IO[bytes]) -> FlatTable | None:
    file.seek(0)
    if file.read(len(FILE_MARK)) == FILE_MARK:
        return _of_footer(file)
    file.seek(0)
    _, size = _PREFIX.unpack(file.read(_PREFIX.size))
    return FlatTable(file.read(min(size, _LONGEST))).table(_HEADER)


def _of_footer(file: IO[bytes]) -> FlatTable | None:
    """The schema of an Arrow file, which may begin with none, but always ends with one."""
    end = file.seek(-_TAIL.size, SEEK_END)
    size, _ = _TAIL.unpack(file.read(_TAIL.size))
    file.seek(max(0, end - size))
    return FlatTable(file.read(min(size, _LONGEST))).table(_SCHEMA)


def _field(table: FlatTable, numbers: Iterator[int], depth: int) -> ArrowField:
    if depth > _DEEPEST or next(numbers) > _MOST:
        raise ValueError("no schema has so many columns")
    kind, of = table.number(_KIND, "<B"), table.table(_TYPE)
    is_decimal = of is not None and kind == DECIMAL
    return ArrowField(
        table.text(_NAME),
        kind,
        tuple(_field(child, numbers, depth + 1) for child in table.tables(_CHILDREN)),
        extension=next((one.text(1) for one in table.tables(_METADATA) if one.text(0) == _EXTENSION), ""),
        zone=of.text(1) if of is not None and kind == TIMESTAMP else "",
        digits=of.number(0, "<i") if of is not None and is_decimal else 0,
        bits=of.number(2, "<i", 128) if of is not None and is_decimal else 0,
    )
