"""A store of datasets, as people hold it."""

import builtins
import os
from collections.abc import Iterator, Sequence
from itertools import islice
from types import TracebackType
from typing import Literal, Self, Unpack, overload

from attrs import define

from entrepot.library import notebook
from entrepot.library.dataset import Dataset
from entrepot.library.finding import Finding
from entrepot.library.incoming import Landable, opened
from entrepot.library.job import Job
from entrepot.library.listing import every_dataset
from entrepot.library.naming import new_name
from entrepot.library.options import Reading, options_of
from entrepot.library.progress import reporting
from entrepot.library.registry import Registry
from entrepot.settings import load_settings, without_password
from entrepot.wiring import Connection
from entrepot.wiring import connect as open_connection
from entrepot_core.dialect import Report
from entrepot_core.errors import DatasetNotFound
from entrepot_core.job import JobId, JobQuery, JobState
from entrepot_core.names import DatasetRef
from entrepot_core.paging import DEFAULT_LIMIT, MAX_LIMIT
from entrepot_core.ports.operations import Operations
from entrepot_core.selection import DatasetQuery, ListOrder
from entrepot_core.source import NewDataset
from entrepot_core.views import DatasetView

_SHOWN = 20
"""How many datasets a store shows in a notebook."""


def connect(target: str | os.PathLike[str] | None = None) -> "Store":
    r"""Open a store.

    >>> with entrepot.connect(":memory:") as scratch:
    ...     scratch.add(b"a,b\n1,2\n", name="tiny").shape
    (1, 2)

    Args:
        target: A folder (made if need be), a server's URL, or ``:memory:`` for a store that is gone with the process.
            By default what the setting ``ENTREPOT_STORE`` says, else the user's own data folder.

    Raises:
        StoreUnusable: The folder can't be used as a store.
        ServerUnreachable: The URL is none.
    """
    settings = load_settings()
    place = settings.store if target is None else os.fspath(target)
    return Store(without_password(place), open_connection(place, settings))


