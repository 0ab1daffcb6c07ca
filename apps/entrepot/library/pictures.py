"""Pictures on their way in and out: found by their cells, sent, and shown small."""

import os
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from entrepot.library.incoming import Readable, is_url, opened, shown
from entrepot_core.collection import ImageQuery, ImageView
from entrepot_core.errors import EntrepotError, InvalidOption
from entrepot_core.names import DatasetRef
from entrepot_core.paging import MAX_LIMIT
from entrepot_core.ports.operations import ImageUpload, Operations, Source
from entrepot_core.source import Label, base_name

_SMALL, _MOST_BYTES, _MOST_PICTURES = "mobile", 1 << 17, 5

Picture = str | os.PathLike[str] | bytes | bytearray | memoryview | Readable
"""A picture that is given: a path, its bytes, or an open file."""

Cell = tuple[int, str]
"""The number of a row, and a column."""


def uploads(given: Mapping[int, Picture], column: str | None) -> Iterator[ImageUpload]:
    """Pictures by the numbers of their rows, each opened when it is its turn.

    Raises:
        InvalidOption: One is a URL.
    """
    for row, thing in given.items():
        if is_url(thing):
            reason = "give a file; a URL is put into the cell itself, by update"
            raise InvalidOption(option="image", value=shown(thing)[:100], reason=reason)
        name = base_name(os.fspath(thing)) if isinstance(thing, str | os.PathLike) else None
        yield ImageUpload(row, Source(_chunks(thing), Label(name)), column)


def _chunks(thing: Picture) -> Iterator[bytes]:
    with opened(thing) as source:
        if isinstance(source.content, Iterable):
            yield from source.content


def image_of(operations: Operations, ref: DatasetRef, row: int, column: str | None) -> ImageView | None:
    """The image of a cell, if it names one; without a column, the first of the row."""
    found = operations.list_images(ref, ImageQuery(row=row, limit=MAX_LIMIT)).items
    return next((one for one in found if column in {None, one.column}), None)


def pixels(image: ImageView) -> str | None:
    """The size of an image in pixels, where it is there."""
    return None if image.width is None else f"{image.width:,} × {image.height:,}"


def digest_of(path: str) -> str:
    """The digest of the image that is at a path.

    >>> digest_of("/images/ab12/original")
    'ab12'
    """
    return path.split("/")[-2]


def small_pictures(operations: Operations, ref: DatasetRef, rows: Iterable[int]) -> dict[Cell, str]:
    """Small pictures of some cells as data URIs, as far as they can be had: what shows a table fails of none."""
    try:
        queries = (ImageQuery(row=row, state="stored", limit=_MOST_PICTURES) for row in rows)
        found = (one for query in queries for one in operations.list_images(ref, query).items)
        some = islice(found, _MOST_PICTURES)
        return {(one.row, one.column): uri for one in some if (uri := _data_uri(operations, one))}
    except EntrepotError:
        return {}


def _data_uri(operations: Operations, image: ImageView) -> str | None:
    with operations.open_image(digest_of(image.path or "//"), _SMALL, "webp") as download:
        content = download.read()
    if len(content) > _MOST_BYTES:
        return None
    return f"data:{download.media_type};base64,{b64encode(content).decode()}"
