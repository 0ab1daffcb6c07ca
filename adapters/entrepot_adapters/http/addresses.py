"""Which addresses may be fetched from: those of the public internet, and of networks that are allowed by name."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_KINDS: dict[str, tuple[str, ...]] = {
    "it is this machine itself": ("127.0.0.0/8", "0.0.0.0/8", "::1/128", "::/128"),
    "it is in a private network": (
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10"
    ),
    "it is on the local link": ("169.254.0.0/16", "fe80::/10"),
    "it is many machines at once": ("224.0.0.0/4", "ff00::/8", "255.255.255.255/32"),
    "it is a cloud provider's own": ("168.63.129.16/32",),  # Azure's, public in form only
    "it is for special purposes": (
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    ),
}  # fmt: skip
_REFUSED = [(ip_network(text), reason) for reason, texts in _KINDS.items() for text in texts]
_OTHERWISE = "it is for special purposes"
_UNICAST = IPv6Network("2000::/3")
"""The only part of IPv6 that is given out to be reached from everywhere."""

_NAT64 = IPv6Network("64:ff9b::/96")
_WEB_PORTS = {80, 443}
_FIRST_FREE_PORT = 1024


def why_refused(address: Address, port: int, allowed: Sequence[Network]) -> str | None:
    """Say why an address may not be fetched from, or nothing if it may.

    Args:
        address: Where a connection would go. One of IPv6 that stands for one of IPv4 counts as that.
        port: To which port; of those below 1024, only the web's are fetched from.
        allowed: Networks that may be fetched from whatever they are, at any port.
    """
    meant = _meant(address)
    if any(one in network for one in (address, meant) for network in allowed):
        return None
    for network, reason in _REFUSED:
        if meant in network:
            return reason
    if not meant.is_global or (isinstance(meant, IPv6Address) and meant not in _UNICAST):
        return _OTHERWISE
    if port not in _WEB_PORTS and port < _FIRST_FREE_PORT:
        return f"port {port} is not one of the web's, which are 80, 443 and those from {_FIRST_FREE_PORT} on"
    return None


def _meant(address: Address) -> Address:
    """The address of IPv4 that one of IPv6 stands for, or itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address
