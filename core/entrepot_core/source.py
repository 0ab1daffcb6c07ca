"""What a caller hands in: a file on its way in, and how the dataset made of it is to be described."""

import re
import unicodedata
from typing import Literal

import msgspec

from entrepot_core.dataset import DatasetChanges, check_texts
from entrepot_core.formats import Format, format_of_file_name, format_of_media_type
from entrepot_core.names import DatasetName

IfExists = Literal["fail", "replace"]

_LONGEST_FILE_NAME = 200
"""In bytes of UTF-8; file systems take 255."""
_LONGEST_ENDING = 20


class Label(msgspec.Struct, frozen=True):
    """What a sender says about the bytes it sends.

    Attributes:
        file_name: The name under which they come, already a base name.
        media_type: What they are said to be.
    """

    file_name: str | None = None
    media_type: str | None = None

    @property
    def format(self) -> Format | None:
        """What the media type, else the name's ending, says it is; the content has the last word."""
        by_type = format_of_media_type(self.media_type) if self.media_type else None
        return by_type or (format_of_file_name(self.file_name) if self.file_name else None)

    @property
    def is_table(self) -> bool:
        """Whether it is a table out of a program's memory: an Arrow stream that never was a file."""
        return self.file_name is None and self.format is Format.ARROW

    @property
    def stem(self) -> str:
        """The file name without its ending; empty where there is none."""
        return (self.file_name or "").rpartition(".")[0] or (self.file_name or "")


class NewDataset(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a dataset that is being added is described; what is left out comes from the file's name.

    Attributes:
        name: Its unique name.
        title: For people.
        description: For people.
        tags: Words to find it by.
        published: Whether it is served as a collection under its name.
        if_exists: What to do when ``name`` is taken: refuse, or make the file that dataset's next version.
    """

    name: DatasetName | None = None
    title: str | None = None
    description: str | None = None
    tags: tuple[str, ...] | None = None
    published: bool | None = None
    if_exists: IfExists = "fail"

    def __post_init__(self) -> None:
        check_texts(title=self.title, description=self.description, tags=self.tags)

    @property
    def changes(self) -> DatasetChanges:
        """What it says, as changes to a dataset that is there already."""
        return DatasetChanges(title=self.title, description=self.description, tags=self.tags, published=self.published)


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
