"""What the parent and a worker for images say to each other: JSON, one message a line."""

import msgspec

from entrepot_adapters.images.faults import Fault
from entrepot_adapters.images.geometry import Wanted

FILES = 2
"""How many descriptors come with a job: to read the image, and to write the rendition."""


class Inspect(msgspec.Struct, frozen=True, tag="inspect"):
    """Decode an image.

    Attributes:
        max_pixels: The most pixels that it may have.
    """

    max_pixels: int


class Render(msgspec.Struct, frozen=True, tag="render"):
    """Make a rendition of an image.

    Attributes:
        max_pixels: The most pixels that it may have.
        wanted: What it is to be.
    """

    max_pixels: int
    wanted: Wanted


Task = Inspect | Render


class Seen(msgspec.Struct, frozen=True, tag="seen"):
    """The image was decoded."""

    format: str
    width: int
    height: int


class Made(msgspec.Struct, frozen=True, tag="made"):
    """The rendition was made, and is written."""

    width: int
    height: int


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The image is none, or can't be decoded."""

    fault: Fault


class TooLarge(msgspec.Struct, frozen=True, tag="too_large"):
    """The image has too many pixels."""


class Full(msgspec.Struct, frozen=True, tag="full"):
    """There is no room for the rendition."""


Answer = Seen | Made | Failed | TooLarge | Full
