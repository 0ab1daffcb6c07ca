"""The stored parts of tables, of which columns and row groups that are used are kept at hand."""

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from threading import Lock
from typing import IO

import msgspec
import numpy as np
import polars as pl
from attrs import define, evolve, field
from polars import selectors

from entrepot_adapters.polars.querying.cache import ByteCache
from entrepot_adapters.polars.querying.folding import folded
from entrepot_adapters.polars.stored import ROW_GROUP, open_parts, read_json_columns, telling_damage
from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Blobs
from entrepot_core.schema import ROW_ID

_NARROW = 16_384
"""Rows that are read as a whole, where some among them are wanted: decoding them costs less than picking."""

_TOUCHES = 2
"""How often a row group is asked for until it is kept whole: what is read once is not worth it."""

_MOST_TOUCHED = 10_000
_FOOTER = 4_096
_FOOTER_COLUMN = 512
"""About how many bytes what is known of a part takes."""

Positions = np.ndarray[tuple[int], np.dtype[np.int64]]
"""Rows by their places in a part or a table, from 0."""


class Part(msgspec.Struct, frozen=True):
    """What a part says of itself.

    Attributes:
        digest: Where it is.
        rows: How many rows it has.
        dtypes: How its columns are stored.
        documents: The columns of strings that are JSON documents.
        first: The number of its first row, if it has one.
        last: That of its last; they ascend in between.
    """

    digest: Digest
    rows: int
    dtypes: dict[str, pl.DataType]
    documents: frozenset[str]
    first: int | None = None
    last: int | None = None


