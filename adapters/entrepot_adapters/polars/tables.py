"""The ``Tables`` port: reads tables stored as Parquet with polars."""

from collections.abc import Generator, Iterator, Sequence

import polars as pl
import polars.selectors as cs
from attrs import define, field
from polars.io.plugins import register_io_source

from entrepot_adapters.parquet.joining import JoinedFile, join
from entrepot_adapters.polars.field_types import is_decimal
from entrepot_adapters.polars.histograms import histogram
from entrepot_adapters.polars.querying import differing, facets, streaming
from entrepot_adapters.polars.querying.cache import ByteCache
from entrepot_adapters.polars.querying.matching import Table
from entrepot_adapters.polars.querying.shelves import Shelves
from entrepot_adapters.polars.rows import encode, json_array
from entrepot_adapters.polars.stored import ROW_GROUP, open_parts, part_metadata
from entrepot_core.errors import DiskFull
from entrepot_core.formats import Format
from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Blobs
from entrepot_core.ports.tables import TablePage
from entrepot_core.profile import Histogram
from entrepot_core.rows.selection import Selection
from entrepot_core.rows.views import Facet, RowDifferences

_CHUNK = 1 << 18


@define
class PolarsTables:
    """Reads tables whose parts are kept in ``blobs``; ``stored`` says how they are written.

    Attributes:
        blobs: Where the parts are.
        cache_bytes: How much of what was read or computed is kept at hand.
    """

    blobs: Blobs
    cache_bytes: int = 0
    _shelves: Shelves = field(init=False)
    _cache: ByteCache = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._cache = ByteCache(self.cache_bytes)
        self._shelves = Shelves(self.blobs, self._cache)

    def page(
        self, parts: Sequence[Digest], selection: Selection, offset: int, limit: int, *, count: bool = True
    ) -> TablePage:
        """Some rows as a JSON array; what is read of the parts is what the rows need."""
        table = self._table(parts)
        places = table.places(selection)
        if places is None:
            total = table.rows
            frame = table.run(selection.columns, offset, min(limit, total - offset)) if offset < total else None
        else:
            total = len(places)
            frame = table.pick(selection.columns, places[offset : offset + limit])
        rows = json_array(table.empty(selection.columns) if frame is None else frame, table.documents)
        decimals = frozenset(name for name in selection.columns if is_decimal(table.dtypes.get(name)))
        return TablePage(rows, total if count else None, offset + limit < total, decimals)

    def stream(
        self, parts: Sequence[Digest], selection: Selection, format: Format, rows: slice
    ) -> Generator[bytes, None, None]:
        """Rows in a format; all but Parquet leave as they are read."""
        with self._shelves.holding(parts) as shelves:
            table = _table(shelves, parts)
            if format is Format.PARQUET:
                yield from self._parquet(table, selection, rows)
            else:
                yield from encode(self._frames(table, selection, rows), format, table.documents)

    def whole(self, parts: Sequence[Digest]) -> JoinedFile | None:
        """The table as one Parquet file: the parts' bytes as they are, with an end of its own."""
        key = tuple(parts)
        return self._cache.get(("whole", key), lambda: join(self.blobs, key), lambda one: one.held if one else 1)

    def batches(self, parts: Sequence[Digest], selection: Selection, rows: slice) -> Iterator[pl.DataFrame]:
        """Frames of at most 131,072 rows; one without rows where there is none."""
        with self._shelves.holding(parts) as shelves:
            yield from self._frames(_table(shelves, parts), selection, rows)

    def histograms(self, parts: Sequence[Digest], columns: Sequence[str], bins: int) -> dict[str, Histogram]:
        """The histograms of numeric columns; one column at a time is held in memory."""
        if not parts:
            return {}
        with open_parts(self.blobs, parts) as files:
            table = pl.scan_parquet(files)
            found = {name: histogram(table.select(cs.by_name(name)).collect().to_series(), bins) for name in columns}
        return {name: one for name, one in found.items() if one is not None}

    def facets(self, parts: Sequence[Digest], selection: Selection, limit: int) -> tuple[Facet, ...]:
        """The most frequent values of each of the selection's columns among its rows."""
        table = self._table(parts)
        return facets.facets(table, selection.columns, table.places(selection), limit)

    def differences(
        self, before: Sequence[Digest], after: Sequence[Digest], columns: Sequence[str], limit: int
    ) -> RowDifferences:
        """How the rows of two tables differ, by their numbers; parts that both have are left out."""
        shared = set(before) & set(after)
        old, new = (self._table([part for part in parts if part not in shared]) for parts in (before, after))
        return differing.differences(old, new, columns, limit)

    def _table(self, parts: Sequence[Digest]) -> Table:
        return _table(self._shelves, parts)

    def _frames(self, table: Table, selection: Selection, rows: slice) -> Iterator[pl.DataFrame]:
        """The selected rows, one frame after the other."""
        start, columns = rows.start or 0, selection.columns
        places = table.places(selection)
        if places is None:
            return streaming.stored(table, columns, start, rows.stop)
        wanted = places[start : rows.stop]
        if selection.order:
            return streaming.ordered(table, columns, wanted, self.blobs)
        return streaming.filtered(table, columns, wanted)

    def _parquet(self, table: Table, selection: Selection, rows: slice) -> Generator[bytes, None, None]:
        """A Parquet file, written into a scratch file first, for its end is written last."""
        metadata = part_metadata([name for name in selection.columns if name in table.documents])
        frames = self._frames(table, selection, rows)
        source = register_io_source(lambda *_: frames, schema=table.empty(selection.columns).schema)
        with self.blobs.stage() as scratch:
            try:
                source.sink_parquet(scratch.file, row_group_size=ROW_GROUP, metadata=metadata)
            except pl.exceptions.ComputeError as error:
                if "os error 28" in str(error):
                    raise DiskFull from error
                raise
            scratch.file.seek(0)
            while chunk := scratch.file.read(_CHUNK):
                yield chunk


def _table(shelves: Shelves, parts: Sequence[Digest]) -> Table:
    return Table(shelves, tuple(shelves.parts(parts)))
