"""Opens the XML of a workbook's sheets, for what its reader does not tell."""

import html
import posixpath
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import reduce
from typing import IO, NamedTuple
from zipfile import BadZipFile, ZipFile

_CHUNK = 1 << 20
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")

_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\b[^>]*\sref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")
_LONGEST_CELL = 1 << 16
"""More bytes than one cell with a formula and an error has."""

_LONGEST = 1 << 10
"""More bytes than it takes to say which cells are merged."""


def chunks_of(file: IO[bytes], sheet: str) -> Iterator[bytes]:
    """The XML of one sheet of an ``.xlsx`` file, in pieces; none where it can't be found or read."""
    with suppress(BadZipFile, zlib.error, EOFError, NotImplementedError), ZipFile(file) as archive:
        # the workbook's reader was content with it
        part = _part(archive, sheet)
        if part in archive.namelist():
            with archive.open(part) as cells:
                while chunk := cells.read(_CHUNK):
                    yield chunk


class Merged(NamedTuple):
    """Cells that are merged into one: the numbers of their first and last row and column, from 0."""

    top: int
    bottom: int
    left: int
    right: int


def merged_cells(file: IO[bytes], sheet: str) -> Iterator[Merged]:
    """The cells that are merged on a sheet of a workbook."""
    held = b""
    for chunk in chunks_of(file, sheet):
        held += chunk
        end = 0
        for found in _MERGED.finditer(held):
            left, top, right, bottom = found.groups()
            yield Merged(int(top) - 1, int(bottom) - 1, column_number(left) - 1, column_number(right) - 1)
            end = found.end()
        held = held[max(end, len(held) - _LONGEST) :]


def cells_of(file: IO[bytes], sheet: str) -> Iterator[bytes]:
    """The XML of one sheet of an ``.xlsx`` file, in pieces that end where a cell does."""
    held = b""
    for chunk in chunks_of(file, sheet):
        held += chunk
        ends = (held.rfind(mark) + len(mark) for mark in (b"</c>", b":c>") if mark in held)
        end = next(ends, max(0, len(held) - _LONGEST_CELL))
        yield held[:end]
        held = held[end:]
    yield held


def is_merged(file: IO[bytes], sheet: str, row: int, least: int) -> bool:
    """Whether so many cells of a row, or more, are merged into one.

    Args:
        file: The workbook.
        sheet: The sheet's name.
        row: The row's number, from 0.
        least: How many cells.
    """
    found = merged_cells(file, sheet)
    return any(cells.top == cells.bottom == row and cells.right - cells.left + 1 >= least for cells in found)


def rows_merged(file: IO[bytes], sheet: str, row: int) -> int:
    """How many rows belong together from one on, as some of its cells are merged with those below."""
    return max((cells.bottom - row + 1 for cells in merged_cells(file, sheet) if cells.top == row), default=1)


def column_number(column: bytes) -> int:
    """The number of a column by its letters."""
    return reduce(lambda number, letter: number * 26 + letter - ord("A") + 1, column, 0)


def attributes(text: str) -> dict[str, str]:
    """The attributes of an element."""
    return {name: html.unescape(double or single) for name, double, single in _ATTRIBUTE.findall(text)}


def _part(archive: ZipFile, sheet: str) -> str:
    """The name, within the archive, of the part that holds a sheet; empty if it is not found."""
    book = _elements(archive, "xl/workbook.xml", "sheet")
    relation = next((one.get("r:id") for one in book if one.get("name") == sheet), None)
    relations = _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    target = next((one.get("Target", "") for one in relations if one.get("Id") == relation), "")
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _elements(archive: ZipFile, part: str, tag: str) -> list[dict[str, str]]:
    """The attributes of a part's elements of one name."""
    if part not in archive.namelist():
        return []
    text = archive.read(part).decode(errors="replace")
    return [attributes(match[1]) for match in re.finditer(rf"<(?:\w+:)?{tag}\s([^>]*)>", text)]
