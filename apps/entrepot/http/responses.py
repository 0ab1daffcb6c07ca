"""Answers: JSON documents, files that are streamed, and ``304 Not Modified``."""

import asyncio
from collections.abc import Callable, Generator, Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import msgspec
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from entrepot.http.backend import Backend
from entrepot.http.conditions import REVALIDATE, is_fresh, tag_of_bytes
from entrepot.http.exchange import AnyRequest, exchange_of
from entrepot_core.download import Download

JSON = "application/json"

_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""What is downloaded may be anything; opened in a browser it runs nothing and reads nothing."""


def document(
    request: AnyRequest, value: object, *, tag: str | None = None, headers: Mapping[str, str] | None = None
) -> ASGIResponse:
    """Answer a read with a JSON document, or with 304 where the client has it already."""
    body = msgspec.json.encode(value)
    return entity(request, body, JSON, tag=tag, headers=headers)


def entity(
    request: AnyRequest,
    body: bytes,
    media_type: str,
    *,
    tag: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> ASGIResponse:
    """Answer a read with these bytes, or with 304 where the client has them already."""
    tag = tag or tag_of_bytes(body)
    all_headers = {"etag": tag, "cache-control": REVALIDATE, **(headers or {})}
    if is_fresh(request, tag):
        return not_modified(all_headers)
    return ASGIResponse(body=body, media_type=media_type, headers=all_headers)


def not_modified(headers: Mapping[str, str]) -> ASGIResponse:
    """Say that what the client has is what it would get."""
    return ASGIResponse(status_code=304, headers=dict(headers))


def _everything(_size: int) -> None:
    """Want no part of a file."""


class Begun:
    """A download whose first bytes are there, so that what keeps it from beginning is told before an answer begins.

    Attributes:
        download: The download.
        span: The bytes that are wanted, where not all are.
    """

    def __init__(self, download: Download, choose: Callable[[int], range | None] = _everything) -> None:
        self.download = download
        self.span: range | None = None
        try:
            self.chunks = self._begin(choose)
            self.first = self.next()
        except BaseException:
            self.close()
            raise

    def _begin(self, choose: Callable[[int], range | None]) -> Iterator[bytes]:
        part, size = self.download.part, self.download.size
        self.span = None if part is None or size is None else choose(size)
        if part is None or self.span is None:
            return iter(self.download)
        return part(self.span.start, self.span.stop)

    def next(self) -> bytes:
        """Further bytes; none at the end."""
        return next((chunk for chunk in self.chunks if chunk), b"")

    def close(self) -> None:
        """Let go of what the download holds."""
        chunks = getattr(self, "chunks", None)
        if isinstance(chunks, Generator):
            chunks.close()
        self.download.close()

    @property
    def size(self) -> int | None:
        """How many bytes there are to send, if that is known."""
        return self.download.size if self.span is None else len(self.span)

    @property
    def headers(self) -> dict[str, str]:
        """What tells of parts: that they can be had, and which this is."""
        if self.download.part is None:
            return {}
        span, size = self.span, self.download.size
        which = {} if span is None else {"content-range": f"bytes {span.start}-{span.stop - 1}/{size}"}
        return {"accept-ranges": "bytes", **which}


class Streamed(ASGIResponse):
    """A download, sent as it is made; it is closed however the sending ends."""

    def __init__(self, backend: Backend, begun: Begun, headers: Mapping[str, str], *, inline: bool) -> None:
        download = begun.download
        named = {
            "content-type": download.media_type,
            "content-disposition": disposition(download.file_name, inline=inline),
            "content-security-policy": _SANDBOX if not inline else _SANDBOX.removesuffix("; sandbox"),
            **headers,
            **begun.headers,
        }
        if begun.size is not None:
            named["content-length"] = str(begun.size)
        status = HTTPStatus.OK if begun.span is None else HTTPStatus.PARTIAL_CONTENT
        super().__init__(headers=named, content_length=begun.size, status_code=status)
        if begun.size is None:
            del self.headers["content-length"]
        self._backend = backend
        self._begun = begun

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the headers and, unless only those are wanted, the bytes."""
        gone = asyncio.ensure_future(until_gone(receive))
        try:
            await self.start_response(send)
            if not exchange_of(scope).is_head:
                await self._send_chunks(send, gone)
            if not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            await self._backend.query(self._begun.close)

    async def _send_chunks(self, send: Send, gone: asyncio.Future[None]) -> None:
        chunk = self._begun.first
        while chunk and not gone.done():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            chunk = await self._backend.query(self._begun.next)


async def until_gone(receive: Receive) -> None:
    """Wait for the client to leave."""
    while (await receive())["type"] != "http.disconnect":
        pass


def disposition(file_name: str, *, inline: bool) -> str:
    """A ``Content-Disposition`` that saves a file under its name in every browser (RFC 6266)."""
    plain = "".join(char if char.isascii() and char.isprintable() and char not in '"\\%' else "_" for char in file_name)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"


def created(value: Any, location: str, tag: str) -> ASGIResponse:  # noqa: ANN401 - whatever msgspec encodes
    """Answer that something was made, and where it is."""
    return ASGIResponse(
        body=msgspec.json.encode(value), status_code=201, media_type=JSON, headers={"location": location, "etag": tag}
    )


def changed(value: Any, tag: str) -> ASGIResponse:  # noqa: ANN401 - as above
    """Answer with what something has become."""
    return ASGIResponse(body=msgspec.json.encode(value), media_type=JSON, headers={"etag": tag})
