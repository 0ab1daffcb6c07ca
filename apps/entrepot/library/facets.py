"""Which values columns have, and how often."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from attrs import frozen

from entrepot.library import notebook
from entrepot.library.frames import nested_series
from entrepot.library.reading import python_values
from entrepot_core.rows.views import Facet

if TYPE_CHECKING:
    import polars as pl


@frozen(repr=False, eq=False)
class Facets(Mapping[str, list[tuple[object, int]]]):
    """Column to its most frequent values, the most frequent first, each with how many rows have it.

    Null and NaN are one value, None.

    >>> facets = cars.facets("make", "doors", price__gt=11)
    >>> facets["make"], facets["doors"]
    ([('Bo', 2), ('Cy', 2), ('Ada', 1)], [(5, 3), (3, 2)])
    >>> facets.more("make")
    False
    """

    _counted: Mapping[str, list[tuple[object, int]]]
    _more: frozenset[str]

    def more(self, column: str) -> bool:
        """Whether a column has other values than these.

        >>> cars.facets("make", limit=2).more("make")
        True
        """
        return column in self._more

    def frame(self, column: str) -> "pl.DataFrame":
        """The values of a column as a polars frame, with their numbers; those that are not alike are JSON texts in it.

        >>> cars.facets("make").frame("make").columns
        ['make', 'rows']
        """
        import polars as pl

        found = self._counted[column]
        counted = "rows" if column != "rows" else "rows_2"
        values = [value for value, _ in found]
        kinds = {type(value) for value in values if value is not None}
        is_nested = len(kinds) > 1 or not kinds.isdisjoint({list, dict})
        series = nested_series(column, values) if is_nested else pl.Series(column, values, strict=False)
        return pl.DataFrame([series, pl.Series(counted, [count for _, count in found], dtype=pl.Int64)])

    def __getitem__(self, column: str) -> list[tuple[object, int]]:
        return self._counted[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self._counted)

    def __len__(self) -> int:
        return len(self._counted)

    def __repr__(self) -> str:
        counts = (f"{len(found)}{'+' * self.more(name)} of {name!r}" for name, found in self._counted.items())
        return f"<Facets: {', '.join(counts)}>"

    def _repr_html_(self) -> str:
        return notebook.facets_html(self._counted, self._more)


def facets_of(found: tuple[Facet, ...], types: Mapping[str, str], decimals: AbstractSet[str]) -> Facets:
    """Facets with Python's own values, of columns of these types, some of which are of decimals."""
    values = {facet.column: _counts(facet, types[facet.column], is_decimal=facet.column in decimals) for facet in found}
    return Facets(values, frozenset(facet.column for facet in found if facet.more))


def _counts(facet: Facet, kind: str, *, is_decimal: bool) -> list[tuple[object, int]]:
    values = python_values([bytes(one.value) for one in facet.values], kind, is_decimal=is_decimal)
    return list(zip(values, (one.count for one in facet.values), strict=True))
