"""Which columns of a table hold images."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec

from entrepot_core.dataset import Version
from entrepot_core.errors import InvalidOption, UnknownColumn
from entrepot_core.image import names_something
from entrepot_core.ports.driven import Driven
from entrepot_core.rows.selection import Selection
from entrepot_core.schema import FieldType, Schema

_LOOKED_AT = 200
"""Rows of a table that are looked at."""
_LEAST = 0.8
"""The least share of a column's texts that look like images."""
_LEAST_NAMED = 0.5
"""The same where the column is called after images: lists have gaps and mistakes."""

_ENDING = re.compile(r"\.(jpe?g|png|webp|gif|avif)$", re.IGNORECASE)
_NAMED = re.compile(
    r"(^|[_\s-])(image|img|picture|pic|photo|foto|bild|thumbnail|thumb|poster|cover|logo|avatar)s?([_\s-]|$)",
    re.IGNORECASE,
)


def check_images(schema: Schema, columns: Sequence[str]) -> None:
    """Insist on columns that can hold images.

    Raises:
        UnknownColumn: One isn't there.
        InvalidOption: One holds something else than text.
    """
    types = {field.name: field.type for field in schema.fields}
    for column in columns:
        if column not in types:
            raise UnknownColumn(column=column[:200], columns=schema.names)
        if types[column] is not FieldType.STRING:
            reason = f"it holds values of the type {types[column]}, where images are named by text"
            raise InvalidOption(option="image", value=column[:200], reason=reason)


def image_columns(driven: Driven, version: Version) -> tuple[str, ...]:
    """The columns of a version whose texts look like the URLs of images.

    A text counts that ends like a file of an image, and in a column that is called after images, any ``http`` URL. It
    has to be most of a column's, in one that is called after images half. Words like ``n/a`` are passed over.
    """
    texts = [field.name for field in version.schema.fields if field.type is FieldType.STRING]
    if not texts:
        return ()
    page = driven.tables.page(version.parts, Selection(columns=tuple(texts)), 0, _LOOKED_AT, count=False)
    rows = msgspec.json.decode(page.rows, type=list[dict[str, str | None]])
    return tuple(name for name in texts if _holds_images(name, [text for row in rows if (text := row[name])]))


def _holds_images(name: str, texts: Sequence[str]) -> bool:
    said = [text.strip() for text in texts if names_something(text)]
    is_named = _NAMED.search(name) is not None
    found = sum(_looks_like_one(text, is_named=is_named) for text in said)
    return found > 0 and found >= (_LEAST_NAMED if is_named else _LEAST) * len(said)


def _looks_like_one(text: str, *, is_named: bool) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and bool(parts.netloc)
    if _ENDING.search(parts.path):
        return is_web or not parts.scheme
    return is_web and is_named
