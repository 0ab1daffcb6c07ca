"""What is wrong with images, and with the collections that show them."""

from typing import ClassVar

from attrs import define

from entrepot_core.errors.tree import NotFound, Refused

_REPLACE = "Replace it with a file or a URL."


@define(slots=False, repr=False)
class InvalidImage(Refused):
    """What was to be an image is none that can be shown.

    >>> print(InvalidImage(reason="it is cut off"))
    This can't be taken as an image: it is cut off. Send a JPEG, PNG, WebP, GIF or AVIF.
    """

    reason: str
    code: ClassVar[str] = "invalid_image"

    def __str__(self) -> str:
        return f"This can't be taken as an image: {self.reason}. Send a JPEG, PNG, WebP, GIF or AVIF."


@define(slots=False, repr=False)
class NoImages(NotFound):
    """None of the dataset's columns holds images.

    >>> print(NoImages(ref="cars"))
    No column of 'cars' is known to hold images. Say which does: `entrepot edit cars --image COLUMN`.
    """

    ref: str
    code: ClassVar[str] = "no_images"

    def __str__(self) -> str:
        way = f"Say which does: `entrepot edit {self.ref} --image COLUMN`."
        return f"No column of {self.ref!r} is known to hold images. {way}"


@define(slots=False, repr=False)
class CollectionNotFound(NotFound):
    """No published dataset has this name.

    >>> print(CollectionNotFound(name="cars"))
    There is no collection 'cars'. A dataset is one once it is published: `entrepot edit NAME --publish`.
    """

    name: str
    code: ClassVar[str] = "collection_not_found"

    def __str__(self) -> str:
        way = "A dataset is one once it is published: `entrepot edit NAME --publish`."
        return f"There is no collection {self.name!r}. {way}"


@define(slots=False, repr=False)
class ItemNotFound(NotFound):
    """The collection has no platform and no row of this name.

    >>> print(ItemNotFound(name="cars", item="tv", platforms=["web", "mobile"]))
    Collection 'cars' has no item with the id 'tv'. Its platforms are: web, mobile.
    """

    name: str
    item: str
    platforms: list[str]
    code: ClassVar[str] = "item_not_found"

    def __str__(self) -> str:
        known = ", ".join(self.platforms)
        return f"Collection {self.name!r} has no item with the id {self.item!r}. Its platforms are: {known}."


@define(slots=False, repr=False)
class NoSource(NotFound):
    """The dataset was not fetched from a URL, so its source can't be fetched again.

    >>> print(NoSource(ref="cars"))
    'cars' did not come from a URL, so there is no source to fetch again. Replace it with a file or a URL.
    """

    ref: str
    code: ClassVar[str] = "no_source"

    def __str__(self) -> str:
        return f"{self.ref!r} did not come from a URL, so there is no source to fetch again. {_REPLACE}"


@define(slots=False, repr=False)
class ImageNotFound(NotFound):
    """There is no image of this digest, or no rendition of this name.

    >>> print(ImageNotFound(image="ab12…/tv", renditions=["original", "web", "mobile"]))
    There is no image 'ab12…/tv'. The renditions of an image are: original, web, mobile.
    """

    image: str
    renditions: list[str]
    code: ClassVar[str] = "image_not_found"

    def __str__(self) -> str:
        told = f"There is no image {self.image!r}."
        return f"{told} The renditions of an image are: {', '.join(self.renditions)}." if self.renditions else told
