"""A dataset as a collection: published under its name, and fetched again from where it came from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Self, overload

import msgspec
from attrs import define

from entrepot.library.progress import reporting
from entrepot.library.reading import python_rows
from entrepot.library.selecting import Filters, Groups, row_query
from entrepot.library.tabular import Tabular
from entrepot.library.values import text_value
from entrepot_core.dialect import Report
from entrepot_core.paging import DEFAULT_LIMIT
from entrepot_core.schema import Field, FieldType, Schema

if TYPE_CHECKING:
    from entrepot.library.job import Job

_ID = "id"


@define(eq=False, repr=False)
class Collected(Tabular):
    """A dataset that can be published as a collection, and that its source can bring up to date."""

    def collection(  # noqa: PLR0913 - one argument for each thing people say of rows
        self,
        platform: str | None = None,
        *,
        columns: str | Sequence[str] | None = None,
        sort: str | Sequence[str] = (),
        q: str | None = None,
        where: Filters | None = None,
        any_of: Groups | None = None,
        limit: int = DEFAULT_LIMIT,
        offset: int = 0,
        **filters: object,
    ) -> list[dict[str, Any]]:
        """Read items of the collection that it is published as: what web pages get, at its newest version.

        >>> cars.edit(published=True).collection(columns=["id", "price"], sort="-price", limit=2)
        [{'id': 6, 'price': 30.5}, {'id': 4, 'price': 25.5}]

        Args:
            platform: How images are wished, ``web`` or ``mobile`` say; by default as originals. In a column of images
                there is the path of each, of a server its URL; None where there is none.
            columns: Only these, in this order.
            sort: As for ``rows``; ``id`` is one of the columns.
            q: As for ``rows``.
            where: As for ``rows``.
            any_of: As for ``rows``.
            limit: The most items, up to 10,000.
            offset: How many to skip.
            **filters: As for ``rows``.

        Raises:
            CollectionNotFound: It is not published.
            ItemNotFound: There is no such platform.
        """
        said = {"columns": columns, "sort": sort, "q": q, "where": where, "any_of": any_of, "limit": limit}
        query = row_query(self._items_schema, {**said, "offset": offset, **filters}, count=False)
        page = self._operations.read_collection(self.name, query, platform)
        kinds = {column.name: column.type for column in page.columns}
        return python_rows(msgspec.json.encode(page.items), kinds, self._decimals & kinds.keys())

    def item(self, item: object, platform: str | None = None) -> dict[str, Any]:
        """Read one item of the collection that it is published as.

        >>> cars.edit(published=True).item(3)
        {'id': 3, 'make': 'Bo', 'price': 20.5, 'doors': 3, 'sold': None}

        Args:
            item: Its ``id``: the number of the row, where the data has no such column.
            platform: As for ``collection``.

        Raises:
            CollectionNotFound: It is not published.
            ItemNotFound: There is no such item, or no such platform.
        """
        text = text_value(item)
        found = self._operations.get_item(self.name, str(item) if text is None else text, platform)
        kinds = {field.name: field.type.value for field in self._items_schema.fields}
        return python_rows(msgspec.json.encode([found.item]), kinds, self._decimals)[0]

    @overload
    def refresh(
        self, *, if_unchanged: bool = False, progress: Report | bool = True, wait: Literal[True] = True
    ) -> Self: ...

    @overload
    def refresh(self, *, if_unchanged: bool = False, progress: Report | bool = True, wait: Literal[False]) -> "Job": ...

    def refresh(self, *, if_unchanged: bool = False, progress: Report | bool = True, wait: bool = True) -> "Self | Job":
        """Fetch the URL that it was read from again, and its images; that makes the next version if it has changed.

        >>> cars.refresh()
        Traceback (most recent call last):
        ...
        entrepot_core.errors.images.NoSource: 'cars' did not come from a URL, ...

        Args:
            if_unchanged: Do it only if nobody has changed the dataset since this object was made or moved on.
            progress: Takes reports ``(stage, done, total)``, or ``False`` for no progress bar.
            wait: ``False`` gives a job that does it; this object then stays as it is.

        Raises:
            NoSource: It was not read from a URL.
            FetchFailed: The URL gives nothing; nothing was changed.
            MalformedInput: What it gives is no such table: it has none of the columns, or no rows where there were
                some, or a column can't be read as the type it had.
            Stale: The dataset has changed since.
            InvalidOption: This object was taken by ``at``, and there is a newer version.
        """
        self._insist_on_newest()
        expected = self.document.revision if if_unchanged else None
        if not wait:
            from entrepot.library.job import Job

            return Job(self._operations.begin_refresh_dataset(self._ref, expected), self._operations)
        with reporting(self.name, progress=progress) as report:
            self.document = self._operations.refresh_dataset(self._ref, report, expected)
        return self

    @property
    def _items_schema(self) -> Schema:
        """The columns of the items."""
        if _ID in self.schema.names:
            return self.schema
        return Schema((Field(_ID, FieldType.INTEGER, nullable=False), *self.schema.fields))
