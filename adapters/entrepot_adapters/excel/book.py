"""A workbook that is being written: its archive, and its sheets one after the other."""

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from operator import itemgetter

import polars as pl
from attrs import define, field

from entrepot_adapters.excel import limits
from entrepot_adapters.excel.cuts import Cuts
from entrepot_adapters.excel.formats import Column
from entrepot_adapters.excel.names import column_letters
from entrepot_adapters.excel.sheet import SheetWriter, header_row
from entrepot_adapters.excel.skeleton import Sheet, Skeleton, sheet_part, skeleton
from entrepot_adapters.excel.text import cut
from entrepot_adapters.excel.textual import positional, with_text
from entrepot_adapters.excel.zipping import ZipWriter

# Known before the sheets, so written first: with them in front, `file` and others recognise a workbook.
_FIRST = ["_rels/.rels", "docProps/core.xml", "xl/theme/theme1.xml", "xl/styles.xml"]


@define
class Book:
    """Writes tables into a workbook.

    Attributes:
        title: The title in its properties.
        created: When its table was made, in UTC.
        formats: All the number formats its tables need, other than the general one.
        cuts: The texts that were too long for a cell.
    """

    _archive: ZipWriter
    _pool: Executor
    title: str
    created: datetime
    formats: list[str]
    cuts: Cuts = field(factory=Cuts, init=False)
    _sheets: list[Sheet] = field(factory=list[Sheet], init=False)

    @property
    def names(self) -> list[str]:
        """The names of the sheets so far."""
        return [sheet.name for sheet in self._sheets]

    def add_table(self, columns: list[Column], frames: Iterable[pl.DataFrame], name: Callable[[int], str]) -> None:
        """Write a table on as many sheets as it needs.

        Args:
            columns: Its columns.
            frames: Its rows; at least one frame, which may be empty.
            name: Gives the name of its nth sheet, from 1.
        """
        for number, pieces in groupby(_within_sheets(frames), itemgetter(0)):
            with self._sheet(Sheet(name(number), columns)) as (sheet, writer):
                for _, piece in pieces:
                    first = sheet.rows + 2
                    sheet.rows += piece.height
                    writer.rows(self._fitting(with_text(positional(piece)), sheet, first), first)

    def close(self) -> None:
        """Write what is left of the workbook. The file stays open."""
        sheets = {sheet_part(number) for number in range(1, len(self._sheets) + 1)}
        for name, data in self._skeleton().parts.items():
            if name not in sheets and name not in _FIRST:
                self._archive.add(name, data)
        self._archive.close()

    @contextmanager
    def _sheet(self, sheet: Sheet) -> Generator[tuple[Sheet, SheetWriter]]:
        self._sheets.append(sheet)
        number = len(self._sheets)
        before = self._skeleton()
        if number == 1:
            for name in _FIRST:
                self._archive.add(name, before.parts[name])
        with self._archive.entry(sheet_part(number)) as entry:
            writer = SheetWriter(entry, self._pool, before.styles)
            writer.text(before.head(number) + header_row([column.name for column in sheet.columns], before.styles))
            yield sheet, writer
            writer.text(self._skeleton().tail(number))

    def _skeleton(self) -> Skeleton:
        return skeleton(self._sheets, self.formats, self.title, self.created)

    def _fitting(self, frame: pl.DataFrame, sheet: Sheet, first: int) -> pl.DataFrame:
        for at, values in enumerate(frame):
            if values.dtype != pl.String:
                continue
            short, lengths = cut(values)
            for index, length in lengths.items():
                place = f"{column_letters(at)}{first + index}"
                self.cuts.add(sheet.name, place, sheet.columns[at].name, length)
            if lengths:
                frame = frame.with_columns(short)
        return frame


def _within_sheets(frames: Iterable[pl.DataFrame]) -> Iterator[tuple[int, pl.DataFrame]]:
    """The frames, parted where a sheet is full, each with the number of its sheet."""
    room = limits.ROWS - 1
    done = 0
    for frame in frames:
        offset = 0
        while True:
            piece = frame.slice(offset, room - done % room)
            yield done // room + 1, piece
            offset += piece.height
            done += piece.height
            if offset >= frame.height:
                break
