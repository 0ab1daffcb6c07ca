"""What surrounds every request: the API's prefix, its correlation id, HEAD, and its line in the log."""

import re
import time
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

import structlog
from attrs import define, field
from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPReceiveMessage, HTTPScope, Message, Receive, Scope, Send

from entrepot.http.addresses import Network, UnusableAddress, client_of, prefix_of, values_of
from entrepot.http.cors import Headers, is_open, preflight, shared
from entrepot.http.keeping import KeptAnswer, KeptAnswers, Recording, key_of
from entrepot.http.logs import NAME, log_request
from entrepot.http.prefixes import seen_below
from entrepot.origins import Origins

AnyRequest = Request[Any, Any, Any]

Count = Callable[[str, str | None, int | None, float], None]

PREFIX = "/api/v1"
"""Where the API canonically is; it is served at the root too."""

_LOG = structlog.stdlib.get_logger(NAME)
_KEY = "entrepot.exchange"
_VARY = (b"vary", b"X-Forwarded-Prefix")
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=-]{0,127}")


@define
class Exchange:
    """One request and its answer.

    Attributes:
        path: The path as it came, below the prefix.
        is_head: Whether the client wants the headers only.
        correlation_id: What stands on everything that is said of this request.
        is_read: Whether the whole body has been read, if there is one.
        shared: What the answer says of the pages of other origins that may read it, and of what its links depend on.
        prefix: What the client sees this server's paths below.
        status: The answer's status, once there is one.
        may_be_kept: Whether the answer depends on the catalogue and on what the request says, and on nothing else.
    """

    path: str
    is_head: bool
    correlation_id: str
    is_read: bool
    shared: Headers
    prefix: str = ""
    status: int | None = None
    may_be_kept: bool = False


def exchange_of(scope: Scope) -> Exchange:
    """The exchange that this scope belongs to."""
    return cast("Exchange", cast("dict[str, Any]", scope)[_KEY])


