"""The rows of a sheet as XML, built, deflated and written in slices."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future

import polars as pl
from attrs import define, field

from entrepot_adapters.excel.cells import Cell, Styles, cell, joined
from entrepot_adapters.excel.names import column_letters
from entrepot_adapters.excel.skeleton import HEADER
from entrepot_adapters.excel.text import fitting, text_cell
from entrepot_adapters.excel.zipping import Entry, deflate

_CELLS = 80_000  # of a slice: some 4 MB of XML, which stays in the processor's cache
_BYTES = 8_000_000
_WAITING = 4
_HEADER_HEIGHT = 21
_ROW = "row number"


def header_row(names: list[str], styles: Styles) -> str:
    """The XML of the first row."""
    if not names:
        return ""
    cells = pl.select(joined([styles[HEADER], *text_cell(pl.lit(pl.Series([fitting(name) for name in names])))]))
    written = (f'<c r="{column_letters(at)}1"{xml}</c>' for at, xml in enumerate(cells.to_series()))
    return f'<row r="1" ht="{_HEADER_HEIGHT}" customHeight="1">{"".join(written)}</row>'


def _row_xml(frame: pl.DataFrame, styles: Styles) -> pl.Expr:
    """The XML of each row of a frame that has its row numbers, too; right for the values in this frame."""
    number = pl.col(_ROW)
    pieces: Cell = ['<row r="', number, '">']
    for at, values in enumerate(frame.drop(_ROW)):
        written = cell(values, styles)
        whole: Cell = [f'<c r="{column_letters(at)}', number, '"', *written, "</c>"]
        always_there = isinstance(written[0], str) and not values.null_count()
        pieces += whole if always_there else [joined(whole)]
    return pl.concat_str(_merged([*pieces, "</row>"]), ignore_nulls=True)


def _merged(pieces: Cell) -> Iterator[pl.Expr]:
    """Neighbouring literals as one: joining takes time by the piece."""
    literal = ""
    for piece in pieces:
        if isinstance(piece, str):
            literal += piece
        else:
            yield pl.lit(literal)
            yield piece
            literal = ""
    yield pl.lit(literal)


def _slices(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    by_size = frame.height * _BYTES // max(int(frame.estimated_size()), 1)
    return frame.iter_slices(max(min(_CELLS // max(frame.width, 1), by_size), 1))


def _xml_and_deflated(rows: pl.DataFrame, row_xml: pl.Expr) -> tuple[bytes, bytes]:
    xml: bytes = rows.select(row_xml.str.join("").cast(pl.Binary)).item()
    return xml, deflate(xml)


@define
class SheetWriter:
    """Writes the part of one sheet. Several threads build and deflate its rows; memory holds a few slices."""

    _entry: Entry
    _pool: Executor
    _styles: Styles
    _pending: deque[Future[tuple[bytes, bytes]]] = field(factory=deque[Future[tuple[bytes, bytes]]], init=False)

    def text(self, xml: str) -> None:
        """Write what stands before or after the rows."""
        self._drain(0)
        data = xml.encode()
        self._entry.write(data, deflate(data))

    def rows(self, frame: pl.DataFrame, first: int) -> None:
        """Write rows, the first of which has this number (from 1, the header counts).

        Args:
            frame: The rows, with columns named by position. What is text in the sheet is text here, and fits.
            first: Their first number.
        """
        if frame.is_empty():
            return
        numbers = pl.int_range(first, first + pl.len()).cast(pl.String).alias(_ROW)
        numbered = frame.with_columns(numbers)
        row_xml = _row_xml(numbered, self._styles)
        for part in _slices(numbered):
            self._drain(_WAITING - 1)
            self._pending.append(self._pool.submit(_xml_and_deflated, part, row_xml))

    def _drain(self, left: int) -> None:
        while len(self._pending) > left:
            self._entry.write(*self._pending.popleft().result())
