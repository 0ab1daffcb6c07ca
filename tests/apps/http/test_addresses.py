"""Where a client sees the server: its own words count, a proxy's only where it is trusted, and nonsense never."""

from ipaddress import ip_network
from typing import TYPE_CHECKING, cast

import pytest

from entrepot.http.addresses import Network, UnusableAddress, base_url, client_of

if TYPE_CHECKING:
    from litestar.types import HTTPScope

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def base(
    *headers: tuple[str, str],
    client: str | None = "10.0.0.1",
    trusted: tuple[Network, ...] = PROXIES,
    scheme: str = "http",
    host: str | None = "inner:8000",
) -> str:
    own = [] if host is None else [("host", host)]
    return base_url(request(*own, *headers, client=client, scheme=scheme), trusted)


def request(*headers: tuple[str, str], client: str | None, scheme: str = "http") -> "HTTPScope":
    scope = {
        "scheme": scheme,
        "client": None if client is None else (client, 5000),
        "server": ("127.0.0.1", 8000),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
    }
    return cast("HTTPScope", scope)


@pytest.mark.parametrize(
    ("peer", "headers", "client"),
    [
        ("192.0.2.7", [], "192.0.2.7"),
        (None, [], None),
        ("192.0.2.7", [("X-Forwarded-For", "198.51.100.1")], "192.0.2.7"),  # whom nobody trusts
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", [("X-Forwarded-For", "198.51.100.1")], "198.51.100.1"),
        ("10.0.0.1", [("X-Forwarded-For", "203.0.113.9, 198.51.100.1, 10.0.0.2")], "198.51.100.1"),
        ("10.0.0.1", [("Forwarded", 'for="[2001:db8::1]:4711";proto=https')], "2001:db8::1"),
        ("10.0.0.1", [("Forwarded", "for=6.6.6.6"), ("X-Forwarded-For", "198.51.100.1")], "10.0.0.1"),
        ("10.0.0.1", [("Forwarded", "for=198.51.100.1"), ("X-Forwarded-For", "198.51.100.1:80")], "198.51.100.1"),
        ("10.0.0.1", [("Forwarded", "proto=https"), ("X-Forwarded-For", "198.51.100.1")], "198.51.100.1"),
        ("10.0.0.1", [("X-Forwarded-For", "fe80::1%eth0 status=200 \x9b31m")], "fe80::1"),
        ("10.0.0.1", [("Forwarded", "for=_hidden")], "10.0.0.1"),
        ("10.0.0.1", [("Forwarded", "for=;;=")], "10.0.0.1"),
        ("10.0.0.1", [("X-Forwarded-For", '"},{"event":"forged')], "10.0.0.1"),
    ],
)
def test_who_asks_is_told_by_proxies_that_are_trusted(
    peer: str | None, headers: list[tuple[str, str]], client: str | None
) -> None:
    assert client_of(request(*headers, client=peer), PROXIES) == client


@pytest.mark.parametrize(
    ("host", "seen"),
    [
        ("example.com", "http://example.com"),
        ("Example.COM:8443", "http://example.com:8443"),
        ("my_service:80", "http://my_service:80"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("[::1]", "http://[::1]"),
        ("[2001:DB8::1]:8000", "http://[2001:db8::1]:8000"),
        ("xn--mnchen-3ya.de", "http://xn--mnchen-3ya.de"),
        (None, "http://127.0.0.1:8000"),
        ("", "http://127.0.0.1:8000"),
    ],
)
def test_a_request_says_itself_where_it_was_sent(host: str | None, seen: str) -> None:
    assert base(host=host, trusted=()) == seen
    assert base(host=host, scheme="https", trusted=()) == seen.replace("http://", "https://")


HOSTILE = [
    " ", "evil.com/path", "user@evil.com", "evil.com#x", "evil.com?x", "a b", "evil.com, good.com", "a\tb", "<script>",
    '"quoted"', "a\\b", "%65vil.com", "evil.com:", "evil.com:0", "evil.com:65536", "evil.com:80:80", "evil.com:x",
    "[::1", "[evil]", "[1:2:3:4:5:6:7:8:9]", "::1", "[::1%25eth0]", "münchen.de", "-", ".", "http://evil.com",
    "a" * 300,
]  # fmt: skip


@pytest.mark.parametrize("host", HOSTILE)
def test_a_host_that_is_none_gets_into_no_url(host: str) -> None:
    with pytest.raises(UnusableAddress):
        base(host=host)
    if host.strip():
        with pytest.raises(UnusableAddress):
            base(("X-Forwarded-Host", host.replace(",", ";")))
    quoted = host.replace("\\", "\\\\").replace('"', '\\"')
    with pytest.raises(UnusableAddress):
        base(("Forwarded", f'host="{quoted}"'))


def test_several_host_headers_are_none() -> None:
    with pytest.raises(UnusableAddress, match="several"):
        base(("Host", "evil.com"))


FORWARDED = ("Forwarded", "for=192.0.2.1;proto=https;host=api.example.com")
USUAL = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "api.example.com"), ("X-Forwarded-For", "192.0.2.1")]


