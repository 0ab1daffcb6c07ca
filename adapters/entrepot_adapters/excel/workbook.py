"""The ``Workbooks`` port as an Excel writer."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import BinaryIO

import polars as pl
from attrs import define

from entrepot_adapters.excel import limits
from entrepot_adapters.excel.book import Book
from entrepot_adapters.excel.formats import GENERAL, INTEGER, columns, number_formats
from entrepot_adapters.excel.names import notes_name, sheet_name
from entrepot_adapters.excel.textual import with_text
from entrepot_adapters.excel.zipping import ZipWriter
from entrepot_core.errors import NotRepresentable
from entrepot_core.ports.clock import Clock
from entrepot_core.ports.tables import ArrowTable
from entrepot_core.schema import Schema

_ROWS_AT_ONCE = 65_536
_MOST_THREADS = 4
_NOTES_SHOWN = 1_000
_NOTE = f"A cell holds {limits.TEXT:,} characters. This one has the beginning of the text."


@define
class ExcelWorkbooks:
    """Writes tables as ``.xlsx`` workbooks.

    A text too long for a cell is cut there, ends with a mark that says so, and is listed on a last sheet "Notes".
    """

    _clock: Clock

    def write(self, batches: Iterable[ArrowTable], schema: Schema, out: BinaryIO, *, title: str) -> None:
        """Write a table as a workbook.

        Args:
            batches: Its rows.
            schema: Its fields; they name the columns where there is no batch.
            out: A seekable file; written from where it stands, and left open.
            title: Of the document, and of its sheets as far as their names allow.

        Raises:
            NotRepresentable: It has more columns than a sheet.
        """
        frames = chain.from_iterable(_frames(batch) for batch in batches)
        first = next(frames, None)
        if first is None:
            first = pl.DataFrame(schema=dict.fromkeys(schema.names, pl.String))
        if first.width > limits.COLUMNS:
            raise NotRepresentable("Excel", f"it has {first.width:,} columns, and a sheet has {limits.COLUMNS:,}.")
        formats = dict.fromkeys([INTEGER, *chain.from_iterable(map(number_formats, first.dtypes))])
        formats.pop(GENERAL, None)
        with ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS), "excel") as pool:
            book = Book(ZipWriter(out), pool, title, self._clock.now(), list(formats))
            layout = columns(first.columns, first, with_text(first))
            book.add_table(layout, chain([first], frames), lambda number: sheet_name(title, number))
            _add_notes(book)
            book.close()


def _frames(batch: ArrowTable) -> Iterator[pl.DataFrame]:
    return pl.DataFrame(batch).iter_slices(_ROWS_AT_ONCE)


def _add_notes(book: Book) -> None:
    if book.cuts:
        shown = pl.DataFrame(book.cuts[:_NOTES_SHOWN], schema=["Sheet", "Cell", "Column", "Characters"], orient="row")
        notes = shown.with_columns(pl.lit(_NOTE).alias("Note"))
        name = notes_name(book.names)
        book.add_table(columns(notes.columns, notes, notes), [notes], lambda _: name)
