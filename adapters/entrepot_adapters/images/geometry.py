"""How large a rendition becomes, and of what part of the image it is made."""

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from entrepot_core.image import Rendition

Format = Literal["webp", "jpeg"]
"""The ``RenditionFormat`` of the core, which is not imported here."""

MOST_SIDE: dict[Format, int] = {"webp": 16_383, "jpeg": 65_500}
"""The most pixels of a side that each format takes."""

Size = tuple[int, int]
"""Width and height, in pixels."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of an image."""


class Wanted(msgspec.Struct, frozen=True):
    """What a rendition is to be.

    Attributes:
        width: The most pixels across.
        height: The most pixels down.
        fills: Whether the image is cut to this shape.
        format: Its format.
        quality: From 1 to 100.
    """

    width: int
    height: int
    fills: bool
    format: Format
    quality: int


def wanted(rendition: "Rendition", format: Format) -> Wanted:
    """What a rendition of the core is to be; where it sets no bounds, the format does."""
    most = MOST_SIDE[format]
    width, height = min(rendition.width or most, most), min(rendition.height or most, most)
    return Wanted(width, height, rendition.fit == "fill", format, rendition.quality)


class Plan(msgspec.Struct, frozen=True):
    """How to scale an image.

    Attributes:
        size: What it becomes.
        box: The part of the image that is taken.
    """

    size: Size
    box: Box


def plan(image: Size, wanted: Wanted) -> Plan:
    """Plan a rendition of an image that has this size, as it is shown."""
    frame = (wanted.width, wanted.height)
    return _filled(image, frame) if wanted.fills else Plan(_fitted(image, frame), (0, 0, *image))


def _fitted(image: Size, frame: Size) -> Size:
    """The largest size of the image's shape within the frame, and no larger than the image."""
    (width, height), (wide, high) = image, frame
    if width <= wide and height <= high:
        return image
    if wide * height <= high * width:  # its width is what bounds it
        return wide, _scaled(height, wide, width)
    return _scaled(width, high, height), high


def _filled(image: Size, frame: Size) -> Plan:
    """The frame's shape, cut from the middle of the image."""
    size = _fitted(frame, image)
    ratio = min(image[0] / size[0], image[1] / size[1])
    width, height = size[0] * ratio, size[1] * ratio
    left, top = (image[0] - width) / 2, (image[1] - height) / 2
    return Plan(size, (max(left, 0), max(top, 0), min(left + width, image[0]), min(top + height, image[1])))


def _scaled(length: int, numerator: int, denominator: int) -> int:
    """A length times a fraction, rounded; no side is without a pixel."""
    return max(1, (2 * length * numerator + denominator) // (2 * denominator))
