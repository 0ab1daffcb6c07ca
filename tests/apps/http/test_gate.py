"""What pages of other origins may do to a server that their browser reaches: nothing, unless they are allowed to."""

import socket
import tracemalloc
from collections.abc import Iterator
from ipaddress import ip_network
from typing import TYPE_CHECKING, cast

import httpx
import pytest

import entrepot
from entrepot.http.addresses import Network
from entrepot.http.gate import Gate
from entrepot.origins import Origins
from tests.apps.http.test_published import raw
from tests.serving import served

if TYPE_CHECKING:
    from litestar.types import HTTPScope

APP, OTHER = "https://app.example.org", "https://evil.example"
ALLOWED = Origins.of(f"{APP},http://localhost:5173")
OWN = "http://data.example:8000"
CSV = "a,b\n1,2\n"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server as it is by default, with a published dataset."""
    with served(tmp_path_factory.mktemp("gate") / "home") as found:
        httpx.post(f"{found}/datasets/?name=cars&published=1", content=CSV, timeout=60).raise_for_status()
        yield found


@pytest.fixture(scope="module")
def generous(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that lets the pages of two origins in, and listens at all addresses."""
    home = tmp_path_factory.mktemp("gate") / "home"
    with served(home, HOST="0.0.0.0", ALLOW_ORIGINS=f"{APP},http://localhost:5173") as found:  # noqa: S104 - the test is about it
        httpx.post(f"{found}/datasets/?name=cars&published=1", content=CSV, timeout=60).raise_for_status()
        yield found


FOREIGN = [
    {"origin": OTHER},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:1"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": OTHER, "sec-fetch-site": "cross-site"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/datasets/?name=evil"),
        ("POST", "/api/v1/datasets?name=evil"),
        ("PUT", "/datasets/cars/"),
        ("PATCH", "/datasets/cars/"),
        ("DELETE", "/datasets/cars/"),
        ("DELETE", "/datasets/cars/rows/1"),
        ("POST", "/metadata"),
        ("POST", "/nope"),
    ],
)
def test_a_page_of_another_origin_changes_nothing(url: str, method: str, path: str, headers: dict[str, str]) -> None:
    before = httpx.get(f"{url}/datasets/").json()
    answer = httpx.request(method, url + path, content=CSV, headers={**headers, "content-type": "text/plain"})
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    problem = answer.json()
    assert (problem["code"], problem["instance"]) == ("foreign_origin", path.partition("?")[0])
    assert problem["correlation_id"] == answer.headers["x-correlation-id"]
    assert "ENTREPOT_ALLOW_ORIGINS" in problem["detail"]
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert httpx.get(f"{url}/datasets/").json() == before


def test_forms_of_other_pages_are_refused_whatever_they_hold(url: str) -> None:
    fields, file = {"url": "http://192.0.2.1/x.csv"}, {"file": ("x.csv", CSV)}
    headers = {"origin": OTHER, "sec-fetch-site": "cross-site"}
    assert httpx.post(f"{url}/datasets/", data=fields, headers=headers).status_code == 403
    assert httpx.post(f"{url}/datasets/", files=file, headers=headers).status_code == 403


def test_a_problem_tells_which_origin_it_was(url: str) -> None:
    answer = httpx.delete(f"{url}/datasets/cars/", headers={"origin": OTHER})
    assert answer.json()["origin"] == OTHER
    assert httpx.delete(f"{url}/datasets/cars/", headers={"origin": "null"}).json()["origin"] is None


@pytest.mark.parametrize("origin", ["", "null"])
def test_a_problem_tells_of_no_origin_where_none_is_told(url: str, origin: str) -> None:
    answer = httpx.patch(f"{url}/datasets/cars/", json={"title": "x"}, headers={"origin": origin})
    assert (answer.status_code, answer.json().get("origin")) == (403, None)
    assert answer.json()["detail"].startswith("A page of another origin may change nothing here.")


def test_pages_of_this_server_and_what_is_no_page_go_on_working(url: str) -> None:
    for headers in (
        {},
        {"origin": url},
        {"origin": url, "sec-fetch-site": "same-origin"},
        {"origin": OTHER, "sec-fetch-site": "same-origin"},  # behind a proxy that nobody named
        {"sec-fetch-site": "none"},
    ):
        answer = httpx.patch(f"{url}/datasets/cars/", json={"title": "Cars"}, headers=headers)
        assert answer.status_code == 200, headers
    with entrepot.connect(url) as store:
        store.add(CSV.encode(), "mine").delete()


