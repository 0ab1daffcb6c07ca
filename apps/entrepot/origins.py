"""Origins: the scheme, host and port of a web page (RFC 6454), written in one way so that they can be compared."""

import re
import socket
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from attrs import frozen

_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?:(?P<name>[a-z0-9_][a-z0-9._-]{0,253})|\[(?P<six>[0-9a-f:.]{2,45})\])(?::(?P<port>\d{1,5}))?",
    re.ASCII,
)
_USUAL = {"http": 80, "https": 443}
_MOST_PORT = 65_535


_OWN_NAMES = {"localhost", "host.docker.internal", socket.gethostname().lower()}
"""Names that no page of another site can be of: the second is what containers call the machine they run on."""


def normalised(text: str) -> str | None:
    """An origin as browsers write it, without a port that goes without saying; none of what is no origin.

    >>> normalised("HTTPS://App.Example.org:443"), normalised("http://[0::1]:80"), normalised("http://a.org/page")
    ('https://app.example.org', 'http://[::1]', None)
    """
    found = _ORIGIN.fullmatch(text.lower())
    if found is None:
        return None
    scheme, usual = found["scheme"], _USUAL[found["scheme"]]
    port = int(found["port"] or usual)
    if not 0 < port <= _MOST_PORT:
        return None
    host = found["name"] or _six(found["six"])
    end = "" if port == usual else f":{port}"
    return host and f"{scheme}://{host}{end}"


@frozen
class Origins:
    """Some origins, or all.

    >>> "https://a.org" in Origins.of("https://a.org,https://b.org"), "null" in Origins.of("*")
    (True, True)

    Attributes:
        named: Those that are named, each normalised.
        are_all: Whether it is all there are, also what is none, ``null``.
    """

    named: frozenset[str] = frozenset()
    are_all: bool = False

    @classmethod
    def of(cls, setting: str | None) -> "Origins":
        """Those of a setting: ``*``, or what is normalised, between commas."""
        return cls(are_all=True) if setting == "*" else cls(frozenset((setting or "").split(",")) - {""})

    def __contains__(self, origin: str) -> bool:
        """Whether an origin is one of them."""
        return self.are_all or normalised(origin) in self.named

    def __bool__(self) -> bool:
        """Whether there are any."""
        return self.are_all or bool(self.named)

    def has_host(self, host: str) -> bool:
        """Whether a host, without a port, is that of one of them."""
        return self.are_all or host in {bare_host(origin.partition("://")[2]) for origin in self.named}


@lru_cache(1024)
def bare_host(host: str) -> str:
    """A host without its port, in small letters.

    >>> bare_host("LocalHost:5173"), bare_host("[::1]:80"), bare_host("[::1]")
    ('localhost', '[::1]', '[::1]')
    """
    return re.sub(r":\d*$", "", host.lower())


@lru_cache(1024)
def is_this_machine(host: str) -> bool:
    """Whether a host, without a port, is this machine wherever it is looked up, so that nobody else can be meant.

    >>> [is_this_machine(host) for host in ("localhost", "my.localhost", "127.1.2.3", "[::1]", "0.0.0.0")]
    [True, True, True, True, True]
    >>> [is_this_machine(host) for host in ("localhost.example.org", "127.0.0.1.nip.io", "192.0.2.1")]
    [False, False, False]
    """
    name = host.removesuffix(".")
    if name in _OWN_NAMES or name.endswith(".localhost"):
        return True
    bracketed = host.startswith("[") and host.endswith("]")
    try:
        address = ip_address(host[1:-1] if bracketed else host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _six(text: str) -> str | None:
    try:
        return f"[{IPv6Address(text)}]"
    except ValueError:
        return None
