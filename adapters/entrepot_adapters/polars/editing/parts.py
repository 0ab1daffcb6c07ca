"""The parts of a table, opened to be changed."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl
from polars import selectors

from entrepot_adapters.polars.editing.given import Columns, Ids
from entrepot_adapters.polars.stored import open_parts, read_json_columns
from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Blobs
from entrepot_core.schema import ROW_ID


class OpenPart(msgspec.Struct, frozen=True):
    """A part that is open.

    Attributes:
        table: Its rows, not read yet.
        columns: What its columns store.
    """

    table: pl.LazyFrame
    columns: Columns

    @property
    def rows(self) -> int:
        """How many rows it has, by its footer."""
        return int(self.table.select(pl.len()).collect().item())

    def up_to(self, most: int) -> pl.DataFrame | None:
        """All its rows, if they are no more than so many: for few rows one read is quicker than a look before."""
        found = self.table.head(most + 1).collect()
        return found if found.height <= most else None

    def ids(self) -> Ids:
        """The numbers of its rows; no other column is read."""
        return _numbers(self.table)

    def first_id(self) -> int | None:
        """The least number of its rows, if it has some; only a page of the file is read."""
        found = _numbers(self.table.head(1))
        return int(found[0]) if len(found) else None

    def frames(self, most: int) -> Iterator[pl.DataFrame]:
        """Its rows, so many at a time."""
        for start in range(0, self.rows, most):
            yield self.table.slice(start, most).collect()


@contextmanager
def open_part(blobs: Blobs, digest: Digest) -> Generator[OpenPart]:
    """Open a part for as long as the context lasts.

    Raises:
        BlobDamaged: It is not there, or can't be read.
    """
    with open_parts(blobs, [digest]) as (file,):
        documents = read_json_columns(file)
        table = pl.scan_parquet(file)
        yield OpenPart(table, Columns(dict(table.collect_schema()), documents))


def _numbers(table: pl.LazyFrame) -> Ids:
    return table.select(selectors.by_name(ROW_ID)).collect().to_series().to_numpy()


def places(numbers: Ids, wanted: Ids) -> tuple[Ids, npt.NDArray[np.bool_]]:
    """Where wanted numbers stand among others, and which of them do; the places of those that don't mean nothing."""
    found = np.searchsorted(numbers, wanted)
    there = found < len(numbers)
    there[there] = numbers[found[there]] == wanted[there]
    return found, there
