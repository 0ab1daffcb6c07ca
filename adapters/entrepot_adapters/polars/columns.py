"""Reads a stored table column by column."""

from collections.abc import Callable, Iterator, Sequence
from typing import IO

import msgspec
import polars as pl
from polars import selectors

_BATCH = 262_144
"""Values at a time: two row groups, which costs less than one and holds a few megabytes."""


class StoredColumn(msgspec.Struct, frozen=True):
    """One column of a table.

    Attributes:
        name: What it is called.
        dtype: How its values are stored.
        rows: How many there are.
        batches: Gives the values in their order, some hundred thousand at a time; anew at each call.
    """

    name: str
    dtype: pl.DataType
    rows: int
    batches: Callable[[], Iterator[pl.Series]]


class StoredTable:
    """A table that lies in Parquet files, one after the other.

    Attributes:
        dtypes: How the values of its columns are stored, by name.
        rows: How many rows it has.
    """

    def __init__(self, files: Sequence[IO[bytes]]) -> None:
        for file in files:
            file.seek(0)
        self._scan = pl.scan_parquet(list(files))
        self.dtypes = dict(self._scan.collect_schema())
        self.rows: int = self._scan.select(pl.len()).collect().item()

    @property
    def together(self) -> int:
        """How many columns are read at once: each time a file is opened, all that it says of its columns is read."""
        return max(1, _BATCH // max(1, self.rows))

    def columns(self, names: Sequence[str]) -> list[StoredColumn]:
        """Some columns; no more than ``together`` are read at once and held, more are read each time they are used."""
        held = self._selected(names).collect() if 1 < len(names) <= self.together else None
        return [self._column(name, held) for name in names]

    def _column(self, name: str, held: pl.DataFrame | None) -> StoredColumn:
        def batches() -> Iterator[pl.Series]:
            if held is not None:
                yield held[name].alias("values")
                return
            # Not by collect_batches: it reads ahead without end of a slower consumer.
            for start in range(0, self.rows, _BATCH):
                yield self._selected([name]).slice(start, _BATCH).collect().to_series().alias("values")

        return StoredColumn(name, self.dtypes[name], self.rows, batches)

    def _selected(self, names: Sequence[str]) -> pl.LazyFrame:
        return self._scan.select(selectors.by_name(*names))  # col() takes ^x$ for a pattern
