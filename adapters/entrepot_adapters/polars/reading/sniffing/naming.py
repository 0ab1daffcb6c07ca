"""Which rows name the columns of a table, and what they name them."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from entrepot_adapters.polars.reading.sniffing.cells import STRICT, Kind, kind_of
from entrepot_adapters.polars.reading.sniffing.sample import Row

_MOST_HEADER_ROWS = 3
_LEAST_ALIKE = 0.9
_LEAST_ROWS = 3
_YEARS = range(1800, 2200)

Kinds = tuple[Kind | None, ...]
"""Of each column, what its values are; None where they are of several kinds, or text."""


def header_rows(rows: Sequence[Row], width: int) -> int:
    """How many rows name the columns, by what stands in those below."""
    if len(rows) == 1:
        return 1
    for header in range(_MOST_HEADER_ROWS, 1, -1):
        below = rows[header:]
        kinds = kinds_of(below, width)
        strict = [number for number, kind in enumerate(kinds) if kind in STRICT]
        if len(below) >= _LEAST_ROWS and len(strict) > 1 and all(_is_heading(row, strict) for row in rows[1:header]):
            return header
    return int(_has_header(rows, width))


def _is_heading(row: Row, strict: Sequence[int]) -> bool:
    """Whether a row has words wherever the columns have numbers, dates and the like."""
    return all(len(row.cells) > number and kind_of(row.cells[number] or "") == "text" for number in strict)


def _has_header(rows: Sequence[Row], width: int) -> bool:
    """Whether the first row names the columns: it does, unless it looks like those below."""
    first, kinds = rows[0].cells, kinds_of(rows[1:], width)
    if shows_names(first, kinds):
        return True
    return not any(kind in STRICT and kind_of(cell or "") == kind for cell, kind in zip(first, kinds, strict=False))


def shows_names(cells: Sequence[str | None], kinds: Kinds) -> bool:
    """Whether a row can't be one of data: it has words where columns have numbers and the like, or years as names."""
    pairs = zip(cells, kinds, strict=False)
    return any(kind in STRICT and kind_of(cell or "") in {"text", "odd"} for cell, kind in pairs) or are_years(cells)


def are_years(cells: Sequence[str | None]) -> bool:
    """Whether all numbers among the cells are years, one after the other."""
    numbers = [cell for cell in cells if cell and kind_of(cell) == "number"]
    if len(numbers) < 2 or not all(number.isdigit() for number in numbers):  # noqa: PLR2004 - one after the other
        return False
    years = [int(number) for number in numbers]
    steps = {after - before for before, after in pairwise(years)}
    return all(year in _YEARS for year in years) and len(steps) == 1 and abs(steps.pop()) == 1


def kinds_of(rows: Sequence[Row], width: int) -> Kinds:
    """The kinds of the values of so many columns, where nearly all of a column are of one other than text."""
    full = [row.cells for row in rows if row.width >= width]
    return tuple(_kind([kind_of(cells[number] or "") for cells in full]) for number in range(width))


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
