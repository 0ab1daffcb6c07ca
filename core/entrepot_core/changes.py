"""Changes of how a dataset is described, and what its texts and intervals may be."""

import msgspec

from entrepot_core.errors import InvalidOption
from entrepot_core.names import DatasetName

LEAST_REFRESH, MOST_REFRESH = 60, 366 * 86_400
"""Seconds between two fetches of a source."""


class DatasetChanges(msgspec.Struct, frozen=True, omit_defaults=True):
    """What to change in how a dataset is described; ``None`` leaves a thing as it is.

    Attributes:
        name: Its new name.
        title: For people.
        description: For people.
        tags: All of its tags; none has a comma.
        published: Whether it is served as a collection under its name.
        images: All of its columns that hold images.
        refresh: After how many seconds its source is to be fetched again; 0 for never.
    """

    name: DatasetName | None = None
    title: str | None = None
    description: str | None = None
    tags: tuple[str, ...] | None = None
    published: bool | None = None
    images: tuple[str, ...] | None = None
    refresh: int | None = None

    def __post_init__(self) -> None:
        check_texts(title=self.title, description=self.description, tags=self.tags)
        check_tags(self.tags)
        check_refresh(self.refresh)

    @property
    def given(self) -> dict[str, object]:
        """The fields of a dataset to change, tags tidied, columns of images once each."""
        fields = (name for name in self.__struct_fields__ if name != "refresh")
        said = {name: value for name in fields if (value := getattr(self, name)) is not None}
        if self.tags is not None:
            said["tags"] = tidy_tags(self.tags)
        if self.images is not None:
            said["images"] = once(self.images)
        return said


def check_refresh(seconds: int | None) -> None:
    """Insist on an interval that spares the source.

    Raises:
        InvalidOption: It is shorter than a minute, or longer than a year.
    """
    if seconds and not LEAST_REFRESH <= seconds <= MOST_REFRESH:
        reason = "give an interval from a minute to a year, as 90s, 15m, 1h or 7d; or none"
        raise InvalidOption(option="refresh", value=f"{seconds}s", reason=reason)


def secret_source(seconds: int) -> InvalidOption:
    """The error where a source is to be fetched again whose URL had a secret."""
    reason = "the URL holds a password, token or signature, and those are not kept"
    return InvalidOption(option="refresh", value=f"{seconds}s", reason=reason)


def tidy_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Tags without surrounding space, sorted, each once, none empty."""
    return tuple(sorted({tag.strip() for tag in tags} - {""}))


def check_tags(tags: tuple[str, ...] | None) -> None:
    """Insist on tags that can stand in a list with commas between, as in a form.

    Raises:
        InvalidOption: One has a comma.
    """
    for tag in tags or ():
        if "," in tag:
            reason = "a tag has no comma; give each tag by itself"
            raise InvalidOption(option="tags", value=tag[:200], reason=reason)


def once(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns in their order, each once."""
    return tuple(dict.fromkeys(columns))


def check_texts(**options: str | tuple[str, ...] | None) -> None:
    """Insist on texts that can be stored.

    Raises:
        InvalidOption: One of the named texts can't.
    """
    for option, value in options.items():
        for text in (value,) if isinstance(value, str) else value or ():
            if not is_text(text):
                shown = ascii(text)[1:-1][:100]
                raise InvalidOption(option=option, value=shown, reason="NUL and half characters can't be stored")


def is_text(text: str) -> bool:
    """Whether every database and JSON can hold it: it has no NUL, and no lone surrogates (bytes that are no text)."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False
