"""Decodes images, and makes smaller ones of them."""

from typing import BinaryIO, Protocol

from entrepot_core.image import Look, Rendition, RenditionFormat


class Imaging(Protocol):
    """Decodes what strangers sent, so within limits that are the adapter's. Several threads may use one at once.

    Both methods read ``source`` (seekable) from its beginning and raise:

    InvalidImage: It is no image of a format that is taken, is cut off or damaged, or decoding it takes too long or
        too much memory.
    LimitExceeded: It has too many pixels; the limit is ``ENTREPOT_MAX_IMAGE_PIXELS``.
    SandboxUnavailable: It may only be decoded in a sandbox, which there isn't.
    """

    def inspect(self, source: BinaryIO) -> Look:
        """Decode an image wholly, and tell what it is; of one that moves, every frame."""
        ...

    def render(self, source: BinaryIO, out: BinaryIO, rendition: Rendition, format: RenditionFormat) -> tuple[int, int]:
        """Make a rendition, into ``out`` (seekable, empty); answer its width and height in pixels.

        The image is turned as its EXIF orientation says, its colours are made sRGB, and it carries no metadata. It is
        never enlarged: one that is smaller keeps its size, or when it is to ``fill``, its shape is cut to that of the
        rendition. Of one that moves, the first frame is taken. JPEG shows what is transparent on white.
        """
        ...
