"""A store of datasets, as people hold it."""

import builtins
import os
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self

from attrs import define

from entrepot.library import notebook
from entrepot.library.closing import until_closed
from entrepot.library.dataset import Dataset
from entrepot.library.finding import Finding
from entrepot.library.job import Job
from entrepot.library.landing import Landing
from entrepot.library.listing import every_dataset, first, newest_names
from entrepot.library.registry import Registry
from entrepot.setting_values import without_password
from entrepot.settings import load_settings
from entrepot.wiring import connect as open_connection
from entrepot_core.errors import DatasetNotFound
from entrepot_core.job import JobId, JobQuery, JobState
from entrepot_core.meant import did_you_mean
from entrepot_core.names import DatasetRef
from entrepot_core.paging import DEFAULT_LIMIT, MAX_LIMIT
from entrepot_core.selection import DatasetQuery, ListOrder

_SHOWN = 20
"""How many datasets a store shows in a notebook."""

_INSTEAD = {
    **dict.fromkeys(("remove", "delete", "drop", "pop"), "store[name].delete() deletes a dataset"),
    **dict.fromkeys(("get", "dataset", "open", "read"), "store[name] is a dataset, list() gives all"),
    **dict.fromkeys(
        ("datasets", "names", "keys", "ls", "items", "values"), "list() gives its datasets, list(store) their names"
    ),
    **dict.fromkeys(
        ("upload", "load", "import_file", "read_csv", "create", "put", "save"), "add(file, name) lands a file"
    ),
    **dict.fromkeys(("replace", "refresh", "export", "rename", "edit"), "datasets do that: store[name]"),
}
"""What other libraries' stores have under other names."""


def connect(target: str | os.PathLike[str] | None = None) -> "Store":
    r"""Open a store.

    >>> with entrepot.connect(":memory:") as scratch:
    ...     scratch.add(b"a,b\n1,2\n", name="tiny").shape
    (1, 2)

    Args:
        target: A folder (made when something is first stored there), a server's URL, or ``:memory:`` for a store that
            is gone with the process. By default what the setting ``ENTREPOT_STORE`` says, else the user's own data
            folder.

    Raises:
        StoreUnusable: The folder can't be used as a store.
        ServerUnreachable: The URL is none.
    """
    settings = load_settings()
    place = settings.store if target is None else os.fspath(target)
    return Store(without_password(place), until_closed(open_connection(place, settings)))


@define(eq=False, repr=False)
class Store(Landing):
    """A store of datasets, in a folder or on a server. It is a context manager; leaving it closes it.

    >>> sorted(store), len(store), "cars" in store
    (['cars'], 1, True)
    >>> store["cars"].shape
    (6, 4)

    Attributes:
        place: Where it is.
    """

    def list(
        self,
        *,
        q: str | None = None,
        tag: str | None = None,
        media_type: str | None = None,
        published: bool | None = None,
        failing: bool | None = None,
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
            published: Whether they are served as collections; by default either.
            failing: Whether the last attempt to fetch them from their source failed; by default either.
            sort: ``name``, ``created_at`` or ``updated_at``; a minus in front turns it round.
            limit: The most; by default all.

        Raises:
            InvalidOption: The limit is less than 1.
        """
        page = min(limit or MAX_LIMIT, MAX_LIMIT)
        query = DatasetQuery(
            q=q, tag=tag, media_type=media_type, published=published, failing=failing, sort=sort, limit=page
        )
        return [self._dataset(document) for document in first(every_dataset(self._operations, query), limit)]

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
        """Let go of what it holds; it and its datasets refuse whatever is asked of them after that.

        >>> store.close()
        """
        self._connection.close()

    if not TYPE_CHECKING:  # for whom there would be every attribute

        def __getattr__(self, name: str) -> NoReturn:
            told = f": {_INSTEAD[name]}" if name in _INSTEAD else ""
            raise AttributeError(f"a store has no {name!r}{told}", name=name, obj=self)

    def __getitem__(self, ref: str) -> Dataset:
        try:
            return self._dataset(self._operations.get_dataset(DatasetRef(ref)))
        except DatasetNotFound as error:
            if hint := did_you_mean(ref, newest_names(self._operations) or ()).rstrip():
                error.add_note(hint)
            raise

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
        query = DatasetQuery(limit=_SHOWN)
        return notebook.shown(lambda: notebook.store_html(self.place, self._operations.list_datasets(query)))

    def _ipython_key_completions_(self) -> builtins.list[str]:
        return [*self]