def test_reading_is_refused_to_nobody_but_not_shown_to_pages_either(url: str) -> None:
    answer = httpx.get(f"{url}/datasets/cars/", headers={"origin": OTHER, "sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "my.localhost:1", "127.0.0.1", "127.9.9.9:80", "[::1]:8"]
)
def test_on_its_own_machine_it_is_localhost(url: str, host: str) -> None:
    assert httpx.get(f"{url}/datasets/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.nip.io", "localhost.evil.example", "192.0.2.2:8000"],
)
def test_a_name_that_somebody_made_lead_here_is_not_answered(url: str, method: str, host: str) -> None:
    """The page of that name would be of the same origin as this server: it could read and change everything."""
    httpx.get(f"{url}/datasets/cars/")  # so that its answer is kept
    answer = httpx.request(method, f"{url}/datasets/cars/", headers={"host": host, "sec-fetch-site": "same-origin"})
    assert answer.status_code == 421
    assert method == "HEAD" or answer.json()["code"] == "unknown_host"
    assert method == "HEAD" or "ENTREPOT_TRUSTED_PROXIES" in answer.json()["detail"]
    assert httpx.get(f"{url}/datasets/cars/").status_code == 200


def test_a_client_that_names_no_host_is_no_browser(url: str) -> None:
    assert b" 200 " in raw(url, "GET /datasets/cars/ HTTP/1.0").partition(b"\r\n")[0]


def test_the_refusal_of_a_large_upload_does_not_wait_for_it(url: str) -> None:
    head = (
        f"POST /datasets/?name=x HTTP/1.1\r\nHost: localhost\r\nOrigin: {OTHER}\r\nContent-Length: 1000000000\r\n\r\n"
    )
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(head.encode() + b"a,b\n")
        answer = connection.recv(1 << 16)
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert b"connection: close" in answer.lower()


def test_an_allowed_page_may_read_and_change_everything(generous: str) -> None:
    page = {"origin": APP, "sec-fetch-site": "cross-site"}
    asked = httpx.get(f"{generous}/datasets/cars/", headers=page)
    assert asked.headers["access-control-allow-origin"] == APP
    assert "Origin" in asked.headers.get_list("vary", split_commas=True)
    exposed = asked.headers["access-control-expose-headers"].split(", ")
    assert {"ETag", "Link", "Location", "X-Total-Count", "X-Correlation-ID", "Content-Range", "Retry-After"} <= {
        *exposed
    }
    changed = httpx.patch(
        f"{generous}/datasets/cars/", json={"title": "By a page"}, headers={**page, "if-match": asked.headers["etag"]}
    )
    assert (changed.status_code, changed.headers["access-control-allow-origin"]) == (200, APP)
    for path, status in (("/nope", 404), ("/datasets/nobody/", 404), ("/datasets/cars/rows/?x=1", 400)):
        problem = httpx.get(generous + path, headers=page)
        assert (problem.status_code, problem.headers["access-control-allow-origin"]) == (status, APP)


def test_a_browser_that_asks_first_hears_what_it_may_do(generous: str) -> None:
    asking = {
        "origin": APP,
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "content-type,if-match,x-correlation-id,prefer",
    }
    for path, methods in (
        ("/datasets/cars/", {"GET", "PUT", "PATCH", "DELETE"}),
        ("/api/v1/datasets/", {"GET", "POST"}),
        ("/datasets/cars/rows/1", {"GET", "PUT", "PATCH", "DELETE"}),
    ):
        answer = httpx.options(generous + path, headers=asking)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, APP)
        assert methods <= set(answer.headers["access-control-allow-methods"].split(", "))
        taken = answer.headers["access-control-allow-headers"].lower().split(", ")
        assert {"authorization", "content-type", "if-match", "prefer", "x-correlation-id"} <= set(taken)
        assert "Origin" in answer.headers["vary"]
        foreign = httpx.options(generous + path, headers={**asking, "origin": OTHER})
        assert not [name for name in foreign.headers if name.startswith("access-control")]


def test_what_one_page_is_answered_is_not_given_to_another(generous: str) -> None:
    """Answers are kept; whose page may read them is not part of what is kept."""
    for origin, allowed in (
        (APP, APP),
        (OTHER, None),
        (None, None),
        ("http://localhost:5173", "http://localhost:5173"),
    ) * 2:
        answer = httpx.get(f"{generous}/datasets/cars/rows/", headers={"origin": origin} if origin else {})
        assert answer.headers.get("access-control-allow-origin") == allowed
        assert answer.headers.get_list("vary", split_commas=True).count("Origin") == 1
        assert (
            httpx.get(f"{generous}/api/cars/", headers={"origin": OTHER}).headers["access-control-allow-origin"] == "*"
        )


def test_other_pages_stay_outside(generous: str) -> None:
    for headers in FOREIGN:
        assert httpx.delete(f"{generous}/datasets/cars/", headers=headers).status_code == 403
    assert httpx.get(f"{generous}/datasets/cars/").status_code == 200


