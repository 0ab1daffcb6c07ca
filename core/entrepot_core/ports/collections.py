"""The driving port's part for collections and images."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from attrs import frozen

from entrepot_core.collection import CollectionPage, ImagePage, ImageQuery, ItemView
from entrepot_core.dialect import Report
from entrepot_core.download import Download
from entrepot_core.image import RenditionFormat
from entrepot_core.job import Job
from entrepot_core.names import DatasetRef
from entrepot_core.ports.commands import Source
from entrepot_core.rows.query import RowQuery
from entrepot_core.rows.views import RowsChanged
from entrepot_core.views import DatasetView


@frozen
class ImageUpload:
    """An image for a cell.

    Attributes:
        row: The row's number, its ``_id``.
        source: Its bytes.
        column: The column; by default the only one that holds images.
    """

    row: int
    source: Source
    column: str | None = None


@runtime_checkable
class CollectionQueries(Protocol):
    """What reads collections. A remote implementation also raises ``ServerUnreachable`` and ``ServerFailed``."""

    def read_collection(self, name: str, query: RowQuery, platform: str | None = None) -> CollectionPage:
        """Read a page of a published dataset, by its name, with images as originals or as a platform wishes them.

        ``id`` can be filtered and sorted by: it is ``_id`` where the data has no such column.

        Raises:
            CollectionNotFound: No published dataset has this name.
            ItemNotFound: There is no such platform.
            UnknownColumn: The query names a column that isn't there.
            InvalidFilter: A filter does not fit its column.
            InvalidCursor: The cursor is of other rows.
        """
        ...

    def get_item(self, name: str, item: str, platform: str | None = None) -> ItemView:
        """Read one row of a collection, by its ``id``; where several have it, the first.

        Raises:
            CollectionNotFound: No published dataset has this name.
            ItemNotFound: There is no such row, or no such platform.
        """
        ...

    def list_images(self, ref: DatasetRef, query: ImageQuery) -> ImagePage:
        """List the images of a dataset's newest version, cell by cell, with what is wrong with them.

        Raises:
            DatasetNotFound: There is none.
        """
        ...

    def open_image(self, image: str, rendition: str, format: RenditionFormat) -> Download:
        """Give an image by its digest: the original, or a rendition, which is made when it is first asked for.

        Args:
            image: Its digest.
            rendition: A platform's name, or ``original``.
            format: What to make it in, where the rendition does not say.

        Raises:
            ImageNotFound: No dataset has it, or there is no such rendition.
        """
        ...


@runtime_checkable
class CollectionCommands(Protocol):
    """What writes images, and fetches sources again; see ``Commands``."""

    def fetch_images(self, ref: DatasetRef, report: Report) -> DatasetView:
        """Fetch those images of a dataset that failed or were not asked for yet; its ``import_report`` tells of them.

        ``report`` is told of images, as the stage ``images``.

        Raises:
            DatasetNotFound: There is none.
            NoImages: None of its columns holds images.
        """
        ...

    def put_images(self, ref: DatasetRef, images: Sequence[ImageUpload], expected: int | None = None) -> RowsChanged:
        """Store images, and have cells name them, which makes the next version.

        Raises:
            DatasetNotFound: There is none.
            RowNotFound: It has no row of one of the numbers.
            UnknownColumn: There is no such column.
            InvalidOption: The column is not one of images, or none is named and not just one is.
            InvalidImage: One is none.
            LimitExceeded: One is too large.
            Stale: The dataset has changed since.
        """
        ...

    def refresh_dataset(self, ref: DatasetRef, report: Report, expected: int | None = None) -> DatasetView:
        """Fetch a dataset's source again, and its images; where the table has changed, that makes the next version.

        Raises:
            DatasetNotFound: There is none.
            NoSource: It was not fetched from a URL.
            Stale: It has changed since.
            MalformedInput: What came is no such table: it has none of the columns, or no rows where there were some, or
                a column can't be read as the type it had.
            Refused: What ``Importer.load`` raises of the file, or ``Fetcher.fetch`` of its URL.
            Cancelled: It took long, and somebody cancelled it.
        """
        ...

    def begin_fetch_images(self, ref: DatasetRef) -> Job:
        """Have ``fetch_images`` done while nobody waits."""
        ...

    def begin_refresh_dataset(self, ref: DatasetRef, expected: int | None = None) -> Job:
        """Have ``refresh_dataset`` done while nobody waits."""
        ...
