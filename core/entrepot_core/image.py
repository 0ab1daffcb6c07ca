"""Images: what is known of one, and the renditions that are made of it."""

import re
from typing import Literal, get_args

import msgspec

from entrepot_core.errors import InvalidOption
from entrepot_core.names import Digest

ImageFormat = Literal["jpeg", "png", "webp", "gif", "avif"]
"""The formats that an original may have: those that every browser shows."""

RenditionFormat = Literal["webp", "jpeg"]
"""The formats that renditions are made in."""

ORIGINAL = "original"
"""What stands for the original itself where renditions are named."""

Fit = Literal["fit", "fill"]

_NOTHING = {"", "-", "–", "?", "n/a", "na", "none", "null", "nan", "no image", "tbd", "todo"}
"""What people write into a cell where there is no image."""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
_MOST_SIDE = 16_383
"""In pixels; WebP takes no more."""
_MOST_QUALITY = 100


def names_something(text: str) -> bool:
    """Whether the text of a cell may name an image.

    >>> names_something("cars/1.jpg"), names_something(" N/A ")
    (True, False)
    """
    return text.strip().lower() not in _NOTHING


class Look(msgspec.Struct, frozen=True):
    """What an image turned out to be, once it was decoded.

    Attributes:
        format: Its format.
        width: In pixels, as it is to be shown: turned as its EXIF orientation says.
        height: In pixels, likewise.
    """

    format: ImageFormat
    width: int
    height: int

    @property
    def media_type(self) -> str:
        """What its bytes are."""
        return f"image/{self.format}"


class Image(msgspec.Struct, frozen=True):
    """An original that is stored.

    Attributes:
        digest: Where its bytes are.
        size: How many bytes.
        look: What it is.
    """

    digest: Digest
    size: int
    look: Look


class Rendition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a platform wishes its images.

    Attributes:
        width: The most pixels across; none for any number.
        height: The most pixels down; none for any number.
        fit: Whether the whole image is made to ``fit`` into that, or is cut to ``fill`` it. None is ever enlarged.
        format: The format; by default what the client takes, WebP if it can.
        quality: From 1 to 100.

    Raises:
        InvalidOption: No image can be made like this.
    """

    width: int | None = None
    height: int | None = None
    fit: Fit = "fit"
    format: RenditionFormat | None = None
    quality: int = 80

    def __post_init__(self) -> None:
        for name, value, most in (
            ("width", self.width, _MOST_SIDE),
            ("height", self.height, _MOST_SIDE),
            ("quality", self.quality, _MOST_QUALITY),
        ):
            if value is not None and not 1 <= value <= most:
                raise InvalidOption(option=name, value=str(value), reason=f"give a whole number from 1 to {most:,}")
        if self.fit == "fill" and (self.width is None or self.height is None):
            raise InvalidOption(option="fit", value="fill", reason="to fill, give both a width and a height")

    def key(self, format: RenditionFormat) -> str:
        """What tells apart all that can be made of one image.

        >>> Rendition(width=480).key("webp")
        '480x-fit-80.webp'
        """
        return f"{self.width or ''}x{self.height or ''}-{self.fit}-{self.quality}.{format}"

    def format_for(self, accepted: RenditionFormat) -> RenditionFormat:
        """The format to make it in, for a client that takes ``accepted`` best."""
        return self.format or accepted


Renditions = dict[str, Rendition]
"""Platform to how it wishes its images."""

RENDITIONS: Renditions = {"web": Rendition(width=1280), "mobile": Rendition(width=480)}
"""Those there are where nothing else is said."""


def may_be_platform(text: str) -> bool:
    """Whether a platform could have this name: it can stand in a path, and can't be taken for a row or the original.

    >>> may_be_platform("web"), may_be_platform("377")
    (True, False)
    """
    return _NAME.fullmatch(text) is not None and text != ORIGINAL


def check_renditions(renditions: Renditions) -> None:
    """Insist on names that platforms can have.

    Raises:
        InvalidOption: One can't.
    """
    for name in renditions:
        if not may_be_platform(name):
            reason = f"a platform's name is small letters, digits and hyphens, a letter first, and not {ORIGINAL!r}"
            raise InvalidOption(option="renditions", value=name[:100], reason=reason)


class Rendered(msgspec.Struct, frozen=True):
    """A rendition that was made.

    Attributes:
        digest: Where its bytes are.
        size: How many bytes.
        format: Its format.
        width: In pixels.
        height: In pixels.
    """

    digest: Digest
    size: int
    format: RenditionFormat
    width: int
    height: int

    @property
    def media_type(self) -> str:
        """What its bytes are."""
        return f"image/{self.format}"


FORMATS: tuple[ImageFormat, ...] = get_args(ImageFormat)
RENDITION_FORMATS: tuple[RenditionFormat, ...] = get_args(RenditionFormat)
