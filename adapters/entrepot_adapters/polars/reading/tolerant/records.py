"""The rows of a delimited file as it stands: each of one line, or of several where line ends stand in quotes."""

from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from entrepot_adapters.polars.reading.tolerant.cells import Split, Splitter
from entrepot_adapters.polars.reading.tolerant.quick import Quick
from entrepot_core.limits import Limits

_LINES_TO_JUDGE = 1000
_SHARE_OF_ROWS = 0.9
_LINES_TO_RETRY = 100
_LINES_AT_ONCE = 1000


class Record(NamedTuple):
    """A row of the file.

    Attributes:
        line: The line it begins on.
        text: Its bytes, with its line end.
        split: Its cells, where it has been split already.
        row: The row as polars reads it, where it is surely sound.
        rows: How many rows of one line these are; more than one only where all are surely sound.
    """

    line: int
    text: bytes
    split: Split | None
    row: bytes | None = None
    rows: int = 1

    @property
    def body(self) -> bytes:
        """Its bytes without its line end."""
        return without_end(self.text)


def without_end(text: bytes) -> bytes:
    """A line without its end."""
    if text.endswith(b"\n"):
        text = text[:-1]
    return text.removesuffix(b"\r")


class Records:
    """Puts lines together to rows.

    A quote that opens holds the lines up to the one where it closes together. Where there is none, or what comes of
    it is no sound row, the quote is taken for a part of its cell, and the row ends with its line.
    """

    def __init__(
        self,
        blocks: Iterator[bytes],
        splitter: Splitter,
        limits: Limits,
        width: int | None = None,
        quick: Quick | None = None,
    ) -> None:
        """Begin with the first line.

        Args:
            blocks: The lines, with their ends, some at a time.
            splitter: Splits rows.
            limits: How long a cell may be.
            width: How many cells rows have, if that is known.
            quick: Takes rows that are surely sound.
        """
        self._blocks = blocks
        self._splitter = splitter
        self._limits = limits
        self._width = width
        self._quick = quick or Quick()
        self._ahead: deque[bytes] = deque()
        self._open_until = 0

    def __iter__(self) -> Iterator[Record]:
        ahead, splitter, row_of = self._ahead, self._splitter, self._quick.row
        number = 1
        while True:
            while not ahead and (block := next(self._blocks, None)) is not None:
                if rows := self._quick.rows(block):
                    yield Record(number, block, None, block, rows)
                    number += rows
                else:
                    ahead.extend(block.splitlines(keepends=True))
            if not ahead:
                return
            line = ahead.popleft()
            row = row_of(line)
            if row is not None or splitter.is_simple(line):
                yield Record(number, line, None, row)
                number += 1
            else:
                record, lines = self._record(number, line)
                yield record
                number += lines

    def _record(self, number: int, line: bytes) -> tuple[Record, int]:
        split = self._splitter.split(without_end(line))
        first = Record(number, line, split)
        text, lines = line, 1
        while split.unclosed is not None or self._splitter.continues(without_end(text)):
            more = self._rest(number + lines - 1, split.unclosed is not None)
            if more is None:
                self._put_back(text[len(first.text) :].splitlines(keepends=True))
                return first, 1
            text += b"".join(more)
            lines += len(more)
            split = self._splitter.split(without_end(text))
        if lines > 1 and not self._is_sound(split):
            self._open_until = number + lines - _LINES_TO_RETRY  # or each of very many would be read to the end anew
            self._put_back(text[len(first.text) :].splitlines(keepends=True))
            return first, 1
        return Record(number, text, split, self._quick.row(text) if lines > 1 else None), lines

    def _is_sound(self, split: Split) -> bool:
        return split.is_sound and (self._width is None or len(split.cells) <= self._width)

    def _put_back(self, lines: list[bytes]) -> None:
        """Read lines again before those that are still to be read."""
        if len(lines) < _LINES_AT_ONCE:
            self._ahead.extendleft(reversed(lines))
            return
        lines += self._ahead
        self._ahead.clear()
        pieces = (b"".join(lines[at : at + _LINES_AT_ONCE]) for at in range(0, len(lines), _LINES_AT_ONCE))
        self._blocks = chain(list(pieces), self._blocks)

    def _rest(self, number: int, is_quoted: bool) -> list[bytes] | None:  # noqa: FBT001 - asked for by its value
        """The lines up to the one that closes a quote open in line ``number``; None, and none taken, if none does."""
        if not is_quoted:
            line = self._next()
            return None if line is None else [line]
        if number < self._open_until:
            return None
        taken: list[bytes] = []
        size = 0
        while size <= self._limits.cell_bytes and (line := self._next()) is not None:
            taken.append(line)
            size += len(line)
            if self._splitter.closes(without_end(line)):
                return taken
        self._open_until = number + len(taken)
        if size > self._limits.cell_bytes and not self._are_rows(taken):
            self._limits.check_cell(size)
        self._put_back(taken)
        return None

    def _are_rows(self, lines: list[bytes]) -> bool:
        """Whether lines within quotes look like rows that should stand outside."""
        if self._width is None or self._width == 1:
            return False
        some = lines[:_LINES_TO_JUDGE]
        rows = sum(len(self._splitter.split(without_end(line)).cells) == self._width for line in some)
        return rows >= _SHARE_OF_ROWS * len(some)

    def _next(self) -> bytes | None:
        while not self._ahead and (block := next(self._blocks, None)) is not None:
            self._ahead.extend(block.splitlines(keepends=True))
        return self._ahead.popleft() if self._ahead else None
