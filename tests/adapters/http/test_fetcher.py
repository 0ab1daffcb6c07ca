"""Fetching over HTTP, from a real server that behaves well or badly."""

import gzip
import resource
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from ipaddress import ip_network

import pytest

from entrepot_adapters.http.fetcher import HttpFetcher
from entrepot_core.errors import FetchFailed, LimitExceeded, StoreBusy
from entrepot_core.ports.fetcher import Fetcher
from entrepot_core.source import Label
from tests.contracts.fetcher import CARS, FetcherContract, Put, fetch
from tests.serving import free_port
from tests.sources import Serve, Sources, breaking_off, conditionally, dripping, giving, speaking

HERE = (ip_network("127.0.0.1/32"),)
PATIENT = HttpFetcher(allowed=HERE)
HURRIED = HttpFetcher(allowed=HERE, seconds=1)
START = b"HTTP/1.1 200 OK\r\n"


class TestHttpFetcher(FetcherContract):
    @pytest.fixture
    def put(self, source: Sources) -> Put:
        def put(
            path: str,
            content: bytes,
            media_type: str = "",
            file_name: str = "",
            etag: str = "",
            last_modified: str = "",
        ) -> str:
            disposition = f'attachment; filename="{file_name}"' if file_name else ""
            said = {"Content_Type": media_type, "Content_Disposition": disposition}
            source.at[path] = conditionally(content, etag, last_modified, **said)
            return source.url + path

        return put

    @pytest.fixture
    def make(self) -> Callable[..., Fetcher]:
        def make(max_bytes: int = 10**9, bytes_limit: str = "ENTREPOT_FETCH_BYTES") -> Fetcher:
            return HttpFetcher(allowed=HERE, max_bytes=max_bytes, bytes_limit=bytes_limit)

        return make


def failure(url: str, fetcher: Fetcher = PATIENT) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        fetch(fetcher, url)
    return caught.value


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(source: Sources, status: int) -> None:
    source.gives("/cars.csv", CARS)
    source.redirects("/latest", "/again", status)
    source.redirects("/again", "cars.csv", status)
    assert fetch(PATIENT, f"{source.url}/latest") == (CARS, Label("cars.csv"))


def test_the_name_in_the_url_counts_more_than_that_behind_its_redirects(source: Sources) -> None:
    source.gives("/4f6c.bin", CARS)
    assert fetch(PATIENT, source.redirects("/cars.csv", "/4f6c.bin"))[1].file_name == "cars.csv"


def test_redirects_without_end_are_given_up(source: Sources) -> None:
    error = failure(source.redirects("/round", "/round"))
    assert "it redirects more than 5 times" in str(error)
    assert (error.answered, error.is_passing, len(source.asked)) == (302, False, 6)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/", "data:,a"])
def test_a_redirect_to_anything_but_http_is_not_followed(source: Sources, target: str) -> None:
    error = failure(source.redirects("/away", target))
    assert "it redirects to what is no http or https URL" in str(error)
    assert error.answered == 302


@pytest.mark.parametrize(
    ("status", "said"),
    [(400, "400 Bad Request"), (403, "403 Forbidden"), (410, "410 Gone"), (500, "500 Internal Server Error"),
     (503, "503 Service Unavailable"), (304, "304 Not Modified"), (300, "300 Multiple Choices"),
     (206, "206 Partial Content")],
)  # fmt: skip
def test_what_the_source_says_is_told(source: Sources, status: int, said: str) -> None:
    error = failure(source.gives("/cars.csv", b"", status))
    assert error.answered == status
    assert str(error) == f"Can't fetch {source.url}/cars.csv: it answers {said}. Nothing was stored."


def test_a_source_that_is_not_there_is_told(source: Sources) -> None:
    refused = failure(f"http://127.0.0.1:{free_port()}/cars.csv")
    assert "connection refused" in str(refused)
    assert refused.is_passing
    assert "its name is not known" in str(failure("http://nobody.invalid/cars.csv"))
    assert "no secure connection" in str(failure(source.url.replace("http:", "https:")))


def test_a_file_that_breaks_off_is_not_taken(source: Sources) -> None:
    source.at["/cars.csv"] = breaking_off
    error = failure(f"{source.url}/cars.csv")
    assert "without sending complete message body" in str(error)
    assert error.is_passing


def test_an_answer_that_is_no_http_is_told(source: Sources) -> None:
    source.at["/x"] = speaking(b"220 smtp.example.org ready\r\n")
    assert "Can't fetch" in str(failure(f"{source.url}/x"))


