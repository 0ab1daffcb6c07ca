"""The routes by which images are uploaded: one for a cell, or several in one form."""

import re
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager

from attrs import define, field
from litestar import put
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse
from multipart import MultipartSegment

from entrepot.http import examples
from entrepot.http.backend import Backend
from entrepot.http.conditions import precondition
from entrepot.http.editing import CHANGED, CHANGED_ROW, Edit, insist_on_number, row_after
from entrepot.http.exchange import AnyRequest
from entrepot.http.forms import FILE, events_of
from entrepot.http.operation import COLLECTIONS, Answer, Body, Operation, told
from entrepot.http.problems import InvalidRequest, UnknownParameter, UnsupportedMediaType
from entrepot.http.responses import JSON
from entrepot.http.uploads import FORM, Sink, chunks_of
from entrepot_core.errors import (
    DatasetNotFound,
    InvalidImage,
    InvalidOption,
    RowNotFound,
    Stale,
    UnknownColumn,
    UploadTooLarge,
)
from entrepot_core.names import DatasetRef
from entrepot_core.ports.blobs import Staged
from entrepot_core.ports.operations import ImageUpload, Source
from entrepot_core.source import Label, base_name

LIMIT = "ENTREPOT_MAX_IMAGE_BYTES"
MOST_IMAGES = 100
"""How many one form may have: every image is an open file until all have come."""

_CELL = re.compile(r"(\d{1,18})(?:/(.+))?", re.ASCII | re.DOTALL)
_PROBLEMS = (
    DatasetNotFound, InvalidImage, InvalidOption, InvalidRequest, RowNotFound, Stale, UnknownColumn,
    UnsupportedMediaType, UploadTooLarge,
)  # fmt: skip
_IMAGE = dict.fromkeys(("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"), examples.BINARY)


@define
class _Pile:
    """The images that have come so far, by the names of their parts; the last one is still coming.

    Attributes:
        backend: Stages them.
        check: Insists on a name that a part can have.
    """

    backend: Backend
    check: Callable[[str, Label], object]
    sources: dict[str, tuple[Staged, Label]] = field(factory=dict, init=False)
    _sink: Sink | None = field(default=None, init=False)

    async def begin(self, name: str, label: Label) -> None:
        """Begin another image.

        Raises:
            InvalidRequest: It is one too many.
            InvalidOption: There is one of this name.
        """
        self.check(name, label)
        await self.finish()
        if name in self.sources:
            raise InvalidOption(option=name[:200], value=label.file_name or "", reason="it is given more than once")
        if len(self.sources) == MOST_IMAGES:
            raise InvalidRequest(reason=f"The form has more than {MOST_IMAGES} images. Send fewer at a time.")
        staged = await self.backend.scratch(self.backend.stage)
        self.sources[name] = staged, label
        self._sink = Sink(self.backend, staged, self.backend.settings.max_image_bytes, LIMIT)

    async def write(self, chunk: bytes) -> None:
        """Take some bytes of the image that is coming."""
        if self._sink is not None:
            await self._sink.write(chunk)

    async def finish(self) -> None:
        """Take the last bytes of an image, if one was coming."""
        if self._sink is not None:
            await self._sink.flush()

    def upload(self, name: str, row: int, column: str | None) -> ImageUpload:
        """An image that has come whole, for a cell."""
        staged, label = self.sources[name]
        return ImageUpload(row, Source(staged, label, staged.size), column)


@asynccontextmanager
async def _receive(
    request: AnyRequest, backend: Backend, check: Callable[[str, Label], object]
) -> AsyncGenerator[_Pile]:
    """Take in the images of a request; their scratch files are closed in the end, whatever happens.

    Args:
        request: Its body is an image, which then is a part called ``file``, or a form.
        backend: Stages the bytes.
        check: Insists on a name that a part can have.

    Raises:
        UploadTooLarge: One has more bytes than an image may have.
        UploadIncomplete: The client went away.
        InvalidRequest: The form is malformed, or has too many images.
        UnsupportedMediaType: The body is packed.
    """
    encoding = request.headers.get("content-encoding", "identity")
    if encoding.lower() != "identity":
        reason = f"Content-Encoding {encoding!r} can't be taken here. Send images as they are."
        raise UnsupportedMediaType(reason=reason)
    pile = _Pile(backend, check)
    try:
        if _is_form(request):
            await _take_form(request, pile)
        else:
            await _take_body(request, pile)
        await pile.finish()
        yield pile
    finally:
        for staged, _ in pile.sources.values():
            await backend.scratch(staged.close)


