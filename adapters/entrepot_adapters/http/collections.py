"""The collections and images of another Entrepot, over its HTTP API."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

import httpx
import msgspec

from entrepot_adapters.http import editing, parameters
from entrepot_adapters.http.answers import check, decode, transport_errors
from entrepot_adapters.http.connection import ASYNC, path_to
from entrepot_adapters.http.jobs import RemoteJobs
from entrepot_adapters.http.listing import page_of
from entrepot_adapters.http.multipart import FilePart, MultipartForm
from entrepot_adapters.http.sending import chunks_of
from entrepot_core.collection import CollectionPage, ImagePage, ImageQuery, ItemView
from entrepot_core.dialect import Report, no_report
from entrepot_core.download import Download
from entrepot_core.errors import CollectionNotFound, ImageNotFound, InvalidFilter, InvalidOption, ItemNotFound
from entrepot_core.image import ORIGINAL, RenditionFormat, may_be_platform
from entrepot_core.job import Job
from entrepot_core.names import DatasetRef, may_be_ref
from entrepot_core.ports.operations import ImageUpload
from entrepot_core.rows.query import RowQuery
from entrepot_core.rows.views import RowsChanged
from entrepot_core.source import Link
from entrepot_core.views import DatasetView

_Item = dict[str, msgspec.Raw]
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NOTHING = "-"
"""No platform and no image can be called so."""


class RemoteCollections(RemoteJobs):
    """What ``RemoteOperations`` does with collections and images."""

    def read_collection(self, name: str, query: RowQuery, platform: str | None = None) -> CollectionPage:
        """Read a page of a published dataset.

        A page is an array and its headers; which columns there are, and which of them hold images, the dataset's
        document tells, of the version that a cursor pins, else of the newest.
        """
        if platform is not None and not may_be_platform(platform):
            raise ItemNotFound(name=name, item=platform[:100], platforms=self._platforms(name))
        place = query.place(None)
        answer = self._get(self._collection(name, platform), parameters.of_rows(query, None))
        items = decode(answer, tuple[_Item, ...])
        found = self._get(path_to(DatasetRef(name)), parameters.of_version(place.version))
        return page_of(items, answer, decode(found, DatasetView), query, place.offset)

    def get_item(self, name: str, item: str, platform: str | None = None) -> ItemView:
        """Read one row of a collection, by its ``id``.

        An ``id`` that can't stand in a path, or that is a platform's name too, is asked for by a filter.
        """
        found = self._item(name, item, platform)
        images = decode(self._get(path_to(DatasetRef(name)), []), DatasetView).images
        return ItemView(found, tuple(column for column in images if column in found))

    def list_images(self, ref: DatasetRef, query: ImageQuery) -> ImagePage:
        """List the images of a dataset, cell by cell."""
        return decode(self._get(path_to(ref, "images"), parameters.of_images(query)), ImagePage)

    def open_image(self, image: str, rendition: str, format: RenditionFormat) -> Download:
        """Give an image by its digest, streamed."""
        accepted = "*/*" if rendition == ORIGINAL else f"image/{format}"
        named = image if _DIGEST.fullmatch(image) else _NOTHING
        wished = rendition if may_be_platform(rendition) or rendition == ORIGINAL else _NOTHING
        try:
            return self._download(f"{self._url}/images/{named}/{wished}", [], {"Accept": accepted})
        except ImageNotFound as error:
            raise ImageNotFound(image=f"{image[:100]}/{rendition[:100]}", renditions=error.renditions) from error

    def fetch_images(self, ref: DatasetRef, report: Report) -> DatasetView:
        """Have the images fetched that failed or were not asked for yet; with a report, by a job that is followed."""
        if report is not no_report:
            return self._made(self.begin_fetch_images(ref), report)
        return decode(self._post(path_to(ref, "images/retry"), {}), DatasetView)

    def put_images(self, ref: DatasetRef, images: Sequence[ImageUpload], expected: int | None = None) -> RowsChanged:
        """Send images for cells, streamed."""
        headers = self._if_match(ref, expected)
        if not images:
            seen = decode(self._get(path_to(ref), []), DatasetView)
            return RowsChanged(seen.version, seen.revision, ())
        form = MultipartForm([], list(_parts(images)))
        headers["Content-Type"] = form.content_type
        with transport_errors(self._url):
            answer = self._client.put(path_to(ref, "images"), content=iter(form), headers=headers)
            return editing.changed(answer)

    def refresh_dataset(self, ref: DatasetRef, report: Report, expected: int | None = None) -> DatasetView:
        """Have a dataset's source fetched again; with a report, by a job that is followed."""
        if report is not no_report:
            return self._made(self.begin_refresh_dataset(ref, expected), report)
        return decode(self._post(path_to(ref, "refresh/"), self._if_match(ref, expected)), DatasetView)

    def begin_fetch_images(self, ref: DatasetRef) -> Job:
        """Have ``fetch_images`` done while nobody waits."""
        return decode(self._post(path_to(ref, "images/retry"), ASYNC), Job)

    def begin_refresh_dataset(self, ref: DatasetRef, expected: int | None = None) -> Job:
        """Have ``refresh_dataset`` done while nobody waits."""
        return decode(self._post(path_to(ref, "refresh/"), self._if_match(ref, expected) | ASYNC), Job)

    def _item(self, name: str, item: str, platform: str | None) -> _Item:
        if item.strip(".") and "/" not in item:
            answer = self._get(self._collection(name, platform) + quote(item, safe=""), [])
            if _is_item(answer):
                return decode(answer, _Item)
        try:
            fields = [("id__exact", item), ("limit", "1")]
            return next(iter(decode(self._get(self._collection(name, platform), fields), list[_Item])))
        except (InvalidFilter, StopIteration):
            raise ItemNotFound(name=name, item=item[:100], platforms=self._platforms(name)) from None

    def _platforms(self, name: str) -> list[str]:
        """The platforms of a collection, which a server lists where one is asked for that can't be."""
        try:
            check(self._get(self._collection(name, _NOTHING) + "1", []))
        except ItemNotFound as error:
            return error.platforms
        return []

    def _collection(self, name: str, platform: str | None) -> str:
        """Where a collection is: not below the API's prefix, as all else is.

        Raises:
            CollectionNotFound: It is no dataset's name or id.
        """
        if not may_be_ref(name):
            raise CollectionNotFound(name=name)
        below = "" if platform is None else f"{quote(platform, safe='')}/"
        return f"{self._url}/api/{name}/{below}"

    def _post(self, path: str, headers: dict[str, str]) -> httpx.Response:
        with transport_errors(self._url):
            return self._client.post(path, headers=headers)


def _is_item(answer: httpx.Response) -> bool:
    """Whether a server gave an item, and not a list of them."""
    check(answer)
    return answer.content.lstrip().startswith(b"{")


def _parts(images: Sequence[ImageUpload]) -> Iterator[FilePart]:
    for image in images:
        content = image.source.content
        if isinstance(content, Link):
            reason = "send its bytes; a URL is put into the cell itself"
            raise InvalidOption(option="image", value=content.shown[:100], reason=reason)
        place = str(image.row) if image.column is None else f"{image.row}/{image.column}"
        yield FilePart(place, image.source.label, chunks_of(content))