@define
class Shelves:
    """Reads parts; what is asked for again is kept within the cache's budget."""

    blobs: Blobs
    cache: ByteCache
    _held: Mapping[Digest, IO[bytes]] = field(factory=dict, kw_only=True)
    _touched: Counter[tuple[Digest, int]] = field(factory=Counter, init=False)
    _touching: Lock = field(factory=Lock, init=False)

    @contextmanager
    def holding(self, digests: Sequence[Digest]) -> Generator["Shelves"]:
        """Shelves for one reader, for whom these parts stay open, so that they can be read even when they are swept.

        Raises:
            BlobDamaged: A part is not there.
        """
        with ExitStack() as stack:
            held = {digest: stack.enter_context(self.blobs.open(digest)) for digest in digests}
            yield evolve(self, held=held)

    @contextmanager
    def _open(self, part: Digest) -> Generator[IO[bytes]]:
        held = self._held.get(part)
        if held is None:
            with open_parts(self.blobs, [part]) as (file,):
                yield file
        else:
            held.seek(0)
            with telling_damage([part], [held]):
                yield held

    def parts(self, digests: Sequence[Digest]) -> list[Part]:
        """What the parts of a table say of themselves."""
        return [self._part(digest) for digest in digests]

    def column(self, part: Part, name: str) -> pl.Series:
        """A whole column of a part."""
        return self.cache.get(("column", part.digest, name), lambda: self._read(part, [name]).to_series(), _size)

    def folded(self, part: Part, name: str) -> pl.Series:
        """A whole column of text of a part, as searches compare it."""
        key = ("folded", part.digest, name)
        return self.cache.get(key, lambda: folded(self.column(part, name).cast(pl.String)), _size)

    def place_of(self, part: Part, number: int) -> int | None:
        """Where a part has the row of a number, which lies between those of its first and last row."""
        if part.first is not None and part.last == part.first + part.rows - 1:
            return number - part.first
        numbers = self.column(part, ROW_ID)
        place = int(numbers.search_sorted(number))
        return place if numbers[place] == number else None

    def run(self, part: Part, columns: Sequence[str], start: int, rows: int) -> pl.DataFrame:
        """Rows of a part that follow one another."""
        if rows <= 0:
            return self._read(part, columns, 0, 0)
        groups = range(start // ROW_GROUP, (start + rows - 1) // ROW_GROUP + 1)
        if not all(self._is_kept(part, group) for group in groups):
            return self._read(part, columns, start, rows)
        first = groups[0] * ROW_GROUP
        frames = [self._group(part, group).select(selectors.by_name(*columns)) for group in groups]
        return pl.concat(frames, rechunk=False).slice(start - first, rows)

    def pick(self, part: Part, columns: Sequence[str], places: Positions) -> pl.DataFrame:
        """Rows of a part by their places, in this order."""
        least, most = int(places.min()), int(places.max())
        if most - least < _NARROW:
            return self.run(part, columns, least, most - least + 1)[places - least]
        ordered, back = np.unique(places, return_inverse=True)
        groups = np.unique(ordered // ROW_GROUP)
        fits = len(groups) * _group_bytes(part) <= self.cache.budget // 2  # else they would drive each other out
        if fits and all([self._is_kept(part, int(group)) for group in groups]):  # noqa: C419 - each is asked for
            frames = [
                self._group(part, int(group)).select(selectors.by_name(*columns))[_within(ordered, int(group))]
                for group in groups
            ]
            return pl.concat(frames)[back]
        return self._by_id(part, columns, ordered)[back]

    def _by_id(self, part: Part, columns: Sequence[str], ordered: Positions) -> pl.DataFrame:
        """Rows that are scattered over a part, of which polars decodes only the pages they stand in."""
        wanted = self.column(part, ROW_ID).gather(ordered).implode()
        with self._open(part.digest) as file:
            found = pl.scan_parquet(file).filter(pl.col(ROW_ID).is_in(wanted))
            return found.select(selectors.by_name(*columns)).collect()

    def _part(self, digest: Digest) -> Part:
        def look() -> Part:
            with self._open(digest) as file:
                documents = read_json_columns(file)
                scan = pl.scan_parquet(file)
                dtypes = dict(scan.collect_schema())
                rows: int = scan.select(pl.len()).collect().item()
                ends = _ends(scan, rows) if rows and ROW_ID in dtypes else (None, None)
            return Part(digest, rows, dtypes, documents, *ends)

        return self.cache.get(("part", digest), look, lambda part: _FOOTER + _FOOTER_COLUMN * len(part.dtypes))

    def _is_kept(self, part: Part, group: int) -> bool:
        """Whether a row group is kept, or is asked for so often that it is worth it."""
        if ("group", part.digest, group) in self.cache:
            return True
        if self._held:  # who reads a whole table needs it once
            return False
        if _group_bytes(part) > self.cache.budget // 2:
            return False
        with self._touching:
            if len(self._touched) > _MOST_TOUCHED:
                self._touched.clear()
            self._touched[part.digest, group] += 1
            return self._touched[part.digest, group] >= _TOUCHES

    def _group(self, part: Part, group: int) -> pl.DataFrame:
        def read() -> pl.DataFrame:
            return self._read(part, list(part.dtypes), group * ROW_GROUP, ROW_GROUP).rechunk()

        return self.cache.get(("group", part.digest, group), read, _size)

    def _read(self, part: Part, columns: Sequence[str], start: int = 0, rows: int | None = None) -> pl.DataFrame:
        with self._open(part.digest) as file:
            return pl.scan_parquet(file).select(selectors.by_name(*columns)).slice(start, rows).collect()


def _ends(scan: pl.LazyFrame, rows: int) -> tuple[int, int]:
    """The numbers of the first row and the last; of the file only the pages they are in are read."""
    numbers = scan.select(selectors.by_name(ROW_ID))
    return int(numbers.head(1).collect().item()), int(numbers.slice(rows - 1, 1).collect().item())


def _group_bytes(part: Part) -> int:
    """About how many bytes a row group takes in memory."""
    return len(part.dtypes) * 8 * min(ROW_GROUP, part.rows)


def _size(held: pl.Series | pl.DataFrame) -> int:
    return int(held.estimated_size())


def _within(ordered: Positions, group: int) -> Positions:
    """The places that lie in a row group, counted from its first row."""
    begin, end = np.searchsorted(ordered, [group * ROW_GROUP, (group + 1) * ROW_GROUP])
    return ordered[begin:end] - group * ROW_GROUP
