"""What to read of a list: filters, page and cursor, as data. ``rows`` has those of tables."""

import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Literal, get_args

import msgspec

from entrepot_core.dataset import Dataset
from entrepot_core.errors import InvalidCursor, InvalidOption
from entrepot_core.names import is_id
from entrepot_core.paging import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    check_choice,
    check_offset,
    check_page,
    fingerprint,
    read_cursor,
    write_cursor,
)

ListOrder = Literal["created_at", "-created_at", "updated_at", "-updated_at", "name", "-name"]


def fold(text: str) -> str:
    """Text without what a search should not mind: case, and how a character is composed.

    >>> fold("STRASSE") == fold("Straße"), fold("É") == fold("e\N{COMBINING ACUTE ACCENT}")
    (True, True)
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _in_utc(option: str, time: datetime | None) -> datetime | None:
    if time is None:
        return None
    try:
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:
        raise InvalidOption(option=option, value=str(time), reason="no such time in UTC") from error


class DatasetQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which datasets to list, and which page of them.

    Attributes:
        q: Text that stands in the name, title or description, compared as ``fold`` makes them.
        tag: A tag they have.
        name: The exact name.
        ids: Any of these ids, at most 10,000.
        media_type: The media type their documents show.
        published: Whether they are served as collections.
        failing: Whether the last attempt to fetch them from their source failed.
        created_after: Added later than this; UTC where it names no zone.
        created_before: Added earlier than this; UTC where it names no zone.
        sort: The order, ties by id; a minus in front turns it round.
        limit: The most items of a page.
        offset: How many matches to skip; not with ``cursor``.
        cursor: Where a page before left off.
    """

    q: str | None = None
    tag: str | None = None
    name: str | None = None
    ids: tuple[str, ...] | None = None
    media_type: str | None = None
    published: bool | None = None
    failing: bool | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    sort: ListOrder = "-created_at"
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    cursor: str | None = None

    def __post_init__(self) -> None:
        check_page(self.limit, self.offset, self.cursor)
        check_choice("sort", self.sort, get_args(ListOrder))
        for option in ("created_after", "created_before"):
            msgspec.structs.force_setattr(self, option, _in_utc(option, getattr(self, option)))
        if self.ids is not None and len(self.ids) > MAX_LIMIT:
            raise InvalidOption(option="id", value=f"{len(self.ids)} ids", reason=f"give at most {MAX_LIMIT}")

    @property
    def place(self) -> "ListCursor | None":
        """Where the page before left off, if there was one.

        Raises:
            InvalidCursor: The cursor is of another list or order.
        """
        if self.cursor is None:
            return None
        place = read_cursor(self.cursor, ListCursor)
        if (place.sort, place.fits) != (self.sort, self.fits):
            raise InvalidCursor(cursor=self.cursor)
        return place

    @property
    def fits(self) -> str:
        """Tells the list by its filters."""
        times = self.created_after, self.created_before
        # Said only where it is asked for, so that other lists' cursors stay what they are.
        flags = {"published": self.published, "failing": self.failing}
        said = (f"{name}={flag}" for name, flag in flags.items() if flag is not None)
        return fingerprint(self.q, self.tag, self.name, self.ids, self.media_type, *times, *said)


class VersionQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which page of a dataset's history, the newest version first.

    Attributes:
        limit: The most items of a page.
        offset: How many newer versions to skip; not with ``cursor``.
        cursor: Where a page before left off.
    """

    limit: int = DEFAULT_LIMIT
    offset: int = 0
    cursor: str | None = None

    def __post_init__(self) -> None:
        check_page(self.limit, self.offset, self.cursor)

    @property
    def before(self) -> int | None:
        """The number of the last version of the page before, if there was one.

        Raises:
            InvalidCursor: The cursor is of another list.
        """
        return None if self.cursor is None else read_cursor(self.cursor, VersionCursor).version


class VersionCursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Where a page of versions left off: the number of its last."""

    version: Annotated[int, msgspec.Meta(gt=0, le=2**31)]


class ListCursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Where a page of datasets left off.

    Attributes:
        sort: The order of the list.
        fits: Tells the list by its filters.
        key: What the last item is sorted by: its name, or a time in ISO 8601.
        id: The last item's id.
        offset: How many items came before, as far as that was known.
    """

    sort: ListOrder
    fits: str
    key: str
    id: str
    offset: int

    def __post_init__(self) -> None:
        check_offset(self.offset)
        if not is_id(self.id):
            message = "not an id"
            raise ValueError(message)
        _ = self.value

    @property
    def value(self) -> str | datetime:
        """What the last item is sorted by."""
        if sort_field(self.sort) == "name":
            return self.key
        time = datetime.fromisoformat(self.key)
        if time.utcoffset() is None:
            message = "a time without a zone"
            raise ValueError(message)
        return time.astimezone(UTC)


SortField = Literal["created_at", "updated_at", "name"]


def sort_field(sort: ListOrder) -> SortField:
    """What an order sorts by, whichever way round."""
    match sort.removeprefix("-"):
        case "name":
            return "name"
        case "updated_at":
            return "updated_at"
        case _:
            return "created_at"


def after(dataset: Dataset, query: DatasetQuery, offset: int) -> str:
    """The cursor of a page that begins after ``dataset``, with ``offset`` items before it."""
    field = sort_field(query.sort)
    key = dataset.name if field == "name" else getattr(dataset, field).astimezone(UTC).isoformat()
    return write_cursor(ListCursor(query.sort, query.fits, key, dataset.id, offset))
