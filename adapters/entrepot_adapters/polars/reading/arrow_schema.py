"""What an Arrow schema says of its columns, read before polars does: polars ends in a panic on some of it.

The layout is that of ``Schema.fbs`` in Arrow's specification. Parquet that Arrow wrote holds such a schema, too.
"""

import base64
import struct
from collections.abc import Iterator
from os import SEEK_END
from typing import IO, Any

import msgspec
import polars as pl

from entrepot_adapters.polars.reading.flat_writing import Part, flat_table, number, text
from entrepot_adapters.polars.reading.flat_writing import table as written_table
from entrepot_adapters.polars.reading.flatbuffers import FlatTable
from entrepot_core.errors import LimitExceeded, MalformedInput
from entrepot_core.formats import Format
from entrepot_core.limits import Limits

FILE_MARK = b"ARROW1"
"""How an Arrow file begins, which a stream does not."""

INTEGER, DECIMAL, TIME, TIMESTAMP, LIST, FIXED_BINARY, FIXED_LIST, MAP, DURATION, LARGE_LIST = (
    2, 7, 9, 10, 12, 15, 16, 17, 18, 21,
)  # fmt: skip
INTERVAL, STRUCT, UNION, RUN_ENDS, LIST_VIEW, LARGE_LIST_VIEW = 11, 13, 14, 22, 25, 26

_PREFIX = struct.Struct("<II")
_TAIL = struct.Struct("<I6s")
_LONGEST = 1 << 28
_HEADER, _SCHEMA = 2, 1  # of the tables ``Message`` and ``Footer``
_ENDIANNESS, _FIELDS, _SCHEMA_METADATA = 0, 1, 2  # of the table ``Schema``
_NAME, _KIND, _TYPE, _DICTIONARY, _CHILDREN, _METADATA = 0, 2, 3, 4, 5, 6  # of the table ``Field``
_SECONDS, _MILLISECONDS, _NANOSECONDS = 0, 1, 3  # units, each a thousandth of the one before
_EXTENSION = "ARROW:extension:name"
_PARQUET_KEY = "ARROW:schema"
_DEEPEST = 64
_PARTS_OF_A_COLUMN = 64
"""How many parts columns may have on average, of the most that there may be."""


class ArrowDictionary(msgspec.Struct, frozen=True):
    """How the values of a column are stored as keys of a list of values.

    Attributes:
        number: That of the list; several columns may share one.
        bits: How many bits a key has.
        is_signed: Whether keys may be negative, which none is.
    """

    number: int
    bits: int = 32
    is_signed: bool = True


class ArrowField(msgspec.Struct, frozen=True):
    """A column, or a part of one.

    Attributes:
        name: What it is called.
        kind: The number of its type.
        type: What is said of its type, to be written anew.
        children: Its parts.
        dictionary: How its values are stored, where they are stored as keys.
        metadata: What else is said of it, by name.
        zone: The zone of a timestamp; empty where it has none.
        digits: How many digits a decimal may have; 0 for what is none.
        scale: How many digits of a decimal are fractions; 0 for what is none.
        bits: How many bits a decimal or a time has; 0 for what is neither.
        unit: Into how many parts seconds are divided in a time, a timestamp or a duration; 0 for what is none.
        width: How many bytes or items each value has, where that is part of the type.
    """

    name: str
    kind: int
    type: Part
    children: tuple["ArrowField", ...] = ()
    dictionary: ArrowDictionary | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    zone: str = ""
    digits: int = 0
    scale: int = 0
    bits: int = 0
    unit: int = 0
    width: int | None = None

    @property
    def extension(self) -> str:
        """The name of its extension type; empty where it has none."""
        return next((text for name, text in self.metadata if name == _EXTENSION), "")

    def within(self) -> Iterator["ArrowField"]:
        """Itself and all its parts."""
        yield self
        for child in self.children:
            yield from child.within()

    def has_keys(self) -> bool:
        """Whether its values, or some within, are stored as keys."""
        return any(part.dictionary is not None for part in self.within())


class ArrowSchema(msgspec.Struct, frozen=True):
    """The columns of a file, and whether the first byte of a number is the one that counts most."""

    fields: tuple[ArrowField, ...] = ()
    is_big_endian: bool = False

    def has_keys(self) -> bool:
        """Whether values of a column are stored as keys of a list of values."""
        return any(one.has_keys() for one in self.fields)


