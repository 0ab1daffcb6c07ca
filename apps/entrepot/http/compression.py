"""Packs text on its way to clients that can unpack it (RFC 9110, 8.4 and 12.5.3)."""

import asyncio
import re
from http import HTTPStatus
from typing import Any, cast

from attrs import define, field
from isal import isal_zlib
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

_TYPES = {
    b"application/json",
    b"application/problem+json",
    b"application/x-ndjson",
    b"image/svg+xml",
    b"text/csv",
    b"text/html",
    b"text/tab-separated-values",
}
_AS_THEY_ARE = {b"content-encoding", b"accept-ranges", b"content-range"}
"""Headers of what is packed already, or can be had in parts."""
_LEAST = 4096
"""Bytes below which packing saves no time: such answers are in one or two packets of the network anyway."""
_LARGE = 1 << 16
"""Bytes from which on packing is left to a thread."""
_LEVEL, _GZIP = 2, 31

_MARK = "-gzip"
"""What stands at the end of the entity tag of a packed answer: it is another representation, of other bytes."""
_MARKED = re.compile(rf'{_MARK}"'.encode())
_CONDITIONS = {b"if-match", b"if-none-match"}  # but If-Range: the bytes of a packed answer are in no file

_READS = {"GET", "HEAD"}

_Headers = list[tuple[bytes, bytes]]


@define
class Compressing:
    """ASGI around an app: what is read, is text, and not small, is packed with gzip where the client takes it.

    Files that can be had in parts are sent as they are.

    Attributes:
        app: What answers.
    """

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        named = dict(scope["headers"]) if scope["type"] == ScopeType.HTTP else {}
        if scope["type"] == ScopeType.HTTP:
            _unmark(scope)
        if scope["type"] != ScopeType.HTTP or scope["method"] not in _READS:
            await self.app(scope, receive, send)
            return
        packed = _Packed(
            send,
            is_wanted=_takes_gzip(named.get(b"accept-encoding", b"")),
            is_head=scope["method"] == "HEAD",
            has_it_packed=_MARKED.search(named.get(b"if-none-match", b"")) is not None,
        )
        await self.app(scope, receive, packed.send)


@define
class _Packed:
    """One answer on its way.

    Attributes:
        forward: Sends on.
        is_wanted: Whether the client takes gzip.
        is_head: Whether only the headers are sent.
        has_it_packed: Whether what the client has, and asks about, is packed.
    """

    forward: Send
    is_wanted: bool
    is_head: bool
    has_it_packed: bool
    _start: Message | None = field(default=None, init=False)
    _packer: Any = field(default=None, init=False)  # isal's stub has no name for it

    async def send(self, message: Message) -> None:
        """Send a message, packed if it is part of an answer that is."""
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif message["type"] == "http.response.body" and self._packer is not None:
            await self._pack(message["body"], more=message.get("more_body", False))
        else:
            await self.forward(message)

    async def _begin(self, message: Message) -> None:
        start = cast("dict[str, Any]", message)
        headers, status = cast("_Headers", [*start["headers"]]), start["status"]
        named = dict(headers)
        if status == HTTPStatus.NOT_MODIFIED:
            marked = _marked(headers) if self.has_it_packed else headers
            message = cast("Message", {**message, "headers": _varying(marked)})
        elif _is_text(named):
            headers = _varying(headers)
            if self.is_wanted and int(named.get(b"content-length", _LEAST)) >= _LEAST:
                self._packer = isal_zlib.compressobj(_LEVEL, wbits=_GZIP)
                headers = [*_marked(headers), (b"content-encoding", b"gzip")]
                self._start = cast("Message", {**message, "headers": _without(headers, b"content-length")})
                return
            message = cast("Message", {**message, "headers": headers})
        await self.forward(message)

    async def _pack(self, body: bytes, *, more: bool) -> None:
        def packed() -> bytes:
            return cast("bytes", self._packer.compress(body) + (b"" if more else self._packer.flush()))

        is_small = len(body) < _LARGE
        chunk = b"" if self.is_head else packed() if is_small else await asyncio.to_thread(packed)
        if self._start is not None:
            start, self._start = cast("dict[str, Any]", self._start), None
            if not more and not self.is_head:
                start["headers"].append((b"content-length", str(len(chunk)).encode()))
            await self.forward(cast("Message", start))
        if chunk or not more:
            await self.forward(cast("Message", {"type": "http.response.body", "body": chunk, "more_body": more}))


def _is_text(headers: dict[bytes, bytes]) -> bool:
    """Whether an answer is of a type that gets smaller, and neither packed nor a file of which parts can be had."""
    kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    return kind in _TYPES and not headers.keys() & _AS_THEY_ARE


def _takes_gzip(header: bytes) -> bool:
    """Whether ``Accept-Encoding`` names gzip, and not to refuse it."""
    if b"gzip" not in header.lower():
        return False
    for part in header.decode("latin-1").lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() in {"gzip", "x-gzip"}:
            return re.fullmatch(r"\s*q\s*=\s*0(?:\.0*)?\s*", weight) is None
    return False


def _unmark(scope: HTTPScope) -> None:
    """Have the app compare tags as it gave them."""
    headers = scope["headers"]
    if any(name in _CONDITIONS and _MARKED.search(value) for name, value in headers):
        plain = [(name, _MARKED.sub(b'"', value) if name in _CONDITIONS else value) for name, value in headers]
        cast("dict[str, Any]", scope)["headers"] = plain


def _marked(headers: _Headers) -> _Headers:
    return [(name, value[:-1] + _MARK.encode() + b'"' if name == b"etag" else value) for name, value in headers]


def _varying(headers: _Headers) -> _Headers:
    """The headers, which say that the answer goes by ``Accept-Encoding``."""
    varies = [value for name, value in headers if name == b"vary"]
    return [*_without(headers, b"vary"), (b"vary", b", ".join([*varies, b"Accept-Encoding"]))]


def _without(headers: _Headers, gone: bytes) -> _Headers:
    return [(name, value) for name, value in headers if name != gone]
