"""Which addresses may be fetched from, held to the standard library's tables."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_adapters.http.addresses import Address, why_refused

V4 = st.ip_addresses(v=4)
ANY = V4 | st.ip_addresses(v=6)


def is_refused(address: Address, port: int = 443) -> bool:
    return why_refused(address, port, ()) is not None


def embedding(prefix: str, address: IPv4Address, shift: int = 0) -> IPv6Address:
    return IPv6Address(int(IPv6Network(prefix).network_address) | int(address) << shift)


@given(ANY)
def test_what_is_not_global_is_refused(address: Address) -> None:
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_loopback:
        mapped = isinstance(address, IPv6Address) and address in IPv6Network("::ffff:0:0/96")
        translated = isinstance(address, IPv6Address) and address in IPv6Network("64:ff9b::/96")
        assert mapped or translated or is_refused(address)


@given(V4)
def test_an_address_within_one_of_ipv6_is_refused_like_itself(address: IPv4Address) -> None:
    assert is_refused(embedding("::ffff:0:0/96", address)) == is_refused(address)
    assert is_refused(embedding("64:ff9b::/96", address)) == is_refused(address)


@given(V4)
def test_tunnels_and_what_is_out_of_use_are_refused_whatever_is_within(address: IPv4Address) -> None:
    assert is_refused(embedding("2002::/16", address, 80))
    assert is_refused(embedding("2001::/32", address, 64))
    assert is_refused(embedding("::/96", address))
    assert is_refused(embedding("64:ff9b:1::/48", address))
    assert is_refused(embedding("fe80::5efe:0:0/96", address))


@given(ANY, st.integers(1, 65_535))
def test_what_is_allowed_by_name_is_not_refused(address: Address, port: int) -> None:
    for length in (8, 24, address.max_prefixlen):
        network = ip_network(f"{address}/{length}", strict=False)
        assert why_refused(address, port, [network]) is None


def test_an_allowed_network_of_ipv4_holds_for_its_mapped_addresses() -> None:
    assert why_refused(ip_address("::ffff:10.1.2.3"), 80, [IPv4Network("10.0.0.0/8")]) is None
    assert why_refused(ip_address("::ffff:11.1.2.3"), 80, [IPv4Network("10.0.0.0/8")]) is None
    assert why_refused(ip_address("::ffff:172.16.2.3"), 80, [IPv4Network("10.0.0.0/8")]) is not None


@pytest.mark.parametrize(
    "text", ["1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "2a00:1450:4001::1", "64:ff9b::808:808"]
)
def test_the_public_internet_is_open(text: str) -> None:
    assert not is_refused(ip_address(text))


@pytest.mark.parametrize("port", [1, 22, 25, 110, 143, 445, 993, 1023])
def test_ports_of_other_services_are_refused(port: int) -> None:
    assert is_refused(ip_address("1.1.1.1"), port)


@pytest.mark.parametrize("port", [80, 443, 1024, 8080, 65_535])
def test_ports_of_the_web_are_not(port: int) -> None:
    assert not is_refused(ip_address("1.1.1.1"), port)
