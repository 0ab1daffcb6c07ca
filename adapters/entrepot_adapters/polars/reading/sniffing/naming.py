"""Which rows name the columns of a table, and what they name them."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from entrepot_adapters.polars.reading.sniffing.cells import STRICT, Kind, kind_of
from entrepot_adapters.polars.reading.sniffing.sample import Row

_MOST_HEADER_ROWS = 6
_LEAST_ALIKE = 0.9
_LEAST_ROWS = 3
_YEARS = range(1800, 2200)
_LEAST_YEARS = 2
_DIGITS = 4
"""Those of a year."""

Kinds = tuple[Kind | None, ...]
"""Of each column, what its values are; None where they are of several kinds, or text."""


def header_rows(rows: Sequence[Row], width: int) -> int:
    """How many rows name the columns, by what stands in those below."""
    if len(rows) == 1:
        return 1
    for header in range(min(_MOST_HEADER_ROWS, len(rows) - _LEAST_ROWS), 1, -1):
        if all(_is_heading(row, rows[header:], width) for row in rows[1:header]):
            return header
    return int(_has_header(rows, width))


def _is_heading(row: Row, below: Sequence[Row], width: int) -> bool:
    """Whether a row has words wherever the columns have numbers, dates and the like, which two have at least.

    It may begin with blank cells, below names of the row above that stand for several rows, but above no more than half
    of such columns.
    """
    cells = [cell or "" for cell in row.cells[:width]]
    begun = next((number for number, cell in enumerate(cells) if cell.strip()), width)
    words = {number for number, cell in enumerate(cells) if kind_of(cell) == "text"}
    others = (number for number in range(begun, width) if number not in words)
    if not words:
        return False
    full = _full(below, width)
    if any(_kind_of(full, number) in STRICT for number in others):
        return False
    strict = {number for number in range(width) if _kind_of(full, number) in STRICT}
    return len(strict) > 1 and len(strict & words) * 2 >= len(strict)


def _has_header(rows: Sequence[Row], width: int) -> bool:
    """Whether the first row names the columns: it does, unless it looks like those below."""
    first, kinds = rows[0].cells, kinds_of(rows[1:], width)
    if shows_names(first, kinds) or are_years_apart(first, rows[1:]):
        return True
    return not any(kind in STRICT and kind_of(cell or "") == kind for cell, kind in zip(first, kinds, strict=False))


def shows_names(cells: Sequence[str | None], kinds: Kinds) -> bool:
    """Whether a row can't be one of data: it has words where columns have numbers and the like, or years as names."""
    pairs = zip(cells, kinds, strict=False)
    return any(kind in STRICT and kind_of(cell or "") in {"text", "odd"} for cell, kind in pairs) or are_years(cells)


def are_years(cells: Sequence[str | None]) -> bool:
    """Whether all numbers among the cells are years, one after the other."""
    numbers = [cell.strip() for cell in cells if cell and kind_of(cell) == "number"]
    if len(numbers) < 2 or not all(map(is_year, numbers)):  # noqa: PLR2004 - one after the other
        return False
    steps = {int(after) - int(before) for before, after in pairwise(numbers)}
    return len(steps) == 1 and abs(steps.pop()) == 1


def are_years_apart(cells: Sequence[str | None], below: Sequence[Row]) -> bool:
    """Whether all numbers among the cells are years, in their order, above numbers that are not all years."""
    places = [place for place, cell in enumerate(cells) if cell and kind_of(cell) == "number"]
    years = [cell.strip() for place in places if (cell := cells[place])]
    if len(years) <= _LEAST_YEARS or not all(map(is_year, years)) or len(set(years)) < len(years):
        return False
    found = [cell for row in below if row.width > places[-1] for place in places if (cell := row.cells[place])]
    are_numbers = all(kind_of(cell) in {"number", "nothing"} for cell in found)
    return sorted(years) in (years, years[::-1]) and are_numbers and sum(map(is_year, found)) * 2 < len(found)


def is_year(cell: str) -> bool:
    """Whether a cell may be a year."""
    text = cell.strip()
    return len(text) == _DIGITS and text.isdecimal() and int(text) in _YEARS


def has_values(row: Row) -> bool:
    """Whether a row holds numbers, dates or the like."""
    return any(kind_of(cell or "") in STRICT for cell in row.cells)


def kinds_of(rows: Sequence[Row], width: int) -> Kinds:
    """The kinds of the values of so many columns, where nearly all of a column are of one other than text."""
    full = _full(rows, width)
    return tuple(_kind_of(full, number) for number in range(width))


def _full(rows: Sequence[Row], width: int) -> Sequence[Sequence[str | None]]:
    """The cells of the rows that have so many."""
    return [row.cells for row in rows if len(row.cells) >= width]


def _kind_of(full: Sequence[Sequence[str | None]], number: int) -> Kind | None:
    """The kind of the values of one column."""
    return _kind([kind_of(cells[number] or "") for cells in full])


def _kind(kinds: Sequence[Kind]) -> Kind | None:
    """The kind that nearly all of a column's values have, if that is not text."""
    counts = Counter(kind for kind in kinds if kind != "nothing")
    if not counts:
        return None
    kind, count = counts.most_common(1)[0]
    return kind if kind in STRICT and count >= _LEAST_ALIKE * counts.total() else None


def names_of(header: Sequence[Row], width: int) -> list[str]:
    """The names: the texts of a column's header rows, joined; an upper row's text goes on over blank cells after it."""
    names: list[list[str]] = [[] for _ in range(width)]
    for number, row in enumerate(header):
        text = ""
        for column in range(width):
            cell = (row.cells[column] if column < row.width else None) or ""
            text = cell or (text if number < len(header) - 1 else "")
            names[column] += [text] if text else []
    return [" ".join(parts) for parts in names]
