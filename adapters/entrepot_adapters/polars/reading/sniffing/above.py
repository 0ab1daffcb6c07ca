"""Whether the rows above a table tell of it, or are a table of their own."""

from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile

from entrepot_adapters.polars.reading.sniffing.naming import kinds_of, shows_names
from entrepot_adapters.polars.reading.sniffing.sample import Row

PAIR = 2
"""Cells of a label and its value."""
WIDE = 3
"""Columns from which on words below a blank row are names, though all else is words too, and few lines no table."""
_FEW_LINES = 6
"""Lines that may stand above a table of fewer rows."""
_LIKE_ROWS = 3
"""Labels with values, one below the other, from which on they may be rows of a table of their own."""
_SHORT = 3
"""Lines of the first part of a text about a table."""
_MANY_NAMES = 4
"""Names from which on rows with no more than a label and a value, and empty cells, are none of the table."""
_LEAST_ROWS = 2
"""Rows of a table above another one, beside its names."""


def are_lines(rows: Sequence[Row], first: int, place: int, *, is_sheet: bool) -> bool:
    """Whether the rows above a table tell of it, rather than being a table of their own.

    Args:
        rows: The first rows that hold something.
        first: The place of the first one that names the columns.
        place: The place of the one that names most of them.
        is_sheet: Whether they are those of a sheet, which all have as many cells.
    """
    lines = [row for row in rows[:first] if row.filled]
    runs = list(_runs(rows[:first]))
    pairs = [row for row in lines if len(row.filled) >= PAIR]
    if pairs and sum(row.is_labelled for row in pairs) * 2 >= len(pairs):
        return True
    names, table = len(rows[place].filled), list(takewhile(_is_filled, rows[place + 1 :]))
    if any(map(_is_table, runs)):
        return len(lines) < len(table) and is_below_blank(rows, first)
    are_few = len(lines) <= _FEW_LINES and not (is_sheet and pairs)
    are_mixed = not is_sheet and _most_alike(runs) < _LIKE_ROWS
    if len(lines) <= len(table) or (names >= WIDE and (are_few or are_mixed)):
        return True
    are_padded = not is_sheet and names >= _MANY_NAMES and len(pairs) * 2 > len(lines)
    are_padded = are_padded and all(row.width == rows[place].width for row in lines)
    return are_padded or (len(runs) > 1 and len(runs[0]) <= _SHORT)


def is_below_blank(rows: Sequence[Row], place: int) -> bool:
    """Whether a blank line, or a row of empty cells, stands above a row."""
    above = rows[place - 1]
    return above.line + above.lines < rows[place].line or not above.filled


def _is_filled(row: Row) -> bool:
    return bool(row.filled)


def _runs(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows between blank ones."""
    run: list[Row] = []
    for place, row in enumerate(rows):
        if run and is_below_blank(rows, place):
            yield run
            run = []
        run += [row] if row.filled else []
    if run:
        yield run


def _most_alike(runs: Sequence[Sequence[Row]]) -> int:
    """How many rows of several cells, and of as many each, stand one below the other."""
    counts = [len(list(alike)) for run in runs for count, alike in groupby(row.reach for row in run) if count >= PAIR]
    return max(counts, default=0)


def _is_table(run: Sequence[Row]) -> bool:
    """Whether rows are of one width, and the first names all columns, with words above numbers, dates or the like."""
    names, rows = run[0].filled, run[1:]
    width = run[0].reach
    is_even = width == len(names) and all(row.reach == width for row in rows)
    may_be = is_even and width > 1 and len(rows) >= _LEAST_ROWS and not run[0].is_labelled
    return may_be and shows_names(names, kinds_of(rows, width))
