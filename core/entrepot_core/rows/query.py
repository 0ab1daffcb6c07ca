"""What to read of a table, as a transport hears it; ``selection`` makes of it what holds for a schema."""

from typing import Annotated, Literal

import msgspec

from entrepot_core.errors import InvalidCursor
from entrepot_core.paging import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    MAX_OFFSET,
    check_offset,
    check_page,
    fingerprint,
    read_cursor,
)

MOST_FACET_VALUES = 1_000


class RowFilter(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which rows; all of what is said has to hold.

    Attributes:
        where: Filters, each a left side ``column`` or ``column__op`` and a value's text.
        any_of: Groups of filters of which one has to hold, as ``(price__lt.5,doors.3)``.
        q: Words that stand in some column of text, whatever their case; several in double quotes stand together.
    """

    where: tuple[tuple[str, str], ...] = ()
    any_of: tuple[str, ...] = ()
    q: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said, so that all rows fit."""
        return not (self.where or self.any_of or self.q)


class RowQuery(RowFilter, frozen=True, omit_defaults=True):
    """Which columns and rows to read, in which order, and which page of them.

    Attributes:
        columns: The columns, in the order wished; all of them by default.
        sort: Columns to sort by, with a minus in front for descending; nulls last, ties by ``_id``.
        limit: The most rows; none for all of them (exports).
        offset: How many rows to skip; not with ``cursor``.
        cursor: Where a page before left off.
        count: Whether to count all matches.
    """

    columns: tuple[str, ...] | None = None
    sort: tuple[str, ...] = ()
    limit: int | None = DEFAULT_LIMIT
    offset: int = 0
    cursor: str | None = None
    count: Literal["exact", "none"] = "exact"

    def __post_init__(self) -> None:
        check_page(self.page_limit, self.offset, self.cursor, most=MAX_OFFSET)

    @property
    def page_limit(self) -> int:
        """The most rows of a page; the default where ``limit`` says none."""
        return DEFAULT_LIMIT if self.limit is None else self.limit

    def place(self, version: int | None) -> "RowCursor":
        """Where to begin to read: of a cursor, in the version it began on.

        Raises:
            InvalidCursor: The cursor is of other rows, of another order, or of another version than the one named.
        """
        if self.cursor is None:
            return RowCursor("", version, self.offset, self._fingerprint)
        place = read_cursor(self.cursor, RowCursor)
        is_of_another = version is not None and place.version not in {None, version}
        if place.rows != self._fingerprint or is_of_another:
            raise InvalidCursor(cursor=self.cursor)
        return place

    @property
    def _fingerprint(self) -> str:
        """Tells rows in an order from others; nothing for all rows as they are stored."""
        return fingerprint(self.where, self.any_of, self.q, self.sort)


class FacetQuery(RowFilter, frozen=True, omit_defaults=True):
    """Which values to count.

    Attributes:
        columns: The columns whose values are counted.
        limit: The most values of a column; the most frequent come first.
    """

    columns: tuple[str, ...] = ()
    limit: Annotated[int, msgspec.Meta(extra_json_schema={"maximum": MOST_FACET_VALUES})] = 20

    def __post_init__(self) -> None:
        check_page(self.limit, 0, None, most=MOST_FACET_VALUES)


class RowCursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Where a page of rows left off.

    Attributes:
        dataset: The end of the dataset's id; nothing where no page came before.
        version: In which version; of one that was not made yet, none: the newest.
        offset: How many rows came before.
        rows: Which rows in which order.
    """

    dataset: str
    version: int | None
    offset: int
    rows: str

    def __post_init__(self) -> None:
        check_offset(self.offset)


__all__ = ["MAX_LIMIT", "FacetQuery", "RowCursor", "RowFilter", "RowQuery"]
