"""The documents of the list of collections."""

from datetime import datetime

import msgspec

from entrepot_core.paging import DEFAULT_LIMIT


class CollectionDocument(msgspec.Struct, frozen=True):
    """A collection, in short.

    Attributes:
        name: Its name.
        title: What people call it.
        description: What it is about.
        tags: Words to find it by.
        rows: How many items it has.
        updated_at: When it was last changed.
        href: Where it is for everybody.
        images: Its columns of images.
    """

    name: str
    title: str
    description: str
    tags: tuple[str, ...]
    rows: int
    updated_at: datetime
    href: str
    images: tuple[str, ...]


class Listing(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which page of a list.

    Attributes:
        limit: The most items of a page.
        offset: How many to skip; not with ``cursor``.
        cursor: Where a page before left off.
    """

    limit: int = DEFAULT_LIMIT
    offset: int = 0
    cursor: str | None = None
