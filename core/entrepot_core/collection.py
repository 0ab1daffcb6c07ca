"""Collections: published datasets, as plain lists of things with pictures; and what is known of those pictures."""

import re
from datetime import datetime
from typing import Literal, get_args

import msgspec

from entrepot_core.changes import is_text
from entrepot_core.image import ORIGINAL, Image
from entrepot_core.names import Digest
from entrepot_core.paging import DEFAULT_LIMIT, check_choice, check_page
from entrepot_core.validators import NO_VALIDATORS, Validators
from entrepot_core.views import Column

_LONGEST = 4_096
_PATH = re.compile(rf"/images/([0-9a-f]{{64}})/{ORIGINAL}")


class CollectionPage(msgspec.Struct, frozen=True):
    """Part of a collection.

    Attributes:
        items: The rows: columns to values as JSON, ``id`` first where the data has none. In a column of images there is
            null, or where the image is: a path below the server, or the URL that a server gave.
        columns: The columns they have, in order.
        images: Which of these hold images.
        total: How many rows match in all; null where counting was not wished.
        limit: The most items of a page.
        offset: How many matches come before the first item.
        next: The cursor of the page after this one; null on the last.
    """

    items: tuple[dict[str, msgspec.Raw], ...]
    columns: tuple[Column, ...]
    images: tuple[str, ...]
    total: int | None
    limit: int
    offset: int
    next: str | None


class ItemView(msgspec.Struct, frozen=True):
    """One row of a collection, and which of its columns hold images."""

    item: dict[str, msgspec.Raw]
    images: tuple[str, ...]


class ImageRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the image that a cell's text names.

    Attributes:
        text: What stands in the cell: a URL, whole or as seen from where the table came from; or, of an image that was
            uploaded, its path.
        url: Where it was asked for; none of one that was uploaded, or whose text is no URL.
        image: The image that is stored; one that was fetched before is kept when it can't be fetched again.
        problem: Why there is none.
        validators: By what to ask for it the next time.
        checked_at: When it was asked for last.
        left_at: The first version that does not name it any more; none while the newest does.
    """

    text: str
    url: str | None
    checked_at: datetime
    image: Image | None = None
    problem: str | None = None
    validators: Validators = NO_VALIDATORS
    left_at: int | None = None

    @property
    def is_uploaded(self) -> bool:
        """Whether somebody gave it, so that there is nowhere to fetch it from."""
        return self.url is None and self.image is not None


ImageState = Literal["stored", "failed", "pending"]
"""Whether a cell's image is there, can't be had, or has not been asked for yet."""

IMAGE_STATES: tuple[ImageState, ...] = get_args(ImageState)


class ImageView(msgspec.Struct, frozen=True):
    """The image of one cell.

    Attributes:
        row: The row's number.
        column: The column.
        text: What stands in the cell.
        state: Whether the image is there.
        problem: Why it isn't, or why the newest attempt failed.
        path: Where it is, below the server; null where it isn't.
        media_type: What its bytes are.
        width: In pixels.
        height: In pixels.
        size: How many bytes.
    """

    row: int
    column: str
    text: str
    state: ImageState
    problem: str | None = None
    path: str | None = None
    media_type: str | None = None
    width: int | None = None
    height: int | None = None
    size: int | None = None


class ImageQuery(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Which images of a dataset to list, by row.

    Attributes:
        state: Those in this state only.
        row: Those of the row of this number only.
        limit: The most items.
        offset: How many to skip.
    """

    state: ImageState | None = None
    row: int | None = None
    limit: int = DEFAULT_LIMIT
    offset: int = 0

    def __post_init__(self) -> None:
        check_choice("state", self.state, IMAGE_STATES)
        check_page(self.limit, self.offset, None)


class ImagePage(msgspec.Struct, frozen=True):
    """Part of a dataset's images: of each cell that names one.

    Attributes:
        items: The images, by row.
        columns: The columns that hold images.
        stored: How many are there, in all.
        failed: How many can't be had, in all.
        pending: How many have not been asked for yet, in all.
        total: How many fit the query.
        limit: The most items of a page.
        offset: How many come before the first item.
    """

    items: tuple[ImageView, ...]
    columns: tuple[str, ...]
    stored: int
    failed: int
    pending: int
    total: int
    limit: int
    offset: int


def image_path(digest: Digest, rendition: str = ORIGINAL) -> str:
    """Where an image is, below the server.

    >>> image_path(Digest("ab12"), "web")
    '/images/ab12/web'
    """
    return f"/images/{digest}/{rendition}"


def digest_of(text: str) -> Digest | None:
    """The digest in a cell's text that is the path of an original, as those of uploaded images are; none in others."""
    match = _PATH.fullmatch(text)
    return None if match is None else Digest(match[1])


def unfit(text: str) -> str | None:
    """Why a cell's text can't be the URL of an image, seen without knowing where the table came from."""
    if len(text) > _LONGEST:
        return f"this is no URL: it is longer than {_LONGEST:,} characters"
    return None if is_text(text) else "this is no URL"
