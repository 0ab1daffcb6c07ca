"""A dataset's images."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self, overload

from attrs import define

from entrepot.library.editable import Editable
from entrepot.library.images import Images
from entrepot.library.outgoing import save
from entrepot.library.pictures import Picture, digest_of, image_of, uploads
from entrepot.library.progress import reporting
from entrepot_core.collection import ImageQuery, ImageState
from entrepot_core.dialect import Report
from entrepot_core.errors import ImageNotFound
from entrepot_core.image import ORIGINAL, RenditionFormat
from entrepot_core.paging import DEFAULT_LIMIT

if TYPE_CHECKING:
    from entrepot.library.job import Job


@define(eq=False, repr=False)
class Pictured(Editable):
    """A dataset of whose columns some hold images: each cell names one, by its URL."""

    def images(self, state: ImageState | None = None, *, limit: int = DEFAULT_LIMIT, offset: int = 0) -> Images:
        r"""List the images that the cells of its newest version name: where they are, or why they are not there.

        >>> pictured = store.add(b"make,photo\nAda,none.jpg\n", "pictured", images="photo")
        >>> [(image.row, image.column, image.text) for image in pictured.images("failed")]
        [(1, 'photo', 'none.jpg')]

        Args:
            state: Only those in this state: ``stored``, ``failed`` or ``pending``.
            limit: The most, up to 10,000.
            offset: How many to skip.
        """
        return Images(self._operations.list_images(self._ref, ImageQuery(state=state, limit=limit, offset=offset)))

    @overload
    def retry_images(self, *, progress: Report | bool = True, wait: Literal[True] = True) -> Self: ...

    @overload
    def retry_images(self, *, progress: Report | bool = True, wait: Literal[False]) -> "Job": ...

    def retry_images(self, *, progress: Report | bool = True, wait: bool = True) -> "Self | Job":
        r"""Fetch the images that failed, or were not asked for yet.

        >>> pictured = store.add(b"make,photo\nAda,none.jpg\n", "pictured", images="photo")
        >>> pictured.retry_images().import_report.images.failed
        1

        Args:
            progress: Takes reports ``(stage, done, total)``, or ``False`` for no progress bar.
            wait: ``False`` gives a job that does it; this object then stays as it is.

        Raises:
            NoImages: None of its columns holds images.
            InvalidOption: This object was taken by ``at``, and there is a newer version.
        """
        self._insist_on_newest()
        if not wait:
            from entrepot.library.job import Job

            return Job(self._operations.begin_fetch_images(self._ref), self._operations)
        with reporting(self.name, progress=progress) as report:
            self.document = self._operations.fetch_images(self._ref, report)
        return self

    def put_image(self, row: int, picture: Picture, column: str | None = None, *, if_unchanged: bool = False) -> Self:
        r"""Store a picture of a row, which makes the next version.

        >>> pictured = store.add(b"make,photo\nAda,\n", "pictured", images="photo")
        >>> pictured.put_image(1, "photo.jpg")
        <Dataset 'pictured': 1 row × 2 columns, version 2>

        Args:
            row: The row's number.
            picture: A path, bytes, or an open file: a JPEG, PNG, WebP, GIF or AVIF.
            column: The column; by default the only one that holds images.
            if_unchanged: Do it only if nobody has changed the dataset since this object was made or moved on.

        Raises:
            InvalidImage: It is none that can be shown.
            RowNotFound: There is no row of this number.
            InvalidOption: The column holds something else than text, or it is not clear which one is meant.
            Stale: The dataset has changed since.
        """
        self.put_images({row: picture}, column, if_unchanged=if_unchanged)
        return self

    def put_images(
        self, pictures: Mapping[int, Picture], column: str | None = None, *, if_unchanged: bool = False
    ) -> list[int]:
        r"""Store pictures of several rows, all of them or none, which makes the next version.

        >>> pictured = store.add(b"make,photo\nAda,\nBo,\n", "pictured", images="photo")
        >>> pictured.put_images({1: "photo.jpg", 2: Path("photo.jpg").read_bytes()})
        [1, 2]

        Args:
            pictures: The numbers of rows, and for each what ``put_image`` takes; a server takes 100 at once.
            column: As for ``put_image``.
            if_unchanged: As for ``put_image``.

        Returns:
            The numbers of the rows.

        Raises:
            InvalidImage: One is none that can be shown; nothing was changed.
        """
        given = list(uploads(pictures, column))
        return self._moved(self._operations.put_images(self._ref, given, self._expected(if_unchanged)))

    @overload
    def image(
        self,
        row: int,
        column: str | None = None,
        *,
        rendition: str = ORIGINAL,
        format: RenditionFormat = "webp",
        path: None = None,
    ) -> bytes: ...

    @overload
    def image(
        self,
        row: int,
        column: str | None = None,
        *,
        rendition: str = ORIGINAL,
        format: RenditionFormat = "webp",
        path: str | os.PathLike[str],
    ) -> Path: ...

    def image(
        self,
        row: int,
        column: str | None = None,
        *,
        rendition: str = ORIGINAL,
        format: RenditionFormat = "webp",
        path: str | os.PathLike[str] | None = None,
    ) -> bytes | Path:
        r"""Give the image of a row: its bytes, or where they were written to.

        >>> pictured = store.add(b"make,photo\nAda,\n", "pictured", images="photo").put_image(1, "photo.jpg")
        >>> pictured.image(1) == Path("photo.jpg").read_bytes()
        True
        >>> pictured.image(1, rendition="web", path="small.webp")
        PosixPath('small.webp')

        Args:
            row: The row's number.
            column: The column; by default the first that names an image.
            rendition: ``original``, or how a platform wishes it: ``web``, ``mobile``, or what the settings say.
            format: ``webp`` or ``jpeg``, where the rendition does not say.
            path: Where to write it to.

        Raises:
            ImageNotFound: The row has none, or there is no such rendition.
        """
        found = image_of(self._operations, self._ref, row, column)
        if found is None or found.path is None:
            where = f"row {row}" if column is None else f"row {row}, column {column}"
            raise ImageNotFound(image=where[:200], renditions=[])
        download = self._operations.open_image(digest_of(found.path), rendition, format)
        if path is not None:
            return save(download, path)
        with download:
            return download.read()
