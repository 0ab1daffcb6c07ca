"""Reads a stored table column by column."""

from collections.abc import Iterator
from typing import BinaryIO

import polars as pl
from polars import selectors

_BATCH = 262_144
"""Rows at a time: two row groups, which costs less than one and holds a few megabytes."""


class StoredColumn:
    """One column of a Parquet file.

    Attributes:
        dtype: How its values are stored.
        rows: How many there are.
    """

    def __init__(self, table: BinaryIO, name: str, dtype: pl.DataType, rows: int) -> None:
        self._table = table
        self._name = name
        self.dtype = dtype
        self.rows = rows

    def batches(self) -> Iterator[pl.Series]:
        """The values in their order, some hundred thousand at a time."""
        self._table.seek(0)
        scan = pl.scan_parquet(self._table).select(selectors.by_name(self._name))  # col() takes ^x$ for a pattern
        # Not by collect_batches: it reads ahead without end of a slower consumer.
        for start in range(0, self.rows, _BATCH):
            yield scan.slice(start, _BATCH).collect().to_series().alias("values")


def stored_columns(table: BinaryIO) -> dict[str, StoredColumn]:
    """The columns of a Parquet file by name."""
    table.seek(0)
    scan = pl.scan_parquet(table)
    rows = scan.select(pl.len()).collect().item()
    return {name: StoredColumn(table, name, dtype, rows) for name, dtype in scan.collect_schema().items()}
