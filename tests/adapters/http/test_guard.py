"""Nothing that is asked for by URL makes a connection to where none may go."""

from collections.abc import Iterator, Sequence
from ipaddress import ip_network

import pytest

from entrepot_adapters.http.fetcher import HttpFetcher
from entrepot_core.errors import AddressRefused, FetchFailed, Refused
from tests.contracts.fetcher import CARS, fetch
from tests.sources import Canary, Sources, canary, sources

LOCAL = [
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.1", "0x7f.0.0.1",
    "0177.0.0.1", "017700000001", "0", ".".join("0000"), "0x0", "127.0.0.1.", "127.00.00.01", "localhost", "LocalHost",
    "localhost.", "user@127.0.0.1", "user:pass@localhost", "127.0.0.1%00.example.org", "127.0.0.1%2f@x",
    "\uff11\uff12\uff17.0.0.1", "127\u30020\u30020\u30021", "127.0.0.\u2460", "\u24dbocalhost",
    "loc\u00adalhost", "localhost\u3002",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]", "[::1%25lo]", "[::1%lo]", "[64:ff9b::127.0.0.1]", "[64:ff9b:1::127.0.0.1]", "[2002:7f00:1::]",
    "[2001:0:7f00:1::]", "[fe80::5efe:127.0.0.1]", "[::ffff:127.1]", "[::1", "::1", "127.0.0.1:80:90",
]  # fmt: skip
"""This machine in every notation, right and wrong."""

ELSEWHERE = [
    "10.0.0.1", "10.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1", "100.100.100.200",
    "169.254.169.254", "[fd00:ec2::254]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "224.0.0.1", "239.255.255.250",
    "255.255.255.255", "240.0.0.1", "192.0.0.192", "192.0.2.1", "198.18.0.1", "168.63.129.16", "[::ffff:10.0.0.1]",
    "[::ffff:a9fe:a9fe]", "[64:ff9b::a00:1]", "[2001:db8::1]", "[100::1]",
]  # fmt: skip
"""What is not of the public internet."""


@pytest.fixture(scope="module")
def door() -> Iterator[Sources]:
    """A source at the one address of loopback that is allowed in these tests."""
    with sources("127.0.0.2") as found:
        yield found


@pytest.fixture
def trap() -> Iterator[Canary]:
    with canary() as found:
        yield found
        assert not found.was_reached


STRICT = HttpFetcher()
DOOR_ONLY = HttpFetcher(allowed=(ip_network("127.0.0.2/32"),))


@pytest.mark.parametrize("host", LOCAL)
def test_this_machine_is_reached_in_no_notation(trap: Canary, host: str) -> None:
    with pytest.raises(Refused):
        fetch(STRICT, f"http://{host}:{trap.port}/")


@pytest.mark.parametrize("host", ELSEWHERE)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_other_private_place_is_reached(host: str, scheme: str) -> None:
    with pytest.raises(AddressRefused):
        fetch(STRICT, f"{scheme}://{host}/latest/meta-data/")


@pytest.mark.parametrize("host", [*LOCAL, *ELSEWHERE])
def test_no_redirect_leads_there(door: Sources, trap: Canary, host: str) -> None:
    door.redirects("/away", f"http://{host.encode().decode('latin-1')}:{trap.port}/")
    with pytest.raises(Refused):
        fetch(DOOR_ONLY, f"{door.url}/away")


def test_a_redirect_from_an_allowed_place_is_checked_like_any(door: Sources, trap: Canary) -> None:
    with pytest.raises(AddressRefused) as caught:
        fetch(DOOR_ONLY, door.redirects("/away", f"http://127.0.0.1:{trap.port}/"))
    assert (caught.value.host, caught.value.reason) == ("127.0.0.1", "it is this machine itself")


class Rebinding:
    """A resolver whose name moves: to the next address each time it is asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, _host: str, _port: int) -> Sequence[str]:
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]


@pytest.fixture
def beside() -> Iterator[tuple[Sources, Canary]]:
    """A source at the allowed address, and a canary at the same port of the one that is not."""
    with canary() as trap, sources("127.0.0.2", trap.port) as found:
        yield found, trap
        assert not trap.was_reached


def rebinding(*answers: Sequence[str]) -> HttpFetcher:
    return HttpFetcher(allowed=DOOR_ONLY.allowed, resolve=Rebinding(*answers))


def test_a_connection_goes_to_the_address_that_was_checked(beside: tuple[Sources, Canary]) -> None:
    source, trap = beside
    source.gives("/cars.csv", CARS)
    fetcher = rebinding(["127.0.0.2"], ["127.0.0.1"])
    assert fetch(fetcher, f"http://rebind.test:{trap.port}/cars.csv")[0] == CARS
    assert source.asked[0][1]["Host"] == f"rebind.test:{trap.port}"
    assert isinstance(fetcher.resolve, Rebinding)
    assert fetcher.resolve.asked == 1


def test_a_name_that_moves_between_two_redirects_is_refused(beside: tuple[Sources, Canary]) -> None:
    source, trap = beside
    source.redirects("/one", "/two")
    with pytest.raises(AddressRefused):
        fetch(rebinding(["127.0.0.2"], ["127.0.0.1"]), f"http://rebind.test:{trap.port}/one")


@pytest.mark.parametrize("answers", [["127.0.0.2", "127.0.0.1"], ["127.0.0.1", "127.0.0.2"], ["127.0.0.2", "::1"]])
def test_a_name_with_one_bad_address_is_refused(beside: tuple[Sources, Canary], answers: list[str]) -> None:
    source, trap = beside
    with pytest.raises(AddressRefused):
        fetch(rebinding(answers), f"http://rebind.test:{trap.port}/cars.csv")
    assert not source.asked


def test_an_address_that_does_not_answer_gives_way_to_the_next(beside: tuple[Sources, Canary]) -> None:
    source, trap = beside
    source.gives("/cars.csv", CARS)
    fetcher = HttpFetcher(
        allowed=(*DOOR_ONLY.allowed, ip_network("127.0.0.3/32")), resolve=Rebinding(["127.0.0.3", "127.0.0.2"])
    )
    assert fetch(fetcher, f"http://rebind.test:{trap.port}/cars.csv")[0] == CARS


def test_a_name_without_an_address_is_told() -> None:
    with pytest.raises(FetchFailed, match="its name has no address"):
        fetch(rebinding([]), "http://rebind.test/")
