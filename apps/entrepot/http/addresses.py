"""Where a client sees this server: the beginning of absolute URLs, by the request and by proxies that are trusted."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Protocol, runtime_checkable

from litestar.types import HTTPScope

_Said = Mapping[str, str]

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-prefix", "x-forwarded-proto")
"""The headers by which proxies tell what a client asked of them."""

_HOST = re.compile(
    r"(?:[A-Za-z0-9_][A-Za-z0-9._-]{0,253}|\[(?P<six>[0-9A-Fa-f:.]{2,45})\])(?::(?P<port>\d{1,5}))?", re.ASCII
)
_PREFIX = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,99}){0,16}")
_PAIR = re.compile(r"""\s*([A-Za-z0-9-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))\s*(?:([;,])|$)""")
_MOST_PORT = 65_535
_REMEMBERED, _LONGEST = 1024, 100
"""Of how many texts it is remembered what address they are: to parse one takes as long as to find a kept answer.
Anybody may send them, so those are left out that are longer than an address with its zone and port."""


@runtime_checkable
class Network(Protocol):
    """Some addresses: an ``IPv4Network``, or an ``IPv6Network``; Litestar can't hear of both at once."""

    def __contains__(self, other: object, /) -> bool: ...


class UnusableAddress(ValueError):
    """A header says of a host, scheme or prefix what can be none, or headers contradict one another."""


def base_url(scope: HTTPScope, trusted: Sequence[Network]) -> str:
    """The scheme, host and path in front of all that this server answers, without a slash at the end.

    They are those of the request itself. What ``Forwarded``, or ``X-Forwarded-Proto``, ``-Host`` and ``-Prefix`` say
    counts only where the connection comes from a trusted proxy; and of their several values that of the proxy that is
    farthest away among those that are trusted one after the other.

    Raises:
        UnusableAddress: One of them is no host, scheme or prefix. Whoever follows such a URL might be anywhere.
    """
    headers = _headers(scope)
    said = _forwarded(headers, trusted) if is_by_proxy(scope, trusted) else {}
    scheme, host = said.get("proto", scope["scheme"]).lower(), said.get("host") or _host(scope, headers)
    if scheme not in {"http", "https"}:
        message = f"{scheme[:50]!r} is no scheme of a web server"
        raise UnusableAddress(message)
    return f"{scheme}://{_checked(host)}{_prefix(said)}"


def prefix_of(scope: HTTPScope, trusted: Sequence[Network]) -> str:
    """What stands in front of the paths that this server answers, where the client sees them; see ``base_url``.

    It ends ``base_url``, and can be told without it: most requests name none, and their headers are not parsed.

    Raises:
        UnusableAddress: A trusted proxy names a prefix that is none.
    """
    if not trusted or b"x-forwarded-prefix" not in dict(scope["headers"]):
        return ""
    return _prefix(_usual(_headers(scope), trusted)) if is_by_proxy(scope, trusted) else ""


def is_by_proxy(scope: HTTPScope, trusted: Sequence[Network]) -> bool:
    """Whether a trusted proxy passes a request on."""
    return _is_trusted(_peer(scope), trusted)


def client_of(scope: HTTPScope, trusted: Sequence[Network]) -> str | None:
    """The address of who asks: the connection's other end, or whom trusted proxies had the request from.

    Where ``Forwarded`` and ``X-Forwarded-For`` name different ones, neither is believed: one may be the client's own.
    """
    peer = _peer(scope) or None
    if not trusted or not is_by_proxy(scope, trusted):
        return peer
    headers = _headers(scope)
    try:
        standard = [hop.get("for", "") for hop in _elements(",".join(headers.get("forwarded", [])))]
    except UnusableAddress:
        return peer
    usual = _values(headers.get("x-forwarded-for", []))
    found = {_address(nodes[-_trusted_hops(nodes, trusted)]) for nodes in (standard, usual) if any(nodes)}
    only = found.pop() if len(found) == 1 else None
    return peer if only is None else str(only).partition("%")[0]  # a zone is any text, and of another machine


def is_by_loopback(scope: HTTPScope) -> bool:
    """Whether a request comes from this machine, by its loopback interface.

    The connection's other end tells: at this end Granian tells where the server listens, which may be everywhere.
    """
    found = _address(_peer(scope))
    return found is not None and found.is_loopback


def values_of(scope: HTTPScope, wanted: bytes) -> list[str]:
    """The values of a header, in the order given."""
    return [value.decode("latin-1") for name, value in scope["headers"] if name == wanted]


