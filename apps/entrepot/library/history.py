"""A dataset's versions, and how they differ."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, overload

import msgspec
from attrs import frozen

from entrepot.library import notebook
from entrepot.library.reading import python_rows
from entrepot.library.telling import columns_told, counts_told, how_made
from entrepot_core.rows.views import Differences as CoreDifferences
from entrepot_core.rows.views import SchemaDifferences
from entrepot_core.schema import Schema
from entrepot_core.views import VersionView

if TYPE_CHECKING:
    import polars as pl


_NOT_THERE = b"null"
"""A row that one of two versions has not."""


@frozen(repr=False)
class Versions(Sequence[VersionView]):
    """The versions of a dataset, the newest first.

    >>> _ = cars.append([{"make": "Di", "price": 9.5}])
    >>> versions = cars.versions()
    >>> [(one.version, one.rows, one.cause.kind) for one in versions]
    [(2, 7, 'edit'), (1, 6, 'import')]

    Attributes:
        items: The versions: each with its number, when it was made, how, and its size.
    """

    items: tuple[VersionView, ...]

    def frame(self) -> "pl.DataFrame":
        """The versions as a polars frame.

        >>> cars.versions().frame().select("version", "rows", "how").rows()
        [(1, 6, 'reading cars.csv')]
        """
        import polars as pl

        names = ["version", "created_at", "rows", "columns", "size", "how"]
        rows = [(*msgspec.structs.astuple(one)[:5], how_made(one)) for one in self.items]
        return pl.DataFrame(rows, schema=names, orient="row")

    @overload
    def __getitem__(self, place: int) -> VersionView: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[VersionView]: ...

    def __getitem__(self, place: int | slice) -> VersionView | Sequence[VersionView]:
        return self.items[place]

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"<Versions: {', '.join(f'{one.version} ({how_made(one)})' for one in self.items)}>"

    def _repr_html_(self) -> str:
        return notebook.versions_html([(one, how_made(one)) for one in self.items])


@frozen
class RowChange:
    """A row that is not the same in two versions.

    >>> _ = cars.update({3: {"price": 9}})
    >>> change = cars.diff(1, 2).rows[0]
    >>> change.id, change.changed
    (3, {'price': (20.5, 9.0)})

    Attributes:
        id: Its number.
        before: The row in the first version; None where it was not there.
        after: The row in the second version; None where it is not there.
    """

    id: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def changed(self) -> dict[str, tuple[Any, Any]]:
        """The columns whose values differ, with both values; none where the row was added or removed."""
        if self.before is None or self.after is None:
            return {}
        after = self.after
        return {name: (old, after[name]) for name, old in self.before.items() if old != after[name]}


@frozen(repr=False)
class Differences:
    """How two versions of a dataset differ: their columns, and their rows by their numbers.

    >>> _ = cars.drop_rows([1, 2])
    >>> found = cars.diff(1, 2)
    >>> found, [row.id for row in found]
    (<Differences 1 → 2: 0 rows added, 2 removed, 0 changed>, [1, 2])

    Attributes:
        before: The number of the first.
        after: The number of the second.
        schema: The columns that were added, removed, or are of another type.
        added: How many rows only the second has.
        removed: How many rows only the first has.
        changed: How many rows have another value in a column that both have.
        rows: The first of them, by their numbers.
        more: Whether there are others.
    """

    before: int
    after: int
    schema: SchemaDifferences
    added: int
    removed: int
    changed: int
    rows: tuple[RowChange, ...]
    more: bool

    def __iter__(self) -> Iterator[RowChange]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        schema = self.schema
        return bool(self.rows or schema.added or schema.removed or schema.changed)

    def __repr__(self) -> str:
        told = [counts_told(self.added, self.removed, self.changed), *columns_told(self.schema)]
        return f"<Differences {self.before} → {self.after}: {'; '.join(told)}>"

    def _repr_html_(self) -> str:
        changes = [(row.id, row.before, row.after, row.changed) for row in self.rows]
        about = f"Version {self.before} → {self.after}"
        counts = counts_told(self.added, self.removed, self.changed)
        left = self.added + self.removed + self.changed - len(self.rows)
        return notebook.differences_html([about, counts, *columns_told(self.schema)], changes, left)


def differences_of(found: CoreDifferences, schema: Schema, decimals: AbstractSet[str]) -> Differences:
    """Differences with Python's own values; the schema and the columns of decimals are those of the second version."""
    types = {field.name: field.type.value for field in schema.fields}
    rows = found.rows
    given = [bytes(one) for row in rows.items for one in (row.before, row.after)]
    there = b",".join(one for one in given if one != _NOT_THERE)
    read = iter(python_rows(b"[%s]" % there, types, decimals))  # all at once, for each time costs as much as many rows
    values = iter([None if one == _NOT_THERE else next(read) for one in given])
    changes = tuple(RowChange(row.id, next(values), next(values)) for row in rows.items)
    counts = (rows.added, rows.removed, rows.changed)
    return Differences(found.before, found.after, found.schema, *counts, changes, rows.more)