@define
class Edge:
    """ASGI around the router: what holds for every request, whatever route it takes or misses.

    Attributes:
        app: The router.
        instead: What answers in place of the router, where a request is refused before anything looks at it.
        count: Counts a request that is over: its method, its route's template, its status, and its seconds.
        kept: Answers that can be given again without the router.
        allowed: The origins whose pages may read everything.
        trusted: The networks of trusted proxies; what they say of a request decides on URLs in its answer.
    """

    app: ASGIApp
    instead: Callable[[HTTPScope], ASGIApp | None]
    count: Count
    kept: KeptAnswers | None = None
    allowed: Origins = field(factory=Origins)
    trusted: tuple[Network, ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        exchange = _begin(scope, self.allowed, self.trusted)
        refusing = self.instead(scope)
        key = None if self.kept is None or refusing is not None else key_of(scope, self.trusted, exchange.prefix)
        if self.kept is None or key is None:
            await self._answer(refusing or self.app, scope, receive, send, exchange, started)
            return
        found, stamp = self.kept.look(key)
        if found is not None:
            await _give(found, exchange, send)
            self._finish(scope, exchange, started, found.route)
            return
        recording = Recording()
        await self._answer(self.app, scope, receive, send, exchange, started, recording.note)
        answer = recording.answer(_route_of(scope))
        if exchange.may_be_kept and answer is not None:
            self.kept.keep(key, stamp, answer)

    async def _answer(
        self,
        app: ASGIApp,
        scope: HTTPScope,
        receive: Receive,
        send: Send,
        exchange: Exchange,
        started: float,
        note: Callable[[Message], None] | None = None,
    ) -> None:
        async def take() -> HTTPReceiveMessage:
            message = cast("HTTPReceiveMessage", await receive())
            exchange.is_read = exchange.is_read or not message.get("more_body", False)
            return message

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_options(scope, message["status"]):
                message["headers"] = _options(scope, exchange)
            if note is not None:
                note(message)
            await send(_finished(message, exchange))

        told = structlog.contextvars.bound_contextvars(correlation_id=exchange.correlation_id)
        with told, seen_below(exchange.prefix):
            try:
                await app(scope, take, answer)
            except Exception:
                _LOG.exception("broken off", method=_method(scope, exchange), path=exchange.path)
                raise
            finally:
                self._finish(scope, exchange, started, _route_of(scope))

    def _finish(self, scope: HTTPScope, exchange: Exchange, started: float, route: str | None) -> None:
        """Log and count a request that is over."""
        seconds = time.perf_counter() - started
        method = _method(scope, exchange)
        said = {"method": method, "path": exchange.path, "status": exchange.status, "ms": round(seconds * 1e3, 1)}
        log_request({**said, "client": client_of(scope, self.trusted)}, exchange.correlation_id)
        self.count(method, route, exchange.status, seconds)


def _route_of(scope: HTTPScope) -> str | None:
    """The template of the path that the router found; none where it found none, or was not asked."""
    return scope.get("path_template")


async def _give(kept: KeptAnswer, exchange: Exchange, send: Send) -> None:
    """Give an answer that was kept, as if the app had made it now."""
    await send(_finished({"type": "http.response.start", "status": kept.status, "headers": kept.headers}, exchange))
    await send(_finished({"type": "http.response.body", "body": kept.body, "more_body": False}, exchange))


def _method(scope: HTTPScope, exchange: Exchange) -> str:
    return "HEAD" if exchange.is_head else scope["method"]


def _is_options(scope: HTTPScope, status: int) -> bool:
    return scope["method"] == "OPTIONS" and status == HTTPStatus.NO_CONTENT


def _options(scope: HTTPScope, exchange: Exchange) -> Headers:
    methods = _methods(scope)
    return [(b"allow", methods.encode()), *preflight(methods, exchange.shared)]


def _methods(scope: HTTPScope) -> str:
    """The methods that a path takes; the framework's own answer knows only the first that was registered."""
    routes = scope["litestar_app"].route_handler_method_map.items()
    template = scope["path_template"]  # which leaves out the parameters' types
    methods: set[str] = {one for path, known in routes if re.sub(r":\w+}", "}", path) == template for one in known}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def _begin(scope: HTTPScope, allowed: Origins, trusted: tuple[Network, ...]) -> Exchange:
    """Note who asks what, and bring the scope into the one form that the routes know."""
    path = scope["path"]
    fields = cast("dict[str, Any]", scope)
    if path == PREFIX or path.startswith(f"{PREFIX}/"):
        fields["path"] = path[len(PREFIX) :] or "/"
    said = shared(scope["path"], values_of(scope, b"origin"), allowed)
    exchange = Exchange(
        path,
        scope["method"] == "HEAD",
        _correlation_id(scope),
        is_read=not _has_body(scope),
        shared=[*said, _VARY] if trusted and not is_open(scope["path"]) else said,
        prefix=_prefix(scope, trusted),
    )
    fields[_KEY] = exchange
    if exchange.is_head:
        fields["method"] = "GET"
    return exchange


def _prefix(scope: HTTPScope, trusted: tuple[Network, ...]) -> str:
    try:
        return prefix_of(scope, trusted)
    except UnusableAddress:  # the gate refuses such a request
        return ""


def _has_body(scope: HTTPScope) -> bool:
    headers = dict(scope["headers"])
    return b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"


def _correlation_id(scope: HTTPScope) -> str:
    text = next(iter(values_of(scope, b"x-correlation-id")), "")
    return text if _SANE.fullmatch(text) else str(uuid.uuid4())


def _finished(message: Message, exchange: Exchange) -> Message:
    if message["type"] == "http.response.start":
        exchange.status = message["status"]
        common = [
            (b"x-correlation-id", exchange.correlation_id.encode("ascii")),
            (b"x-content-type-options", b"nosniff"),
        ]
        # What was not read of a body is not waited for; a client must not send its next request behind it.
        closing = [] if exchange.is_read else [(b"connection", b"close")]
        message["headers"] = [*message["headers"], *common, *exchange.shared, *closing]
    elif message["type"] == "http.response.body" and exchange.is_head:
        message["body"] = b""
    return message