def read_schema(file: IO[bytes], kind: Format, limits: Limits) -> ArrowSchema:
    """The Arrow schema of a file; one without columns where it has none that can be read.

    Args:
        file: Parquet, an Arrow file or an Arrow stream.
        kind: Which of them.
        limits: How many columns there may be.

    Raises:
        LimitExceeded: There are more columns, or far more parts of columns.
        MalformedInput: A column is nested too deep, or a small file names the same parts again and again.
    """
    try:
        schema = _of_parquet(file) if kind is Format.PARQUET else _of_arrow(file)
        return ArrowSchema() if schema is None else _schema(schema, limits)
    except (struct.error, IndexError, ValueError, OSError):
        return ArrowSchema()  # polars says what is wrong with it


def _schema(schema: FlatTable, limits: Limits) -> ArrowSchema:
    limits.check_columns(schema.count(_FIELDS))
    _texts(schema, _SCHEMA_METADATA)  # which polars reads
    parts = _Parts(limits)
    fields = tuple(parts.field(one, 0) for one in schema.tables(_FIELDS))
    return ArrowSchema(fields, bool(schema.number(_ENDIANNESS, "<h")))


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
    return read_footer(file).table(_SCHEMA)


def read_footer(file: IO[bytes]) -> FlatTable:
    """What an Arrow file says at its end.

    Raises:
        IndexError: It is damaged, as for ``struct.error`` and ``ValueError``.
    """
    end = file.seek(-_TAIL.size, SEEK_END)
    size, _ = _TAIL.unpack(file.read(_TAIL.size))
    file.seek(max(0, end - size))
    return FlatTable(file.read(min(size, _LONGEST)))


class _Parts:
    """Reads columns and their parts, and counts them."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.columns * _PARTS_OF_A_COLUMN

    def field(self, table: FlatTable, depth: int) -> ArrowField:
        self._left -= 1
        if self._left < 0:
            raise LimitExceeded(limit="ENTREPOT_MAX_COLUMNS", allowed=self._limits.columns)
        if depth > _DEEPEST:
            raise MalformedInput(reason=f"lists and objects within more than {_DEEPEST} others can't be read")
        kind, of = table.number(_KIND, "<B"), table.table(_TYPE)
        return ArrowField(
            table.text(_NAME),
            kind,
            Part(b"") if of is None else _written(kind, of),
            tuple(self.field(child, depth + 1) for child in table.tables(_CHILDREN)),
            _dictionary(table.table(_DICTIONARY)),
            _texts(table, _METADATA),
            **({} if of is None else _details(kind, of)),
        )


def _details(kind: int, of: FlatTable) -> dict[str, Any]:
    if kind == TIMESTAMP:
        return {"zone": of.text(1), "unit": _unit(of, _SECONDS)}
    if kind == DURATION:
        return {"unit": _unit(of, _MILLISECONDS)}
    if kind == TIME:
        return {"unit": _unit(of, _MILLISECONDS), "bits": of.number(1, "<i", 32)}
    if kind == DECIMAL:
        return {"digits": of.number(0, "<i"), "scale": of.number(1, "<i"), "bits": of.number(2, "<i", 128)}
    return {"width": of.number(0, "<i")} if kind in {FIXED_BINARY, FIXED_LIST} else {}


def _unit(of: FlatTable, default: int) -> int:
    unit = of.number(0, "<h", default)
    if not _SECONDS <= unit <= _NANOSECONDS:
        raise ValueError(unit)
    return int(1000**unit)


def _written(kind: int, of: FlatTable) -> Part:
    if kind != TIMESTAMP:  # the only one that refers to something, but for unions
        return flat_table(*of.plain())
    zone = of.text(1)
    return written_table(number("<h", of.number(0, "<h")), text(zone) if zone else None)


def _dictionary(table: FlatTable | None) -> ArrowDictionary | None:
    if table is None:
        return None
    name, keys = table.number(0, "<q"), table.table(1)
    return ArrowDictionary(name, keys.number(0, "<i"), bool(keys.number(1, "<B"))) if keys else ArrowDictionary(name)


def _texts(table: FlatTable, field: int) -> tuple[tuple[str, str], ...]:
    return tuple((one.text(0), one.text(1)) for one in table.tables(field))
