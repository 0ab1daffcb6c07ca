"""Makes of a file's rows those of its table, one at a time: sound or mended ones, with the others set aside."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, NamedTuple

import msgspec
from msgspec.structs import replace

from entrepot_adapters.polars.reading.delimited_file import SpareUsed
from entrepot_adapters.polars.reading.dialect import Dialect
from entrepot_adapters.polars.reading.sniffing.cells import STRICT
from entrepot_adapters.polars.reading.sniffing.layout import Layout
from entrepot_adapters.polars.reading.tolerant.cells import Cell, Cells
from entrepot_adapters.polars.reading.tolerant.faults import Fault, Verdict
from entrepot_adapters.polars.reading.tolerant.ledger import Ledger
from entrepot_adapters.polars.reading.tolerant.lines import blocks_of
from entrepot_adapters.polars.reading.tolerant.mending import Mender
from entrepot_adapters.polars.reading.tolerant.quick import QuickRows
from entrepot_adapters.polars.reading.tolerant.records import Record, Records
from entrepot_adapters.polars.reading.totals import is_label
from entrepot_core.dialect import OnError
from entrepot_core.errors import MalformedInput
from entrepot_core.limits import Limits

_MOST_NOTES = 100
_AGAIN = Fault("the header stands here again", "take it out")
_COMMENT = Fault("this is a comment", "take it out")
_NOTE = Fault("this is a note below the table", "take it out")
_EMPTY = Fault("this is an empty row, with notes below the table after it", "take it out")
_TOTAL = Fault("this is a row of totals below the table", "take it out")


class Rows(NamedTuple):
    """Rows of the table.

    Attributes:
        line: The line on which the first begins in the file.
        text: They, as polars reads them, with line feeds.
        number: How many there are, each a line further if there are several.
    """

    line: int
    text: bytes
    number: int = 1


class Tidier(msgspec.Struct, frozen=True):
    """Reads a delimited file row by row.

    Attributes:
        file: The file, in UTF-8.
        dialect: How it is written.
        layout: How its table lies.
        on_error: What to do with rows that don't fit.
        limits: How large the table and its cells may be.
        has_strays: Whether some bytes are no UTF-8.
        below: Lines that have as many cells as rows, but are none at the end of the file.
        misfits: Rows to set aside, by their number in the table as it would be with them, and why.
    """

    file: IO[bytes]
    dialect: Dialect
    layout: Layout
    on_error: OnError
    limits: Limits
    has_strays: bool = False
    below: Sequence[bytes] = ()
    misfits: Mapping[int, Fault] = {}

    def rows(self, ledger: Ledger) -> Iterator[Rows]:
        """The rows of the table.

        Args:
            ledger: Where what is mended and set aside is entered.

        Raises:
            MalformedInput: A row does not fit, and the file is to be refused then.
            LimitExceeded: A cell or line is too long.
            SpareUsed: The last column is not empty.
        """
        return _Run(self, ledger).rows()


class _Run:
    """One reading of a file."""

    def __init__(self, tidier: Tidier, ledger: Ledger) -> None:
        layout, dialect = tidier.layout, tidier.dialect
        self._tidier = tidier
        self._ledger = ledger
        self._width = layout.width
        self._mender = Mender(dialect, layout.width, layout.kinds, tidier.limits)
        self._heading = (layout.heading or "").encode()
        self._serialise = serialiser(dialect)
        self._number = 0
        self._candidates = 0
        self._notes: list[tuple[Record, Verdict]] = []
        self._after_blank = False
        self._other_table: Fault | None = None

    def rows(self) -> Iterator[Rows]:
        """See ``Tidier.rows``."""
        tidier = self._tidier
        first = tidier.layout.start
        odd = [line for line in (self._heading, *tidier.below) if line]
        quick = QuickRows(tidier.dialect, self._width, tidier.limits, odd, is_utf8=not tidier.has_strays)
        blocks = blocks_of(tidier.file, tidier.limits, first)
        for record in Records(blocks, self._mender.splitter, tidier.limits, self._width + tidier.layout.spare, quick):
            if record.row is None:
                yield from self._odd(record._replace(line=record.line + first))
                continue
            if self._notes:
                yield from self._noted()
            self._after_blank = False
            self._other_table = None
            if tidier.misfits:
                yield from self._sound(record._replace(line=record.line + first), record.row)
            else:
                self._number += record.rows
                yield Rows(record.line + first, record.row, record.rows)
        for record, verdict in self._notes:
            self._ledger.set_aside(record, [_fault_below(verdict.cells)])

    def _sound(self, record: Record, row: bytes) -> Iterator[Rows]:
        first, self._candidates = self._candidates, self._candidates + record.rows
        misfits = self._tidier.misfits
        if not misfits or not any(number in misfits for number in range(first + 1, self._candidates + 1)):
            self._number += record.rows
            yield Rows(record.line, row, record.rows)
            return
        for number, line in enumerate(row.splitlines(keepends=True) if record.rows > 1 else [row]):
            if (misfit := misfits.get(first + number + 1)) is not None:
                self._ledger.set_aside(Record(record.line + number, line, None), [misfit])
            else:
                self._number += 1
                yield Rows(record.line + number, line)

    def _odd(self, record: Record) -> Iterator[Rows]:
        if self._width > 1 and not record.text.strip() and self._mender.is_blank(record):
            self._after_blank = True
            return
        split = self._mender.split(record)
        if self._is_spare(split.cells):
            split = replace(split, cells=split.cells[:-1])
        verdict = self._mender.judge(record, split)
        if record.body in self._tidier.below:
            self._notes.append((record, verdict))
        elif (fault := self._out_of_place(record, verdict, len(split.cells))) is not None:
            self._set_aside(record, [fault])
        elif self._is_note(verdict, len(split.cells)):
            self._notes.append((record, verdict))
        else:
            yield from self._noted()
            yield from self._kept(record, verdict)
            self._after_blank = False
        if len(self._notes) > _MOST_NOTES:
            yield from self._noted()

    def _is_spare(self, cells: Cells) -> bool:
        """Whether a row has the empty cell of a delimiter at its end."""
        if not self._tidier.layout.spare or len(cells) != self._width + 1:
            return False
        if cells[-1] is not None:
            raise SpareUsed
        return True

    def _out_of_place(self, record: Record, verdict: Verdict, count: int) -> Fault | None:
        """Why a row is none of this table, if it is none."""
        if self._heading and record.body.rstrip() == self._heading.rstrip():
            return _AGAIN
        if count == self._width:
            self._other_table = None
            return None
        if self._other_table is not None and count > 1:
            return self._other_table
        if record.text.startswith(b"#"):
            return _COMMENT
        if count > 1 and (self._after_blank or self._notes) and not self._mender.fits(verdict.cells):
            fact = f"this belongs to another table, which begins on line {record.line}"
            self._other_table = Fault(fact, "give each table a file of its own")
            for note, _ in self._notes:
                self._set_aside(note, [self._other_table])
            self._notes.clear()
        return self._other_table

    def _is_note(self, verdict: Verdict, count: int) -> bool:
        """Whether a row of few cells may be a note below the table; if more rows follow, it is a row like these."""
        if count >= self._width or self._tidier.on_error == "reject":
            return False
        is_typed = self._tidier.layout.kinds[0] in STRICT
        is_odd = is_typed and not self._mender.fits(verdict.cells[:1])
        if count == 1:
            return is_odd or self._after_blank or bool(self._notes)
        may_be_note = is_odd or (bool(self._notes) and not is_typed)
        return may_be_note and sum(map(bool, verdict.cells)) * 2 <= self._width

    def _noted(self) -> Iterator[Rows]:
        notes, self._notes = self._notes, []
        for record, verdict in notes:
            yield from self._kept(record, verdict)

    def _kept(self, record: Record, verdict: Verdict) -> Iterator[Rows]:
        """The row, sound or mended; nothing where it is set aside."""
        if verdict.faults and (self._tidier.on_error != "repair" or not verdict.can_be_mended):
            self._set_aside(record, verdict.faults)
            return
        self._candidates += 1
        misfit = self._tidier.misfits.get(self._candidates)
        if misfit is not None:
            self._ledger.set_aside(record, [misfit])
            return
        self._number += 1
        if verdict.faults:
            self._ledger.mended(record.line, self._number, verdict.faults)
        yield Rows(record.line, self._serialise(verdict.cells))

    def _set_aside(self, record: Record, faults: "list[Fault] | tuple[Fault, ...]") -> None:
        if self._tidier.on_error != "reject":
            self._ledger.set_aside(record, [replace(fault, mended=None) for fault in faults])
            return
        fault = faults[0]
        column = None if fault.column is None else self._tidier.layout.names[fault.column]
        raise MalformedInput(
            reason=f"{fault.fact}; {fault.advice}",
            line=record.line,
            row=self._number + 1,
            column=column or None,
            value=fault.value,
        )


def _fault_below(cells: Cells) -> Fault:
    """What a row below the table is."""
    if cells[0] and is_label(cells[0].decode("utf-8", "replace")) and any(cells[1:]):
        return _TOTAL
    return _NOTE if any(cells) else _EMPTY


def serialiser(dialect: Dialect) -> Callable[[Cells], bytes]:
    """Makes rows of cells, quoted where they have to be, with a line feed."""
    mark, quote = dialect.mark, dialect.quote.encode()
    needs_quotes = re.compile(b"[%b%b\r\n]" % (re.escape(mark), re.escape(quote))).search

    def text(cell: Cell) -> bytes:
        if not cell:
            return b"" if cell is None else quote * 2
        return quote + cell.replace(quote, quote * 2) + quote if needs_quotes(cell) else cell

    return lambda cells: mark.join(map(text, cells)) + b"\n"
