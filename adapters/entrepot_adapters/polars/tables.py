"""The ``Tables`` port: reads tables stored as Parquet with polars."""

from collections.abc import Generator, Iterator, Sequence
from typing import IO

import polars as pl
import polars.selectors as cs
from attrs import frozen

from entrepot_adapters.polars.histograms import histogram
from entrepot_adapters.polars.rows import encode, json_array
from entrepot_adapters.polars.stored import ROW_GROUP, open_parts, part_metadata, read_json_columns
from entrepot_core.errors import DiskFull
from entrepot_core.formats import Format
from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Blobs
from entrepot_core.ports.tables import TablePage
from entrepot_core.profile import Histogram
from entrepot_core.rows.selection import Selection

_CELLS = 8_388_608
"""The most values held at once, but for the narrowest step."""

_LEAST_STEP = 8_192
_CHUNK = 1 << 18


@frozen
class PolarsTables:
    """Reads tables whose parts are kept in ``blobs``; ``stored`` says how they are written."""

    blobs: Blobs

    def page(
        self, parts: Sequence[Digest], selection: Selection, offset: int, limit: int, *, count: bool = True
    ) -> TablePage:
        """Some rows as a JSON array; only the row groups they lie in are read."""
        with open_parts(self.blobs, parts) as files:
            table = _scan(files, selection.columns)
            frame = table.slice(offset, limit + 1).collect()
            rows = json_array(frame.head(limit), read_json_columns(files[0]))
            total = table.select(pl.len()).collect().item() if count else None
            return TablePage(rows, total, frame.height > limit)

    def stream(
        self, parts: Sequence[Digest], selection: Selection, format: Format, rows: slice
    ) -> Generator[bytes, None, None]:
        """Rows in a format; all but Parquet leave as they are read."""
        columns = selection.columns
        if format is Format.PARQUET:
            yield from self._parquet(parts, columns, rows)
            return
        with open_parts(self.blobs, parts) as files:
            documents = read_json_columns(files[0]) if files else frozenset[str]()
            yield from encode(_frames(_scan(files, columns), rows, len(columns)), format, documents)

    def batches(self, parts: Sequence[Digest], selection: Selection, rows: slice) -> Iterator[pl.DataFrame]:
        """Frames of at most 131,072 rows; one without rows where the table has none."""
        with open_parts(self.blobs, parts) as files:
            yield from _frames(_scan(files, selection.columns), rows, len(selection.columns))

    def histograms(self, parts: Sequence[Digest], columns: Sequence[str], bins: int) -> dict[str, Histogram]:
        """The histograms of numeric columns; one column at a time is held in memory."""
        with open_parts(self.blobs, parts) as files:
            table = _scan(files, columns)
            found = {name: histogram(table.select(cs.by_name(name)).collect().to_series(), bins) for name in columns}
        return {name: one for name, one in found.items() if one is not None}

    def _parquet(self, parts: Sequence[Digest], columns: Sequence[str], rows: slice) -> Generator[bytes, None, None]:
        """A Parquet file, written into a scratch file first, for its end is written last."""
        with self.blobs.stage() as scratch:
            with open_parts(self.blobs, parts) as files:
                documents = read_json_columns(files[0]) if files else frozenset[str]()
                metadata = part_metadata([name for name in columns if name in documents])
                table = _sliced(_scan(files, columns), rows)
                try:
                    table.sink_parquet(scratch.file, row_group_size=ROW_GROUP, metadata=metadata)
                except pl.exceptions.ComputeError as error:
                    if "os error 28" in str(error):
                        raise DiskFull from error
                    raise
            scratch.file.seek(0)
            while chunk := scratch.file.read(_CHUNK):
                yield chunk


def _scan(files: list[IO[bytes]], columns: Sequence[str]) -> pl.LazyFrame:
    """The table, by exact names, where ``pl.col`` takes ``*`` and ``^…$`` for patterns; without parts, empty."""
    if not files:
        return pl.LazyFrame(schema=dict.fromkeys(columns, pl.Null))
    return pl.scan_parquet(files).select(cs.by_name(*columns))


def _sliced(table: pl.LazyFrame, rows: slice) -> pl.LazyFrame:
    start = rows.start or 0
    return table.slice(start, None if rows.stop is None else max(rows.stop - start, 0))


def _frames(table: pl.LazyFrame, rows: slice, width: int) -> Iterator[pl.DataFrame]:
    """Frames in order, at least one; the next is read when it is asked for.

    polars' ``collect_batches`` reads ahead (a quarter of a gigabyte at 20 columns) in threads of its own, at the
    same cost of CPU.
    """
    step = max(min(ROW_GROUP, _CELLS // max(width, 1)), _LEAST_STEP)
    start = rows.start or 0
    while True:
        stop = start + step if rows.stop is None else min(start + step, rows.stop)
        frame = table.slice(start, max(stop - start, 0)).collect()
        if frame.height or start == (rows.start or 0):
            yield frame
        if frame.height < step:
            return
        start = stop
