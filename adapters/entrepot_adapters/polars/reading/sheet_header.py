"""Which rows of a sheet name its columns."""

from collections.abc import Callable, Sequence

import msgspec

from entrepot_adapters.polars.reading.sheet_rows import FirstRow, as_row, filled_cells, is_worded
from entrepot_adapters.polars.reading.sniffing.cells import STRICT, kind_of
from entrepot_adapters.polars.reading.sniffing.layout import find_layout
from entrepot_adapters.polars.reading.sniffing.naming import are_years
from entrepot_adapters.polars.reading.telling import told_of_header
from entrepot_core.dialect import ImportOptions


class Header(msgspec.Struct, frozen=True):
    """The rows that name the columns of a table.

    Attributes:
        rows: How many.
        names: What they name the columns; nothing where they name one not.
        end: The number of the row below them, from 0.
        is_doubtful: Whether it is one that looks like those below, and has words.
    """

    rows: int
    names: Sequence[str]
    end: int
    is_doubtful: bool = False

    @classmethod
    def of(
        cls, first: FirstRow, below: Sequence[FirstRow], options: ImportOptions, merged: Callable[[int], int]
    ) -> "Header":
        """Find them, or take as many as the caller says.

        Rows of spaces are none. The header is found as that of text is; but a first row with words is no data, and one
        of a single cell with words names the columns alone.

        Args:
            first: The first row of the table.
            below: Some of those below it.
            options: What the caller says.
            merged: How many rows belong together from one on, as their cells are merged.
        """
        rows = [row for row in (first, *below) if filled_cells(row)] or [first]
        is_said = options.header is not None or options.header_rows is not None
        asked = msgspec.structs.replace(options, skip_lines=0)
        if not is_said and is_worded(rows[0]):
            asked = msgspec.structs.replace(asked, header=True)
        deep = 0 if is_said else _depth(rows, merged)
        upper = [row for row in rows if row.number < rows[0].number + deep]
        if len(upper) > 1:
            asked = msgspec.structs.replace(asked, header_rows=len(upper))
        layout = find_layout([as_row(row) for row in rows], asked)
        count, names = (layout.header, layout.names) if layout is not None else (1, ())
        has_words = not all(kind_of(cell) in STRICT for cell in filled_cells(rows[0]))
        is_doubtful = not count and not is_said and has_words
        if is_doubtful:
            count, names = 1, tuple(rows[0].cells)
        end = rows[count - 1].number + 1 if count else rows[0].number
        return cls(count, names, max(end, rows[0].number + deep) if count else end, is_doubtful)

    def told(self, options: ImportOptions) -> list[str]:
        """What a person should know of it."""
        doubt = "The first row looks like all others, but was taken for the names of the columns, as it has words"
        return (
            [f"{doubt}; say if it names none (option header)."]
            if self.is_doubtful
            else told_of_header(options, self.rows)
        )


def _depth(rows: Sequence[FirstRow], merged: Callable[[int], int]) -> int:
    """How many rows the names of columns take, as some of them are merged over rows; 1 where there are no such.

    Beside them are blank cells, above words, or all cells below are blank.
    """
    if len(rows) == 1 or not _is_of_words(rows[0]):
        return 1
    is_apart = rows[1].number > rows[0].number + 1
    if not is_apart and (all(rows[0].cells) or not _is_of_words(rows[1])):
        return 1
    end = rows[0].number + merged(rows[0].number)
    names = [row for row in rows[1:] if row.number < end]
    return end - rows[0].number if len(names) + 1 < len(rows) and all(map(_is_of_words, names)) else 1


def _is_of_words(row: FirstRow) -> bool:
    """Whether a row holds no numbers, dates or the like, but perhaps years one after the other."""
    cells = filled_cells(row)
    return are_years(cells) or not any(kind_of(cell) in STRICT for cell in cells)
