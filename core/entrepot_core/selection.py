"""What to read of a list or a table: filters, columns, page and cursor, as data."""

import base64
import binascii
import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeVar

import msgspec

from entrepot_core.errors import InvalidCursor, InvalidOption, UnknownColumn
from entrepot_core.schema import Schema

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000
ROW_ID = "_id"
"""The column with the row's permanent number; every stored table begins with it."""

ListOrder = Literal["created_at", "-created_at", "updated_at", "-updated_at", "name", "-name"]


def check_page(limit: int, offset: int) -> None:
    """Insist on a page that can be served.

    Raises:
        InvalidOption: ``limit`` is not 1 to 10,000 or ``offset`` is negative.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidOption(option="limit", value=str(limit), reason=f"give a number from 1 to {MAX_LIMIT}")
    if offset < 0:
        raise InvalidOption(option="offset", value=str(offset), reason="give 0 or more")


class DatasetQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which datasets to list, and which page of them.

    Attributes:
        q: Text that stands in the name, title or description, whatever its case.
        tag: A tag they have.
        name: The exact name.
        ids: Any of these ids.
        media_type: The original's media type.
        created_after: Added later than this.
        created_before: Added earlier than this.
        sort: The order; a minus in front turns it round. Ties go by id.
        limit: The most items of a page.
        offset: How many matches to skip; not with ``cursor``.
        cursor: Where a page before left off.
    """

    q: str | None = None
    tag: str | None = None
    name: str | None = None
    ids: tuple[str, ...] | None = None
    media_type: str | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    sort: ListOrder = "-created_at"
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    cursor: str | None = None

    def __post_init__(self) -> None:
        check_page(self.limit, self.offset)


class RowQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which columns and rows to read, and which page of them.

    Attributes:
        columns: The columns, in the order wished; all of them by default.
        limit: The most rows; none for all of them (exports).
        offset: How many rows to skip; not with ``cursor``.
        cursor: Where a page before left off.
        count: Whether to count all matches.
    """

    columns: tuple[str, ...] | None = None
    limit: int | None = DEFAULT_LIMIT
    offset: int = 0
    cursor: str | None = None
    count: Literal["exact", "none"] = "exact"

    def __post_init__(self) -> None:
        check_page(DEFAULT_LIMIT if self.limit is None else self.limit, self.offset)

    def chosen(self, schema: Schema) -> list[str]:
        """The columns to read, in order, without ``_id`` unless it is named.

        Raises:
            UnknownColumn: A named column is not in the table.
        """
        if self.columns is None:
            return schema.names
        known = {*schema.names, ROW_ID}
        for column in self.columns:
            if column not in known:
                raise UnknownColumn(column=column, columns=schema.names)
        return list(dict.fromkeys(self.columns))


class RowCursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a page of rows left off, in which version (of one that was not made yet, none: the newest)."""

    version: int | None
    offset: int

    def __post_init__(self) -> None:
        if self.offset < 0:
            message = "an offset is 0 or more"
            raise ValueError(message)


class ListCursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a page of datasets left off: the sort key and id of its last item."""

    sort: ListOrder
    key: str
    id: str
    offset: int


_Cursor = TypeVar("_Cursor", RowCursor, ListCursor)


def write_cursor(cursor: RowCursor | ListCursor) -> str:
    """Encode a cursor as an opaque, URL-safe text."""
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def read_cursor(text: str, kind: type[_Cursor]) -> _Cursor:
    """Decode a cursor.

    Raises:
        InvalidCursor: It was not made by ``write_cursor`` for this kind of list.
    """
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        return msgspec.json.decode(base64.urlsafe_b64decode(padded), type=kind)
    except (ValueError, binascii.Error, msgspec.MsgspecError) as error:
        raise InvalidCursor(cursor=text[:100]) from error


def write_names(names: Sequence[str]) -> str:
    """Join columns' names with commas, each in double quotes where it needs them: ``a,"b,c"``."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(names)
    return text.getvalue()


def read_names(text: str) -> tuple[str, ...]:
    """Split what ``write_names`` joins.

    Raises:
        InvalidOption: A double quote is out of place.
    """
    try:
        rows = list(csv.reader([text], strict=True))
    except csv.Error as error:
        reason = f"a name with a comma stands in double quotes ({error})"
        raise InvalidOption(option="columns", value=text[:200], reason=reason) from error
    return tuple(rows[0]) if rows else ()
