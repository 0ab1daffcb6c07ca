"""Errors as problem documents (RFC 9457): what the core raises, what requests do wrong, and what nobody foresaw."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar, cast

import structlog
from litestar.exceptions import HTTPException
from litestar.response import Response
from litestar.types import ExceptionHandlersMap

from entrepot.failures import FAILURES, title_of
from entrepot.http.exchange import PREFIX, AnyRequest, exchange_of
from entrepot.http.prefixes import seen
from entrepot_core.errors import EntrepotError, Fact, StoreUnusable

PROBLEM = "application/problem+json"
_RETRY_SECONDS = "1"
_UNUSABLE = StoreUnusable(reason="The server can't use its store; its log says why.")
"""What is said in place of why, which names folders of the server."""
_NUMBERED = re.compile(rf"(?:{PREFIX})?/datasets/[^/]+/(row|version)s/(?!-?[0-9]+(?:/|$))([^/]+)(?:/.*)?")
"""A path that needs a number and has something else there."""


class HttpProblem(Fact):
    """What goes wrong in this transport; the core knows nothing of it."""

    code: ClassVar[str]
    status: ClassVar[int]


class UnknownParameter(HttpProblem):
    """The query or the form has a field that this operation does not know."""

    parameter: str
    parameters: list[str]
    code: ClassVar[str] = "unknown_parameter"
    status: ClassVar[int] = 400

    def __str__(self) -> str:
        known = f"It knows: {', '.join(self.parameters)}." if self.parameters else "It knows none."
        return f"There is no parameter {self.parameter!r} here. {known}"


class InvalidRequest(HttpProblem):
    """The request or its body breaks the rules of its own format."""

    reason: str
    code: ClassVar[str] = "invalid_request"
    status: ClassVar[int] = 400

    def __str__(self) -> str:
        return self.reason


class UploadIncomplete(HttpProblem):
    """The connection ended before the whole body had come; nothing was stored."""

    code: ClassVar[str] = "upload_incomplete"
    status: ClassVar[int] = 400

    def __str__(self) -> str:
        return "The connection ended before the whole body had come. Nothing was stored."


class RouteNotFound(HttpProblem):
    """Nothing is served at this path."""

    code: ClassVar[str] = "route_not_found"
    status: ClassVar[int] = 404

    def __str__(self) -> str:
        return f"Nothing is served at this path. {seen(PREFIX)}/ lists what is, and {seen(PREFIX)}/docs shows it."


class MethodNotAllowed(HttpProblem):
    """This path is there, but not for this method."""

    allowed: list[str]
    code: ClassVar[str] = "method_not_allowed"
    status: ClassVar[int] = 405

    def __str__(self) -> str:
        return f"This path takes {', '.join(self.allowed)}."


class NotAcceptable(HttpProblem):
    """The ``Accept`` header names nothing that can be sent here."""

    available: list[str]
    code: ClassVar[str] = "not_acceptable"
    status: ClassVar[int] = 406

    def __str__(self) -> str:
        return f"Nothing that the Accept header names can be sent here. Available: {', '.join(self.available)}."


class BodyTooLarge(HttpProblem):
    """The body, or the fields of a form beside its file, are larger than what is taken at a time."""

    allowed: int
    unit: str = "bytes"
    code: ClassVar[str] = "body_too_large"
    status: ClassVar[int] = 413

    def __str__(self) -> str:
        return f"What was sent, files apart, may have {self.allowed:,} {self.unit}. Send less at a time, or a file."


class UnsupportedMediaType(HttpProblem):
    """The body's ``Content-Type`` or ``Content-Encoding`` is none that can be taken here."""

    reason: str
    code: ClassVar[str] = "unsupported_media_type"
    status: ClassVar[int] = 415

    def __str__(self) -> str:
        return self.reason


class RangeNotSatisfiable(HttpProblem):
    """The ``Range`` header asks for bytes that are not there."""

    size: int
    code: ClassVar[str] = "range_not_satisfiable"
    status: ClassVar[int] = 416

    def __str__(self) -> str:
        return f"The Range header asks for bytes that are not there: there are {self.size:,}."


