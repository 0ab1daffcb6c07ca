"""A dataset's table in the hands of other libraries."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import define

from entrepot.library.document import Documented
from entrepot.library.frames import needing, read_frame, scan_frame
from entrepot_core.download import Download
from entrepot_core.formats import Format
from entrepot_core.names import DatasetRef
from entrepot_core.ports.operations import Operations
from entrepot_core.rows.query import RowQuery

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa


@define(eq=False, repr=False)
class Tabular(Documented):
    """A dataset whose table polars, pandas, pyarrow and whatever speaks Arrow can take."""

    _operations: Operations

    def frame(self, columns: Sequence[str] | None = None) -> "pl.DataFrame":
        """Read the table, or some of its columns, into a polars frame.

        >>> cars.frame(columns=["price"])["price"].max()
        30.5
        """
        return read_frame(self._export, columns)

    def lazy(self) -> "pl.LazyFrame":
        """Scan the table as a polars lazy frame; a query fetches only the columns it uses.

        >>> cars.lazy().filter(pl.col("doors") == 5).select("make").collect()["make"].to_list()
        ['Ada', 'Cy', 'Cy']
        """
        return scan_frame(self._export)

    def to_pandas(self) -> "pd.DataFrame":
        """Read the table into a pandas frame (``pip install "entrepot[pandas]"``).

        >>> cars.to_pandas()["price"].mean().item()
        20.5
        """
        with needing("pandas"):
            return self.frame().to_pandas()

    def to_arrow(self) -> "pa.Table":  # pyright: ignore[reportUnknownParameterType] - pyarrow is not typed
        """Read the table into a pyarrow table (``pip install "entrepot[pandas]"``).

        >>> cars.to_arrow().num_rows
        6
        """
        with needing("pandas"):
            return self.frame().to_arrow()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.frame().__arrow_c_stream__(requested_schema)

    @property
    def _ref(self) -> DatasetRef:
        return DatasetRef(self.id)

    def _export(self, format: Format, columns: Sequence[str] | None = None, limit: int | None = None) -> Download:
        query = RowQuery(columns=None if columns is None else tuple(columns), limit=limit)
        return self._operations.export(self._ref, format, query, self.version)
