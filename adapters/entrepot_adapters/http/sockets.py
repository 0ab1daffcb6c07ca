"""Connections whose waiting somebody can end: they wait a little at a time, and tell in between that they do."""

import errno
import os
import select
import socket
import ssl
from collections.abc import Callable, Generator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from functools import partial
from threading import Thread
from time import monotonic
from typing import TypeVar

import httpcore
from attrs import Factory, field, frozen

from entrepot_adapters.http.addresses import Address
from entrepot_core.errors import LimitExceeded, StoreBusy

SLICE = 0.2
"""Seconds of waiting after which is told that it goes on."""

_T = TypeVar("_T")


@frozen
class Deadline:
    """The end of the time that a fetch may take, from now on.

    Attributes:
        seconds: How long it is from now.
        again: Called between two waits, and before the first; what it raises ends them.
        limit: The setting that ``seconds`` comes from.
    """

    seconds: int
    again: Callable[[], None]
    limit: str
    _end: float = field(default=Factory(lambda self: monotonic() + self.seconds, takes_self=True), init=False)

    def waits(self, timeout: float | None) -> Generator[float]:
        """Give the seconds to wait, again and again, until ``timeout`` seconds are over, where there is a timeout.

        Raises:
            LimitExceeded: The time of the fetch is over.
        """
        until = self._end if timeout is None else monotonic() + timeout
        while True:
            self.again()
            now = monotonic()
            if now >= self._end:
                raise LimitExceeded(limit=self.limit, allowed=self.seconds)
            if now >= until:
                return
            yield min(SLICE, until - now, self._end - now)


def aside(call: Callable[[], _T], deadline: Deadline) -> _T:
    """Call what can't be told how long it may take. When its time is over it is left to itself."""
    future: Future[_T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            future.set_exception(error)

    Thread(target=run, name="lookup", daemon=True).start()
    for seconds in deadline.waits(None):
        if wait([future], seconds).done:
            break
    return future.result()


def connect(address: Address, port: int, timeout: float | None, deadline: Deadline) -> "Stream":
    """Connect to an address.

    Raises:
        httpcore.ConnectError: That failed.
        httpcore.ConnectTimeout: It does not answer.
        LimitExceeded: The time is over.
        StoreBusy: Too many files are open.
    """
    family, *_, place = socket.getaddrinfo(str(address), port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)[0]
    with _closed_on_failure(_new_socket(family)) as connection:
        connection.settimeout(0)
        begun = connection.connect_ex(place)

        def finish() -> None:
            if begun == errno.EINPROGRESS and not _is_ready(connection, select.POLLOUT, connection.gettimeout() or 0):
                raise TimeoutError
            code = begun if begun != errno.EINPROGRESS else connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code:
                raise OSError(code, os.strerror(code))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        _patiently(connection, finish, deadline.waits(timeout), httpcore.ConnectTimeout, httpcore.ConnectError)
        return Stream(connection, deadline)


def _new_socket(family: int) -> socket.socket:
    try:
        return socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        if error.errno in {errno.EMFILE, errno.ENFILE}:
            raise StoreBusy from error
        raise httpcore.ConnectError(str(error)) from error


@frozen
class Stream(httpcore.NetworkStream):
    """A connection that ends in time, however little of it comes at a time."""

    _socket: socket.socket
    _deadline: Deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Wait for bytes; none at the end."""
        waits = self._deadline.waits(timeout)
        receive = partial(self._socket.recv, max_bytes)
        return _patiently(self._socket, receive, waits, httpcore.ReadTimeout, httpcore.ReadError)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all bytes."""
        while buffer:
            waits, send = self._deadline.waits(timeout), partial(self._socket.send, buffer)
            buffer = buffer[_patiently(self._socket, send, waits, httpcore.WriteTimeout, httpcore.WriteError) :]

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Agree on a secure connection."""
        with _closed_on_failure(self._socket):
            try:
                secure = ssl_context.wrap_socket(
                    self._socket, server_hostname=server_hostname, do_handshake_on_connect=False
                )
            except OSError as error:  # it has broken off already
                raise httpcore.ConnectError(str(error)) from error
        with _closed_on_failure(secure):
            waits = self._deadline.waits(timeout)
            _patiently(secure, secure.do_handshake, waits, httpcore.ConnectTimeout, httpcore.ConnectError)
        return Stream(secure, self._deadline)

    def get_extra_info(self, info: str) -> object:
        """Tell what httpcore asks about a connection."""
        match info:
            case "ssl_object":
                return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
            case "is_readable":
                return self._socket.fileno() < 0 or _is_ready(self._socket, select.POLLIN, 0)
            case _:
                return None


def _patiently(
    connection: socket.socket,
    call: Callable[[], _T],
    waits: Generator[float],
    late: type[Exception],
    broken: type[Exception],
) -> _T:
    """Call what waits for a connection, until it is done or the time for it is over."""
    for seconds in waits:
        connection.settimeout(seconds)
        try:
            return call()
        except TimeoutError as error:
            if error.errno is not None:  # it is the connection that has given up, not this wait
                raise broken(str(error)) from error
        except OSError as error:
            raise broken(str(error)) from error
    raise late("timed out")


def _is_ready(connection: socket.socket, event: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(connection, event)
    return bool(poll.poll(1000 * seconds))


@contextmanager
def _closed_on_failure(connection: socket.socket) -> Generator[socket.socket]:
    try:
        yield connection
    except BaseException:
        connection.close()
        raise
