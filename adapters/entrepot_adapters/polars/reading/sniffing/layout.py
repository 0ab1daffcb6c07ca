"""Where in a text the table begins, how many rows name its columns, and how many columns there are."""

from collections.abc import Sequence

import msgspec

from entrepot_adapters.polars.reading.sniffing.beginning import beginning
from entrepot_adapters.polars.reading.sniffing.cells import kind_of
from entrepot_adapters.polars.reading.sniffing.marks import without_mark
from entrepot_adapters.polars.reading.sniffing.naming import Kinds, header_rows, kinds_of, names_of
from entrepot_adapters.polars.reading.sniffing.sample import Row
from entrepot_core.dialect import ImportOptions

_HEADS = 2


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
    asked = _header_asked(options)
    may_be_named = asked != 0
    first, width = (0, filled[0].width) if options.skip_lines is not None else beginning(filled, is_named=may_be_named)
    table = filled[first:]
    header = header_rows(table, width) if asked is None else asked
    header = min(header, len(table))
    if header and asked is not None:
        width = table[0].width
    names = names_of(table[:header], width)
    body = table[header:]
    if not header:
        width = max(width, table[0].width)
        names = [""] * width
    start = body[0].line - 1 if body else table[-1].line - 1 + table[-1].lines
    before = tuple(_without_margin(row) for row in filled[:first] if any(row.cells))
    is_named = bool(header) and all(kind_of(name) in {"text", "odd"} for name in table[0].cells if name)
    heading = table[0].text if is_named and all(table[0].cells[: len(names)]) and len(names) > 1 else None
    heads = tuple(cell for cell in table[0].cells[:_HEADS] if cell) if heading and table[0].width >= _HEADS else ()
    kinds = kinds_of(body, len(names))
    spares = sum(row.width == len(names) + 1 and row.cells[-1] is None for row in body)
    spare = spares > len(body) / 2
    return Layout(table[0].line - 1, before, header, start, tuple(names), kinds, heading, heads, spare)


def _without_margin(row: Row) -> str:
    """A row as it stands, without the delimiters of empty cells at its end."""
    return row.text if row.cells[-1] is not None else row.text.rstrip(row.text[-1])


def _header_asked(options: ImportOptions) -> int | None:
    if options.header_rows is not None:
        return options.header_rows
    return None if options.header is None else int(options.header)
