"""One dataset, as people hold it."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

from attrs import define

from entrepot.library import notebook
from entrepot.library.chart import Chart
from entrepot.library.collected import Collected
from entrepot.library.describing import description_frame
from entrepot.library.history import Differences, Versions, differences_of
from entrepot.library.listing import every_version, first
from entrepot.library.outgoing import check_ending, save
from entrepot.library.pictured import Pictured
from entrepot.library.pictures import small_pictures
from entrepot.library.publishing import Columns, Interval, image_columns, seconds_of
from entrepot.library.readable import Readable
from entrepot_core.changes import DatasetChanges
from entrepot_core.download import Download
from entrepot_core.errors import InvalidOption, UnknownFormat
from entrepot_core.formats import CHART_FORMATS, TABLE_FORMATS, Format, format_of_file_name, parse_format
from entrepot_core.names import parse_name
from entrepot_core.paging import DEFAULT_LIMIT
from entrepot_core.schema import ROW_ID
from entrepot_core.statistics import Statistics

if TYPE_CHECKING:
    import polars as pl

Place = str | os.PathLike[str]
_PREVIEW = 5


@define(eq=False, repr=False)
class Dataset(Pictured, Collected, Readable):
    """A dataset, seen at one version: what it says and what it reads are of that version.

    What this object changes moves it on to what that made; what others change shows after ``reload``.

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

    def excel(self, path: Place, **selection: object) -> Path:
        """Write an Excel workbook of the table, or of a part of it.

        >>> cars.excel("cars.xlsx", sort="-price")
        PosixPath('cars.xlsx')

        Args:
            path: Where to.
            **selection: What ``frame`` takes.
        """
        check_ending(path, Format.XLSX)
        return save(self._export(Format.XLSX, self._query(selection)), path)

    @overload
    def export(self, path: Place, *, format: str | None = None, **selection: object) -> Path: ...

    @overload
    def export(self, path: None = None, *, format: str, **selection: object) -> Download: ...

    def export(self, path: Place | None = None, *, format: str | None = None, **selection: object) -> Path | Download:
        """Write the table, or a part of it, in any format: into a file, or without a path as a stream of bytes.

        >>> cars.export("cars.parquet")
        PosixPath('cars.parquet')
        >>> with cars.export(format="csv", columns=["make", "doors"], price__gt=25) as download:
        ...     print(download.read().decode().splitlines())
        ['make,doors', 'Bo,3', 'Cy,5']

        Args:
            path: Where to; its ending tells the format.
            format: csv, tsv, json, ndjson, parquet, arrow or xlsx.
            **selection: What ``frame`` takes.
        """
        if format is None and path is None:
            raise TypeError("give a path, a format, or both")
        chosen = parse_format(format) if format is not None else _format_of(path or "", TABLE_FORMATS)
        download = self._export(chosen, self._query(selection))
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
        No row of version 1 of 'cars' was set aside.
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
        images: Columns | None = None,
        published: bool | None = None,
        refresh: Interval | None = None,
    ) -> "Dataset":
        """Change how it is described; what is left out stays.

        >>> cars.edit(title="Used cars", tags=["demo"]).title
        'Used cars'
        >>> cars.edit(published=True).published
        True

        Args:
            name: Its unique name.
            title: For people.
            description: For people.
            tags: All of its tags.
            images: All of its columns that hold images; an empty list for none.
            published: Whether it is served as a collection under its name.
            refresh: How often a server is to fetch its source again: ``15m``, ``1h`` or ``7d``, seconds, or ``none``.

        Raises:
            InvalidOption: This object was taken by ``at``, and there is a newer version.
        """
        changes = DatasetChanges(
            name=None if name is None else parse_name(name),
            title=title,
            description=description,
            tags=None if tags is None else (tags,) if isinstance(tags, str) else tuple(tags),
            published=published,
            images=image_columns(images),
            refresh=seconds_of(refresh),
        )
        self._insist_on_newest()
        self.document = self._operations.edit_dataset(self._ref, changes)
        return self

    def at(self, version: int) -> "Dataset":
        """Show the dataset at another of its versions, to be read; it is changed at the newest only.

        >>> cars.at(1).version
        1
        """
        return Dataset(self._operations.get_dataset(self._ref, version), self._operations, is_pinned=True)

    def versions(self, *, limit: int | None = None) -> Versions:
        """List its versions, the newest first.

        >>> cars.versions()
        <Versions: 1 (reading cars.csv)>

        Args:
            limit: The most; by default all.

        Raises:
            InvalidOption: The limit is less than 1.
        """
        return Versions(tuple(first(every_version(self._operations, self._ref), limit)))

    def diff(self, before: int | None = None, after: int | None = None, *, limit: int = DEFAULT_LIMIT) -> Differences:
        """Compare two versions: their columns, and their rows by their numbers.

        >>> _ = cars.update({3: {"price": 9}})
        >>> cars.diff(1, 2)
        <Differences 1 → 2: 0 rows added, 0 removed, 1 changed>

        Args:
            before: The number of the first; by default the one before ``after``.
            after: The number of the second; by default the version that this object shows.
            limit: How many of the rows to show; all are counted.

        Raises:
            VersionNotFound: There is no version of one of the numbers.
        """
        second = self.version if after is None else after
        newer = self if second == self.version else self.at(second)
        first = max(second - 1, 1) if before is None else before
        found = self._operations.diff(self._ref, first, second, limit)
        return differences_of(found, newer.schema, newer._decimals)  # noqa: SLF001 - it is another of this class

    def reload(self) -> "Dataset":
        """Move on to the newest version, as it is in the store now.

        >>> cars.reload().version
        1
        """
        self.document = self._operations.get_dataset(self._ref)
        self._is_pinned = False
        return self

    def delete(self) -> None:
        """Remove the dataset with all its versions.

        >>> cars.delete()
        >>> "cars" in store
        False

        Raises:
            InvalidOption: This object was taken by ``at``, so that it may seem to be about one version.
        """
        if self._is_pinned:
            reason = f"{self.name!r} is deleted with all its versions, not one of them"
            way = f"{reason}; store[{self.name!r}].delete() does it"
            raise InvalidOption(option="version", value=str(self.version), reason=way)
        self._operations.remove_dataset(self._ref)

    def _repr_html_(self) -> str:
        return notebook.shown(self._card)

    def _card(self) -> str:
        rows = self.rows(limit=_PREVIEW).items
        numbers = [row[ROW_ID] for row in rows]
        pictures = small_pictures(self._operations, self._ref, numbers) if self.image_columns else {}
        return notebook.dataset_html(self.document, self.statistics(), rows, pictures)


def _format_of(path: Place, allowed: tuple[Format, ...]) -> Format:
    """The format that a path's ending tells."""
    found = format_of_file_name(os.fspath(path))
    if found is None or found not in allowed:
        raise UnknownFormat(format=Path(path).name, formats=[f".{one}" for one in allowed])
    return found
