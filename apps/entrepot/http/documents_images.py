"""The documents of a dataset's images: the core's views, with absolute URLs and links."""

import msgspec

from entrepot.http.links import Links
from entrepot_core.collection import ImagePage, ImageView


class ImageDocument(ImageView, frozen=True, kw_only=True):
    """The image of one cell.

    Attributes:
        url: Where it is for everybody; null where it isn't.
    """

    url: str | None


class ImagesDocument(ImagePage, frozen=True):
    """A page of a dataset's images.

    Attributes:
        next_url: The page after this one; null on the last.
    """

    items: tuple[ImageDocument, ...]
    next_url: str | None
    links: Links = msgspec.field(name="_links")
