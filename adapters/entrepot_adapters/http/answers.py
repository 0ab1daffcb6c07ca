"""What a server answers, as values and errors of the core."""

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import unquote

import httpx
import msgspec

from entrepot_core.download import Download
from entrepot_core.errors import EntrepotError, InvalidOption, ServerFailed, ServerUnreachable, every_error
from entrepot_core.json_text import decode_json

_Value = TypeVar("_Value")

_FILE_NAME = re.compile(r"filename\*=UTF-8''([^;]+)", re.IGNORECASE)


@contextmanager
def transport_errors(url: str) -> Generator[None]:
    """Turn what goes wrong on the way to the server and back into errors of the core."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise ServerUnreachable(url=url, reason=_late(error)) from error
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
        reason = "it broke off before it answered; what it was asked may have been done, so look before you ask again"
        raise ServerUnreachable(url=url, reason=reason) from error
    except httpx.InvalidURL as error:
        if "too long" not in str(error):
            raise ServerUnreachable(url=url, reason=str(error).rstrip(".")) from error
        reason = "a URL has at most 64 kB; ask for less at once"
        raise InvalidOption(option="filters", value="…", reason=reason) from error
    except UnicodeEncodeError as error:
        reason = "it has characters that can't be sent, such as half of a pair or bytes that are no text"
        raise InvalidOption(option="text", value=ascii(error.object)[1:-1][:100], reason=reason) from error
    except httpx.TransportError as error:
        raise ServerUnreachable(url=url, reason=str(error).rstrip(".") or type(error).__name__) from error


def _late(error: httpx.TimeoutException) -> str:
    """What took too long, and how long that was."""
    kinds = (httpx.ConnectTimeout, "connect"), (httpx.WriteTimeout, "write")
    what = next((name for kind, name in kinds if isinstance(error, kind)), "read")
    seconds = error.request.extensions["timeout"][what]
    if what == "connect":
        return f"no connection came about in {seconds:g} seconds"
    if what == "write":
        return f"it took nothing of what is sent for {seconds:g} seconds"
    doubt = (
        "" if error.request.method == "GET" else "; what it was asked may still be done, so look before you ask again"
    )
    return f"it said nothing for {seconds:g} seconds{doubt}"


def decode(response: httpx.Response, kind: type[_Value]) -> _Value:
    """The value in the body of an answer.

    Raises:
        EntrepotError: What the server says went wrong.
        ServerFailed: The answer is not one of this API.
    """
    check(response)
    try:
        return decode_json(response.read(), kind)
    except msgspec.MsgspecError as error:
        reason = f"the answer is not one of this API ({error})"
        raise ServerFailed(answered=response.status_code, reason=reason) from error


def check(response: httpx.Response) -> None:
    """Raise what the server says went wrong, if something did."""
    if not response.is_success:
        raise error_of(response.status_code, response.read())


def error_of(status: int, body: bytes) -> EntrepotError:
    """Build the exception again from which the server made a problem document."""
    try:
        problem = decode_json(body, dict[str, Any])
    except msgspec.MsgspecError:
        return ServerFailed(answered=status, reason="the answer is no problem document; is this an Entrepot server?")
    kind = next((one for one in every_error() if one.code == problem.get("code")), None)
    try:
        if kind is not None:
            return kind.of(problem)
    except msgspec.ValidationError:
        pass
    reason = str(problem.get("detail") or problem.get("title") or "no reason given")
    return ServerFailed(answered=status, reason=reason, correlation_id=problem.get("correlation_id"))


def download(response: httpx.Response, url: str) -> Download:
    """A streamed answer as a download, which holds the connection until it is closed."""
    named = _FILE_NAME.search(response.headers.get("Content-Disposition", ""))
    length = response.headers.get("Content-Length")
    return Download(
        file_name=unquote(named.group(1)) if named else "download",
        media_type=response.headers.get("Content-Type", "application/octet-stream"),
        chunks=_chunks(response, url),
        size=int(length) if length and "Content-Encoding" not in response.headers else None,
        release=response.close,
    )


def _chunks(response: httpx.Response, url: str) -> Iterator[bytes]:
    with transport_errors(url):
        yield from response.iter_bytes()
