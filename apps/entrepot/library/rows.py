"""A page of rows."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypedDict

import msgspec
from attrs import field, frozen

from entrepot.library import notebook
from entrepot_core.schema import ROW_ID, FieldType
from entrepot_core.views import RowsPage

if TYPE_CHECKING:
    import polars as pl

_PYTHON: dict[str, object] = {
    FieldType.BOOLEAN: bool | None,
    FieldType.INTEGER: int | None,
    FieldType.NUMBER: float | None,
    FieldType.STRING: str | None,
    FieldType.DATE: date | None,
    FieldType.DATETIME: datetime | None,
    FieldType.TIME: time | None,
    FieldType.DURATION: timedelta | None,
    FieldType.BINARY: bytes | None,
    FieldType.JSON: Any,
}


@frozen(repr=False)
class Rows:
    """Some rows of a dataset, as dicts; each begins with ``_id``, the row's permanent number.

    >>> page = cars.rows(limit=2, columns=["make", "price"])
    >>> page.total, len(page), page[0]["price"]
    (6, 2, 10.5)

    Attributes:
        page: The page as the store gave it.
        items: The rows: dates, times and binary as Python has them.
    """

    page: RowsPage
    _read: Callable[[str], RowsPage]
    items: list[dict[str, Any]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "items", decoded(self.page))

    @property
    def columns(self) -> list[str]:
        """The names of the columns, ``_id`` apart."""
        return [column.name for column in self.page.columns]

    @property
    def total(self) -> int | None:
        """How many rows there are in all."""
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
        """The rows of this page as a polars frame.

        >>> cars.rows(limit=2).frame().columns
        ['_id', 'make', 'price', 'doors', 'sold']
        """
        import polars as pl

        return pl.DataFrame(self.items, schema=list(dict.fromkeys([ROW_ID, *self.columns])), infer_schema_length=None)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> dict[str, Any]:
        return self.items[index]

    def __repr__(self) -> str:
        first = self.page.offset + 1
        place = f"{first:,} to {self.page.offset + len(self.items):,}" if self.items else "none"
        return f"<Rows {place} of {self.page.total:,}: {', '.join(self.columns[:8])}>"

    def _repr_html_(self) -> str:
        return notebook.rows_html(self.columns, self.items, self.page.total, self.page.offset)


def decoded(page: RowsPage) -> list[dict[str, Any]]:
    """The rows of a page with Python's own values.

    What Python has no value for, as a date in the year 12,000, leaves the page's dates and times as text.
    """
    fields = {ROW_ID: int, **{column.name: _PYTHON.get(column.type, Any) for column in page.columns}}
    row: Any = TypedDict("row", fields)  # type: ignore[misc]  # the fields are the data's
    try:
        found: list[dict[str, Any]] = msgspec.json.decode(page.rows, type=list[row], strict=False)
    except msgspec.ValidationError:
        found = msgspec.json.decode(page.rows, type=list[dict[str, Any]])
    return found
