"""A dataset's table in the hands of other libraries."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NoReturn, cast, overload

from attrs import define, field

from entrepot.library.document import Documented
from entrepot.library.frames import needing, pandas_frame, read_frame, scan_frame
from entrepot.library.reading import decimals_of
from entrepot.library.selecting import Filters, Groups, row_query
from entrepot_core.download import Download
from entrepot_core.errors import InvalidOption
from entrepot_core.formats import Format
from entrepot_core.names import DatasetRef
from entrepot_core.ports.operations import Operations
from entrepot_core.rows.query import RowQuery

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

_FRAMES = "frame() gives a polars frame, to_pandas() a pandas one"
_INSTEAD = {
    **dict.fromkeys(("describe", "info"), "stats() describes its columns"),
    **dict.fromkeys(("head", "tail", "sample", "iloc", "loc", "iterrows", "values"), "rows(limit=5) reads rows"),
    **dict.fromkeys(("filter", "query", "sort_values", "sort", "select"), "rows(price__gt=10, sort='price') selects"),
    **dict.fromkeys(("value_counts", "groupby", "group_by", "unique"), "facets() counts values"),
    **dict.fromkeys(("dtypes", "dtype"), "schema tells its types"),
    **dict.fromkeys(("to_csv", "to_parquet", "to_json", "write_csv", "write_parquet"), "export() writes files"),
    **dict.fromkeys(("to_excel", "write_excel"), "excel() writes a workbook"),
    **dict.fromkeys(("hist", "boxplot"), "plot() draws histograms"),
    **dict.fromkeys(("to_polars", "collect", "df"), "lazy() gives a polars LazyFrame"),
}
"""What frames of pandas and polars have under other names."""


@define(eq=False, repr=False)
class Tabular(Documented):
    """A dataset whose table polars, pandas, pyarrow and whatever speaks Arrow can take."""

    _operations: Operations
    _is_pinned: bool = field(default=False, kw_only=True, alias="is_pinned")
    _known: tuple[int, frozenset[str]] | None = field(default=None, init=False)  # a version, its columns of decimals

    def frame(
        self,
        columns: str | Sequence[str] | None = None,
        *,
        sort: str | Sequence[str] = (),
        q: str | None = None,
        where: Filters | None = None,
        any_of: Groups | None = None,
        limit: int | None = None,
        offset: int = 0,
        **filters: object,
    ) -> "pl.DataFrame":
        """Read the table, or a part of it, into a polars frame.

        >>> cars.frame(columns=["price"])["price"].max()
        30.5
        >>> cars.frame(["make", "price"], doors=3, sort="-price").rows()
        [('Bo', 25.5), ('Bo', 20.5), ('Ada', 10.5)]

        Args:
            columns: Only these, in this order; ``_id``, the rows' numbers, may be one.
            sort: As for ``rows``.
            q: As for ``rows``.
            where: As for ``rows``.
            any_of: As for ``rows``.
            limit: The most rows; by default all.
            offset: How many rows to skip.
            **filters: As for ``rows``.
        """
        said = {"columns": columns, "sort": sort, "q": q, "where": where, "any_of": any_of, "limit": limit}
        return read_frame(self._export, self._query({**said, "offset": offset, **filters}))

    def lazy(self, **selection: object) -> "pl.LazyFrame":
        """Scan the table, or a part of it, as a polars lazy frame; a query fetches only the columns it uses.

        Filters given here are applied by the store, before anything is fetched; those of the query afterwards.

        >>> cars.lazy().filter(pl.col("doors") == 5).select("make").collect()["make"].to_list()
        ['Ada', 'Cy', 'Cy']
        >>> cars.lazy(doors=5).select(pl.col("price").sum()).collect().item()
        66.5

        Args:
            **selection: What ``frame`` takes.
        """
        version = self.version  # this object may have moved on by the time the frame is collected

        def export(format: Format, query: RowQuery) -> Download:
            return self._operations.export(self._ref, format, query, version)

        return scan_frame(export, self._query(selection))

    def to_pandas(self, **selection: object) -> "pd.DataFrame":
        """Read the table, or a part of it, into a pandas frame (``pip install "entrepot[pandas]"``).

        Integers beside nulls are floats there, as pandas has them, but ``Int64`` where a float would round one of them.

        >>> cars.to_pandas()["price"].mean().item()
        20.5
        >>> cars.to_pandas(make="Cy").shape
        (2, 4)

        Args:
            **selection: What ``frame`` takes.
        """
        with needing("pandas"):
            return pandas_frame(self._frame(selection))

    def to_arrow(self, **selection: object) -> "pa.Table":  # pyright: ignore[reportUnknownParameterType] - pyarrow is not typed
        """Read the table, or a part of it, into a pyarrow table (``pip install "entrepot[pandas]"``).

        >>> cars.to_arrow().num_rows
        6
        >>> cars.to_arrow(columns=["make"], limit=2).shape
        (2, 1)

        Args:
            **selection: What ``frame`` takes.
        """
        with needing("pandas"):
            return self._frame(selection).to_arrow()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.frame().__arrow_c_stream__(requested_schema)

    @overload
    def __getitem__(self, columns: str) -> "pl.Series": ...

    @overload
    def __getitem__(self, columns: list[str]) -> "pl.DataFrame": ...

    def __getitem__(self, columns: object) -> "pl.Series | pl.DataFrame":
        """Read a column as a polars series, or several as a frame.

        >>> cars["price"].max(), cars[["make", "price"]].shape
        (30.5, (6, 2))
        """
        if isinstance(columns, str):
            return self.frame([columns]).to_series()
        if isinstance(columns, list):
            return self.frame(cast("list[str]", columns))
        raise TypeError(f"{columns!r} is no column; row(17) reads a row by its number, rows(offset=0, limit=10) a page")

    def __contains__(self, column: object) -> bool:
        return column in self.columns

    def _ipython_key_completions_(self) -> list[str]:
        return self.columns

    def __iter__(self) -> NoReturn:
        ways = "rows() gives rows, frame() a polars frame, to_pandas() a pandas frame, columns the names of its columns"
        raise TypeError(f"a dataset is not iterated over itself: {ways}")

    if not TYPE_CHECKING:  # for whom there would be every attribute

        def __getattr__(self, name: str) -> NoReturn:
            told = f": {_INSTEAD[name]}; {_FRAMES}" if name in _INSTEAD else ""
            raise AttributeError(f"a dataset has no {name!r}{told}", name=name, obj=self)

    def _insist_on_newest(self) -> None:
        """Refuse what would change another version than the one that ``at`` was asked for."""
        if not self._is_pinned:
            return
        newest = self._operations.get_dataset(self._ref).version
        if newest != self.version:
            reason = f"of {self.name!r} the newest is {newest}, and only that changes; reload() moves on to it"
            way = f"{reason}, and restore({self.version}) makes this one the next"
            raise InvalidOption(option="version", value=str(self.version), reason=way)
        self._is_pinned = False

    def _frame(self, selection: Mapping[str, object]) -> "pl.DataFrame":
        return read_frame(self._export, self._query(selection))

    def _query(self, selection: Mapping[str, object]) -> RowQuery:
        return row_query(self.schema, selection)

    @property
    def _decimals(self) -> frozenset[str]:
        """The columns of decimals; they are asked for once for each version."""
        if self._known is None or self._known[0] != self.version:
            self._known = self.version, decimals_of(self._operations, self._ref, self.version, self.schema)
        return self._known[1]

    @property
    def _ref(self) -> DatasetRef:
        return DatasetRef(self.id)

    def _export(self, format: Format, query: RowQuery) -> Download:
        return self._operations.export(self._ref, format, query, self.version)
