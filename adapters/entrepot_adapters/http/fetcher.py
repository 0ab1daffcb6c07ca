"""Fetches files over HTTP, from where it may, within limits."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from ssl import SSLContext

import httpcore
import httpx
from attrs import define, field, frozen

from entrepot_adapters.http.addresses import Network
from entrepot_adapters.http.guard import Guard, Resolve, resolve
from entrepot_adapters.http.hops import ANYTHING, Hop, first_hop
from entrepot_adapters.http.sockets import Deadline
from entrepot_core.dialect import Report
from entrepot_core.errors import FetchFailed, LimitExceeded
from entrepot_core.ports.blobs import Staged
from entrepot_core.ports.fetcher import Fetched
from entrepot_core.source import Link
from entrepot_core.validators import NO_VALIDATORS, Validators

_MOST_REDIRECTS = 5
_SILENCE = 30.0
"""Seconds without a byte after which a source is given up, even where there is time left."""

_TIMEOUTS = {"timeout": {"connect": 10.0, "read": _SILENCE, "write": _SILENCE, "pool": _SILENCE}}
_BUFFERED = 1 << 18
_NUMBERS = re.compile(r"^\[(Errno|SSL)[^\]]*\] | \(_ssl\.c:\d+\)")


def _ssl_context() -> SSLContext:
    return httpx.create_ssl_context(trust_env=True)  # SSL_CERT_FILE is the operator's; proxies are never used


@frozen(kw_only=True)
class HttpFetcher:
    """A ``Fetcher`` over HTTP and HTTPS.

    It speaks to the sources itself, through no proxy. What is sent packed is kept packed: it is unpacked where files
    are read.

    Attributes:
        allowed: Networks that may be fetched from, though they are not public.
        max_bytes: The most bytes of a file.
        seconds: The most seconds a fetch takes.
        bytes_limit: The setting that ``max_bytes`` comes from, for errors to name.
        seconds_limit: The setting that ``seconds`` comes from, likewise.
        accept: Which kinds of file are asked for, as the header ``Accept`` says it.
        resolve: Finds the addresses of hosts.
    """

    allowed: tuple[Network, ...] = ()
    max_bytes: int = 10 * 10**9
    seconds: int = 600
    bytes_limit: str = "ENTREPOT_FETCH_BYTES"
    seconds_limit: str = "ENTREPOT_FETCH_SECONDS"
    accept: str = ANYTHING
    resolve: Resolve = resolve
    _tls: SSLContext = field(factory=_ssl_context, init=False, repr=False)

    def fetch(self, link: Link, into: Staged, report: Report, known: Validators = NO_VALIDATORS) -> Fetched:
        """Fetch a file; see ``Fetcher``."""
        telling = _Telling(report)
        guard = Guard(self.allowed, self.resolve, Deadline(self.seconds, telling.again, self.seconds_limit))
        with (
            _failures(link),
            httpcore.ConnectionPool(self._tls, network_backend=guard) as pool,
            _followed(pool, first_hop(link, self.accept, known)) as (response, hop),
        ):
            hop.check(response)
            if not hop.is_unchanged(response):
                self._take(response, hop, into, telling)
            return hop.fetched(response)

    def _take(self, response: httpcore.Response, hop: Hop, into: Staged, telling: "_Telling") -> None:
        total = hop.length(response)
        self._check(total or 0)
        telling.tell(0, total)
        held, done = bytearray(), 0
        for chunk in response.iter_stream():
            held += chunk
            done += len(chunk)
            self._check(done)
            if len(held) >= _BUFFERED:
                into.write(bytes(held))
                held.clear()
            telling.tell(done, total)
        into.write(bytes(held))
        telling.tell(done, total or done)

    def _check(self, size: int) -> None:
        if size > self.max_bytes:
            raise LimitExceeded(limit=self.bytes_limit, allowed=self.max_bytes)


@define
class _Telling:
    """Calls a report that may raise to stop the fetch, also while nothing comes."""

    _report: Report
    _done: int = 0
    _total: int | None = None

    def tell(self, done: int, total: int | None) -> None:
        """Pass something on."""
        self._done, self._total = done, total
        self.again()

    def again(self) -> None:
        """Repeat what was told last."""
        self._report("fetch", self._done, self._total)


@contextmanager
def _followed(pool: httpcore.ConnectionPool, hop: Hop) -> Generator[tuple[httpcore.Response, Hop]]:
    """The answer at the end of all redirects, still to be read, and the hop that led there."""
    status = 0
    for _ in range(_MOST_REDIRECTS + 1):
        with pool.stream("GET", hop.target, headers=hop.headers, extensions=_TIMEOUTS) as response:
            onward = hop.onward(response)
            if onward is None:
                yield response, hop
                return
            hop, status = onward, response.status
    raise FetchFailed(url=hop.link.shown, reason=f"it redirects more than {_MOST_REDIRECTS} times", answered=status)


@contextmanager
def _failures(link: Link) -> Generator[None]:
    """Turn what goes wrong on the way into an error of the core."""
    try:
        yield
    except httpcore.ConnectTimeout as error:
        raise FetchFailed(url=link.shown, reason="it does not answer") from error
    except httpcore.TimeoutException as error:
        raise FetchFailed(url=link.shown, reason=f"nothing came from it for {_SILENCE:.0f} seconds") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise FetchFailed(url=link.shown, reason=_told(error)) from error


def _told(error: Exception) -> str:
    """What went wrong on the way, without the numbers that only programs know."""
    said = _NUMBERS.sub("", str(error)) or type(error).__name__
    plain = said[:1].lower() + said[1:].rstrip(".")
    return f"no secure connection: {plain}" if "_ssl.c" in str(error) else plain
