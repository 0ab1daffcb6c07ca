"""Files on their way in: a request's body, staged while it comes, so that a slow one holds no thread."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from attrs import define, field

from entrepot.http.backend import Backend
from entrepot.http.exchange import AnyRequest
from entrepot.http.forms import FILE, Form, read_form
from entrepot.http.parameters import Given, check_known, decode, query_of
from entrepot.http.problems import BodyTooLarge, InvalidRequest, UnsupportedMediaType, UploadIncomplete
from entrepot.http.urlencoded import read_urlencoded
from entrepot_core.errors import InvalidOption, UploadTooLarge
from entrepot_core.ports.blobs import Staged
from entrepot_core.ports.operations import Source
from entrepot_core.source import Label, Link, base_name

MOST_FIELD_BYTES = 1 << 20
"""What a form's fields, or a body that is no file, may have in all."""

FORM = "multipart/form-data"
"""The media type of a form with files."""

FIELDS = "application/x-www-form-urlencoded"
"""The media type of a form without a file, which says where to fetch it."""

_BUFFERED = 1 << 18
_PATCH = "application/merge-patch+json"
_ENCODINGS = {"identity", "gzip", "x-gzip", "zstd"}
_MOST_FIELDS = 1000


class FileName(msgspec.Struct, frozen=True):
    """What the file is called.

    Attributes:
        file_name: The file's name, where the upload itself has none or another.
    """

    file_name: str | None = None


class FileUrl(msgspec.Struct, frozen=True):
    """Where the file is.

    Attributes:
        url: Where to fetch the file from, instead of sending it: an `http` or `https` URL.
    """

    url: str | None = None


@define
class Upload:
    """A file that has come whole, or where it is to be fetched from.

    Attributes:
        source: The file.
        fields: What else was said, in the query and in the form.
        is_handed_over: Whether somebody else closes the file now.
    """

    source: Source
    fields: Given
    is_handed_over: bool = False

    @property
    def is_here(self) -> bool:
        """Whether the file came with the request; else it is still to be fetched."""
        return not isinstance(self.source.content, Link)

    @property
    def is_fetched(self) -> bool:
        """Whether the file is still to be fetched, or images that it names, which may take long."""
        return not self.is_here or not {"image", "published"}.isdisjoint(self.fields)


@asynccontextmanager
async def receive(request: AnyRequest, backend: Backend, *kinds: type[msgspec.Struct]) -> AsyncGenerator[Upload]:
    """Take in a request's body; the scratch file it goes to is closed in the end, unless it was handed over.

    Args:
        request: Its body is a form with the part ``file``, or the file itself; or one of its fields is a ``url``.
        backend: Stages the bytes.
        kinds: Whose fields may come with the file.

    Raises:
        UploadTooLarge: It has more bytes than an upload may have.
        UploadIncomplete: The client went away.
        InvalidRequest: The form is malformed, or there are both a file and a URL.
        InvalidOption: There is neither.
        UnsupportedMediaType: The body is neither a form nor a file.
        UnknownParameter: A field is not one of ``kinds``.
    """
    _check_headers(request, backend.settings.max_upload_bytes)
    query = query_of(request)
    kinds = (*kinds, FileName, FileUrl)
    check_known(query, kinds)
    staged = await backend.scratch(backend.stage)
    upload = None
    try:
        sink = Sink(backend, staged, backend.settings.max_upload_bytes)
        form = await _take(request, sink, kinds)
        await sink.flush()
        fields = {name: query.get(name, []) + form.fields.get(name, []) for name in {**query, **form.fields}}
        upload = Upload(_source(form, fields, staged), fields)
        yield upload
    finally:
        if upload is None or not upload.is_handed_over:
            await backend.scratch(staged.close)


async def _take(request: AnyRequest, sink: "Sink", kinds: tuple[type[msgspec.Struct], ...]) -> Form:
    media_type, parameters = request.content_type
    if media_type.lower() == FORM:
        return await read_form(chunks_of(request), parameters, sink.write, kinds, MOST_FIELD_BYTES)
    if media_type.lower() == FIELDS:
        return await _read_fields(request, kinds)
    async for chunk in chunks_of(request):
        await sink.write(chunk)
    return Form(media_type=request.headers.get("content-type") or None, has_file=True)


async def _read_fields(request: AnyRequest, kinds: tuple[type[msgspec.Struct], ...]) -> Form:
    """Read a form without a file, which says where to fetch it; many clients, curl first, call any body such a form."""
    try:
        body = await read_body(request)
        body.decode()
        fields = read_urlencoded(body, "The form", most=_MOST_FIELDS)
    except (BodyTooLarge, ValueError) as error:  # no such form is so large, or no text
        raise _no_file(FIELDS) from error
    if "url" not in {**query_of(request), **fields}:
        raise _no_file(FIELDS)
    check_known(fields, kinds)
    return Form(fields=fields)


