"""Landing files, tables and rows in a store."""

from collections.abc import Sequence
from typing import Literal, Unpack, overload

from attrs import define

from entrepot.library.dataset import Dataset
from entrepot.library.incoming import Landable, opened
from entrepot.library.job import Job
from entrepot.library.naming import new_name
from entrepot.library.options import Reading, options_of
from entrepot.library.progress import reporting
from entrepot.library.publishing import KEYWORDS, Columns, Interval, image_columns, seconds_of
from entrepot.wiring import Connection
from entrepot_core.dialect import Report
from entrepot_core.ports.operations import Operations
from entrepot_core.source import NewDataset
from entrepot_core.views import DatasetView


@define(eq=False, repr=False)
class Landing:
    """A store in which files and tables land."""

    place: str
    _connection: Connection

    @overload
    def add(
        self,
        thing: Landable,
        name: str | None = None,
        *,
        title: str | None = None,
        description: str | None = None,
        tags: str | Sequence[str] | None = None,
        file_name: str | None = None,
        replace: bool = False,
        images: Columns | None = None,
        published: bool | None = None,
        refresh: Interval | None = None,
        progress: Report | bool = True,
        wait: Literal[True] = True,
        **reading: Unpack[Reading],
    ) -> Dataset: ...

    @overload
    def add(
        self,
        thing: Landable,
        name: str | None = None,
        *,
        title: str | None = None,
        description: str | None = None,
        tags: str | Sequence[str] | None = None,
        file_name: str | None = None,
        replace: bool = False,
        images: Columns | None = None,
        published: bool | None = None,
        refresh: Interval | None = None,
        progress: Report | bool = True,
        wait: Literal[False],
        **reading: Unpack[Reading],
    ) -> Job: ...

    def add(  # noqa: PLR0913 - one argument for each thing people say of a dataset
        self,
        thing: Landable,
        name: str | None = None,
        *,
        title: str | None = None,
        description: str | None = None,
        tags: str | Sequence[str] | None = None,
        file_name: str | None = None,
        replace: bool = False,
        images: Columns | None = None,
        published: bool | None = None,
        refresh: Interval | None = None,
        progress: Report | bool = True,
        wait: bool = True,
        **reading: Unpack[Reading],
    ) -> Dataset | Job:
        """Land a file, a table or rows as a dataset. What a URL names is fetched by the store, here or on its server.

        >>> store.add("cars.csv", "used-cars", title="Used cars", types={"doors": "string"})
        <Dataset 'used-cars': 6 rows × 4 columns, version 1>
        >>> store.add(pl.DataFrame({"a": [1, 2]}), "tiny")
        <Dataset 'tiny': 2 rows × 1 column, version 1>
        >>> store.add([{"a": 1}, {"a": 2, "b": "x"}], "rows")
        <Dataset 'rows': 2 rows × 2 columns, version 1>
        >>> store.add("cars.csv", "shown-cars", published=True).collection(limit=1)[0]["make"]
        'Ada'

        Args:
            thing: A path, a URL, bytes, an open file, a polars, pandas or Arrow table, or rows (a list of dicts).
                Formats: CSV, TSV, JSON, NDJSON, Parquet, Arrow, Excel, also packed with gzip or zstd; found by looking.
                The index of a pandas frame is a column, unless it only numbers the rows.
            name: Its name; by default made of the file's name.
            title: For people.
            description: For people.
            tags: Words to find it by.
            file_name: What to call bytes or an open file.
            replace: Make this the next version of the dataset of that name, if there is one.
            images: The columns that hold images, by their URLs, which are fetched; by default those of a dataset that
                is published which look like it.
            published: Whether it is served as a collection under its name.
            refresh: How often a server is to fetch ``thing`` again, a URL: ``15m``, ``1h`` or ``7d``, seconds, or a
                timedelta.
            progress: Takes reports ``(stage, done, total)``, or ``False`` for no progress bar.
            wait: ``False`` takes the file in and gives a job that reads it. In a folder the job ends with this process,
                or when the store is closed; a server goes on with it.
            **reading: How to read a file, where looking at it doesn't tell: ``encoding``, ``delimiter``, ``quote``,
                ``escape``, ``header``, ``header_rows``, ``skip_lines``, ``on_error``, ``sheet``, ``types`` (column to
                type), ``null_values``, ``date_order``, ``decimal``.

        Raises:
            NameTaken: There is a dataset of that name, and ``replace`` is not set.
            Refused: The file or a column can't be read, or an option does not fit it; nothing was stored.
            TypeError: It is nothing that can be landed.
        """
        options = options_of(reading, *KEYWORDS)
        with opened(thing, file_name) as source:
            details = NewDataset(
                name=new_name(name, source.known, replace=replace),
                title=title,
                description=description,
                tags=None if tags is None else (tags,) if isinstance(tags, str) else tuple(tags),
                published=published,
                images=image_columns(images),
                refresh=seconds_of(refresh),
                if_exists="replace" if replace else "fail",
            )
            with reporting(name or source.known.file_name or "the table", progress=progress) as report:
                if not wait:
                    begun = self._operations.begin_add_dataset(source, details, options, report)
                    return Job(begun, self._operations)
                return self._dataset(self._operations.add_dataset(source, details, options, report))

    @property
    def _operations(self) -> Operations:
        return self._connection.operations

    def _dataset(self, document: DatasetView) -> Dataset:
        return Dataset(document, self._operations)
