"""Finds another table below the one of a sheet.

It stands below a blank row and begins with names. It is set aside where it is certain that it is no part of the table
above: its rows don't fit, its columns are others, it has no more rows, and nothing below it goes on with the table.
Groups of rows with blank rows between them are parts of one table.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec
import polars as pl

from entrepot_adapters.polars.reading.sheet_texts import as_times
from entrepot_adapters.polars.reading.sniffing.cells import STRICT, kind_of
from entrepot_adapters.polars.reading.sniffing.naming import Kinds, are_years, kinds_of, shows_names
from entrepot_adapters.polars.reading.sniffing.sample import Row
from entrepot_adapters.polars.reading.tolerant.faults import Fault
from entrepot_adapters.polars.reading.tolerant.ledger import Ledger
from entrepot_adapters.polars.reading.tolerant.records import Record
from entrepot_core.dialect import ImportOptions
from entrepot_core.errors import MalformedInput

_LOOKED_AT = 200
"""Rows of the table that tell of what kinds its columns are."""

_LEAST_NAMES = 2
_MOST = 20
"""Rows that may begin another table and are looked at."""

_SOME = 3
"""How many names are told."""

_ADVICE = "give each table a sheet of its own"


class OtherTable(msgspec.Struct, frozen=True):
    """What is, or may be, another table.

    Attributes:
        number: The number of its first row on the sheet, from 1.
        names: What that row holds.
        rows: Its rows and all below them, by their numbers; empty where it may be a part of the table above.
        height: How many rows of that table stand above it, but for blank ones at its end.
    """

    number: int
    names: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]] = ()
    height: int = 0

    def told(self) -> list[str]:
        """What a person should know of it, where it is not set aside."""
        if self.rows:
            return []
        names = ", ".join(map(repr, self.names[:_SOME])) + (", …" if len(self.names) > _SOME else "")
        may_be = f"Row {self.number} stands below a blank one and may name the columns of another table ({names})"
        advice = f"If it does, {_ADVICE}, or skip the rows above it (option skip_lines)."
        return [f"{may_be}; it is a row of this one, as are those below. {advice}"]

    def set_aside(self, ledger: Ledger, options: ImportOptions) -> None:
        """Enter its rows in an account.

        Args:
            ledger: The account.
            options: What the caller says.

        Raises:
            MalformedInput: The file is to be refused where rows don't fit.
        """
        fault = Fault(f"this belongs to another table, which begins in row {self.number}", _ADVICE)
        if self.rows and options.on_error == "reject":
            raise MalformedInput(reason=f"{fault.fact}; {fault.advice}")
        for number, cells in self.rows:
            ledger.set_aside(Record(number, _line(cells), None), [fault])


def other_table(frame: pl.DataFrame, names: Sequence[str], skipped: int) -> OtherTable | None:
    """Find what is another table, or else what may be one.

    Args:
        frame: The cells below the names of the table, as texts.
        names: What names the columns of the table; nothing where they have no name.
        skipped: How many rows of the sheet stand above these cells.
    """
    body = _Body(frame, names)
    doubtful: OtherTable | None = None
    for number in islice(body.that_may_begin(), _MOST):
        names_below = [cell for cell in body.row(body.blocks[number].start) if cell.strip()]
        first = skipped + body.blocks[number].start + 1
        if body.is_another(number):
            rows = [(skipped + place + 1, cells) for place, cells in body.shown(number)]
            return OtherTable(first, names_below, rows, body.blocks[number - 1].stop)
        doubtful = doubtful or OtherTable(first, names_below)
    return doubtful


class _Body:
    """The cells below the names of a table, in blocks of rows between blank ones."""

    def __init__(self, frame: pl.DataFrame, names: Sequence[str]) -> None:
        self._frame = frame
        self._names = names
        has_text = pl.all().str.strip_chars().str.len_bytes().fill_null(0) > 0
        filled = frame.select(pl.any_horizontal(has_text)).to_series()
        starts = (filled & ~filled.shift(fill_value=False)).arg_true()
        ends = (filled & ~filled.shift(-1, fill_value=False)).arg_true() + 1
        self.blocks = [range(start, end) for start, end in zip(starts, ends, strict=True)]
        self._some = filled.arg_true().head(_LOOKED_AT).to_list()
        self._firsts = [next(iter(column.is_not_null().arg_true().head(1)), frame.height) for column in frame]
        self._kinds: dict[int, Kinds] = {}

    def row(self, place: int) -> list[str]:
        """The cells of a row."""
        return ["" if cell is None else cell for cell in self._frame.row(place)]

    def that_may_begin(self) -> Iterator[int]:
        """The numbers of the blocks that may begin another table: with names that are none of this one's."""
        for number, block in enumerate(self.blocks[1:], start=1):
            if self._begins_with_names(block) and not self._fits(self.row(block.start), block.start):
                yield number

    def is_another(self, number: int) -> bool:
        """Whether what begins with a block is certainly another table."""
        block = self.blocks[number]
        if sum(map(len, self.blocks[number:])) > 1 + sum(map(len, self.blocks[:number])):
            return False
        names, rows = self.row(block.start), [self.row(place) for place in block[1:]]
        if not (self._has_other_columns(names, rows, block.start) and self._are_others(rows, block.start)):
            return False
        if not self._are_surely_names(names, rows, block.start):
            return False
        return not any(self._goes_on(later, block.start) for later in self.blocks[number + 1 :])

    def shown(self, number: int) -> Iterator[tuple[int, Sequence[str]]]:
        """The rows of a block and of those below, and their numbers, as they are shown."""
        shown = pl.DataFrame([as_times(column) for column in self._frame])
        for block in self.blocks[number:]:
            for place in block:
                yield place, ["" if cell is None else cell for cell in shown.row(place)]

    def _begins_with_names(self, block: range) -> bool:
        """Whether a block begins with names, has rows below them, and the names are not those of the table again."""
        cells = self.row(block.start)
        filled = [cell for cell in cells if cell.strip()]
        are_names = kind_of(filled[0]) in {"text", "odd"} and len(set(filled)) == len(filled) >= _LEAST_NAMES
        are_names = are_names and not any(cell.rstrip().endswith(":") for cell in filled)
        are_words = all(kind_of(cell) in {"text", "odd"} for cell in filled) or are_years(filled)
        are_again = all(cell.strip() in name for cell, name in zip(cells, self._names, strict=True))
        return are_names and are_words and not are_again and len(block) > 1

    def _has_other_columns(self, names: Sequence[str], rows: Sequence[Sequence[str]], above: int) -> bool:
        """Whether names stand side by side, above all cells of their rows, and are not as wide as the table above."""
        used = [column for column in range(len(names)) if self._is_used(column, above)]
        own, below = _columns([names]), _columns(rows)
        are_all_named = own[-1] - own[0] + 1 == len(own) and set(below) <= set(own)
        return are_all_named and (own[0], own[-1]) != (used[0], used[-1])

    def _are_surely_names(self, names: Sequence[str], rows: Sequence[Sequence[str]], above: int) -> bool:
        """Whether names are shown to be some by their rows; or by the table above, if they stand beside it, too."""
        if shows_names(names, kinds_of([_as_row(row) for row in rows], len(names))):
            return True
        beside = [column for column in range(len(names)) if not self._is_used(column, above)]
        are_beside = all(any(row[column] for column in beside) for row in (names, *rows))
        return are_beside and shows_names(names, self._kinds_above(above))

    def _are_others(self, rows: Sequence[Sequence[str]], above: int) -> bool:
        """Whether there are rows, and none of them fits the table above a place; one of a single cell says nothing."""
        wide = [row for row in rows if sum(map(bool, row)) >= _LEAST_NAMES]
        return bool(wide) and not any(self._fits(row, above) for row in wide)

    def _goes_on(self, block: range, above: int) -> bool:
        """Whether a block goes on with the table above a place."""
        rows = (row for place in block if sum(map(bool, row := self.row(place))) >= _LEAST_NAMES)
        return not self._begins_with_names(block) and any(self._fits(row, above) for row in rows)

    def _fits(self, cells: Sequence[str], above: int) -> bool:
        """Whether the cells are in the columns of the table above a place, and of their kinds."""
        kinds = zip(cells, self._kinds_above(above), strict=True)
        return all(
            not cell.strip()
            or (self._is_used(column, above) and (kind not in STRICT or kind_of(cell) in {kind, "nothing"}))
            for column, (cell, kind) in enumerate(kinds)
        )

    def _is_used(self, column: int, above: int) -> bool:
        """Whether a column has a name, or something stands in it above a place."""
        return bool(self._names[column]) or self._firsts[column] < above

    def _kinds_above(self, place: int) -> Kinds:
        """The kinds of the columns of the table above a place, by some of its rows."""
        some = [number for number in self._some if number < place]
        if len(some) not in self._kinds:
            self._kinds[len(some)] = kinds_of([_as_row(self.row(number)) for number in some], self._frame.width)
        return self._kinds[len(some)]


def _columns(rows: Sequence[Sequence[str]]) -> list[int]:
    """The columns in which something stands."""
    return [column for column, cells in enumerate(zip(*rows, strict=True)) if any(map(str.strip, cells))]


def _as_row(cells: Sequence[str]) -> Row:
    return Row(1, "", [cell or None for cell in cells], 1)


def _line(cells: Sequence[str]) -> bytes:
    """A row as a line of CSV, without empty cells at its end."""
    out = io.StringIO(newline="")
    last = max((place for place, cell in enumerate(cells) if cell), default=-1)
    csv.writer(out, lineterminator="").writerow(cells[: last + 1])
    return out.getvalue().encode()
