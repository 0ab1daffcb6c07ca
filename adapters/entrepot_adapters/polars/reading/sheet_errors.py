"""Finds the cells of a workbook that are read as null though they are not blank, as its reader does not tell.

They hold errors such as ``#DIV/0!``, or formulas for which the program that wrote them stored no value.
"""

import html
import re
from collections.abc import Iterator
from typing import IO

import msgspec

from entrepot_adapters.polars.reading.sheet_parts import attributes, cells_of

_MARK = b't="e"'
"""What stands in every cell with an error; sought first, as that is quick."""

_KNOWN = (b"</f><v>", b"/><v>")
"""What stands between a formula and its value; counted first, too."""

_CELL = re.compile(rb'<(?:\w+:)?c\b([^>]*\st="e"[^>]*)>(?:\s*<(?:\w+:)?f\b[^<]*(?:</[^>]*>)?)?\s*<(?:\w+:)?v>([^<]*)<')

_UNKNOWN = re.compile(
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</[^>]*>)\s*"
    rb"(?:(<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</[^>]*>)\s*)?</(?:\w+:)?c>"
)
"""A formula and the end of its cell, with nothing between them but an empty value."""


class ErrorCell(msgspec.Struct, frozen=True):
    """A cell that holds an error.

    Attributes:
        place: Where it is, such as ``B3``.
        text: The error, such as ``#N/A``.
    """

    place: str
    text: str


class OddCells(msgspec.Struct, frozen=True):
    """The cells of a sheet that are read as null though they are not blank.

    Attributes:
        errors: Those with errors, row by row.
        unknown: How many hold a formula without a stored value.
        first_unknown: Where the first of these is.
    """

    errors: tuple[ErrorCell, ...]
    unknown: int
    first_unknown: str


def odd_cells(file: IO[bytes], sheet: str) -> OddCells:
    """Look through the XML of one sheet of an ``.xlsx`` file."""
    errors: list[ErrorCell] = []
    unknown, first = 0, ""
    for cells in cells_of(file, sheet):
        errors += _errors(cells) if _MARK in cells else ()
        for place in () if _are_known(cells) else _unknown(cells):
            unknown, first = unknown + 1, first or place
    return OddCells(tuple(errors), unknown, first)


def _errors(cells: bytes) -> Iterator[ErrorCell]:
    for match in _CELL.finditer(cells):
        yield ErrorCell(_place(match[1]), html.unescape(match[2].decode()))


def _are_known(cells: bytes) -> bool:
    """Whether it is plain that each formula has a value."""
    if b"</c>" not in cells:  # names of elements have a prefix
        return False
    left = cells.count(b"<f")
    for mark in _KNOWN:
        left -= cells.count(mark) if left else 0
    return not left and (b"<f" not in cells or b"<v></v>" not in cells)


def _unknown(cells: bytes) -> Iterator[str]:
    """Where the formulas without values are; an empty text is a value."""
    for match in _UNKNOWN.finditer(cells):
        tag = cells[cells.rfind(b"<", 0, match.start()) : match.start()]
        if match[1] is None or b't="str"' not in tag:
            yield _place(tag)


def _place(tag: bytes) -> str:
    return attributes(tag.decode()).get("r", "?")
