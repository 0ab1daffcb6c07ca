"""Where among the first rows of a text its table begins."""

from collections import Counter
from collections.abc import Sequence

from entrepot_adapters.polars.reading.sniffing.above import is_below_blank
from entrepot_adapters.polars.reading.sniffing.cells import STRICT, kind_of
from entrepot_adapters.polars.reading.sniffing.naming import has_values, kinds_of, shows_names
from entrepot_adapters.polars.reading.sniffing.sample import Row
from entrepot_adapters.polars.reading.sniffing.titles import below_lines

_LEAST_ROWS = 3
_LEAST_BEFORE = 0.1
"""The share of rows of a table that has to stand before others."""


def beginning(rows: Sequence[Row], *, is_named: bool) -> tuple[int, int]:
    """The number of the table's first row, and how many cells rows have.

    Args:
        rows: The first rows that hold something.
        is_named: Whether the columns may have names.
    """
    if is_named and (place := below_lines(rows)) is not None:
        first, width = _by_width(rows[place:])
        if not first:
            return place, width
    first, width = _by_width(rows)
    while is_named and first + 1 < len(rows) and not any(rows[first].cells):
        first += 1  # a row of empty cells names nothing
    return first, width


def _by_width(rows: Sequence[Row]) -> tuple[int, int]:
    """The first row that has as many cells as most, and how many."""
    widths = [row.width for row in rows]
    usual = _usual(widths)
    if usual == 1:
        return 0, 1
    first = widths.index(usual)
    if (table := _table_before(rows[:first], widths.count(usual))) is not None:
        return table
    if first > 1 and _are_named_above(rows, first, usual):
        return 0, usual
    if first and rows[first - 1].line + rows[first - 1].lines == rows[first].line:
        width = _width_of_header(rows[first - 1], rows[first], usual)
        if width is not None:
            return first - 1, width
    return first, _trimmed(rows[first:], usual)


def _table_before(rows: Sequence[Row], most: int) -> tuple[int, int] | None:
    """The first row, and the width, of rows that are a table too: with no fewer rows than the one below, or with names.

    Lines of words, say a company's name and address, may well stand above another table, but hardly many of one width
    that name three columns and hold numbers in them.
    """
    widths = Counter(row.width for row in rows if row.width > 1)
    if not widths:
        return None
    width, count = widths.most_common(1)[0]
    first = [row.width for row in rows].index(width)
    if count >= max(_LEAST_ROWS, most):
        return first, width
    is_named = width > 2 and shows_names(rows[first].cells, kinds_of(rows[first + 1 :], width))  # noqa: PLR2004 - a pair
    return (first, width) if is_named and count > max(_LEAST_ROWS, most * _LEAST_BEFORE) else None


def _are_named_above(rows: Sequence[Row], first: int, width: int) -> bool:
    """Whether the first row names the columns of rows that have more cells than it, and of shorter ones above them.

    Both have numbers, dates or the like in the same columns, and no blank row stands between.
    """
    names = rows[0].cells
    are_names = len(names) > 1 and len(set(names)) == len(names) and all(names) and not rows[0].is_labelled
    if not are_names or has_values(rows[0]) or rows[0].text.startswith("#"):
        return False
    is_apart = any(is_below_blank(rows, place) for place in range(1, first + 1))
    kinds = kinds_of(rows[first:], width)
    cells = [pair for row in rows[1 : first + 1] for pair in zip(row.cells, kinds, strict=False)]
    found = [(kind_of(cell or ""), kind) for cell, kind in cells if kind in STRICT]
    are_alike = any(own == kind for own, kind in found) and all(own in {kind, "nothing"} for own, kind in found)
    return not is_apart and are_alike and shows_names(names, kinds)


def _usual(widths: Sequence[int]) -> int:
    """How many cells most rows have, where more cells weigh a little more."""
    counts = Counter(widths)
    usual, _ = max(counts.items(), key=lambda item: item[1] * (item[0] - 1) / item[0])
    begun = next((number for number, width in enumerate(widths) if width > 1), len(widths))
    is_list = widths[0] == 1 and counts[1] * 2 >= len(widths) and 1 in widths[begun:]
    return 1 if is_list else usual


def _width_of_header(header: Row, row: Row, usual: int) -> int | None:
    """How many columns a row names that has more or fewer cells than those below; None if it is no header."""
    cells = header.cells
    while cells and cells[-1] is None:
        cells = cells[:-1]
    if len(cells) < 2 or not all(cells) or any(kind_of(cell or "") in STRICT for cell in cells):  # noqa: PLR2004 - two names
        return None
    is_data = any(kind_of(cell or "") in STRICT for cell in row.cells) or len(set(row.cells)) < len(row.cells)
    if header.text.startswith("#") and not is_data:
        return None  # a comment above the header
    if len(cells) > usual:
        return len(cells)
    if not is_data or len(cells) < usual - 1:
        return None
    return len(cells) if len(cells) == usual or row.cells[-1] is None else usual


def _trimmed(rows: Sequence[Row], width: int) -> int:
    """The width without a last column that has neither a name nor a value: that of a delimiter at the end of rows."""
    full = [row.cells for row in rows if row.width == width]
    return width - 1 if width > 2 and all(cells[-1] is None for cells in full) else width  # noqa: PLR2004 - one is left
