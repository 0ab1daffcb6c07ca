"""How large a rendition becomes, and of what part of the image it is made."""

import msgspec

from entrepot_core.image import Rendition, RenditionFormat

MOST_SIDE: dict[RenditionFormat, int] = {"webp": 16_383, "jpeg": 65_500}
"""The most pixels of a side that each format takes."""

Size = tuple[int, int]
"""Width and height, in pixels."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of an image."""


class Plan(msgspec.Struct, frozen=True):
    """How to scale an image.

    Attributes:
        size: What it becomes.
        box: The part of the image that is taken.
    """

    size: Size
    box: Box


def plan(image: Size, rendition: Rendition, format: RenditionFormat) -> Plan:
    """Plan a rendition of an image that has this size, as it is shown."""
    if rendition.fit == "fill" and rendition.width and rendition.height:
        return _filled(image, (rendition.width, rendition.height))
    most = MOST_SIDE[format]
    fitted = _fitted(image, (min(rendition.width or most, most), min(rendition.height or most, most)))
    return Plan(fitted, (0, 0, *image))


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
