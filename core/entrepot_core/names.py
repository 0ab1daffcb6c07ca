"""Ids, names and digests: parsed at the edge, never a raw ``str`` inside."""

import re
import unicodedata
from typing import NewType

from entrepot_core.errors import InvalidName

DatasetId = NewType("DatasetId", str)
"""A UUIDv7 in its canonical lower-case form."""

DatasetName = NewType("DatasetName", str)
"""A unique, URL-safe name: ``[a-z0-9][a-z0-9_-]{0,62}``."""

DatasetRef = NewType("DatasetRef", str)
"""What a caller wrote to mean one dataset: its id or its name. A name never looks like an id."""

Digest = NewType("Digest", str)
"""The SHA-256 of some bytes, in lower-case hexadecimal."""

RESERVED_NAMES = frozenset({
    "api", "batch", "datasets", "docs", "health", "images", "jobs", "metadata", "metrics", "openapi",
    "problems", "search", "v1", "v2", "version",
})  # fmt: skip
"""Words that are, or may become, path segments beside a dataset's name."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", re.IGNORECASE)
_LONGEST_NAME = 63


def parse_name(text: str) -> DatasetName:
    """Check a name that a caller gives to a dataset.

    Raises:
        InvalidName: It breaks the pattern, looks like an id, or is a reserved word.
    """
    if not _NAME.fullmatch(text):
        reason = "a name is 1 to 63 of a-z, 0-9, '-' and '_', and begins with a letter or digit"
        raise InvalidName(name=text[:100], reason=reason)
    if is_id(text):
        raise InvalidName(name=text, reason="a name must not look like an id")
    if text in RESERVED_NAMES:
        raise InvalidName(name=text, reason="this word is reserved")
    return DatasetName(text)


def is_id(text: str) -> bool:
    """Whether ``text`` has the form of a dataset's id, with or without hyphens."""
    return _UUID.fullmatch(text) is not None


def may_be_ref(text: str) -> bool:
    """Whether ``text`` can mean a dataset: what is no name and no id leads elsewhere where it stands in a path."""
    return is_id(text) or (_NAME.fullmatch(text) is not None and text not in RESERVED_NAMES)


def as_id(text: str) -> DatasetId:
    """Bring an id into its canonical form (``is_id(text)`` holds)."""
    bare = text.replace("-", "").lower()
    return DatasetId(f"{bare[:8]}-{bare[8:12]}-{bare[12:16]}-{bare[16:20]}-{bare[20:]}")


def slug(text: str) -> DatasetName:
    """Make a valid name out of any text, ``dataset`` where nothing in it is usable.

    >>> slug("Cars 2024")
    'cars-2024'
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[:_LONGEST_NAME].strip("-_")
    if not words or is_id(words) or words in RESERVED_NAMES:
        return DatasetName(f"dataset-{words}"[:_LONGEST_NAME].rstrip("-_") if words else "dataset")
    return DatasetName(words)


def numbered(name: DatasetName, number: int) -> DatasetName:
    """The ``number``-th variant of a name that is taken: ``cars`` → ``cars-2``.

    >>> numbered(DatasetName("cars"), 2)
    'cars-2'
    """
    suffix = f"-{number}"
    return DatasetName(name[: _LONGEST_NAME - len(suffix)] + suffix)