@pytest.mark.parametrize("client", ["192.0.2.9", "11.0.0.1", "::1", None, "unix"])
def test_nobody_else_is_believed(client: str | None) -> None:
    for headers in ([FORWARDED], USUAL, [("X-Forwarded-Prefix", "/evil")], [("X-Forwarded-Host", "<evil>")]):
        assert base(*headers, client=client) == "http://inner:8000"
        assert base(*headers, trusted=()) == "http://inner:8000"


@pytest.mark.parametrize("client", ["10.1.2.3", "::ffff:10.1.2.3", "fd12::1"])
def test_a_trusted_proxy_is_believed(client: str) -> None:
    assert base(FORWARDED, client=client) == "https://api.example.com"
    assert base(*USUAL, client=client) == "https://api.example.com"
    assert base(*USUAL, FORWARDED, client=client) == "https://api.example.com"
    assert base(("X-Forwarded-Proto", "HTTPS"), client=client) == "https://inner:8000"
    assert base(("X-Forwarded-Host", "[2001:db8::1]:8443"), client=client) == "http://[2001:db8::1]:8443"
    assert base(("Forwarded", 'host="[2001:db8::1]:8443"; proto=https'), client=client) == "https://[2001:db8::1]:8443"


@pytest.mark.parametrize(
    ("prefix", "seen"),
    [("/shop", "/shop"), ("/shop/", "/shop"), ("/", ""), ("/a/b.c/d-e_f~g", "/a/b.c/d-e_f~g")],
)
def test_a_prefix_stands_in_front_of_paths(prefix: str, seen: str) -> None:
    assert base(("X-Forwarded-Prefix", prefix)) == f"http://inner:8000{seen}"


@pytest.mark.parametrize(
    "prefix", ["shop", "//evil.com", "/a//b", "/a b", "/..", "/a/../b", "/<x>", '/"', "/%2e", "/a?b"]
)
def test_a_prefix_that_is_none_is_refused(prefix: str) -> None:
    with pytest.raises(UnusableAddress, match="prefix"):
        base(("X-Forwarded-Prefix", prefix))


@pytest.mark.parametrize("proto", ["ftp", "javascript", "https:", "http://"])
def test_a_scheme_that_is_none_is_refused(proto: str) -> None:
    with pytest.raises(UnusableAddress, match="scheme"):
        base(("X-Forwarded-Proto", proto))


def test_what_the_client_wrote_before_the_proxies_did_is_not_believed() -> None:
    """A proxy that adds to a list leaves in front of it what the client sent."""
    assert base(("Forwarded", "for=1.1.1.1;host=evil.com, for=192.0.2.1;host=good.com")) == "http://good.com"
    lists = [("X-Forwarded-For", "1.1.1.1, 192.0.2.1"), ("X-Forwarded-Host", "evil.com, good.com")]
    assert base(*lists) == "http://good.com"
    apart = [("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Host", "evil.com"), ("X-Forwarded-Host", "good.com")]
    assert base(*apart) == "http://good.com"
    assert base(("X-Forwarded-Host", "evil.com, good.com")) == "http://good.com"


def test_of_proxies_that_trust_one_another_the_first_has_the_word() -> None:
    hops = "for=1.1.1.1;host=evil.com, for=192.0.2.1;host=good.com;proto=https, for=10.0.0.7;host=middle;proto=http"
    assert base(("Forwarded", hops)) == "https://good.com"
    lists = [
        ("X-Forwarded-For", "1.1.1.1, 192.0.2.1:4711, 10.0.0.7"),
        ("X-Forwarded-Host", "evil.com, good.com, middle"),
        ("X-Forwarded-Proto", "ftp, https, http"),
    ]
    assert base(*lists) == "https://good.com"
    assert base(("Forwarded", 'for=192.0.2.1;host=good.com, for="[fd00::7]:4711";host=middle')) == "http://good.com"
    assert base(("Forwarded", "for=_hidden;host=evil.com, for=unknown;host=good.com")) == "http://good.com"


def test_a_proxy_that_says_less_leaves_the_rest_to_the_others() -> None:
    assert base(("Forwarded", "for=192.0.2.1;proto=https, for=10.0.0.7;host=middle")) == "https://middle"
    assert base(("Forwarded", "for=192.0.2.1")) == "http://inner:8000"


def test_headers_that_contradict_one_another_are_refused() -> None:
    """One of them is what the proxy says, the other may be what the client sent, and passed it by."""
    with pytest.raises(UnusableAddress, match="X-Forwarded-Host say different"):
        base(FORWARDED, ("X-Forwarded-Host", "evil.com"))
    with pytest.raises(UnusableAddress, match="X-Forwarded-Proto say different"):
        base(FORWARDED, ("X-Forwarded-Proto", "http"))


@pytest.mark.parametrize(
    "header", ["host", "host=a b", 'host="a', "=a", "host=a,,=", "host=a;host;", '"host"=a', "é=a"]
)
def test_a_malformed_header_of_a_trusted_proxy_is_refused(header: str) -> None:
    with pytest.raises(UnusableAddress, match=r"malformed|no host"):
        base(("Forwarded", header))
