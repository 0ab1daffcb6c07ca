"""Finds the row of a sheet at which its table begins: below blank rows, and below a title."""

from collections.abc import Iterator, Sequence
from itertools import islice

import fastexcel
import polars as pl
from attrs import evolve, frozen

from entrepot_adapters.polars.reading.sniffing.cells import STRICT, kind_of
from entrepot_adapters.polars.reading.sniffing.layout import Kinds, are_years, find_layout, shows_names
from entrepot_adapters.polars.reading.sniffing.sample import Row
from entrepot_core.dialect import ImportOptions

_SOME = 1000
"""Rows in which the first that holds something is looked for, before all are."""

_LOOKED_AT = 200
"""Rows that tell whether a title stands above the table."""


@frozen
class FirstRow:
    """The first row of a table.

    Attributes:
        number: Its number, from 0.
        cells: Its cells as texts, from the first column that the sheet uses.
        before: The rows above it that were left out, as texts.
    """

    number: int
    cells: Sequence[str]
    before: tuple[str, ...] = ()


def first_row(workbook: fastexcel.ExcelReader, sheet: str, options: ImportOptions) -> FirstRow | None:
    """The first row that holds something, or the one below a title; None if there is none.

    A title is looked for unless the caller says how many lines to skip, or that there is no header.
    """
    may_be_titled = options.skip_lines is None and options.header is not False
    skipped = options.skip_lines or 0
    for most in (_SOME, None):
        try:
            loaded = workbook.load_sheet(sheet, header_row=None, skip_rows=skipped, n_rows=most, dtypes="string")
        except fastexcel.InvalidParametersError:  # there are not so many rows
            return None
        rows = _filled(loaded.to_polars(), skipped)
        for first in rows:
            return (_below_title([first, *islice(rows, _LOOKED_AT)]) if may_be_titled else None) or first
    return None


def _filled(frame: pl.DataFrame, skipped: int) -> Iterator[FirstRow]:
    """The rows that hold something."""
    for number, cells in enumerate(frame.iter_rows(), skipped):
        if any(cells):
            yield FirstRow(number, ["" if cell is None else str(cell) for cell in cells])


def _below_title(rows: Sequence[FirstRow]) -> FirstRow | None:
    """The first row of the table, if those above it are a title: they hold a single cell each, the first one words.

    That they are no names, and no values of columns without names, has to be shown: by a blank row below them, or by
    words or years above the table's numbers and dates.
    """
    rows = [row for row in rows if any(map(str.strip, row.cells))]
    seen = [_as_row(row) for row in rows]
    if not seen or seen[0].width > 1 or kind_of(seen[0].text) not in {"text", "odd"}:
        return None
    layout = find_layout(seen, ImportOptions())
    if layout is None or not layout.before or not layout.header:
        return None
    place = len(layout.before)
    is_apart = rows[place].number > rows[place - 1].number + 1
    is_header = is_apart or _are_names(seen[place].cells, layout.kinds)
    return evolve(rows[place], before=layout.before) if is_header and _names_most(seen[place:]) else None


def _are_names(cells: Sequence[str | None], kinds: Kinds) -> bool:
    """Whether a row holds names by all that is known: none of its cells could be a value of a column of numbers."""
    are_words = all(kind_of(cell) not in STRICT for cell in cells if cell)
    return are_years(cells) or (are_words and shows_names(cells, kinds))


def _names_most(rows: Sequence[Row]) -> bool:
    """Whether there are rows below the first one, and that names more than half of the columns that they use."""
    columns = [row.cells for row in rows[1:] if row.width > 1]
    used = [any(cells) for cells in zip(*columns, strict=True)]
    return sum(map(bool, rows[0].cells)) * 2 > sum(used) > 1


def _as_row(row: FirstRow) -> Row:
    """The row as one of a text file: one that holds a single cell has no others."""
    filled = [cell for cell in row.cells if cell.strip()]
    cells = [cell or None for cell in (filled if len(filled) == 1 else row.cells)]
    return Row(row.number + 1, " ".join(filled), cells, 1)
