"""Finds the row that names a table's columns below lines that tell of the table.

Such lines are titles, labels with their values (``IBAN;DE12 ...``), and notes. They may have as many cells as the table
has columns, nearly all of them empty, as a spreadsheet writes them. The names below them are shown to be names by what
stands in their columns, or by a blank row above them.
"""

from collections.abc import Iterator, Sequence

from entrepot_adapters.polars.reading.sniffing.above import PAIR, WIDE, are_lines, is_below_blank
from entrepot_adapters.polars.reading.sniffing.cells import STRICT, kind_of
from entrepot_adapters.polars.reading.sniffing.naming import (
    Kinds,
    are_years,
    are_years_apart,
    has_values,
    is_year,
    kinds_of,
    shows_names,
)
from entrepot_adapters.polars.reading.sniffing.sample import Row

_MOST_LINES = 40
_MOST_SEEN = 5
"""Rows below names of which one fills more cells than lines above do."""
_FEW_CELLS = 3
"""Cells of a line: a label, a value and its unit. With a colon behind the label it may have more."""


def below_lines(rows: Sequence[Row], *, is_sheet: bool = False) -> int | None:
    """The place of the first row that names columns, where lines that tell of the table stand above it; else None.

    Args:
        rows: The first rows that hold something.
        is_sheet: Whether they are those of a sheet, which all have as many cells.
    """
    if kind_of(next(iter(rows[0].filled), "")) in STRICT:
        return None
    for place in reversed(list(_named_rows(rows))):  # wider names stand below labels with values, which look like some
        first = _first_of_names(rows, place)
        if first and are_lines(rows, first, place, is_sheet=is_sheet):
            return first
    return None


def _named_rows(rows: Sequence[Row]) -> Iterator[int]:
    """The places of rows that may hold names, as long as those above may tell of a table, and mostly have fewer."""
    most = 0
    for place, row in enumerate(rows[:_MOST_LINES]):
        count = len(row.filled)
        may_be = count > most or _is_below_labels(rows, place) or (count == most and _are_above_values(rows, place))
        if place and count >= PAIR and may_be and _are_names(rows, place, most):
            yield place
        if not _may_tell(row, count):
            return
        most = max(most, count)


def _may_tell(row: Row, count: int) -> bool:
    """Whether a row with so many cells may tell of a table: where there are several, they begin with words."""
    return row.is_labelled or count < PAIR or (count <= _FEW_CELLS and kind_of(row.filled[0]) not in STRICT)


def _is_below_labels(rows: Sequence[Row], place: int) -> bool:
    """Whether between the first row and this one, which is as wide, stand lines of a label and a value in one cell."""
    between = rows[1:place]
    is_as_wide = bool(between) and rows[0].width == rows[place].width
    return is_as_wide and all(len(row.filled) == 1 and ": " in row.text for row in between)


def _are_above_values(rows: Sequence[Row], place: int) -> bool:
    """Whether a row stands below a blank one, and above rows that begin with numbers, dates or the like."""
    return place > 0 and is_below_blank(rows, place) and kinds_of(_data(rows, place + 1), 1)[0] in STRICT


def _are_names(rows: Sequence[Row], place: int, most: int) -> bool:
    """Whether a row names the columns of those below, which have more cells than the lines above it."""
    row, below = rows[place], rows[place + 1 :]
    fullest = max((len(one.filled) for one in below[:_MOST_SEEN]), default=0)
    if fullest <= min(most, len(row.filled) - 1) or _is_above_names(rows, place):
        return False
    width = row.reach
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
    return are_even and _is_apart(rows, place) and len(set(names)) == len(names) >= WIDE


def _is_above_names(rows: Sequence[Row], place: int) -> bool:
    """Whether the row right below holds words, too, and more of them."""
    row, below = rows[place : place + 2]
    return not (is_below_blank(rows, place + 1) or has_values(below)) and len(below.filled) > len(row.filled)


def _data(rows: Sequence[Row], first: int) -> Sequence[Row]:
    """The rows from the first that has numbers, dates or the like; none where others and a blank one are before it."""
    for place in range(first, len(rows)):
        if has_values(rows[place]):
            return rows[place:]
        if is_below_blank(rows, place):
            return []
    return []


def _are_words(names: Sequence[str]) -> bool:
    return all(kind_of(name) in {"text", "odd"} for name in names)


def _names_years(row: Row, data: Sequence[Row], kinds: Kinds) -> bool:
    """Whether a row has words, and years above numbers that are not all years."""
    years = [place for place, name in enumerate(row.cells) if name and kind_of(name) == "number"]
    words = [name for place, name in enumerate(row.cells) if name and place not in years]
    if not words or not _are_words(words) or not (are_years(row.cells) or are_years_apart(row.cells, data)):
        return False
    below = [[cell for one in data if one.width > place and (cell := one.cells[place])] for place in years]
    are_numbers = all(kinds[place] == "number" or not cells for place, cells in zip(years, below, strict=True))
    return are_numbers and not all(is_year(cell) for cells in below for cell in cells)


def _is_apart(rows: Sequence[Row], place: int) -> bool:
    """Whether a row stands below a blank one, and above that no others that may be rows of a table."""
    return is_below_blank(rows, place) and all(len(row.filled) < PAIR or row.is_labelled for row in rows[:place])


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
    is_upper = above.width == rows[1].width and len(above.filled) >= PAIR
    is_upper = is_upper and not above.is_labelled and not has_values(above)
    return 0 if is_upper or not rows[1].cells[0] else first


def _is_upper(above: Row, row: Row) -> bool:
    begins_later = not row.cells[0] and len(above.filled) >= PAIR and not above.is_labelled
    return begins_later or not above.cells[0]
