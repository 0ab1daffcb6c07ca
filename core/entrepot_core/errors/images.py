"""What is wrong with images, and with the collections that show them."""

from typing import ClassVar

import msgspec

from entrepot_core.errors.tree import NotFound, Refused

_REPLACE = "Replace it with a file or a URL."


class ImageError(msgspec.Struct, frozen=True):
    """What is wrong with one of several images.

    >>> ImageError(row=2, column="photo", file_name="cars.csv", detail="it is a text").row
    2

    Attributes:
        row: The number of the row that it was for.
        column: The column.
        file_name: The file it was, if that is known.
        detail: What is wrong.
    """

    row: int
    column: str
    file_name: str | None
    detail: str


class InvalidImage(Refused):
    """What was to be an image is none that can be shown.

    Of several that were sent together each is told of, and nothing was stored.

    >>> print(InvalidImage(reason="it is cut off"))
    This can't be taken as an image: it is cut off. Send a JPEG, PNG, WebP, GIF or AVIF.
    >>> wrong = ImageError(row=2, column="photo", file_name="cars.csv", detail="it is a text")
    >>> print(str(InvalidImage(reason="it is a text", errors=(wrong,))).partition(" Send ")[0])
    cars.csv (row 2, column photo) can't be taken as an image: it is a text.
    """

    reason: str
    errors: tuple[ImageError, ...] = ()
    code: ClassVar[str] = "invalid_image"

    def __str__(self) -> str:
        ways = "Send a JPEG, PNG, WebP, GIF or AVIF."
        if not self.errors:
            return f"This can't be taken as an image: {self.reason}. {ways}"
        first, more = self.errors[0], len(self.errors) - 1
        what = f"{first.file_name or 'What was sent'} (row {first.row}, column {first.column})"
        others = f" And {more:,} more." if more else ""
        return f"{what} can't be taken as an image: {first.detail}. {ways} Nothing was stored.{others}"


class NoImages(NotFound):
    """None of the dataset's columns holds images.

    >>> print(NoImages(ref="cars"))
    No column of 'cars' is known to hold images. Edit the dataset to say which does (option images).
    """

    ref: str
    code: ClassVar[str] = "no_images"

    def __str__(self) -> str:
        way = "Edit the dataset to say which does (option images)."
        return f"No column of {self.ref!r} is known to hold images. {way}"


class CollectionNotFound(NotFound):
    """No published dataset has this name.

    >>> print(CollectionNotFound(name="cars"))
    There is no collection 'cars'. A dataset is one once it is published (option published).
    """

    name: str
    code: ClassVar[str] = "collection_not_found"

    def __str__(self) -> str:
        way = "A dataset is one once it is published (option published)."
        return f"There is no collection {self.name!r}. {way}"


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


class NoSource(NotFound):
    """The dataset was not fetched from a URL, so its source can't be fetched again.

    >>> print(NoSource(ref="cars"))
    'cars' did not come from a URL, so there is no source to fetch again. Replace it with a file or a URL.
    """

    ref: str
    code: ClassVar[str] = "no_source"

    def __str__(self) -> str:
        return f"{self.ref!r} did not come from a URL, so there is no source to fetch again. {_REPLACE}"


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