@define(eq=False, repr=False)
class Store:
    """A store of datasets, in a folder or on a server. It is a context manager; leaving it closes it.

    >>> sorted(store), len(store), "cars" in store
    (['cars'], 1, True)
    >>> store["cars"].shape
    (6, 4)

    Attributes:
        place: Where it is.
    """

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
        progress: Report | bool = True,
        wait: bool = True,
        **reading: Unpack[Reading],
    ) -> Dataset | Job:
        """Land a file or a table as a dataset. What a URL names is fetched by the store, here or on its server.

        >>> store.add("cars.csv", "used-cars", title="Used cars", types={"doors": "string"})
        <Dataset 'used-cars': 6 rows × 4 columns, version 1>
        >>> store.add(pl.DataFrame({"a": [1, 2]}), "tiny")
        <Dataset 'tiny': 2 rows × 1 columns, version 1>

        Args:
            thing: A path, a URL, bytes, an open file, or a polars, pandas or Arrow table. Formats: CSV, TSV, JSON,
                NDJSON, Parquet, Arrow, Excel, also packed with gzip or zstd; found by looking.
            name: Its name; by default made of the file's name.
            title: For people.
            description: For people.
            tags: Words to find it by.
            file_name: What to call bytes or an open file.
            replace: Make this the next version of the dataset of that name, if there is one.
            progress: Takes reports ``(stage, done, total)``, or ``False`` for no progress bar.
            wait: ``False`` takes the file in and gives a job that reads it. In a folder the job ends with this process,
                or when the store is closed; a server goes on with it.
            **reading: How to read a file, where looking at it doesn't tell: ``encoding``, ``delimiter``, ``quote``,
                ``escape``, ``header``, ``header_rows``, ``skip_lines``, ``on_error``, ``sheet``, ``types`` (column to
                type), ``null_values``.

        Raises:
            NameTaken: There is a dataset of that name, and ``replace`` is not set.
            Refused: The file can't be read, or an option does not fit it; nothing was stored.
        """
        options = options_of(reading)
        with opened(thing, file_name) as source:
            details = NewDataset(
                name=new_name(name, source.known, replace=replace),
                title=title,
                description=description,
                tags=None if tags is None else (tags,) if isinstance(tags, str) else tuple(tags),
                if_exists="replace" if replace else "fail",
            )
            with reporting(name or source.known.file_name or "the table", progress=progress) as report:
                if not wait:
                    begun = self._operations.begin_add_dataset(source, details, options, report)
                    return Job(begun, self._operations)
                return self._dataset(self._operations.add_dataset(source, details, options, report))

    def list(
        self,
        *,
        q: str | None = None,
        tag: str | None = None,
        media_type: str | None = None,
        sort: ListOrder = "-created_at",
        limit: int | None = None,
    ) -> builtins.list[Dataset]:
        """List the datasets, the newest first.

        >>> store.list(q="car")
        [<Dataset 'cars': 6 rows × 4 columns, version 1>]

        Args:
            q: Text that stands in the name, title or description, whatever its case.
            tag: A tag they have.
            media_type: What they were made from, ``text/csv`` say.
            sort: ``name``, ``created_at`` or ``updated_at``; a minus in front turns it round.
            limit: The most; by default all.
        """
        query = DatasetQuery(q=q, tag=tag, media_type=media_type, sort=sort, limit=min(limit or MAX_LIMIT, MAX_LIMIT))
        return [self._dataset(document) for document in islice(every_dataset(self._operations, query), limit)]

    def search(self, text: str, *, limit: int = DEFAULT_LIMIT) -> builtins.list[Finding]:
        """Find datasets by a text in their name, title, tags, description, or the names of their columns.

        >>> store.search("price")
        [<Finding 'cars': column price>]

        Args:
            text: The text, whatever its case.
            limit: The most.

        Raises:
            InvalidOption: The text is empty.
        """
        found = self._operations.search(text, limit)
        return [Finding(self._dataset(one.dataset), one.columns) for one in found.items]

    def jobs(self, state: JobState | None = None, *, limit: int = DEFAULT_LIMIT) -> builtins.list[Job]:
        """List the jobs, the newest first: imports begun with ``wait=False``, and those that take long.

        >>> _ = store.add("cars.csv", wait=False).wait()
        >>> store.jobs("succeeded")
        [<Job of 'cars.csv': succeeded>]

        Args:
            state: Only those in this state: ``queued``, ``running``, ``succeeded``, ``failed`` or ``cancelled``.
            limit: The most, up to 10,000.
        """
        return [
            Job(job, self._operations) for job in self._operations.list_jobs(JobQuery(state=state, limit=limit)).items
        ]

    def job(self, job_id: str) -> Job:
        """Find a job by its id.

        >>> begun = store.add("cars.csv", wait=False)
        >>> store.job(begun.id).wait().shape
        (6, 4)

        Raises:
            JobNotFound: There is none.
        """
        return Job(self._operations.get_job(JobId(job_id)), self._operations)

    @property
    def metadata(self) -> Registry:
        """The metadata registry: JSON under a name, held to a schema.

        >>> store.metadata.add("flights", {"sourceName": "flights"}).name
        'flights'
        """
        return Registry(self._operations)

    def close(self) -> None:
        """Let go of what it holds; its datasets can't be read after that.

        >>> store.close()
        """
        self._connection.close()

    def __getitem__(self, ref: str) -> Dataset:
        return self._dataset(self._operations.get_dataset(DatasetRef(ref)))

    def __contains__(self, ref: object) -> bool:
        if not isinstance(ref, str):
            return False
        try:
            self._operations.get_dataset(DatasetRef(ref))
        except DatasetNotFound:
            return False
        return True

    def __len__(self) -> int:
        return self._operations.list_datasets(DatasetQuery(limit=1)).total

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        query = DatasetQuery(sort="name", limit=MAX_LIMIT)
        return (document.name for document in every_dataset(self._operations, query))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Store {self.place}>"

    def _repr_html_(self) -> str:
        page = self._operations.list_datasets(DatasetQuery(limit=_SHOWN))
        return notebook.store_html(self.place, page)

    def _ipython_key_completions_(self) -> builtins.list[str]:
        return [*self]

    @property
    def _operations(self) -> Operations:
        return self._connection.operations

    def _dataset(self, document: DatasetView) -> Dataset:
        return Dataset(document, self._operations)
