"""The ``Workbooks`` port as an Excel writer."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import chain
from typing import BinaryIO

import polars as pl

from entrepot_adapters.excel import limits
from entrepot_adapters.excel.book import Book
from entrepot_adapters.excel.formats import GENERAL, INTEGER, columns, number_formats
from entrepot_adapters.excel.names import notes_name, sheet_name
from entrepot_adapters.excel.zipping import ZipWriter
from entrepot_core.errors import NotRepresentable
from entrepot_core.ports.tables import ArrowTable
from entrepot_core.schema import Schema

_ROWS_AT_ONCE = 65_536
_MOST_THREADS = 4


class ExcelWorkbooks:
    """Writes tables as ``.xlsx`` workbooks.

    A text too long for a cell is cut there, ends with a mark that says so, and is listed on a last sheet "Notes".
    The same arguments give the same bytes, whenever that is.
    """

    def write(
        self, batches: Iterable[ArrowTable], schema: Schema, out: BinaryIO, *, title: str, created: datetime
    ) -> None:
        """Write a table as a workbook.

        Args:
            batches: Its rows.
            schema: Its fields; they name the columns where there is no batch.
            out: A seekable file; written from where it stands, and left open.
            title: Of the document, and of its sheets as far as their names allow.
            created: When the table was made, in UTC, for the document's properties.

        Raises:
            NotRepresentable: It has more columns than a sheet.
        """
        frames = chain.from_iterable(pl.DataFrame(batch).iter_slices(_ROWS_AT_ONCE) for batch in batches)
        first = next(frames, None)
        if first is None:
            first = pl.DataFrame(schema=dict.fromkeys(schema.names, pl.String))
        if first.width > limits.COLUMNS:
            raise NotRepresentable("Excel", f"it has {first.width:,} columns, and a sheet has {limits.COLUMNS:,}.")
        formats = dict.fromkeys([INTEGER, *chain.from_iterable(map(number_formats, first.dtypes))])
        formats.pop(GENERAL, None)
        with ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS), "excel") as pool:
            book = Book(ZipWriter(out), pool, title, created, list(formats))
            book.add_table(columns(first), chain([first], frames), lambda number: sheet_name(title, number))
            _add_notes(book)
            book.close()


def _add_notes(book: Book) -> None:
    if book.cuts.count:
        notes = book.cuts.table()
        book.add_table(columns(notes), [notes], lambda _: notes_name(book.names))