def _no_file(media_type: str) -> UnsupportedMediaType:
    reason = f"{media_type} is no file. Send the file with its own Content-Type, text/csv say, or as {FORM}."
    return UnsupportedMediaType(reason=reason)


def _check_headers(request: AnyRequest, allowed: int) -> None:
    media_type = request.content_type[0].lower()
    if media_type == _PATCH:
        raise _no_file(media_type)
    encoding = request.headers.get("content-encoding", "identity")
    if encoding.lower() not in ({"identity"} if media_type in {FORM, FIELDS} else _ENCODINGS):
        way = "Send the form as it is" if media_type in {FORM, FIELDS} else "Send the file as it is, or as gzip or zstd"
        raise UnsupportedMediaType(reason=f"Content-Encoding {encoding!r} can't be taken here. {way}.")
    length = request.headers.get("content-length", "")
    extra = MOST_FIELD_BYTES if media_type == FORM else 0
    if length.isdigit() and int(length) > allowed + extra:
        raise UploadTooLarge(limit="ENTREPOT_MAX_UPLOAD_BYTES", allowed=allowed)


def _source(form: Form, fields: Given, staged: Staged) -> Source:
    url, label = decode(fields, FileUrl).url, _label(form, fields)
    if url is None:
        if not form.has_file:
            reason = "send the file as the form's part of this name, or its url to have it fetched"
            raise InvalidOption(option=FILE, value="", reason=reason)
        return Source(staged, label, staged.size)
    if staged.size:
        raise InvalidRequest(reason="There are both a file and a url. Send one of them.")
    return Source(Link(url), Label(label.file_name))


def _label(form: Form, fields: Given) -> Label:
    given = decode(fields, FileName).file_name
    name = base_name(given if given is not None else form.file_name or "")
    if given is not None and name is None:
        raise InvalidOption(option="file_name", value=given[:200], reason="give a file's name")
    return Label(file_name=name, media_type=form.media_type)


async def chunks_of(request: AnyRequest) -> AsyncIterator[bytes]:
    """The chunks of a request's body as they come.

    Raises:
        UploadIncomplete: The client went away before the end.
    """
    while True:
        message: Any = await request.receive()
        if message["type"] == "http.disconnect":
            raise UploadIncomplete
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body"):
            return


async def read_body(request: AnyRequest, most: int = MOST_FIELD_BYTES) -> bytes:
    """The whole of a body that is no file, of at most ``most`` bytes.

    Raises:
        BodyTooLarge: It is larger than such a body has to be.
        UploadIncomplete: The client went away before the end.
    """
    body = bytearray()
    async for chunk in chunks_of(request):
        body += chunk
        if len(body) > most:
            raise BodyTooLarge(allowed=most)
    return bytes(body)


async def read_text(request: AnyRequest, most: int = MOST_FIELD_BYTES) -> bytes:
    """The same of a body that is text, as JSON is.

    Raises:
        InvalidRequest: It is not UTF-8.
        BodyTooLarge: As ``read_body``.
        UploadIncomplete: Likewise.
    """
    body = await read_body(request, most)
    fault = fault_of(body)
    if fault is not None:
        raise InvalidRequest(reason=f"The body can't be read: {fault}.")
    return body


def fault_of(body: bytes) -> str | None:
    """Why a body is no text, if it is none: JSON's own parser tells the place within one of its texts."""
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return f"it is not UTF-8: its byte {error.start}, counted from 0, is 0x{body[error.start]:02x}"
    return None


@define
class Sink:
    """Where the bytes of an upload go: gathered into pieces of some size, each written in a thread.

    Attributes:
        backend: Has the threads.
        staged: The scratch file.
        allowed: The most bytes.
        limit: The setting that says so.
    """

    backend: Backend
    staged: Staged
    allowed: int
    limit: str = "ENTREPOT_MAX_UPLOAD_BYTES"
    _waiting: list[bytes] = field(factory=list, init=False)
    _held: int = field(default=0, init=False)
    _taken: int = field(default=0, init=False)

    async def write(self, chunk: bytes) -> None:
        """Take some bytes.

        Raises:
            UploadTooLarge: They are more than an upload may have.
            DiskFull: There is no room for them.
        """
        self._taken += len(chunk)
        if self._taken > self.allowed:
            raise UploadTooLarge(limit=self.limit, allowed=self.allowed)
        self._waiting.append(chunk)
        self._held += len(chunk)
        if self._held >= _BUFFERED:
            await self.flush()

    async def flush(self) -> None:
        """Write what waits to be written."""
        waiting, self._waiting, self._held = b"".join(self._waiting), [], 0
        if waiting:
            await self.backend.scratch(self.staged.write, waiting)
