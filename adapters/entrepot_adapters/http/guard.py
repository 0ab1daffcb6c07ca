"""Connections that lead only where they may, and end in time.

Names are resolved here, once for each connection, and the connection goes to the very address that was checked: a name
that means another address a moment later changes nothing. Every connection comes through here, those of redirects too.
"""

import socket
from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address

import httpcore
from attrs import frozen

from entrepot_adapters.http.addresses import Address, Network, why_refused
from entrepot_adapters.http.sockets import Deadline, aside, connect
from entrepot_core.errors import AddressRefused

Resolve = Callable[[str, int], Sequence[str]]
"""Finds the addresses of a host; raises an ``OSError`` where it has none."""

_MOST_TRIED = 8
"""How many addresses of one host are tried."""


def resolve(host: str, port: int) -> Sequence[str]:
    """Find the addresses of a host the way the system does."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


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

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 - the pool is given none of these
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - nor of these
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers.

        Raises:
            AddressRefused: One of its addresses may not be fetched from.
            LimitExceeded: The time is over.
        """
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._checked(host, port):
            try:
                return connect(address, port, timeout, self.deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError("its name has no address")

    def _checked(self, host: str, port: int) -> list[Address]:
        """The addresses of a host, every one of which may be fetched from."""
        found = aside(lambda: self._found(host, port), self.deadline)
        addresses = [ip_address(text) for text in found][:_MOST_TRIED]
        for address in addresses:
            reason = why_refused(address, port, self.allowed)
            if reason is not None:
                raise AddressRefused(host=host, reason=reason)
        return addresses

    def _found(self, host: str, port: int) -> Sequence[str]:
        try:
            return self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("its name is not known") from error
