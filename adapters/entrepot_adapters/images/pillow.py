"""Decodes images, and makes smaller ones, with Pillow and in this process."""

from typing import BinaryIO

from attrs import define, field

from entrepot_adapters.images.geometry import wanted
from entrepot_adapters.images.opening import opened
from entrepot_adapters.images.rendering import rendered
from entrepot_adapters.images.telling import told
from entrepot_core.image import Look, Rendition, RenditionFormat


@define
class PillowImaging:
    """An ``Imaging`` that works where it is called: for files that are trusted, or within a sandbox.

    Attributes:
        max_pixels: The most pixels of an image, in all its frames together.
    """

    max_pixels: int = field(default=50_000_000, kw_only=True)

    def inspect(self, source: BinaryIO) -> Look:
        """Decode an image; see ``Imaging``."""
        with told(), opened(source, self.max_pixels) as image:
            return Look(image.format, *image.decode())

    def render(self, source: BinaryIO, out: BinaryIO, rendition: Rendition, format: RenditionFormat) -> tuple[int, int]:
        """Make a rendition; see ``Imaging``."""
        with told(), opened(source, self.max_pixels) as image:
            content, size = rendered(image, wanted(rendition, format))
        out.write(content)
        return size
