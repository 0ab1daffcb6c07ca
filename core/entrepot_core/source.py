"""What a caller hands in: a file on its way in, and how the dataset made of it is to be described."""

import re
import unicodedata
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from entrepot_core.changes import DatasetChanges, check_refresh, check_tags, check_texts
from entrepot_core.dialect import declared_encoding
from entrepot_core.errors import InvalidOption
from entrepot_core.formats import Format, format_of_file_name, format_of_media_type, unpacked_name
from entrepot_core.names import DatasetName

IfExists = Literal["fail", "replace"]

_LONGEST_FILE_NAME = 200
"""In bytes of UTF-8; file systems take 255."""
_LONGEST_ENDING = 20
_CHARSET = re.compile(r';\s*charset\s*=\s*"?([\w.:-]+)', re.IGNORECASE | re.ASCII)


class Label(msgspec.Struct, frozen=True):
    """What a sender says about the bytes it sends.

    Attributes:
        file_name: The name under which they come, already a base name.
        media_type: What they are said to be, perhaps with a charset.
    """

    file_name: str | None = None
    media_type: str | None = None

    @property
    def format(self) -> Format | None:
        """What the media type, else the name's ending, says it is; the content has the last word."""
        by_type = format_of_media_type(self.media_type) if self.media_type else None
        return by_type or (format_of_file_name(self.file_name) if self.file_name else None)

    @property
    def encoding(self) -> str | None:
        """What the media type says a text is in, if that says something."""
        charset = _CHARSET.search(self.media_type or "")
        return declared_encoding(charset[1]) if charset else None

    @property
    def is_table(self) -> bool:
        """Whether it is a table out of a program's memory: an Arrow stream that never was a file."""
        return self.file_name is None and self.format is Format.ARROW

    @property
    def stem(self) -> str:
        """The file name without its ending, and without that of a packed file; empty where there is none."""
        name = unpacked_name(self.file_name or "")
        return name.rpartition(".")[0] or name

    def over(self, other: "Label") -> "Label":
        """This label, and what another says where this one says nothing."""
        return Label(self.file_name or other.file_name, self.media_type or other.media_type)


_SCHEMES = ("http", "https")
_SECRET = re.compile(
    r"token|secret|passw|pwd|signature|credential|(api|access|private|auth|account)[-_]?key|^(key|sig|auth)$",
    re.IGNORECASE,
)
"""Parameters of URLs that open doors, as in links that are signed for a while."""


class Link(msgspec.Struct, frozen=True):
    """Where a file is to be fetched from.

    >>> Link("https://ada:secret@example.org/cars.csv?token=x&year=2024")
    Link('https://example.org/cars.csv?year=2024')

    Attributes:
        url: An ``http`` or ``https`` URL as the caller gave it, which may hold a password.

    Raises:
        InvalidOption: It is no such URL.
    """

    url: str

    def __post_init__(self) -> None:
        try:
            parts = self._parts
            is_whole = bool(parts.hostname) and (parts.port is None or parts.port > 0)
        except ValueError:
            raise InvalidOption(option="url", value="…", reason="this is no URL") from None  # which may hold a password
        if parts.scheme not in _SCHEMES:
            reason = "only http and https URLs can be fetched"
            value = f"{parts.scheme[:20]}:…" if parts.scheme else _without_secrets(self.url)
            raise InvalidOption(option="url", value=value, reason=reason)
        if not is_whole or re.search(r"[\s\x00-\x1f\x7f\\]", self.url):
            raise InvalidOption(option="url", value=f"{parts.scheme}://…", reason="this is no whole URL")

    def __repr__(self) -> str:
        return f"Link({self.shown!r})"

    @property
    def shown(self) -> str:
        """The URL, safe to print and to keep: without password, secret parameters and fragment."""
        parts = self._parts
        query = "&".join(pair for pair in parts.query.split("&") if not _SECRET.search(pair.partition("=")[0]))
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query=query, fragment="").geturl()

    @property
    def has_secret(self) -> bool:
        """Whether it opens doors that ``shown`` doesn't."""
        return self._parts._replace(fragment="").geturl() != self.shown

    @property
    def file_name(self) -> str | None:
        """The name at the end of its path, if there is one."""
        return base_name(unquote(self._parts.path))

    @property
    def _parts(self) -> SplitResult:
        return urlsplit(self.url)


class NewDataset(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a dataset that is being added is described; what is left out comes from the file's name.

    Attributes:
        name: Its unique name.
        title: For people.
        description: For people.
        tags: Words to find it by.
        published: Whether it is served as a collection under its name.
        images: Which of its columns hold images; by default those of a published dataset that look like it.
        refresh: After how many seconds its source, a URL, is to be fetched again; 0 for never.
        if_exists: What to do when ``name`` is taken: refuse, or make the file that dataset's next version.
    """

    name: DatasetName | None = None
    title: str | None = None
    description: str | None = None
    tags: tuple[str, ...] | None = None
    published: bool | None = None
    images: tuple[str, ...] | None = None
    refresh: int | None = None
    if_exists: IfExists = "fail"

    def __post_init__(self) -> None:
        check_texts(title=self.title, description=self.description, tags=self.tags)
        check_tags(self.tags)
        check_refresh(self.refresh)

    @property
    def changes(self) -> DatasetChanges:
        """What it says, as changes to a dataset that is there already."""
        return DatasetChanges(
            title=self.title,
            description=self.description,
            tags=self.tags,
            published=self.published,
            images=self.images,
            refresh=self.refresh,
        )


def base_name(path: str) -> str | None:
    r"""The last part of a path in any system's notation, safe to print and to save under; none if nothing is left.

    >>> base_name("C:\\data\\cars.csv"), base_name("../../etc/passwd"), base_name("..")
    ('cars.csv', 'passwd', None)
    """
    last = re.split(r"[/\\]", path)[-1]
    shown = "".join(char for char in last if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}).strip()
    if shown.strip(". ") == "":
        return None
    if len(shown.encode()) <= _LONGEST_FILE_NAME:
        return shown
    stem, dot, ending = shown.rpartition(".")
    tail = (dot + ending).encode()
    if not dot or len(tail) > _LONGEST_ENDING:
        return _cut(shown, _LONGEST_FILE_NAME)
    return _cut(stem, _LONGEST_FILE_NAME - len(tail)) + dot + ending


def _cut(text: str, size: int) -> str:
    """As much of a text as fits into ``size`` bytes of UTF-8."""
    return text.encode()[:size].decode(errors="ignore").rstrip()


def _without_secrets(text: str) -> str:
    """What was given for a URL and is none, up to where a password or a token may stand."""
    bare = re.split(r"[?#]", text, maxsplit=1)[0]
    return "…" if "@" in bare else ascii(bare)[1:-1][:100]
