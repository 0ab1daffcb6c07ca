"""Collections and images, as part of the local ``Operations``."""

from collections.abc import Sequence

from attrs import Factory, field, frozen

from entrepot_core.collection import CollectionPage, ImagePage, ImageQuery, ItemView
from entrepot_core.dataset import Dataset
from entrepot_core.dialect import Report
from entrepot_core.download import Download
from entrepot_core.errors import NoImages, NoSource
from entrepot_core.image import RenditionFormat
from entrepot_core.job import Job
from entrepot_core.names import DatasetRef
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.operations import ImageUpload
from entrepot_core.rows.query import RowQuery
from entrepot_core.rows.views import RowsChanged
from entrepot_core.source import Label
from entrepot_core.use_cases import collecting, listing_images, picturing, refreshing, showing, uploading
from entrepot_core.use_cases.background import Background
from entrepot_core.use_cases.registering import LocalRecords
from entrepot_core.use_cases.working import Work, do
from entrepot_core.views import DatasetView, view


@frozen
class LocalCollections(LocalRecords):
    """The part of ``LocalOperations`` for collections and images.

    Attributes:
        driven: The store.
    """

    _background: Background = field(default=Factory(lambda self: Background(self.driven), takes_self=True), init=False)

    def close(self) -> None:
        """Stop the jobs that were begun here."""
        self._background.close()

    def read_collection(self, name: str, query: RowQuery, platform: str | None = None) -> CollectionPage:
        """Read a page of a published dataset, by its name."""
        return collecting.read_collection(self.driven, name, query, platform)

    def get_item(self, name: str, item: str, platform: str | None = None) -> ItemView:
        """Read one row of a collection, by its ``id``."""
        return collecting.get_item(self.driven, name, item, platform)

    def list_images(self, ref: DatasetRef, query: ImageQuery) -> ImagePage:
        """List the images of a dataset, cell by cell."""
        return listing_images.list_images(self.driven, ref, query)

    def open_image(self, image: str, rendition: str, format: RenditionFormat) -> Download:
        """Give an image by its digest."""
        return showing.open_image(self.driven, image, rendition, format)

    def put_images(self, ref: DatasetRef, images: Sequence[ImageUpload], expected: int | None = None) -> RowsChanged:
        """Store images, and have cells name them."""
        return uploading.put_images(self.driven, ref, images, expected)

    def fetch_images(self, ref: DatasetRef, report: Report) -> DatasetView:
        """Fetch those images of a dataset that failed or were not asked for yet."""
        dataset = self._with_images(ref)
        return view(do("images", label_of(dataset), self._images(dataset), report, self._background.endings))

    def begin_fetch_images(self, ref: DatasetRef) -> Job:
        """Have ``fetch_images`` done while nobody waits."""
        dataset = self._with_images(ref)
        return self._background.begin_fetching("images", label_of(dataset), self._images(dataset), dataset.name)

    def refresh_dataset(self, ref: DatasetRef, report: Report, expected: int | None = None) -> DatasetView:
        """Fetch a dataset's source again, and its images."""
        label = label_of(self.driven.catalogue.find(ref))
        return view(do("refresh", label, self._refresh(ref, expected), report, self._background.endings))

    def begin_refresh_dataset(self, ref: DatasetRef, expected: int | None = None) -> Job:
        """Have ``refresh_dataset`` done while nobody waits."""
        dataset = self.driven.catalogue.find(ref)
        dataset.require(expected)
        if dataset.origin is None:
            raise NoSource(ref=dataset.name)
        return self._background.begin_fetching("refresh", label_of(dataset), self._refresh(ref, expected), dataset.name)

    def _with_images(self, ref: DatasetRef) -> Dataset:
        dataset = self.driven.catalogue.find(ref)
        if not dataset.image_columns:
            raise NoImages(ref=dataset.name)
        return dataset

    def _images(self, dataset: Dataset) -> Work:
        ref = DatasetRef(dataset.id)
        return lambda told: picturing.fetch_images(self.driven, self.driven.catalogue.find(ref), told, "missing")

    def _refresh(self, ref: DatasetRef, expected: int | None) -> Work:
        return lambda told: refreshed(self.driven, ref, told, expected)


def refreshed(driven: Driven, ref: DatasetRef, report: Report, expected: int | None) -> Dataset:
    """Fetch a dataset's source again, and its images."""
    before = driven.catalogue.find(ref)
    after = refreshing.refresh_dataset(driven, ref, report, expected)
    if after.latest > before.latest:
        return picturing.with_images(driven, after, report)
    return picturing.fetch_images(driven, after, report, "all")


def label_of(dataset: Dataset) -> Label:
    """What a job about a dataset is shown with: the file that it was made from."""
    original = dataset.version.original
    return Label(file_name=None if original is None else original.file_name)
