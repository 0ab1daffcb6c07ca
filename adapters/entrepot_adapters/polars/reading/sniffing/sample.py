"""The beginning of a text file, and its rows in some dialect."""

import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import IO, NamedTuple

import msgspec

from entrepot_adapters.polars.reading.dialect import Dialect
from entrepot_adapters.polars.reading.tolerant.cells import Splitter
from entrepot_adapters.polars.reading.tolerant.lines import blocks_of
from entrepot_adapters.polars.reading.tolerant.records import Records
from entrepot_core.limits import Limits

_HEAD = 1 << 16
_MOST = 1 << 21
_LINES = 16
"""So many lines tell where a table begins and whether its first row names its columns."""

_FEW = 4
_ROWS = 200

_DIRECTIVE = re.compile(r"sep=(.)(?=[\r\n]|$)")
"""What Excel goes by where the first line says nothing else: the delimiter."""


class Row(NamedTuple):
    """A row of the sample.

    Attributes:
        line: The line it begins on.
        text: The row as it stands.
        cells: Its cells; None where there is nothing, not even quotes.
        lines: How many lines it takes.
        is_sound: Whether all its quotes are as they should be.
    """

    line: int
    text: str
    cells: list[str | None]
    lines: int
    is_sound: bool = True

    @property
    def is_blank(self) -> bool:
        """Whether it holds nothing but white space, or names the delimiter to Excel."""
        return not self.text.strip() or (self.line == 1 and _DIRECTIVE.fullmatch(self.text.strip("\r\n")) is not None)

    @property
    def width(self) -> int:
        """How many cells it has."""
        return len(self.cells)

    @property
    def filled(self) -> list[str]:
        """The cells that hold something."""
        return [cell for cell in self.cells if cell and cell.strip()]

    @property
    def reach(self) -> int:
        """How many cells there are up to the last that holds something."""
        return max((place for place, cell in enumerate(self.cells, start=1) if cell and cell.strip()), default=0)

    @property
    def is_labelled(self) -> bool:
        """Whether its first cell is a label, with a colon behind it."""
        return (self.cells[0] or "").rstrip().endswith(":")


def _lines(content: bytes) -> int:
    return content.count(b"\n") or content.count(b"\r")


class _Rows:
    """Rows, read as far as they were asked for."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rest = rows
        self._known: list[Row] = []

    def first(self, count: int) -> list[Row]:
        self._known += islice(self._rest, max(0, count - len(self._known)))
        return self._known[:count]


class Sample(msgspec.Struct, frozen=True):
    """The first lines of a text file.

    Attributes:
        content: Their bytes, in UTF-8.
        limits: How long a cell may be.
        is_cut: Whether there is but one line, which goes on.
    """

    content: bytes
    limits: Limits
    is_cut: bool = False
    _read: dict[tuple[Dialect, int], _Rows] = msgspec.field(default_factory=dict)

    @classmethod
    def of(cls, file: IO[bytes], limits: Limits) -> "Sample":
        """Take whole lines from the beginning of a file; a part of its first line, where that has millions of bytes."""
        file.seek(0)
        content = file.read(_HEAD)
        while _lines(content) < _LINES and len(content) < _MOST and (more := file.read(_HEAD)):
            content += more
        if not file.read(1):
            return cls(content, limits)
        last = max(content.rfind(b"\n"), content[:-1].rfind(b"\r"))
        return cls(content[: last + 1] or content, limits, is_cut=last < 0)

    @property
    def short(self) -> "Sample":
        """No more of it than tells how it is written: whole lines if these are long, as a part of one may mislead."""
        end = 0
        for _ in range(_FEW):
            end = self.content.find(b"\n", end) + 1 or len(self.content)
        size = _HEAD if self.is_cut else max(end, _HEAD)
        return self if len(self.content) <= size else Sample(self.content[:size], self.limits)

    @property
    def text(self) -> str:
        """The lines as text."""
        return self.content.decode("utf-8-sig", "replace")

    @property
    def directed(self) -> str | None:
        """The delimiter that the first line names to Excel."""
        found = _DIRECTIVE.match(self.text)
        return found[1] if found else None

    def rows(self, dialect: Dialect, most: int = _ROWS, skipped: int = 0) -> list[Row]:
        """The first rows, after some lines, as a dialect has them."""
        read = self._read.get((dialect, skipped)) or _Rows(self._rows(dialect, skipped))
        self._read[dialect, skipped] = read
        return read.first(most)

    def _rows(self, dialect: Dialect, skipped: int) -> Iterator[Row]:
        blocks = blocks_of(io.BytesIO(self.content), self.limits, skipped)
        splitter = Splitter(dialect)
        for record in Records(blocks, splitter, self.limits):
            split = record.split or splitter.split(record.body)
            cells = [None if cell is None else cell.decode("utf-8", "replace") for cell in split.cells]
            text = record.body.decode("utf-8", "replace")
            yield Row(record.line + skipped, text, cells, max(1, len(record.text.splitlines())), split.is_sound)