def _prefix(said: _Said) -> str:
    prefix = said.get("prefix", "").rstrip("/")
    if _PREFIX.fullmatch(prefix) is None:
        message = f"{prefix[:100]!r} is no prefix of a path, as /shop is"
        raise UnusableAddress(message)
    return prefix


def _headers(scope: HTTPScope) -> dict[str, list[str]]:
    wanted = {b"host", *(name.encode() for name in FORWARDED)}
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        if name in wanted:
            found.setdefault(name.decode(), []).append(value.decode("latin-1"))
    return found


def _host(scope: HTTPScope, headers: Mapping[str, list[str]]) -> str:
    """The host that was asked; of a request that names none, where it arrived."""
    hosts = headers.get("host", [])
    if len(hosts) > 1:
        message = "there are several Host headers"
        raise UnusableAddress(message)
    if hosts and hosts[0]:  # Granian makes an empty one of none
        return hosts[0]
    host, port = scope["server"] or ("localhost", None)
    host = f"[{host}]" if ":" in host else host
    return host if port is None else f"{host}:{port}"


def _checked(host: str) -> str:
    found = _HOST.fullmatch(host)
    if found is None or not _is_port(found["port"]) or not _is_six(found["six"]):
        message = f"{host[:100]!r} is no host"
        raise UnusableAddress(message)
    return host.lower()


def _is_port(text: str | None) -> bool:
    return text is None or 0 < int(text) <= _MOST_PORT


def _is_six(text: str | None) -> bool:
    try:
        return text is None or bool(IPv6Address(text))
    except ValueError:
        return False


def _peer(scope: HTTPScope) -> str:
    return scope["client"][0] if scope["client"] else ""


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    found = _address(address)
    return found is not None and any(found in network for network in trusted)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address of a node as proxies write it, perhaps with a port; none where it is hidden or no address."""
    return _parsed(text) if len(text) <= _LONGEST else None


@lru_cache(_REMEMBERED)
def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    bracketed, port = re.fullmatch(r"\[(.*)\](?::\d+)?", text), re.fullmatch(r"([\d.]+):\d+", text)
    bare = bracketed[1] if bracketed else port[1] if port else text
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _forwarded(headers: Mapping[str, list[str]], trusted: Sequence[Network]) -> _Said:
    """What trusted proxies say; where both kinds of header do, they have to agree: one may be the client's own."""
    standard, usual = _standard(headers, trusted), _usual(headers, trusted)
    for name in standard.keys() & usual.keys():
        if standard[name].lower() != usual[name].lower():
            message = f"Forwarded and X-Forwarded-{name.title()} say different things"
            raise UnusableAddress(message)
    return {**usual, **standard}


def _standard(headers: Mapping[str, list[str]], trusted: Sequence[Network]) -> _Said:
    """What ``Forwarded`` says (RFC 7239)."""
    hops = _elements(",".join(headers.get("forwarded", [])))
    if not hops:
        return {}
    seen = _trusted_hops([hop.get("for", "") for hop in hops], trusted)
    said: dict[str, str] = {}
    for hop in reversed(hops[-seen:]):
        said |= {name: hop[name] for name in ("proto", "host") if name in hop}
    return said


def _elements(text: str) -> list[dict[str, str]]:
    """The elements of a ``Forwarded`` header; one that is malformed says nothing at all."""
    hops: list[dict[str, str]] = [{}]
    place = 0
    while place < len(text):
        found = _PAIR.match(text, place)
        if found is None:
            message = "the Forwarded header is malformed"
            raise UnusableAddress(message)
        quoted = found[2]
        hops[-1][found[1].lower()] = found[3] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        if found[4] == ",":
            hops.append({})
        place = found.end()
    return [hop for hop in hops if hop]


def _usual(headers: Mapping[str, list[str]], trusted: Sequence[Network]) -> _Said:
    """What the headers say that proxies used before there was a standard."""
    nodes = _values(headers.get("x-forwarded-for", []))
    seen = _trusted_hops(nodes, trusted)
    said: dict[str, str] = {}
    for name in ("proto", "host", "prefix"):
        values = _values(headers.get(f"x-forwarded-{name}", []))
        if values:
            # Where not every proxy added to the list, nobody knows whose an earlier value is.
            said[name] = values[-seen] if len(values) == len(nodes) else values[-1]
    return said


def _values(headers: Iterable[str]) -> list[str]:
    return [one.strip() for one in ",".join(headers).split(",") if one.strip()]


def _trusted_hops(nodes: Sequence[str], trusted: Sequence[Network]) -> int:
    """How many proxies from the end are to be believed: the peer, and each that a trusted one had it from."""
    seen = 1
    while seen < len(nodes) and _is_trusted(nodes[-seen], trusted):
        seen += 1
    return seen
