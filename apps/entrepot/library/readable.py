"""A dataset's rows, read page by page or one by one, and what its columns hold."""

from collections.abc import Sequence
from typing import Any

import msgspec
from attrs import define

from entrepot.library.facets import Facets, facets_of
from entrepot.library.reading import python_rows
from entrepot.library.rows import Rows
from entrepot.library.selecting import Filters, Groups, facet_query, row_query
from entrepot.library.tabular import Tabular
from entrepot_core.paging import DEFAULT_LIMIT
from entrepot_core.rows.filters import fields_of
from entrepot_core.views import RowsPage


@define(eq=False, repr=False)
class Readable(Tabular):
    """A dataset whose rows can be filtered, sorted, searched, paged and counted."""

    def rows(  # noqa: PLR0913 - one argument for each thing people say of rows
        self,
        columns: str | Sequence[str] | None = None,
        *,
        sort: str | Sequence[str] = (),
        q: str | None = None,
        where: Filters | None = None,
        any_of: Groups | None = None,
        limit: int = DEFAULT_LIMIT,
        offset: int = 0,
        count: bool = True,
        **filters: object,
    ) -> Rows:
        """Read a page of rows, at most 10,000 at once; it can give the pages after it.

        >>> [row["make"] for row in cars.rows(offset=2, limit=3)]
        ['Bo', 'Bo', 'Cy']
        >>> [row["price"] for row in cars.rows(price__gt=20, sort="-price", limit=3)]
        [30.5, 25.5, 24.5]
        >>> [row["_id"] for row in cars.rows(sold=None)]
        [3]
        >>> cars.rows(any_of={"make": "Ada", "price__gte": 30}).total
        3

        Args:
            columns: Only these, in this order.
            sort: A column to sort by, or several; a minus in front for descending. Nulls come last.
            q: Words that stand in some column of text, whatever their case.
            where: Filters, as the keyword arguments; for columns whose names are no words of Python.
            any_of: Filters of which one has to hold: a dict, or a list of pairs.
            limit: The most rows.
            offset: How many rows to skip.
            count: Whether to count all that fit.
            **filters: ``column=value`` or ``column__operator=value``, all of which have to hold. The operators are
                ``exact, not, contains, notcontains, startswith, endswith, gt, gte, lt, lte, in, notin, like, isnull,
                notnull, date``; the value None stands for null.

        Raises:
            UnknownColumn: A column is not there.
            InvalidFilter: A filter does not fit its column.
        """
        said = {"columns": columns, "sort": sort, "q": q, "where": where, "any_of": any_of, "limit": limit}
        query = row_query(self.schema, {**said, "offset": offset, **filters}, count=count)
        version = self.version

        def read(cursor: str) -> RowsPage:
            after = msgspec.structs.replace(query, cursor=cursor, offset=0)
            return self._operations.read_rows(self._ref, after, version)

        return Rows(self._operations.read_rows(self._ref, query, version), read)

    def row(self, row_id: int) -> dict[str, Any]:
        """Read one row, by its number.

        >>> cars.row(3)
        {'_id': 3, 'make': 'Bo', 'price': 20.5, 'doors': 3, 'sold': None}

        Raises:
            RowNotFound: There is none.
        """
        found = self._operations.get_row(self._ref, row_id, self.version)
        return python_rows(b"[%s]" % bytes(found.row), self._types, self._decimals)[0]

    def facets(
        self,
        *columns: str | Sequence[str],
        limit: int | None = None,
        q: str | None = None,
        where: Filters | None = None,
        any_of: Groups | None = None,
        **filters: object,
    ) -> Facets:
        """Count the values of some columns, among the rows that fit.

        >>> cars.facets("make")["make"]
        [('Ada', 2), ('Bo', 2), ('Cy', 2)]
        >>> cars.facets("doors", make__not="Ada")["doors"]
        [(3, 2), (5, 2)]

        Args:
            *columns: The columns, one by one or as a list.
            limit: The most values of each, by default 20; the most frequent come first.
            q: As for ``rows``.
            where: As for ``rows``.
            any_of: As for ``rows``.
            **filters: As for ``rows``.
        """
        said = {"q": q, "where": where, "any_of": any_of, **filters}
        names = [name for given in columns for name in ([given] if isinstance(given, str) else given)]
        query = facet_query(self.schema, names, said, limit)
        found = self._operations.facets(self._ref, query, self.version).facets
        return facets_of(found, self._types, self._decimals)

    @property
    def _types(self) -> dict[str, str]:
        return {name: field.type for name, field in fields_of(self.schema).items()}