@pytest.mark.parametrize(
    ("before", "drop"),
    [
        (b"", b"H"),
        (START, b"X"),
        (START + b"\r\n", b"a\n"),
        (START + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["status", "headers", "body", "chunks", "interim answers"],
)
def test_a_source_that_drips_is_given_up_in_time(source: Sources, before: bytes, drop: bytes) -> None:
    source.at["/slow"] = dripping(before, drop)
    began = time.monotonic()
    with pytest.raises(LimitExceeded) as caught:
        fetch(HURRIED, f"{source.url}/slow")
    assert (caught.value.limit, caught.value.allowed) == ("ENTREPOT_FETCH_SECONDS", 1)
    assert time.monotonic() - began < 10


def test_the_time_is_for_all_redirects_together(source: Sources) -> None:
    def hesitate(handler: object) -> None:
        time.sleep(0.3)
        giving(b"", 302, Location=f"/{len(source.asked)}")(handler)  # type: ignore[arg-type]  # as it is given

    source.at.update({f"/{number}": hesitate for number in range(9)})
    with pytest.raises(LimitExceeded, match="FETCH_SECONDS"):
        fetch(HURRIED, f"{source.url}/0")


def test_a_body_of_unknown_length_is_stopped_at_the_limit(source: Sources) -> None:
    source.at["/endless"] = dripping(START + b"\r\n", b"x" * 100_000)
    with pytest.raises(LimitExceeded, match="FETCH_BYTES"):
        fetch(HttpFetcher(allowed=HERE, max_bytes=150_000), f"{source.url}/endless")


def test_headers_without_end_are_stopped(source: Sources) -> None:
    source.at["/headers"] = dripping(START, b"X: " + b"x" * 50_000 + b"\r\n")
    assert "Can't fetch" in str(failure(f"{source.url}/headers"))


def test_packed_answers_are_kept_packed_and_not_asked_for(source: Sources) -> None:
    packed = gzip.compress(CARS)
    assert fetch(PATIENT, source.gives("/cars.csv", packed, Content_Encoding="gzip"))[0] == packed
    assert source.asked[0][1]["Accept-Encoding"] == "identity"
    assert "packed with 'br'" in str(failure(source.gives("/cars.csv", b"x", Content_Encoding="br")))


def test_a_password_goes_only_to_the_host_it_is_for_and_stands_in_no_error(source: Sources) -> None:
    other = source.url.replace("127.0.0.1", "localhost")
    source.gives("/cars.csv", CARS)
    source.redirects("/near", "/cars.csv")
    source.redirects("/far", f"{other}/cars.csv")
    named = source.url.replace("//", "//ada:s%20ecret@")
    fetcher = HttpFetcher(allowed=(*HERE, ip_network("::1/128")), resolve=lambda _host, _port: ["127.0.0.1"])
    for path in ("/near", "/far"):
        fetch(fetcher, named + path)
    sent = {(path, headers["Host"][:3]): headers.get("Authorization") for path, headers in source.asked}
    basic = "Basic YWRhOnMgZWNyZXQ="
    assert sent == {
        ("/near", "127"): basic,
        ("/cars.csv", "127"): basic,
        ("/far", "127"): basic,
        ("/cars.csv", "loc"): None,
    }
    said = failure(f"{named}/none?api_key=hidden&year=2024")
    assert said.url == f"{source.url}/none?year=2024"


def test_proxies_of_the_environment_are_not_used(source: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    assert fetch(HttpFetcher(allowed=HERE), source.gives("/cars.csv", CARS))[0] == CARS


class _Stop(Exception):
    """Raised out of a report."""


def check_stop(url: str, fetcher: Fetcher = PATIENT) -> None:
    """Check that a fetch tells again and again that it waits, so can be stopped: any other gives up on its own."""
    told = iter(range(8))

    def report(*_: object) -> None:
        if next(told, None) is None:
            raise _Stop

    with pytest.raises(_Stop):
        fetch(fetcher, url, report)


def saying_nothing(_handler: object) -> None:
    time.sleep(5)


@pytest.mark.parametrize(
    "serve",
    [
        dripping(b"", b"H"),
        dripping(START, b"X"),
        dripping(START + b"\r\n", b"a\n"),
        dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        saying_nothing,
    ],
    ids=["status", "headers", "body", "interim answers", "silence"],
)
def test_a_fetch_is_stopped_whatever_its_source_does(source: Sources, serve: Serve) -> None:
    source.at["/slow"] = serve
    check_stop(f"{source.url}/slow")


def test_a_fetch_is_stopped_while_it_connects_or_agrees_on_a_secure_connection() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as deaf, ExitStack() as queued:
        port = deaf.getsockname()[1]
        check_stop(f"https://127.0.0.1:{port}/")
        for _ in range(3):  # so that the next one is not even connected
            waiting = queued.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex(("127.0.0.1", port))
        check_stop(f"http://127.0.0.1:{port}/")


def test_a_fetch_is_stopped_while_a_name_is_looked_up() -> None:
    def look(_host: str, _port: int) -> list[str]:
        time.sleep(3)
        return []

    slow = HttpFetcher(allowed=HERE, resolve=look)
    check_stop("http://slow.test/", slow)
    with pytest.raises(LimitExceeded, match="FETCH_SECONDS"):
        fetch(HttpFetcher(allowed=HERE, resolve=look, seconds=1), "http://slow.test/")


def test_that_too_many_files_are_open_is_told_as_such(source: Sources) -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)

    def look(_host: str, _port: int) -> list[str]:
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))  # from here on, no socket can be had
        return ["127.0.0.1"]

    try:
        with pytest.raises(StoreBusy):
            fetch(HttpFetcher(allowed=HERE, resolve=look), source.gives("/cars.csv", CARS))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
