"""Where in a text the table begins, how many rows name its columns, and how many columns there are."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from entrepot_adapters.polars.reading.sniffing.cells import STRICT, Kind, kind_of
from entrepot_adapters.polars.reading.sniffing.marks import without_mark
from entrepot_adapters.polars.reading.sniffing.sample import Row
from entrepot_core.dialect import ImportOptions

_MOST_HEADER_ROWS = 3
_HEADS = 2
_LEAST_ALIKE = 0.9
_LEAST_ROWS = 3
_LEAST_BEFORE = 0.1
"""The share of rows of a table that has to stand before others."""
_YEARS = range(1800, 2200)

Kinds = tuple[Kind | None, ...]


class Layout(msgspec.Struct, frozen=True):
    """How a table lies in its file.

    Attributes:
        skipped: How many lines stand before its header.
        before: Those of these lines that hold something, as text.
        header: How many rows name its columns.
        start: How many lines stand before its first row.
        names: The columns' names; empty where they have none.
        kinds: What their values are, where nearly all in the sample are of one kind other than text.
        heading: The first row of the header as it stands; None where there is none, or it could be a row of data.
        heads: The first two cells of that row, if it has so many.
        spare: Whether rows end with a delimiter, behind which there is an empty column without a name.
    """

    skipped: int
    before: tuple[str, ...]
    header: int
    start: int
    names: tuple[str, ...]
    kinds: Kinds
    heading: str | None
    heads: tuple[str, ...] = ()
    spare: bool = False

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.names)


def find_layout(rows: Sequence[Row], options: ImportOptions) -> Layout | None:
    """Find the table among the first rows of a file; None if all of them are blank.

    Args:
        rows: The rows, without the lines that the caller wants skipped.
        options: What the caller says.
    """
    filled = without_mark([row for row in rows if not row.is_blank])
    if not filled:
        return None
    first, width = (0, filled[0].width) if options.skip_lines is not None else _beginning(filled)
    table = filled[first:]
    asked = _header_asked(options)
    header = _header_rows(table, width) if asked is None else asked
    header = min(header, len(table))
    if header and asked is not None:
        width = table[0].width
    names = _names(table[:header], width)
    body = table[header:]
    if not header:
        width = max(width, table[0].width)
        names = [""] * width
    start = body[0].line - 1 if body else table[-1].line - 1 + table[-1].lines
    before = tuple(row.text for row in filled[:first])
    is_named = bool(header) and all(kind_of(name) in {"text", "odd"} for name in table[0].cells if name)
    heading = table[0].text if is_named and all(table[0].cells[: len(names)]) and len(names) > 1 else None
    heads = tuple(cell for cell in table[0].cells[:_HEADS] if cell) if heading and table[0].width >= _HEADS else ()
    kinds = _kinds(body, len(names))
    spares = sum(row.width == len(names) + 1 and row.cells[-1] is None for row in body)
    spare = spares > len(body) / 2
    return Layout(table[0].line - 1, before, header, start, tuple(names), kinds, heading, heads, spare)


def _header_asked(options: ImportOptions) -> int | None:
    if options.header_rows is not None:
        return options.header_rows
    return None if options.header is None else int(options.header)


def _beginning(rows: Sequence[Row]) -> tuple[int, int]:
    """The number of the table's first row, and how many cells rows have."""
    widths = [row.width for row in rows]
    usual = _usual(widths)
    if usual == 1:
        return 0, 1
    first = widths.index(usual)
    if (table := _table_before(rows[:first], widths.count(usual))) is not None:
        return table
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
    is_named = width > 2 and shows_names(rows[first].cells, _kinds(rows[first + 1 :], width))  # noqa: PLR2004 - a pair
    return (first, width) if is_named and count > max(_LEAST_ROWS, most * _LEAST_BEFORE) else None


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


def _header_rows(rows: Sequence[Row], width: int) -> int:
    """How many rows name the columns, by what stands in those below."""
    if len(rows) == 1:
        return 1
    for header in range(_MOST_HEADER_ROWS, 1, -1):
        below = rows[header:]
        kinds = _kinds(below, width)
        strict = [number for number, kind in enumerate(kinds) if kind in STRICT]
        if len(below) >= _LEAST_ROWS and len(strict) > 1 and all(_is_heading(row, strict) for row in rows[1:header]):
            return header
    return int(_has_header(rows, width))


def _is_heading(row: Row, strict: Sequence[int]) -> bool:
    """Whether a row has words wherever the columns have numbers, dates and the like."""
    return all(len(row.cells) > number and kind_of(row.cells[number] or "") == "text" for number in strict)


def _has_header(rows: Sequence[Row], width: int) -> bool:
    """Whether the first row names the columns: it does, unless it looks like those below."""
    first, kinds = rows[0].cells, _kinds(rows[1:], width)
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


def _kinds(rows: Sequence[Row], width: int) -> Kinds:
    full = [row.cells for row in rows if row.width >= width]
    return tuple(_kind([kind_of(cells[number] or "") for cells in full]) for number in range(width))


def _kind(kinds: Sequence[Kind]) -> Kind | None:
    """The kind that nearly all of a column's values have, if that is not text."""
    counts = Counter(kind for kind in kinds if kind != "nothing")
    if not counts:
        return None
    kind, count = counts.most_common(1)[0]
    return kind if kind in STRICT and count >= _LEAST_ALIKE * counts.total() else None


def _names(header: Sequence[Row], width: int) -> list[str]:
    """The names: the texts of a column's header rows, joined; an upper row's text goes on over blank cells after it."""
    names: list[list[str]] = [[] for _ in range(width)]
    for number, row in enumerate(header):
        text = ""
        for column in range(width):
            cell = (row.cells[column] if column < row.width else None) or ""
            text = cell or (text if number < len(header) - 1 else "")
            names[column] += [text] if text else []
    return [" ".join(parts) for parts in names]