def test_the_hosts_of_allowed_origins_are_known(generous: str) -> None:
    """It listens at all addresses, which makes no difference to who comes by loopback, but for its own URL then."""
    host = f"0.0.0.0:{generous.rpartition(':')[2]}"
    page = {"host": host, "origin": f"http://{host}"}
    assert httpx.patch(f"{generous}/datasets/cars/", json={"title": "Cars"}, headers=page).status_code == 200
    assert httpx.get(f"{generous}/datasets/", headers={"host": "app.example.org"}).status_code == 200
    assert httpx.get(f"{generous}/datasets/", headers={"host": "evil.example"}).status_code == 421


def refusal(
    *headers: tuple[str, str],
    method: str = "POST",
    allowed: Origins = ALLOWED,
    trusted: tuple[Network, ...] = (),
    client: str | None = "192.0.2.1",
    host: str = "data.example:8000",
    scheme: str = "http",
) -> str | None:
    """The code of what a gate says to a request."""
    scope = {
        "method": method,
        "scheme": scheme,
        "client": None if client is None else (client, 5000),
        "server": ("0.0.0.0", 8000),  # noqa: S104 - as Granian tells it
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in [("host", host), *headers]],
    }
    error = Gate(allowed, trusted).refusal(cast("HTTPScope", scope))
    return None if error is None else error.code


@pytest.mark.parametrize(
    ("origin", "site", "is_refused"),
    [
        (OWN, None, False),
        ("http://DATA.example:8000", None, False),
        ("http://data.example", None, True),
        ("https://data.example:8000", None, True),
        ("http://data.example:8000.evil.example", None, True),
        (OWN, "cross-site", True),
        (OWN, "nonsense", False),
        (OTHER, "nonsense", True),
        (OTHER, "none", False),
        (APP, "cross-site", False),
        (f"{APP}:443", None, False),
        (f"{APP}.evil.example", None, True),
        ("http://app.example.org", None, True),
        ("", None, True),
        ("chrome-extension://abc", None, True),
    ],
)
def test_an_origin_is_compared_as_browsers_do(origin: str, site: str | None, is_refused: bool) -> None:  # noqa: FBT001 - a parameter of the test
    headers = [("origin", origin), *([] if site is None else [("sec-fetch-site", site)])]
    assert refusal(*headers) == ("foreign_origin" if is_refused else None)
    assert refusal(*headers, method="GET") is None
    assert refusal(*headers, allowed=Origins.of("*")) is None


def test_of_several_origins_all_have_to_be_allowed() -> None:
    assert refusal(("origin", APP), ("origin", OTHER)) == "foreign_origin"
    assert refusal(("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")) == "foreign_origin"


def test_the_origin_of_this_server_is_what_trusted_proxies_say() -> None:
    said = [("x-forwarded-proto", "https"), ("x-forwarded-host", "shop.example"), ("x-forwarded-prefix", "/v")]
    origin, trusted = ("origin", "https://shop.example"), (ip_network("10.0.0.0/8"),)
    assert refusal(*said, origin, client="10.0.0.1", trusted=trusted) is None
    assert refusal(*said, origin, client="192.0.2.1", trusted=trusted) == "foreign_origin"
    assert refusal(*said, ("origin", OWN), client="10.0.0.1", trusted=trusted) == "foreign_origin"


@pytest.mark.parametrize("client", ["127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1"])
def test_whoever_comes_by_loopback_asks_for_localhost(client: str) -> None:
    assert refusal(method="GET", client=client) == "unknown_host"
    assert refusal(method="GET", client=client, host="localhost:8000") is None
    assert refusal(method="GET", client=client, host="app.example.org") is None
    assert refusal(method="GET", client=client, allowed=Origins.of("*")) is None
    trusted = (ip_network("127.0.0.0/8"), ip_network("::1"))
    assert refusal(method="GET", client=client, trusted=trusted) is None


def test_what_strangers_send_is_not_remembered_however_long_it_is() -> None:
    def answers(size: int) -> None:
        for number in range(200):
            text = f"{number:0{size}}"
            assert refusal(client="127.0.0.1", host=f"{text}.example") == "unknown_host"
            said = [("x-forwarded-for", f"{text}, 10.0.0.1"), ("origin", "http://data.example:8000")]
            assert refusal(*said, client="10.0.0.1", trusted=(ip_network("10.0.0.0/8"),)) is None

    answers(10)
    tracemalloc.start()
    try:
        answers(50_000)
        remembered, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert remembered < 1_000_000


@pytest.mark.parametrize("client", ["192.0.2.1", "10.0.0.1", "fd00::1", None])
def test_others_may_know_this_machine_by_any_name(client: str | None) -> None:
    assert refusal(method="GET", client=client, host="entrepot.internal:3100") is None


@pytest.mark.parametrize("host", [socket.gethostname(), f"{socket.gethostname().upper()}:80", "host.docker.internal:1"])
def test_names_that_only_this_machine_has_are_known(url: str, host: str) -> None:
    assert httpx.get(f"{url}/version", headers={"host": host}).status_code == 200
