"""Judges rows one by one: which are sound, and which can be mended by a clear rule."""

from collections.abc import Iterable, Iterator
from itertools import islice, takewhile

from msgspec.structs import replace

from entrepot_adapters.polars.reading.dialect import Dialect
from entrepot_adapters.polars.reading.sniffing.cells import Kind, kind_of
from entrepot_adapters.polars.reading.sniffing.naming import Kinds
from entrepot_adapters.polars.reading.tolerant.cells import Cell, Cells, Split, Splitter
from entrepot_adapters.polars.reading.tolerant.faults import Fault, Verdict, shown
from entrepot_adapters.polars.reading.tolerant.records import Record
from entrepot_core.limits import Limits

_OTHERS = (",", ";", "\t", "|")
_MOST_JOINED = 10
_LEAST_COLUMNS = 3
"""Columns from which on another delimiter that gives just as many cells is no accident."""


class Mender:
    """Judges the rows of a table.

    Attributes:
        dialect: How the file is written.
        width: How many columns there are.
        kinds: What their values are.
        limits: How long a cell may be.
        splitter: Splits rows.
    """

    def __init__(self, dialect: Dialect, width: int, kinds: Kinds, limits: Limits) -> None:
        """Get ready for the rows of a table."""
        self.dialect = dialect
        self.width = width
        self.kinds = kinds
        self.limits = limits
        self.splitter = Splitter(dialect)
        others = [mark for mark in _OTHERS if mark not in {dialect.delimiter, dialect.quote}]
        is_sure = width >= _LEAST_COLUMNS and dialect.escape not in _OTHERS
        self._others = [
            Splitter(replace(dialect, delimiter=mark, collapses=False, trims=False)) for mark in others if is_sure
        ]

    def is_blank(self, record: Record) -> bool:
        """Whether a row of nothing but white space is no row of blank cells either, which tabs or spaces delimit."""
        return self.splitter.delimiter not in record.text or len(self.split(record).cells) != self.width

    def split(self, record: Record) -> Split:
        """The cells of a row as it stands.

        Raises:
            LimitExceeded: One of them is too long.
        """
        split = record.split or self.splitter.split(record.body)
        if split.strays and len(split.cells) < self.width:
            split = self._without_false_start(record, split)
        if len(record.text) > self.limits.cell_bytes:
            self.limits.check_cell(max(len(cell or b"") for cell in split.cells))
        return split

    def _without_false_start(self, record: Record, split: Split) -> Split:
        """The row in which a quote that opens one cell and closes in another is no quote, if that makes it fit."""
        others = (self.splitter.split(record.body, {number}) for number in split.strays)
        return next((other for other in others if len(other.cells) == self.width), split)

    def judge(self, record: Record, split: Split) -> Verdict:
        """Say what is wrong with a row, and what becomes of it."""
        mended, fault = self._of_width(record, split.cells)
        marks = [self._mark(split, number) for number in split.strays]
        cells, bytes_faults = _as_utf8(mended)
        return Verdict(cells, (*([] if fault is None else [fault]), *marks, *bytes_faults))

    def fits(self, cells: Cells) -> bool:
        """Whether cells are of the kinds of their columns."""
        return all(_fits(cell, kind) for cell, kind in zip(cells, self.kinds, strict=False))

    def _of_width(self, record: Record, cells: Cells) -> tuple[Cells, Fault | None]:
        count, width = len(cells), self.width
        if count == width:
            return cells, None
        noun = "cell" if count == 1 else "cells"
        fault = Fault(
            f"the row has {count} {noun} where the table has {width}",
            f"quote cells that hold {self.dialect.delimiter!r}, or say what the delimiter is",
            value=shown(record.body),
        )
        if count < width:
            return self._short(record, cells, fault)
        if width == 1:
            return [record.body], replace(fault, mended="they were joined")
        return self._long(cells, fault)

    def _short(self, record: Record, cells: Cells, fault: Fault) -> tuple[Cells, Fault]:
        for splitter in self._others:
            if splitter.delimiter not in record.text:
                continue
            split = splitter.split(record.body)
            if len(split.cells) == self.width and split.is_sound and self.fits(split.cells):
                return split.cells, replace(
                    fault, mended=f"it was read with the delimiter {splitter.dialect.delimiter!r}"
                )
        rest: Cells = [None] * (self.width - len(cells))
        return cells + rest, replace(fault, mended="the missing ones are null")

    def _long(self, cells: Cells, fault: Fault) -> tuple[Cells, Fault]:
        if all(cell is None for cell in cells[self.width :]):
            return cells[: self.width], replace(fault, mended="the empty ones at its end were left out")
        joined = list(islice(self._joined(cells), 2))
        if len(joined) == 1:
            return joined[0], replace(fault, mended="those which fit no other way were joined")
        return cells, fault

    def _joined(self, cells: Cells) -> Iterator[Cells]:
        """The row with as many neighbours joined as are too many, in each way that gives cells of the right kinds."""
        more, last = len(cells) - self.width, self.width - 1
        if more > _MOST_JOINED:
            return
        before = _fitting(zip(cells, self.kinds, strict=False))
        after = _fitting(zip(reversed(cells), reversed(self.kinds), strict=False))
        for at in range(max(0, last - after), min(before, last) + 1):
            one = self.splitter.delimiter.join(cell or b"" for cell in cells[at : at + more + 1])
            if _fits(one, self.kinds[at]):
                yield [*cells[:at], one, *cells[at + more + 1 :]]

    def _mark(self, split: Split, number: int) -> Fault:
        quote = self.dialect.quote
        mended = "it was kept as a part of the cell"
        column = min(number, self.width - 1)
        value = shown(split.cells[number] or b"")
        if number == split.unclosed:
            fact = f"a quote ({quote}) that opens in this row is never closed"
            return Fault(fact, "close it, or double it where it is part of the cell", mended, column, value)
        fact = f"a quote ({quote}) stands inside a cell"
        return Fault(fact, "put the cell in quotes, and double those inside", mended, column, value)


def _fitting(pairs: Iterable[tuple[Cell, Kind | None]]) -> int:
    """How many cells, from the first on, are of the kinds of their columns."""
    return sum(1 for _ in takewhile(lambda pair: _fits(*pair), pairs))


def _fits(cell: Cell, kind: Kind | None) -> bool:
    return kind is None or cell is None or kind_of(cell.decode("utf-8", "replace")) in {kind, "nothing"}


def _as_utf8(cells: Cells) -> tuple[Cells, list[Fault]]:
    """Cells in UTF-8, in the place of which cp1252 was."""
    faults: list[Fault] = []
    mended: Cells = []
    for number, cell in enumerate(cells):
        if cell is None or cell.isascii() or (text := cell.decode("utf-8", "surrogateescape")).isprintable():
            mended.append(cell)
            continue
        sound = "".join(_letter(char) for char in text)
        mended.append(sound.encode())
        if sound != text:
            fact = "some bytes of a cell are no UTF-8"
            faults.append(
                Fault(fact, "say which encoding the file has", "they were read as cp1252", number, sound[:100])
            )
    return mended, faults


def _letter(char: str) -> str:
    if not "\udc80" <= char <= "\udcff":
        return char
    byte = char.encode("utf-8", "surrogateescape")
    return byte.decode("cp1252", "ignore") or byte.decode("latin-1")
