"""Which values columns have, and how often."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from entrepot.library import notebook
from entrepot.library.values import python_value
from entrepot_core.rows.views import Facet

if TYPE_CHECKING:
    import polars as pl


@frozen(repr=False)
class Facets:
    """The most frequent values of some columns, each with how many rows have it: a mapping of the columns.

    >>> facets = cars.facets("make", "doors", price__gt=11)
    >>> facets["make"], facets["doors"]
    ([('Bo', 2), ('Cy', 2), ('Ada', 1)], [(5, 3), (3, 2)])
    >>> facets.more("make")
    False

    Attributes:
        values: Column to its values, the most frequent first, each with its number of rows; null and NaN are None.
    """

    values: Mapping[str, list[tuple[object, int]]]
    _more: frozenset[str]

    def more(self, column: str) -> bool:
        """Whether a column has other values than these.

        >>> cars.facets("make", limit=2).more("make")
        True
        """
        return column in self._more

    def frame(self, column: str) -> "pl.DataFrame":
        """The values of a column as a polars frame, with their numbers.

        >>> cars.facets("make").frame("make").columns
        ['make', 'rows']
        """
        import polars as pl

        found = self.values[column]
        counted = "rows" if column != "rows" else "rows_2"
        values = pl.Series(column, [value for value, _ in found], strict=False)
        return pl.DataFrame([values, pl.Series(counted, [count for _, count in found], dtype=pl.Int64)])

    def __getitem__(self, column: str) -> list[tuple[object, int]]:
        return self.values[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        counts = (f"{len(found)}{'+' * self.more(name)} of {name!r}" for name, found in self.values.items())
        return f"<Facets: {', '.join(counts)}>"

    def _repr_html_(self) -> str:
        return notebook.facets_html(self.values, self._more)


def facets_of(found: tuple[Facet, ...], types: Mapping[str, str]) -> Facets:
    """Facets with Python's own values, of columns of these types."""
    values = {
        facet.column: [(python_value(bytes(one.value), types[facet.column]), one.count) for one in facet.values]
        for facet in found
    }
    return Facets(values, frozenset(facet.column for facet in found if facet.more))
