"""The routes of images: their bytes, and the list of those that a dataset's cells name."""

from functools import partial
from urllib.parse import quote

import msgspec
from attrs import frozen
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from entrepot.http import examples
from entrepot.http import examples_images as pictures
from entrepot.http.backend import Backend
from entrepot.http.bases import Bases, bases_of
from entrepot.http.conditions import IMMUTABLE, is_fresh
from entrepot.http.documents_images import ImageDocument, ImagesDocument
from entrepot.http.exchange import AnyRequest, exchange_of
from entrepot.http.links import Link, pages, path_to
from entrepot.http.negotiation import likes
from entrepot.http.operation import COLLECTIONS, Answer, Operation, told
from entrepot.http.parameters import Given, decode, query_of
from entrepot.http.problems import InvalidRequest, RangeNotSatisfiable
from entrepot.http.ranges import wanted
from entrepot.http.responses import JSON, Begun, Streamed, disposition, entity, not_modified
from entrepot_core.collection import ImageQuery, ImageView
from entrepot_core.download import Download
from entrepot_core.errors import DatasetNotFound, ImageNotFound, InvalidOption
from entrepot_core.image import ORIGINAL, RenditionFormat
from entrepot_core.names import DatasetRef
from entrepot_core.ports.operations import Operations

_POLICY = "default-src 'none'"
"""Opened by itself an image runs nothing and reads nothing."""

_ENDINGS: dict[str, RenditionFormat] = {".webp": "webp", ".jpg": "jpeg", ".jpeg": "jpeg"}
_AT_ONCE = 1 << 20
"""What has no more bytes is sent in one piece, so that it can be kept."""


@frozen
class _Wish:
    """What a client wants of an image.

    Attributes:
        image: The image's digest, as the client wrote it.
        rendition: The original, or a platform's name.
        format: What to make a rendition in.
        is_named: Whether the URL says so; else the ``Accept`` header does.
    """

    image: str
    rendition: str
    format: RenditionFormat
    is_named: bool

    def insist(self, download: Download) -> None:
        """Insist on the format that the URL names, which a platform may have settled otherwise.

        Raises:
            ImageNotFound: It is in another.
        """
        if self.is_named and download.media_type != f"image/{self.format}":
            raise ImageNotFound(image=f"{self.image}/{self.rendition}.{self.format}", renditions=[self.rendition])

    def headers(self, download: Download) -> dict[str, str]:
        """What is said of the image's bytes."""
        form = download.media_type.rpartition("/")[2]
        varies = not self.is_named and self.rendition != ORIGINAL and form == self.format
        return {
            "etag": f'"{self.image}-{quote(download.file_name)}-{download.size}"',
            "cache-control": IMMUTABLE,
            "content-security-policy": _POLICY,
            "content-disposition": disposition(download.file_name, inline=True),
            **({"vary": "Accept"} if varies else {}),
        }


def _wish(request: AnyRequest, image: str, rendition: str) -> _Wish:
    for ending, form in _ENDINGS.items():
        name = rendition.removesuffix(ending)
        if name not in {rendition, ORIGINAL}:
            return _Wish(image, name, form, is_named=True)
    return _Wish(image, rendition, "webp" if likes(request, "image/webp", "image/jpeg") else "jpeg", is_named=False)


@get(
    "/images/{image:str}/{rendition:str}",
    opt=told(
        Operation(
            COLLECTIONS,
            Answer(
                "The image. It never changes.",
                dict.fromkeys(("image/webp", "image/jpeg", "image/png", "image/gif", "image/avif"), examples.BINARY),
            ),
            problems=(ImageNotFound, RangeNotSatisfiable),
            path_example=pictures.DIGEST,
            is_apart=True,
        )
    ),
)
async def open_image(
    request: AnyRequest, backend: NamedDependency[Backend], image: FromPath[str], rendition: FromPath[str]
) -> ASGIResponse:
    """Give an image: the original, or as a platform wishes it, which is made when it is first asked for.

    A rendition is WebP where the client's `Accept` header names `image/webp` or `image/*`, else JPEG. Where the path
    ends in `.webp` or `.jpg`, it is that.
    """
    exchange_of(request.scope).may_be_kept = True
    return await backend.image(_opened, request, backend, _wish(request, image, rendition))


def _opened(request: AnyRequest, backend: Backend, wish: _Wish) -> ASGIResponse:
    download = backend.operations.open_image(wish.image, wish.rendition, wish.format)
    try:
        wish.insist(download)
        headers = wish.headers(download)
        if is_fresh(request, headers["etag"]):
            download.close()
            return not_modified(headers)
        if download.size is not None and download.size <= _AT_ONCE and "range" not in request.headers:
            return _whole(download, headers)
    except BaseException:
        download.close()
        raise
    begun = Begun(download, partial(wanted, request, headers["etag"]))
    return Streamed(backend, begun, headers, inline=True)


def _whole(download: Download, headers: dict[str, str]) -> ASGIResponse:
    with download:
        ranges = {} if download.part is None else {"accept-ranges": "bytes"}
        return ASGIResponse(body=download.read(), media_type=download.media_type, headers={**headers, **ranges})


@get(
    "/datasets/{ds:str}/images",
    opt=told(
        Operation(
            COLLECTIONS,
            Answer("A page of images.", {JSON: pictures.IMAGES}, ImagesDocument, headers={"Link": "Other pages."}),
            query=(ImageQuery,),
            problems=(DatasetNotFound, InvalidOption, InvalidRequest),
        )
    ),
)
async def list_images(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """List the images that a dataset's cells name, by row, and what is wrong with those that can't be shown."""
    bases = bases_of(request, backend)
    body, link = await backend.query(_listed, backend.operations, ds, query_of(request), bases)
    return entity(request, body, JSON, headers={"link": link, "vary": bases.vary})


def _listed(operations: Operations, ds: str, given: Given, bases: Bases) -> tuple[bytes, str]:
    """A page of images, encoded, and its ``Link`` header; a long page is too much work for the event loop."""
    page = operations.list_images(DatasetRef(ds), decode(given, ImageQuery))
    around = pages(path_to("datasets", ds, "images"), given, limit=page.limit, offset=page.offset, total=page.total)
    listed = ImagesDocument(
        items=tuple(_item(view, bases) for view in page.items),
        columns=page.columns,
        stored=page.stored,
        failed=page.failed,
        pending=page.pending,
        total=page.total,
        limit=page.limit,
        offset=page.offset,
        next_url=around.next,
        links=around.links | {"dataset": Link(path_to("datasets", ds))},
    )
    return msgspec.json.encode(listed), around.header


def _item(view: ImageView, bases: Bases) -> ImageDocument:
    url = view.path if view.path is None or not view.path.startswith("/") else f"{bases.images}{view.path}"
    return ImageDocument(**msgspec.structs.asdict(view), url=url)
