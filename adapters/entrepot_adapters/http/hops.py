"""What is asked of a source, and what its answer means: the file, a redirect, or a refusal."""

import base64
import re
from email.message import Message
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version

import httpcore
import httpx
from attrs import evolve, frozen

from entrepot_core.errors import FetchFailed, InvalidOption
from entrepot_core.formats import format_of_file_name
from entrepot_core.ports.fetcher import Fetched
from entrepot_core.source import Label, Link, base_name
from entrepot_core.validators import NO_VALIDATORS, Validators

_REDIRECTS = {
    HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
}  # fmt: skip
_KEPT_PACKED = {"", "identity", "gzip", "x-gzip", "zstd"}
_LONGEST_SAID = 100
_VALIDATOR = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,998}[\x21-\x7e])?")
"""What may be kept of a source's word, and be said to it again."""

ANYTHING = "*/*"
"""The ``Accept`` of one who takes a file of any kind."""


def first_hop(link: Link, accept: str = ANYTHING, known: Validators = NO_VALIDATORS) -> "Hop":
    """The first place to ask.

    Args:
        link: What the caller gave.
        accept: Which kinds of file are wished, as a header says it.
        known: What the source said of the file when it came last.

    Raises:
        InvalidOption: It is no URL.
    """
    try:
        url = httpx.URL(link.url)
    except (httpx.InvalidURL, UnicodeError):
        raise InvalidOption(option="url", value=link.shown, reason="this is no URL") from None
    return Hop(link, url, accept, _sayable(known.etag, known.last_modified))


@frozen
class Hop:
    """One place to ask for a file: what the caller gave, or where that redirects to.

    Attributes:
        link: What the caller gave.
        url: Where to ask.
        accept: Which kinds of file are wished.
        known: What the source said of the file when it came last, as far as it can be said to it again.
        is_first: Whether it is what the caller gave.
    """

    link: Link
    url: httpx.URL
    accept: str = ANYTHING
    known: Validators = NO_VALIDATORS
    is_first: bool = True

    @property
    def target(self) -> httpcore.URL:
        """The URL to ask."""
        url = self.url
        return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)

    @property
    def headers(self) -> list[tuple[str, str]]:
        """What to say: the caller's password only to the host that the caller named."""
        asked = [
            ("Accept", self.accept),
            ("Accept-Encoding", "identity"),
            ("User-Agent", f"entrepot/{_version()}"),
            *self._conditions,
        ]
        given = httpx.URL(self.link.url)
        if given.userinfo and _origin(given) == _origin(self.url):
            pair = base64.b64encode(f"{given.username}:{given.password}".encode()).decode("ascii")
            asked.append(("Authorization", f"Basic {pair}"))
        return asked

    def onward(self, response: httpcore.Response) -> "Hop | None":
        """Where an answer redirects to, if it does.

        Raises:
            FetchFailed: It must not be followed.
        """
        location = _header(response, b"location")
        if response.status not in _REDIRECTS or not location:
            return None
        try:
            url = self.url.join(location)
            Link(str(url))
        except (httpx.InvalidURL, UnicodeError, InvalidOption):
            raise self._failed("it redirects to what is no http or https URL", response) from None
        if self.url.scheme == "https" and url.scheme == "http":
            raise self._failed("it redirects from https to http, which is not followed", response)
        return evolve(self, url=url, is_first=False)

    def check(self, response: httpcore.Response) -> None:
        """Insist on an answer that is the file, or says that it is still the one that is known.

        Raises:
            FetchFailed: It is not.
        """
        if self.is_unchanged(response):
            return
        is_file = HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES
        if not is_file or response.status == HTTPStatus.PARTIAL_CONTENT:
            reason = response.extensions.get("reason_phrase", b"").decode("latin-1")[:_LONGEST_SAID]
            raise self._failed(f"it answers {response.status} {reason}".rstrip(), response)
        encoding = _header(response, b"content-encoding").lower()
        if encoding not in _KEPT_PACKED:
            raise self._failed(f"it sends the file packed with {encoding[:_LONGEST_SAID]!r}, unasked", response)

    def is_unchanged(self, response: httpcore.Response) -> bool:
        """Whether an answer says that the file is still the one that is known; only one who knows one is told so."""
        return response.status == HTTPStatus.NOT_MODIFIED and bool(self._conditions)

    def length(self, response: httpcore.Response) -> int | None:
        """How many bytes are coming, if the answer says so."""
        text = _header(response, b"content-length")
        return int(text) if text.isascii() and text.isdigit() else None

    def fetched(self, response: httpcore.Response) -> Fetched:
        """What an answer says of its file, and what its URL does."""
        label = Label(_disposed(response) or self._name, _header(response, b"content-type") or None)
        told = _sayable(_header(response, b"etag"), _header(response, b"last-modified"))
        if not self.is_unchanged(response):
            return Fetched(label, told)
        kept = Validators(told.etag or self.known.etag, told.last_modified or self.known.last_modified)
        return Fetched(label, kept, is_unchanged=True)

    @property
    def _conditions(self) -> list[tuple[str, str]]:
        """On what the file is to be sent. Redirects may lead to an older file now, so no date is said after one."""
        since = self.known.last_modified if self.is_first else None
        asked = {"If-None-Match": self.known.etag, "If-Modified-Since": since}
        return [(name, text) for name, text in asked.items() if text is not None]

    @property
    def _name(self) -> str | None:
        """The name in the URL: the caller's if it is that of a kind of file, else that of the end of the redirects."""
        names = [name for name in (self.link.file_name, Link(str(self.url)).file_name) if name]
        return next((name for name in names if format_of_file_name(name)), names[-1] if names else None)

    def _failed(self, reason: str, response: httpcore.Response) -> FetchFailed:
        return FetchFailed(url=self.link.shown, reason=reason, answered=response.status)


def _sayable(etag: str | None, last_modified: str | None) -> Validators:
    """Validators without those that are too long, or are not plain text."""
    kept = (text if text and _VALIDATOR.fullmatch(text) else None for text in (etag, last_modified))
    return Validators(*kept)


def _origin(url: httpx.URL) -> tuple[str, bytes, int | None]:
    return url.scheme, url.raw_host, url.port


def _disposed(response: httpcore.Response) -> str | None:
    """The file name that an answer gives in its ``Content-Disposition``."""
    message = Message()
    message["Content-Disposition"] = _header(response, b"content-disposition")
    return base_name(message.get_filename() or "")


def _header(response: httpcore.Response, name: bytes) -> str:
    value = next((value for key, value in response.headers if key.lower() == name), b"")
    try:
        return value.decode().strip()
    except UnicodeDecodeError:
        return value.decode("latin-1").strip()


def _version() -> str:
    try:
        return version("entrepot")
    except PackageNotFoundError:  # a source tree that was not installed
        return "unknown"
