"""Finds the row of a sheet at which its table begins: below blank rows, and below a title."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice, pairwise
from typing import IO

import fastexcel
import msgspec
import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.reading.sheet_parts import is_merged
from entrepot_adapters.polars.reading.sniffing.cells import Kind, kind_of
from entrepot_adapters.polars.reading.sniffing.layout import find_layout
from entrepot_adapters.polars.reading.sniffing.naming import shows_names
from entrepot_adapters.polars.reading.sniffing.sample import Row
from entrepot_adapters.polars.reading.sniffing.titles import below_lines
from entrepot_adapters.polars.reading.telling import told_of_lines
from entrepot_core.dialect import ImportOptions

_SOME = 1000
"""Rows in which the first that holds something is looked for, before all are."""

_LOOKED_AT = 200
"""Rows that tell whether a title stands above the table."""


_MERGED = 3
"""Cells that are merged for a title, or all of a row; a name may stand over two columns."""

_MOST_LINES = 5
"""Rows of a title; more are a column of their own."""

_WIDE = 3
"""Columns from which on words below a blank row are names, though all else is words too, and no title is as long."""

_LABELLED = 2
"""Cells of a row that says more of a table: a label and a value."""


_WORDS: frozenset[Kind] = frozenset({"text", "odd"})


class FirstRow(msgspec.Struct, frozen=True):
    """The first row of a table.

    Attributes:
        number: Its number, from 0.
        cells: Its cells as texts, from the first column that the sheet uses.
        before: The rows above it that were left out, as texts.
        is_doubtful: Whether it may be a title.
    """

    number: int
    cells: Sequence[str]
    before: tuple[str, ...] = ()
    is_doubtful: bool = False

    def told(self, options: ImportOptions) -> list[str]:
        """What a person should know of where the table begins."""
        doubt = "The first row holds a single cell and was taken for the header; if it is a title, say how many lines"
        return [f"{doubt} to skip (option skip_lines)."] if self.is_doubtful else told_of_lines(self.before, options)


def first_rows(
    workbook: fastexcel.ExcelReader, sheet: str, options: ImportOptions, file: IO[bytes]
) -> tuple[FirstRow, list[FirstRow]] | None:
    """The first row that holds something, or the one below a title, and some rows below it; None if there is none.

    A title is looked for unless the caller says how many lines to skip, or that there is no header.

    Args:
        workbook: The workbook.
        sheet: The sheet's name.
        options: What the caller says.
        file: The workbook's bytes, where what is merged can be looked up.
    """
    is_merged_row = partial(is_merged, file, sheet)
    may_be_titled = options.skip_lines is None and options.header is not False
    skipped = options.skip_lines or 0
    for most in (_SOME, None):
        try:
            loaded = workbook.load_sheet(sheet, header_row=None, skip_rows=skipped, n_rows=most, dtypes="string")
        except fastexcel.InvalidParametersError:  # there are not so many rows
            return None
        rows = _filled(loaded.to_polars(), skipped)
        for first in rows:
            below = list(islice(rows, _LOOKED_AT))
            if may_be_titled and (named := _named([first, *below], is_merged_row)):
                return named, [row for row in below if row.number > named.number]
            return replace(first, before=_skipped(workbook, sheet, skipped)), below
    return None


def _skipped(workbook: fastexcel.ExcelReader, sheet: str, rows: int) -> tuple[str, ...]:
    """The first rows that hold something, as texts."""
    if not rows:
        return ()
    loaded = workbook.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=rows, dtypes="string")
    return tuple(as_row(row).text for row in _filled(loaded.to_polars(), 0))


def _filled(frame: pl.DataFrame, skipped: int) -> Iterator[FirstRow]:
    """The rows that hold something."""
    for number, cells in enumerate(frame.iter_rows(), skipped):
        if any(cells):
            yield FirstRow(number, ["" if cell is None else str(cell) for cell in cells])


def is_worded(row: FirstRow) -> bool:
    """Whether a row holds a single cell, with words."""
    filled = filled_cells(row)
    return len(filled) == 1 and kind_of(filled[0]) in _WORDS


def _named(rows: Sequence[FirstRow], is_merged_row: Callable[[int, int], bool]) -> FirstRow | None:
    """The first row of the table, if those above it tell of it."""
    seen = [row for row in rows if filled_cells(row)]
    place = below_lines([as_row(row) for row in seen], is_sheet=True)
    if place is not None:
        return replace(seen[place], before=tuple(as_row(row).text for row in seen[:place]))
    return _below_title(seen, is_merged_row) if is_worded(rows[0]) else None


def _below_title(rows: Sequence[FirstRow], is_merged_row: Callable[[int, int], bool]) -> FirstRow | None:
    """The first row of the table, if those above it are a title: they hold a single cell each.

    That they are no names, and no values of columns without names, has to be shown. Either the row below them holds
    words, and a blank row stands between, or the words are above numbers and the like, or the title is merged over
    several columns; or it names years. Between a title and a blank row there may be rows of two cells, too, such as
    ``From: | 2024-01-01``.
    """
    apart = _place_apart(rows)
    seen = [as_row(row, 2 if number < apart else 1) for number, row in enumerate(rows)]
    layout = find_layout(seen, ImportOptions())
    if layout is None or not layout.before or not layout.header:
        return None
    place = len(layout.before)
    table = seen[place:]
    if (apart and place != apart) or place > min(_MOST_LINES, len(table) - 1) or not _names_most(table):
        return None
    is_apart = rows[place].number > rows[place - 1].number + 1
    is_apart = is_apart and table[0].width >= _WIDE and (place < _WIDE or place == apart)
    if _holds_words(table[0]) and (
        shows_names(table[0].cells, layout.kinds)
        or is_apart
        or is_merged_row(rows[0].number, min(_MERGED, layout.width))
    ):
        return replace(rows[place], before=layout.before)
    return replace(rows[0], is_doubtful=True)


def _place_apart(rows: Sequence[FirstRow]) -> int:
    """The place of the first wider row, if it stands below a blank one and rows of one or two cells; else 0."""
    for place, (above, row) in enumerate(pairwise(rows), start=1):
        if len(filled_cells(above)) > _LABELLED:
            return 0
        if row.number > above.number + 1 and len(filled_cells(row)) > _LABELLED:
            return place
    return 0


def _holds_words(row: Row) -> bool:
    """Whether a row has words, none twice, and no numbers or booleans."""
    cells = list(filter(None, row.cells))
    kinds = set(map(kind_of, cells))
    return bool(kinds & _WORDS) and not kinds & {"number", "truth"} and len(set(cells)) == len(cells)


def _names_most(rows: Sequence[Row]) -> bool:
    """Whether there are rows below the first one, and that names more than half of the columns that they use."""
    columns = [row.cells for row in rows[1:] if row.width > 1]
    used = [any(cells) for cells in zip(*columns, strict=True)]
    return sum(map(bool, rows[0].cells)) * 2 > sum(used) > 1


def as_row(row: FirstRow, most: int = 0) -> Row:
    """The row as one of a text file: one that holds so few cells has no others."""
    filled = filled_cells(row)
    cells = [cell or None for cell in (filled if len(filled) <= most else row.cells)]
    return Row(row.number + 1, " ".join(filled), cells, 1)


def filled_cells(row: FirstRow) -> list[str]:
    """The cells that hold something."""
    return [cell for cell in row.cells if cell.strip()]
