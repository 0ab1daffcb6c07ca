"""A page of rows."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, overload

from attrs import field, frozen

from entrepot.library import notebook
from entrepot.library.frames import needing, nested_series, pandas_frame
from entrepot.library.reading import python_rows
from entrepot_core.errors import UnknownColumn
from entrepot_core.schema import ROW_ID, FieldType
from entrepot_core.views import RowsPage

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


@frozen(repr=False)
class Rows:
    """Some rows of a dataset, as dicts; each begins with ``_id``, the row's permanent number.

    >>> page = cars.rows(limit=2, columns=["make", "price"])
    >>> page.total, len(page), page[0]["price"]
    (6, 2, 10.5)

    Attributes:
        page: The page as the store gave it.
        items: The rows: decimals, dates, times and binary as Python has them. A column in which a time has nanoseconds,
            which Python's have not, is text in ISO 8601.
    """

    page: RowsPage
    _read: Callable[[str], RowsPage]
    items: list[dict[str, Any]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        types = {column.name: column.type for column in self.page.columns}
        decimals = frozenset(column.name for column in self.page.columns if column.decimal)
        object.__setattr__(self, "items", python_rows(self.page.rows, types, decimals))

    @property
    def columns(self) -> list[str]:
        """The names of the columns, ``_id`` apart."""
        return [column.name for column in self.page.columns]

    @property
    def total(self) -> int | None:
        """How many rows fit in all; none where they were not counted."""
        return self.page.total

    def next_page(self) -> "Rows | None":
        """The rows after these, of the same version; none after the last.

        >>> [row["make"] for row in cars.rows(limit=4).next_page()]
        ['Cy', 'Cy']
        """
        return Rows(self._read(self.page.next), self._read) if self.page.next else None

    def pages(self) -> Iterator["Rows"]:
        """This page and all after it.

        >>> [len(page) for page in cars.rows(limit=4).pages()]
        [4, 2]
        """
        page: Rows | None = self
        while page is not None:
            yield page
            page = page.next_page()

    def frame(self) -> "pl.DataFrame":
        """The rows of this page as a polars frame; lists and objects that are not alike are JSON texts in it.

        >>> cars.rows(limit=2).frame().columns
        ['_id', 'make', 'price', 'doors', 'sold']
        """
        import polars as pl

        nested = {column.name for column in self.page.columns if column.type == FieldType.JSON}
        names = list(dict.fromkeys([ROW_ID, *self.columns]))
        plain = [{name: row[name] for name in names if name not in nested} for row in self.items]
        frame = pl.DataFrame(plain, schema=[name for name in names if name not in nested], infer_schema_length=None)
        values = frame.to_dict() | {name: nested_series(name, self[name]) for name in nested}
        return pl.DataFrame([values[name] for name in names])

    def to_pandas(self) -> "pd.DataFrame":
        """The rows of this page as a pandas frame (``pip install "entrepot[pandas]"``).

        >>> cars.rows(limit=2).to_pandas()["price"].mean().item()
        11.0
        """
        with needing("pandas"):
            return pandas_frame(self.frame())

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, which: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, which: slice) -> list[dict[str, Any]]: ...

    @overload
    def __getitem__(self, which: str) -> list[Any]: ...

    def __getitem__(self, which: int | slice | str) -> dict[str, Any] | list[dict[str, Any]] | list[Any]:
        """A row by its place, some rows, or the values of a column.

        >>> page = cars.rows(limit=2)
        >>> page[-1]["make"], page["price"]
        ('Ada', [10.5, 11.5])
        """
        if not isinstance(which, str):
            return self.items[which]
        if which not in (names := [ROW_ID, *self.columns]):
            raise UnknownColumn(column=which, columns=names)
        return [row[which] for row in self.items]

    def __repr__(self) -> str:
        first = self.page.offset + 1
        place = f"{first:,} to {self.page.offset + len(self.items):,}" if self.items else "none"
        total = "" if self.page.total is None else f" of {self.page.total:,}"
        return f"<Rows {place}{total}: {', '.join(self.columns[:8])}>"

    def _repr_html_(self) -> str:
        return notebook.rows_html(self.columns, self.items, self.page.total, self.page.offset)