class InternalError(HttpProblem):
    """Something went wrong that nobody foresaw; the log has it under the correlation id."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500

    def __str__(self) -> str:
        return "Something went wrong that nobody foresaw. The server's log has it under this correlation id."


ProblemType = type[EntrepotError | HttpProblem]


def every_problem() -> list[ProblemType]:
    """Every problem that this API can answer with, by status and code."""
    known: list[ProblemType] = [*FAILURES, *HttpProblem.__subclasses__()]
    return sorted(known, key=lambda one: (status_of(one), one.code))


def status_of(kind: ProblemType) -> int:
    """The HTTP status of a problem."""
    return kind.status if issubclass(kind, HttpProblem) else FAILURES[kind].status


def path_of(code: str) -> str:
    """Where the page about a problem is."""
    return seen(f"{PREFIX}/problems/{code}")


def problem(request: AnyRequest, error: Exception) -> Response[dict[str, object]]:
    """Answer with a problem document."""
    document = problem_document(request, error)
    status = cast("int", document["status"])
    headers = {"cache-control": "no-store", **_headers(_known(error, exchange_of(request.scope).path), status)}
    return Response(document, status_code=status, media_type=PROBLEM, headers=headers)


def problem_document(request: AnyRequest, error: Exception) -> dict[str, object]:
    """Tell what went wrong, also to the log where it is this server's fault."""
    known = _known(error, exchange_of(request.scope).path)
    status = status_of(type(known))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        structlog.stdlib.get_logger("entrepot.http").error("failure", code=known.code, exc_info=error)
    exchange = exchange_of(request.scope)
    document: dict[str, object] = {
        "type": path_of(known.code),
        "title": title_of(type(known)),
        "status": status,
        "detail": str(known),
        "instance": seen(exchange.path),
        "code": known.code,
        "correlation_id": exchange.correlation_id,
    }
    return {**document, **known.fields(), **document}


def told_problem(problem: Mapping[str, object]) -> dict[str, object]:
    """A job's problem as a problem document; that of a kind which is unknown here, as an internal one."""
    kind = next((one for one in every_problem() if one.code == problem["code"]), InternalError)
    about = {"type": path_of(kind.code), "title": title_of(kind), "status": status_of(kind)}
    reason = {"reason": str(_UNUSABLE), "detail": str(_UNUSABLE)} if kind is StoreUnusable else {}
    return {**problem, **about, **reason}


def _known(error: Exception, path: str) -> EntrepotError | HttpProblem:
    """The error as one that has a code; what has none is an internal one."""
    if isinstance(error, StoreUnusable):
        return _UNUSABLE
    if isinstance(error, EntrepotError | HttpProblem):
        return error
    if isinstance(error, HTTPException):
        return _of_framework(error, path)
    return InternalError()


def _of_framework(error: HTTPException, path: str) -> HttpProblem:
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return _not_served(path)
        case HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = (error.headers or {}).get("allow", "").split(", ")
            return MethodNotAllowed(allowed=sorted({*allowed, *(["HEAD"] if "GET" in allowed else [])}))
        case status if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return InvalidRequest(reason=error.detail)
        case _:
            return InternalError()


def _not_served(path: str) -> HttpProblem:
    found = _NUMBERED.fullmatch(path)
    if found is None:
        return RouteNotFound()
    what, way = found[1], "its _id" if found[1] == "row" else "it"
    return InvalidRequest(reason=f"{found[2][:200]!r} is no {what}'s number. Give {way}, as in {what}s/1.")


def _headers(error: EntrepotError | HttpProblem, status: int) -> dict[str, str]:
    if isinstance(error, MethodNotAllowed):
        return {"allow": ", ".join(error.allowed)}
    if isinstance(error, RangeNotSatisfiable):
        return {"content-range": f"bytes */{error.size}", "accept-ranges": "bytes"}
    return {"retry-after": _RETRY_SECONDS} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}


HANDLERS: ExceptionHandlersMap = {Exception: problem}
"""Every exception becomes a problem document."""
