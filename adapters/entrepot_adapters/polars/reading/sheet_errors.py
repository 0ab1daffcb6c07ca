"""Finds the cells of a workbook that hold errors such as ``#DIV/0!``, of which its reader makes blank cells."""

import html
import posixpath
import re
import zlib
from collections.abc import Iterator
from typing import IO
from zipfile import BadZipFile, ZipFile

from attrs import frozen

_CHUNK = 1 << 20
_LONGEST = 1 << 16
"""More bytes than one cell with a formula and an error has."""

_MARK = b't="e"'
"""What stands in every such cell; sought first, as that is quick."""

_CELL = re.compile(rb'<(?:\w+:)?c\b([^>]*\st="e"[^>]*)>(?:\s*<(?:\w+:)?f\b[^<]*(?:</[^>]*>)?)?\s*<(?:\w+:)?v>([^<]*)<')
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@frozen
class ErrorCell:
    """A cell that holds an error.

    Attributes:
        place: Where it is, such as ``B3``.
        text: The error, such as ``#N/A``.
    """

    place: str
    text: str


def error_cells(file: IO[bytes], sheet: str) -> Iterator[ErrorCell]:
    """The cells with errors of one sheet of an ``.xlsx`` file, row by row."""
    try:
        with ZipFile(file) as archive:
            part = _part(archive, sheet)
            if part in archive.namelist():
                with archive.open(part) as cells:
                    yield from _found(cells)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError):
        return  # the workbook's reader was content with it


def _found(cells: IO[bytes]) -> Iterator[ErrorCell]:
    held = b""
    while chunk := cells.read(_CHUNK):
        held += chunk
        end = 0
        for match in _CELL.finditer(held) if _MARK in held else ():
            end = match.end()
            yield ErrorCell(_attributes(match[1].decode()).get("r", "?"), html.unescape(match[2].decode()))
        held = held[max(end, len(held) - _LONGEST) :]


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
    return [_attributes(match[1]) for match in re.finditer(rf"<(?:\w+:)?{tag}\s([^>]*)>", text)]


def _attributes(text: str) -> dict[str, str]:
    return {name: html.unescape(double or single) for name, double, single in _ATTRIBUTE.findall(text)}
