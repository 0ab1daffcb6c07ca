"""Connections that lead only where they may, and end in time.

Names are resolved here, once for each connection, and the connection goes to the very address that was checked: a name
that means another address a moment later changes nothing. Every connection comes through here, those of redirects too.
"""

import socket
import ssl
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from ipaddress import ip_address

import httpcore
from attrs import field, frozen

from entrepot_adapters.http.addresses import Address, Network, why_refused
from entrepot_core.errors import AddressRefused, LimitExceeded

Resolve = Callable[[str, int], Sequence[str]]
"""Finds the addresses of a host; raises an ``OSError`` where it has none."""

_MOST_TRIED = 8
"""How many addresses of one host are tried."""


def resolve(host: str, port: int) -> Sequence[str]:
    """Find the addresses of a host the way the system does."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


@frozen
class Deadline:
    """The end of the time that a fetch may take, from now on."""

    seconds: int
    _end: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_end", time.monotonic() + self.seconds)

    @contextmanager
    def within(self, timeout: float | None) -> Generator[float]:
        """Give the seconds that one step may take; no more than ``timeout``, where there is one.

        Raises:
            LimitExceeded: The time is over.
        """
        left = self._left()
        try:
            yield left if timeout is None else min(timeout, left)
        except httpcore.TimeoutException:
            self._left()
            raise

    def _left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise LimitExceeded(limit="ENTREPOT_FETCH_SECONDS", allowed=self.seconds)
        return left


@frozen
class Guard(httpcore.NetworkBackend):
    """Makes the connections of one fetch.

    Attributes:
        allowed: Networks that may be fetched from, though they are not public.
        resolve: Finds the addresses of hosts.
        deadline: When the fetch must be over.
    """

    allowed: Sequence[Network]
    resolve: Resolve
    deadline: Deadline
    _network: httpcore.NetworkBackend = field(factory=httpcore.SyncBackend)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers.

        Raises:
            AddressRefused: One of its addresses may not be fetched from.
            LimitExceeded: The time is over.
        """
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._checked(host, port):
            try:
                with self.deadline.within(timeout) as seconds:
                    stream = self._network.connect_tcp(str(address), port, seconds, local_address, socket_options)
                    return _Timed(stream, self.deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError("its name has no address")

    def _checked(self, host: str, port: int) -> list[Address]:
        """The addresses of a host, every one of which may be fetched from."""
        with self.deadline.within(None):
            try:
                texts = self.resolve(host, port)
            except (OSError, UnicodeError) as error:
                raise httpcore.ConnectError("its name is not known") from error
        addresses = [ip_address(text) for text in texts][:_MOST_TRIED]
        for address in addresses:
            reason = why_refused(address, port, self.allowed)
            if reason is not None:
                raise AddressRefused(host=host, reason=reason)
        return addresses


@frozen
class _Timed(httpcore.NetworkStream):
    """A connection that ends in time, however little of it comes at a time."""

    _stream: httpcore.NetworkStream
    _deadline: Deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with self._deadline.within(timeout) as seconds:
            return self._stream.read(max_bytes, seconds)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        with self._deadline.within(timeout) as seconds:
            self._stream.write(buffer, seconds)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        with self._deadline.within(timeout) as seconds:
            return _Timed(self._stream.start_tls(ssl_context, server_hostname, seconds), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
