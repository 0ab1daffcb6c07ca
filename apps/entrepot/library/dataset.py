"""One dataset, as people hold it."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

from attrs import define

from entrepot.library import notebook
from entrepot.library.chart import Chart
from entrepot.library.describing import description_frame
from entrepot.library.outgoing import check_ending, save
from entrepot.library.replacing import Replaceable
from entrepot.library.rows import Rows
from entrepot_core.dataset import DatasetChanges
from entrepot_core.download import Download
from entrepot_core.errors import UnknownFormat
from entrepot_core.formats import CHART_FORMATS, TABLE_FORMATS, Format, format_of_file_name, parse_format
from entrepot_core.names import parse_name
from entrepot_core.rows.query import RowQuery
from entrepot_core.statistics import Statistics
from entrepot_core.views import RowsPage

if TYPE_CHECKING:
    import polars as pl

Place = str | os.PathLike[str]
_PREVIEW = 5


@define(eq=False, repr=False)
class Dataset(Replaceable):
    """A dataset, seen at one version: what it says and what it reads are of that version.

    ``edit``, ``replace`` and ``retype`` move this object on to what they made; what others change shows after
    ``refresh``.

    >>> cars = store["cars"]
    >>> cars
    <Dataset 'cars': 6 rows × 4 columns, version 1>
    >>> cars.shape, cars.columns
    ((6, 4), ['make', 'price', 'doors', 'sold'])

    Attributes:
        document: All that is known of it, as one value; the properties are its parts.
    """

    def stats(self, include: Literal["all"] | None = None) -> "pl.DataFrame":
        """Describe the numeric columns, as pandas' ``df.describe()`` does, or with ``include="all"`` every column.

        >>> cars.stats().filter(pl.col("statistic") == "mean")["price"].item()
        20.5
        """
        all_columns = include == "all"
        return description_frame(self._operations.describe(self._ref, self.version, include_all=all_columns))

    def statistics(self) -> Statistics:
        """Give the statistics and the histogram of each column.

        >>> [column["column_name"] for column in cars.statistics().statistics]
        ['make', 'price', 'doors', 'sold']
        """
        return self._operations.get_statistics(self._ref, self.version)

    def rows(self, *, limit: int = 100, offset: int = 0, columns: Sequence[str] | None = None) -> Rows:
        """Read a page of rows, at most 10,000 at once; it can give the pages after it.

        >>> [row["make"] for row in cars.rows(offset=2, limit=3)]
        ['Bo', 'Bo', 'Cy']
        """
        chosen = None if columns is None else tuple(columns)

        def read(cursor: str | None, skip: int = 0) -> RowsPage:
            query = RowQuery(columns=chosen, limit=limit, offset=skip, cursor=cursor)
            return self._operations.read_rows(self._ref, query, self.version)

        return Rows(read(None, offset), read)

    @overload
    def plot(self, path: None = None, *, columns: Sequence[str] | None = None, bins: int | None = None) -> Chart: ...

    @overload
    def plot(self, path: Place, *, columns: Sequence[str] | None = None, bins: int | None = None) -> Path: ...

    def plot(
        self, path: Place | None = None, *, columns: Sequence[str] | None = None, bins: int | None = None
    ) -> Chart | Path:
        """Draw the histograms of the numeric columns: into a PDF, SVG or PNG file, or without a path in a notebook.

        >>> cars.plot("cars.pdf")
        PosixPath('cars.pdf')
        """
        chosen = None if columns is None else tuple(columns)

        def draw(format: Format) -> Download:
            return self._operations.plot(self._ref, format, self.version, columns=chosen, bins=bins)

        if path is None:
            return Chart(self.title or self.name, draw)
        return save(draw(_format_of(path, CHART_FORMATS)), path)

    def excel(self, path: Place) -> Path:
        """Write an Excel workbook.

        >>> cars.excel("cars.xlsx")
        PosixPath('cars.xlsx')
        """
        check_ending(path, Format.XLSX)
        return save(self._export(Format.XLSX), path)

    @overload
    def export(self, path: Place, *, format: str | None = None, columns: Sequence[str] | None = None) -> Path: ...

    @overload
    def export(self, path: None = None, *, format: str, columns: Sequence[str] | None = None) -> Download: ...

    def export(
        self, path: Place | None = None, *, format: str | None = None, columns: Sequence[str] | None = None
    ) -> Path | Download:
        """Write the table in any format: into a file, or without a path as a stream of bytes.

        >>> cars.export("cars.parquet")
        PosixPath('cars.parquet')
        >>> with cars.export(format="csv", columns=["make", "doors"]) as download:
        ...     print(download.read().decode().splitlines()[:2])
        ['make,doors', 'Ada,3']

        Args:
            path: Where to; its ending tells the format.
            format: csv, tsv, json, ndjson, parquet, arrow or xlsx.
            columns: Only these, in this order.
        """
        if format is None and path is None:
            raise TypeError("give a path, a format, or both")
        chosen = parse_format(format) if format is not None else _format_of(path or "", TABLE_FORMATS)
        download = self._export(chosen, columns)
        return download if path is None else save(download, path)

    @overload
    def file(self, path: None = None) -> Download: ...

    @overload
    def file(self, path: Place) -> Path: ...

    def file(self, path: Place | None = None) -> Path | Download:
        """Give back the file that this version was imported from, byte for byte.

        >>> with cars.file() as download:
        ...     print(download.file_name, download.read()[:10])
        cars.csv b'make,price'
        """
        download = self._operations.open_file(self._ref, self.version)
        return download if path is None else save(download, path)

    @overload
    def rejects(self, path: None = None) -> Download: ...

    @overload
    def rejects(self, path: Place) -> Path: ...

    def rejects(self, path: Place | None = None) -> Path | Download:
        """Give the rows that the import of this version set aside, as CSV.

        >>> try:
        ...     cars.rejects("left-over.csv")
        ... except entrepot.NoRejects as error:
        ...     print(error)
        Version 1 of 'cars' has all rows of its file: none was set aside.
        """
        download = self._operations.open_rejects(self._ref, self.version)
        return download if path is None else save(download, path)

    def edit(
        self,
        *,
        name: str | None = None,
        title: str | None = None,
        description: str | None = None,
        tags: str | Sequence[str] | None = None,
    ) -> "Dataset":
        """Change how it is described; what is left out stays.

        >>> cars.edit(title="Used cars", tags=["demo"]).title
        'Used cars'
        """
        changes = DatasetChanges(
            name=None if name is None else parse_name(name),
            title=title,
            description=description,
            tags=None if tags is None else (tags,) if isinstance(tags, str) else tuple(tags),
        )
        self.document = self._operations.edit_dataset(self._ref, changes)
        return self

    def at(self, version: int) -> "Dataset":
        """Show the dataset at another of its versions.

        >>> cars.at(1).version
        1
        """
        return Dataset(self._operations.get_dataset(self._ref, version), self._operations)

    def refresh(self) -> "Dataset":
        """Move on to the newest version.

        >>> cars.refresh().version
        1
        """
        self.document = self._operations.get_dataset(self._ref)
        return self

    def delete(self) -> None:
        """Remove the dataset with all its versions.

        >>> cars.delete()
        >>> "cars" in store
        False
        """
        self._operations.remove_dataset(self._ref)

    def _repr_html_(self) -> str:
        return notebook.dataset_html(self.document, self.statistics(), self.rows(limit=_PREVIEW).items)


def _format_of(path: Place, allowed: tuple[Format, ...]) -> Format:
    """The format that a path's ending tells."""
    found = format_of_file_name(os.fspath(path))
    if found is None or found not in allowed:
        raise UnknownFormat(format=repr(Path(path).name), formats=[f".{one}" for one in allowed])
    return found
