"""What stands at the end of a text: notes below its table that have as many cells as rows, and a row of totals."""

from collections.abc import Sequence
from typing import IO

import msgspec

from entrepot_adapters.polars.reading.dialect import Dialect
from entrepot_adapters.polars.reading.sniffing.cells import STRICT, Kind, kind_of
from entrepot_adapters.polars.reading.sniffing.layout import Layout
from entrepot_adapters.polars.reading.sniffing.naming import kinds_of
from entrepot_adapters.polars.reading.sniffing.sample import Row
from entrepot_adapters.polars.reading.tolerant.cells import Splitter
from entrepot_adapters.polars.reading.totals import is_label

_TAIL = 1 << 13
_MOST_LINES = 50
_WIDE = 3
"""Columns from which on a row that has a first cell alone is a note, if it stands below a blank one."""
_SUMS = 2


class Ending(msgspec.Struct, frozen=True):
    """The end of a text.

    Attributes:
        below: The lines that stand below the table, though they have as many cells as its rows.
        may_be_total: Whether the last row may hold totals.
    """

    below: tuple[bytes, ...] = ()
    may_be_total: bool = False


class _Line(msgspec.Struct, frozen=True):
    """A line near the end.

    Attributes:
        text: It.
        first: Its first cell.
        others: Its other cells.
        is_row: Whether it has as many as a row.
    """

    text: bytes
    first: str
    others: tuple[str, ...]
    is_row: bool

    @property
    def is_lone(self) -> bool:
        """Whether it holds no more than a first cell."""
        return not any(self.others)

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing."""
        return self.is_lone and not self.first

    def is_odd(self, kind: Kind | None) -> bool:
        """Whether its first cell is none of a column of numbers, dates or the like."""
        return kind in STRICT and kind_of(self.first) not in {kind, "nothing"}


def find_ending(file: IO[bytes], dialect: Dialect, layout: Layout, rows: Sequence[Row]) -> Ending:
    """Look at the last lines of a text.

    Args:
        file: The text, in UTF-8.
        dialect: How it is written.
        layout: How its table lies.
        rows: Its first rows.
    """
    lines = _last_lines(file, dialect, layout)
    body = [row for row in rows if row.line > layout.start and row.width >= layout.width]
    kind = kinds_of([row for row in body if any(row.cells[1:])][:-1], 1)[0]  # the last may be of totals
    notes: list[_Line] = []
    while lines and lines[-1].is_lone and (lines[-1].is_empty or kind not in STRICT or lines[-1].is_odd(kind)):
        notes.insert(0, lines.pop())
    if not lines or layout.width == 1:
        return Ending()
    known = {note.text.decode("utf-8", "replace") for note in notes}
    are_usual = any(row.cells[0] and not any(row.cells[1:]) and row.text not in known for row in body)
    below = notes if not are_usual and _are_notes(notes, kind, layout.width) else []
    last, above = lines[-1], lines[-2] if len(lines) > 1 else None
    if last.is_row and is_label(last.first) and last.is_odd(kind) and above is not None and above.is_empty:
        below = [above, last, *notes]
    may_be_total = last.is_row and last not in below and _may_be_total(last)
    return Ending(tuple(line.text for line in below if line.is_row), may_be_total)


def _are_notes(lines: Sequence[_Line], kind: Kind | None, width: int) -> bool:
    """Whether lines with no more than a first cell stand below a table, rather than being rows of it.

    They do below a blank one, and where they hold words but the first column numbers, dates or the like.
    """
    said = [line for line in lines if not line.is_empty]
    is_apart = width >= _WIDE and lines[0].is_empty if lines else False
    return any(line.is_row for line in said) and (is_apart or all(line.is_odd(kind) for line in said))


def _may_be_total(line: _Line) -> bool:
    """Whether a line has the label of totals, or none and several numbers."""
    cells = [cell for cell in (line.first, *line.others) if cell.strip()]
    is_bare = not line.first and len(cells) >= _SUMS and all(kind_of(cell) == "number" for cell in cells)
    return is_bare or is_label(next((cell for cell in cells if kind_of(cell) in {"text", "odd"}), ""))


def _last_lines(file: IO[bytes], dialect: Dialect, layout: Layout) -> list[_Line]:
    """Some last lines of a text, but for blank ones at its end."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    lines = file.read().rstrip(b"\r\n").splitlines()[layout.start if size <= _TAIL else 1 :]
    splitter, width = Splitter(dialect), layout.width + layout.spare
    return [_line(text, splitter, width) for text in lines[-_MOST_LINES:]]


def _line(text: bytes, splitter: Splitter, width: int) -> _Line:
    first, *others = (cell.decode("utf-8", "replace") if cell else "" for cell in splitter.split(text).cells)
    return _Line(text, first, tuple(others), len(others) + 1 == width)
