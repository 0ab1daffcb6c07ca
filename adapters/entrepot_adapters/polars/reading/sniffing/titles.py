"""Finds the row that names a table's columns below lines that tell of the table.

Such lines are titles, labels with their values (``IBAN;DE12 ...``), and notes. They may have as many cells as the table
has columns, nearly all of them empty, as a spreadsheet writes them. The names below them are shown to be names by what
stands in their columns, or by a blank row above them.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile

from entrepot_adapters.polars.reading.sniffing.cells import STRICT, kind_of
from entrepot_adapters.polars.reading.sniffing.naming import Kinds, are_years, is_year, kinds_of, shows_names
from entrepot_adapters.polars.reading.sniffing.sample import Row

_MOST_LINES = 40
_MOST_SEEN = 5
"""Rows below names of which one fills more cells than lines above do."""
_FEW_LINES = 6
"""Lines that may stand above a table of fewer rows."""
_LIKE_ROWS = 3
"""Labels with values, one below the other, from which on they may be rows of a table of their own."""
_SHORT = 3
"""Lines of the first part of a text about a table."""
_PAIR = 2
_FEW_CELLS = 3
"""Cells of a line: a label, a value and its unit. With a colon behind the label it may have more."""
_WIDE = 3
"""Columns from which on words below a blank row are names, though all else is words too."""
_MANY_NAMES = 4
"""Names from which on rows with no more than a label and a value, and empty cells, are none of the table."""
_LEAST_ROWS = 2
"""Rows of a table above another one, beside its names."""


def below_lines(rows: Sequence[Row], *, is_sheet: bool = False) -> int | None:
    """The place of the first row that names columns, where lines that tell of the table stand above it; else None.

    Args:
        rows: The first rows that hold something.
        is_sheet: Whether they are those of a sheet, which all have as many cells.
    """
    if kind_of(next(iter(filled(rows[0])), "")) in STRICT:
        return None
    for place in reversed(list(_named_rows(rows))):  # wider names stand below labels with values, which look like some
        first = _first_of_names(rows, place)
        if first and _are_lines(rows, first, place, is_sheet=is_sheet):
            return first
    return None


def _named_rows(rows: Sequence[Row]) -> Iterator[int]:
    """The places of rows that may hold names, as long as those above may tell of a table, and have fewer cells."""
    most = 0
    for place, row in enumerate(rows[:_MOST_LINES]):
        count = len(filled(row))
        is_wider = count > most or _is_below_labels(rows, place)
        if place and count >= _PAIR and is_wider and _are_names(rows, place, most):
            yield place
        if not _may_tell(row, count):
            return
        most = max(most, count)


def filled(row: Row) -> list[str]:
    """The cells that hold something."""
    return [cell for cell in row.cells if cell and cell.strip()]


def _may_tell(row: Row, count: int) -> bool:
    """Whether a row with so many cells may tell of a table: where there are several, they begin with words."""
    return is_labelled(row) or count < _PAIR or (count <= _FEW_CELLS and kind_of(filled(row)[0]) not in STRICT)


def is_labelled(row: Row) -> bool:
    """Whether its first cell is a label, with a colon behind it."""
    return (row.cells[0] or "").rstrip().endswith(":")


def _is_below_labels(rows: Sequence[Row], place: int) -> bool:
    """Whether between the first row and this one, which is as wide, stand lines of a label and a value in one cell."""
    between = rows[1:place]
    is_as_wide = bool(between) and rows[0].width == rows[place].width
    return is_as_wide and all(len(filled(row)) == 1 and ": " in row.text for row in between)


def _are_names(rows: Sequence[Row], place: int, most: int) -> bool:
    """Whether a row names the columns of those below, which have more cells than the lines above it."""
    row, below = rows[place], rows[place + 1 :]
    fullest = max((len(filled(one)) for one in below[:_MOST_SEEN]), default=0)
    if fullest <= min(most, len(filled(row)) - 1) or _is_above_names(rows, place):
        return False
    width = _reach(row)
    data = _data(rows, place + 1)
    kinds = kinds_of(data, width)
    names = [name for name in row.cells[:width] if name]
    if not (_are_words(names) or _names_years(row, data, kinds)):
        return False
    used = [any(cells) for cells in zip(*(one.cells[:width] for one in below if one.width >= width), strict=True)]
    if len(names) * 2 <= sum(used):
        return False
    if shows_names(row.cells[:width], kinds):
        return True
    are_even = all(one.width == row.width for one in below[:_MOST_SEEN])
    return are_even and _is_apart(rows, place) and len(set(names)) == len(names) >= _WIDE


def _is_above_names(rows: Sequence[Row], place: int) -> bool:
    """Whether the row right below holds words, too, and more of them."""
    row, below = rows[place : place + 2]
    return not (is_below_blank(rows, place + 1) or _has_values(below)) and len(filled(below)) > len(filled(row))


def _data(rows: Sequence[Row], first: int) -> Sequence[Row]:
    """The rows from the first that has numbers, dates or the like; none where others and a blank one are before it."""
    for place in range(first, len(rows)):
        if _has_values(rows[place]):
            return rows[place:]
        if is_below_blank(rows, place):
            return []
    return []


def _has_values(row: Row) -> bool:
    """Whether it holds numbers, dates or the like."""
    return any(kind_of(cell or "") in STRICT for cell in row.cells)


def _are_words(names: Sequence[str]) -> bool:
    return all(kind_of(name) in {"text", "odd"} for name in names)


def _names_years(row: Row, data: Sequence[Row], kinds: Kinds) -> bool:
    """Whether a row has words, and years above numbers that are not all years."""
    years = [place for place, name in enumerate(row.cells) if name and kind_of(name) == "number"]
    words = [name for place, name in enumerate(row.cells) if name and place not in years]
    if not words or not _are_words(words) or not are_years(row.cells):
        return False
    below = [[cell for one in data if one.width > place and (cell := one.cells[place])] for place in years]
    are_numbers = all(kinds[place] == "number" or not cells for place, cells in zip(years, below, strict=True))
    return are_numbers and not all(is_year(cell) for cells in below for cell in cells)


def _is_apart(rows: Sequence[Row], place: int) -> bool:
    """Whether a row stands below a blank one, and above that no others that may be rows of a table."""
    return is_below_blank(rows, place) and all(len(filled(row)) < _PAIR or is_labelled(row) for row in rows[:place])


def is_below_blank(rows: Sequence[Row], place: int) -> bool:
    """Whether a blank line, or a row of empty cells, stands above a row."""
    above = rows[place - 1]
    return above.line + above.lines < rows[place].line or not filled(above)


def _first_of_names(rows: Sequence[Row], place: int) -> int:
    """The first row of the header that a row belongs to: those above it, without a blank row between, begin blank.

    Or it begins blank, and they hold several names. One that alone stands above it may name the column that it leaves
    blank, or several columns.
    """
    first = place
    while first and not is_below_blank(rows, first) and _is_upper(rows[first - 1], rows[first]):
        first -= 1
    if first != 1 or is_below_blank(rows, 1):
        return first
    above = rows[0]
    is_upper = above.width == rows[1].width and len(filled(above)) >= _PAIR
    is_upper = is_upper and not is_labelled(above) and not _has_values(above)
    return 0 if is_upper or not rows[1].cells[0] else first


def _is_upper(above: Row, row: Row) -> bool:
    begins_later = not row.cells[0] and len(filled(above)) >= _PAIR and not is_labelled(above)
    return begins_later or not above.cells[0]


def _are_lines(rows: Sequence[Row], first: int, place: int, *, is_sheet: bool) -> bool:
    """Whether the rows above a table tell of it, rather than being a table of their own."""
    lines = [row for row in rows[:first] if filled(row)]
    runs = list(_runs(rows[:first]))
    pairs = [row for row in lines if len(filled(row)) >= _PAIR]
    if pairs and sum(map(is_labelled, pairs)) * 2 >= len(pairs):
        return True
    names, table = len(filled(rows[place])), list(takewhile(filled, rows[place + 1 :]))
    if any(map(_is_table, runs)):
        return len(lines) < len(table) and is_below_blank(rows, first)
    are_few = len(lines) <= _FEW_LINES and not (is_sheet and pairs)
    are_mixed = not is_sheet and _most_alike(runs) < _LIKE_ROWS
    if len(lines) <= len(table) or (names >= _WIDE and (are_few or are_mixed)):
        return True
    are_padded = not is_sheet and names >= _MANY_NAMES and len(pairs) * 2 > len(lines)
    are_padded = are_padded and all(row.width == rows[place].width for row in lines)
    return are_padded or (len(runs) > 1 and len(runs[0]) <= _SHORT)


def _runs(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows between blank ones."""
    run: list[Row] = []
    for place, row in enumerate(rows):
        if run and is_below_blank(rows, place):
            yield run
            run = []
        run += [row] if filled(row) else []
    if run:
        yield run


def _most_alike(runs: Sequence[Sequence[Row]]) -> int:
    """How many rows of several cells, and of as many each, stand one below the other."""
    counts = [len(list(alike)) for run in runs for count, alike in groupby(map(_reach, run)) if count >= _PAIR]
    return max(counts, default=0)


def _is_table(run: Sequence[Row]) -> bool:
    """Whether rows are of one width, and the first names all columns, with words above numbers, dates or the like."""
    names, rows = filled(run[0]), run[1:]
    width = _reach(run[0])
    if width != len(names) or width == 1 or len(rows) < _LEAST_ROWS or any(_reach(row) != width for row in rows):
        return False
    return shows_names(names, kinds_of(rows, width))


def _reach(row: Row) -> int:
    """How many cells there are up to the last that holds something."""
    return max((place for place, cell in enumerate(row.cells, start=1) if cell and cell.strip()), default=0)
