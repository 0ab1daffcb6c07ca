"""Pages of lists and tables: their bounds, and cursors, which say where a page left off."""

import base64
from collections.abc import Sequence
from hashlib import blake2b
from typing import ClassVar, Protocol, TypeVar

import msgspec

from entrepot_core.errors import InvalidCursor, InvalidOption
from entrepot_core.json_text import decode_json
from entrepot_core.names import is_id

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000
MAX_OFFSET = 10**15
OFFSETS = f"give a whole number from 0 to {MAX_OFFSET:,}"
"""What to do about another offset."""


def check_page(limit: int, offset: int, cursor: str | None, *, most: int = MAX_LIMIT) -> None:
    """Insist on a page that can be served.

    Raises:
        InvalidOption: ``limit`` is not 1 to ``most``, ``offset`` is negative or beyond every table, or there is
            both an offset and a cursor.
    """
    if not 1 <= limit <= most:
        reason = "give 1 or more" if limit < 1 else f"give {most:,} or less"
        raise InvalidOption(option="limit", value=str(limit)[:100], reason=reason)
    if not 0 <= offset <= MAX_OFFSET:
        raise InvalidOption(option="offset", value=str(offset)[:100], reason=OFFSETS)
    if offset and cursor is not None:
        raise InvalidOption(option="offset", value=str(offset), reason="give an offset or a cursor, not both")


def check_choice(option: str, value: str | None, choices: Sequence[str]) -> None:
    """Insist on one of the words that a list is asked for by, if there is one.

    Raises:
        InvalidOption: It is none of them.
    """
    if value is not None and value not in choices:
        raise InvalidOption(option=option, value=str(value)[:100], reason=f"give one of {', '.join(choices)}")


def check_offset(offset: int) -> None:
    """Insist on an offset that a cursor can have; ``ValueError`` is what makes msgspec refuse it."""
    if not 0 <= offset <= MAX_OFFSET:
        message = f"an offset is 0 to {MAX_OFFSET}"
        raise ValueError(message)


_Cursor = TypeVar("_Cursor", bound=msgspec.Struct)


def write_cursor(cursor: msgspec.Struct) -> str:
    """Encode a cursor as an opaque, URL-safe text."""
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def read_cursor(text: str, kind: type[_Cursor]) -> _Cursor:
    """Decode a cursor.

    Raises:
        InvalidCursor: It was not made by ``write_cursor`` for this kind of list.
    """
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        cursor = decode_json(base64.urlsafe_b64decode(padded), kind)
    except (ValueError, OverflowError, msgspec.MsgspecError) as error:
        raise InvalidCursor(cursor=text[:100]) from error
    if write_cursor(cursor) != text:
        raise InvalidCursor(cursor=text[:100])
    return cursor


def fingerprint(*filters: object) -> str:
    """Tells a list by what fits into it; nothing where nothing is asked for."""
    return blake2b(ascii(filters).encode(), digest_size=6).hexdigest() if any(filters) else ""


class HasId(Protocol):
    """What a list by id holds."""

    @property
    def id(self) -> str:
        """Its permanent id."""
        ...


class IdCursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Where a page of a list that is ordered by id left off.

    Attributes:
        listed: What the list is of.
        fits: Tells the list by its filters.
        id: The last item's id.
        offset: How many items came before the next.
    """

    listed: str
    fits: str
    id: str
    offset: int

    def __post_init__(self) -> None:
        check_offset(self.offset)
        if not is_id(self.id):
            message = "not an id"
            raise ValueError(message)


_PAGE = frozenset({"limit", "offset", "cursor"})


class PagedById(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Which page of a list that is ordered by id.

    Attributes:
        listed: What the list is of; a cursor of another is refused.
        limit: The most items of a page.
        offset: How many matches to skip; not with ``cursor``.
        cursor: Where a page before left off.
    """

    listed: ClassVar[str]
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    cursor: str | None = None

    def __post_init__(self) -> None:
        check_page(self.limit, self.offset, self.cursor)

    @property
    def place(self) -> IdCursor | None:
        """Where the page before left off, if there was one.

        Raises:
            InvalidCursor: The cursor is of another list.
        """
        if self.cursor is None:
            return None
        place = read_cursor(self.cursor, IdCursor)
        if (place.listed, place.fits) != (self.listed, self._fits):
            raise InvalidCursor(cursor=self.cursor)
        return place

    @property
    def _fits(self) -> str:
        own = (getattr(self, name) for name in self.__struct_fields__ if name not in _PAGE)
        return fingerprint(*own)

    @property
    def begins(self) -> int:
        """How many matches come before the first item of the page."""
        return self.offset if self.place is None else self.place.offset

    def following(self, found: Sequence[HasId]) -> str | None:
        """The cursor of the next page, if more was found than this one has."""
        if len(found) <= self.limit:
            return None
        return write_cursor(IdCursor(self.listed, self._fits, found[self.limit - 1].id, self.begins + self.limit))