def _is_form(request: AnyRequest) -> bool:
    return request.content_type[0].lower() == FORM


async def _take_form(request: AnyRequest, pile: _Pile) -> None:
    async with aclosing(events_of(chunks_of(request), request.content_type[1])) as events:
        async for event in events:
            if isinstance(event, MultipartSegment):
                label = Label(base_name(event.filename or ""), event.content_type)
                await pile.begin(event.name or "", label)
            elif event is not None:
                await pile.write(bytes(event))


async def _take_body(request: AnyRequest, pile: _Pile) -> None:
    allowed, length = pile.backend.settings.max_image_bytes, request.headers.get("content-length", "")
    if length.isdigit() and int(length) > allowed:
        raise UploadTooLarge(limit=LIMIT, allowed=allowed)
    await pile.begin(FILE, Label(media_type=request.content_type[0] or None))
    async for chunk in chunks_of(request):
        await pile.write(chunk)


@put(
    "/datasets/{ds:str}/rows/{row:int}/images/{column:str}",
    request_max_body_size=None,  # images have a limit of their own
    opt=told(
        Operation(COLLECTIONS, CHANGED_ROW, body=Body({**_IMAGE, FORM: {FILE: examples.BINARY}}), problems=_PROBLEMS)
    ),
)
async def put_image(
    request: AnyRequest,
    backend: NamedDependency[Backend],
    ds: FromPath[str],
    row: FromPath[int],
    column: FromPath[str],
) -> ASGIResponse:
    """Upload the image of a cell: as the body, or as a form's part called file. That makes the next version.

    A column of text becomes one of images.
    """
    ref, expected = await precondition(request, backend, DatasetRef(ds))
    insist_on_number(ds, row)
    async with _receive(request, backend, _only_file) as pile:
        if not pile.sources:
            raise InvalidOption(option=FILE, value="", reason="send the image as the form's part of this name")
        images = [pile.upload(FILE, row, column)]
        edit = Edit(ref, await backend.command(backend.operations.put_images, ref, images, expected))
    view = await backend.query(row_after, backend.operations, edit, row)
    return ASGIResponse(body=bytes(view.row), media_type=JSON, headers={"etag": edit.tag})


def _only_file(name: str, _label: Label) -> None:
    if name != FILE:
        raise UnknownParameter(parameter=name[:200], parameters=[FILE])


@put(
    "/datasets/{ds:str}/images",
    request_max_body_size=None,  # as above
    opt=told(
        Operation(
            COLLECTIONS,
            Answer(CHANGED.description, CHANGED.examples, CHANGED.kind, headers=CHANGED.headers),
            body=Body({FORM: {"1": examples.BINARY, "2/image": examples.BINARY}}),
            problems=_PROBLEMS,
        )
    ),
)
async def put_images(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Upload the images of several cells in one form, which makes one version: all of them, or none.

    The name of a part is the row's number, or with the column behind it: `377/image`. Without one it is the only column
    that holds images. A form has 100 images at the most.
    """
    if not _is_form(request):
        raise UnsupportedMediaType(reason=f"Send the images as parts of one form, {FORM}.")
    ref, expected = await precondition(request, backend, DatasetRef(ds))
    async with _receive(request, backend, _cell_of) as pile:
        cells = {name: _cell_of(name, label) for name, (_, label) in pile.sources.items()}
        for row, _ in cells.values():
            insist_on_number(ds, row)
        images = [pile.upload(name, *cell) for name, cell in cells.items()]
        if not images:
            raise InvalidRequest(reason="The form has no images. Send each as a part that is named after its row.")
        edit = Edit(ref, await backend.command(backend.operations.put_images, ref, images, expected))
    return edit.answer()


def _cell_of(name: str, label: Label) -> tuple[int, str | None]:
    """The row's number and the column that a part's name says.

    Raises:
        InvalidOption: It says none.
    """
    found = _CELL.fullmatch(name)
    if found is None:
        reason = "name each part after its row, as 377, or after its row and column, as 377/image"
        raise InvalidOption(option=name[:200], value=label.file_name or "", reason=reason)
    return int(found[1]), found[2]
