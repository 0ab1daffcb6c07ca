"""Finds the cells of a workbook that hold errors such as ``#DIV/0!``, of which its reader makes blank cells."""

import html
import re
from collections.abc import Iterator
from typing import IO

from attrs import frozen

from entrepot_adapters.polars.reading.sheet_parts import attributes, chunks_of

_LONGEST = 1 << 16
"""More bytes than one cell with a formula and an error has."""

_MARK = b't="e"'
"""What stands in every such cell; sought first, as that is quick."""

_CELL = re.compile(rb'<(?:\w+:)?c\b([^>]*\st="e"[^>]*)>(?:\s*<(?:\w+:)?f\b[^<]*(?:</[^>]*>)?)?\s*<(?:\w+:)?v>([^<]*)<')


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
    held = b""
    for chunk in chunks_of(file, sheet):
        held += chunk
        end = 0
        for match in _CELL.finditer(held) if _MARK in held else ():
            end = match.end()
            yield ErrorCell(attributes(match[1].decode()).get("r", "?"), html.unescape(match[2].decode()))
        held = held[max(end, len(held) - _LONGEST) :]
