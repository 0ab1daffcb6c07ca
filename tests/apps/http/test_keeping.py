"""Answers that are kept: given again while nothing has changed, and never after."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest
from litestar.testing import TestClient

from entrepot.http.app import HttpSettings, create_app
from entrepot.http.keeping import KeptAnswer, KeptAnswers, key_of
from entrepot.settings import MEMORY, Settings
from entrepot.wiring import open_home
from entrepot_core.ports.operations import Operations
from tests.apps.http.conftest import CARS, Client
from tests.serving import served

if TYPE_CHECKING:
    from litestar.types import HTTPScope


class Counted:
    """Operations that count how often they are asked."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self.calls = list[str]()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any operation
        self.calls.append(name)
        return getattr(self._operations, name)


@pytest.fixture
def counted() -> Iterator[tuple[Client, Counted]]:
    """An app that keeps answers, over operations that count."""
    with open_home(MEMORY, Settings()) as home:
        operations = Counted(home.operations)
        app = create_app(
            cast("Operations", operations), home.driven.blobs.stage, dict, HttpSettings(), stamp=home.stamp
        )
        with TestClient(app) as client:
            client.post("/datasets/", content=CARS, headers={"content-type": "text/csv"}, params={"name": "cars"})
            operations.calls.clear()
            yield client, operations


OWN = {"x-correlation-id"}


def headers_of(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in OWN}


@pytest.mark.parametrize(
    "part", ["", "rows/", "rows/?make=Fiat", "rows/1", "stats/", "schema/", "facets/?columns=make"]
)
def test_an_answer_is_given_again_as_it_was(counted: tuple[Client, Counted], part: str) -> None:
    client, operations = counted
    first = client.get(f"/datasets/cars/{part}")
    asked = len(operations.calls)
    assert asked > 0
    for url in (f"/datasets/cars/{part}", f"/api/v1/datasets/cars/{part}"):
        again = client.get(url)
        assert (again.status_code, again.content, headers_of(again)) == (200, first.content, headers_of(first))
    head = client.head(f"/datasets/cars/{part}")
    assert (head.content, headers_of(head)) == (b"", headers_of(first))
    assert len(operations.calls) == asked


def test_each_answer_has_its_own_correlation_id(counted: tuple[Client, Counted]) -> None:
    client, _ = counted
    made = {client.get("/datasets/cars/").headers["x-correlation-id"] for _ in range(5)}
    assert len(made) == 5
    given = client.get("/datasets/cars/", headers={"x-correlation-id": "mine-1"})
    assert given.headers["x-correlation-id"] == "mine-1"


@pytest.mark.parametrize("part", ["", "rows/", "rows/1", "stats/"])
def test_every_change_is_seen_at_once(counted: tuple[Client, Counted], part: str) -> None:
    client, _ = counted
    url = f"/datasets/cars/{part}"
    seen = {client.get(url).headers["etag"]}
    for method, changed, body in (
        ("PATCH", "", {"title": "New"}),
        ("PATCH", "rows/1", {"price": 1}),
        ("POST", "rows/", {}),
        ("POST", "restore/", {"version": 1}),
    ):
        assert client.request(method, f"/datasets/cars/{changed}", json=body).is_success
        tag = client.get(url).headers["etag"]
        assert tag not in seen
        seen.add(tag)
    assert client.delete("/datasets/cars/").status_code == 204
    assert client.get(url).status_code == 404


def test_a_client_that_has_an_answer_is_told_so_without_asking(counted: tuple[Client, Counted]) -> None:
    client, operations = counted
    tag = client.get("/datasets/cars/rows/").headers["etag"]
    statuses = [client.get("/datasets/cars/rows/", headers={"if-none-match": tag}).status_code for _ in range(2)]
    assert statuses == [304, 304]
    asked = len(operations.calls)
    assert client.get("/datasets/cars/rows/", headers={"if-none-match": tag}).status_code == 304
    assert len(operations.calls) == asked
    client.patch("/datasets/cars/", json={"title": "New"})
    assert client.get("/datasets/cars/rows/", headers={"if-none-match": tag}).status_code == 200


def test_what_is_accepted_decides(counted: tuple[Client, Counted]) -> None:
    client, _ = counted
    for _ in range(2):
        assert client.get("/datasets/cars/rows/").json()["total"] == 3
        assert client.get("/datasets/cars/rows/", headers={"accept": "text/csv"}).text.startswith("make,price")
        assert client.get("/datasets/cars/rows/", headers={"accept": "text/html"}).status_code == 406


@pytest.mark.parametrize(
    "url", ["/datasets/cars/rows/?format=csv", "/datasets/cars/file/", "/jobs/", "/health", "/datasets/nobody/"]
)
def test_downloads_problems_and_what_changes_by_itself_are_not_kept(counted: tuple[Client, Counted], url: str) -> None:
    client, operations = counted
    client.head(url)
    first = client.get(url)
    asked = len(operations.calls)
    again = client.get(url)
    assert again.content == first.content or again.json()["code"] == first.json()["code"]
    assert url == "/health" or len(operations.calls) > asked


@pytest.mark.parametrize("header", [("authorization", "Bearer x"), ("cookie", "a=b"), ("range", "bytes=0-1")])
def test_requests_that_say_who_asks_are_answered_anew(counted: tuple[Client, Counted], header: tuple[str, str]) -> None:
    client, operations = counted
    client.get("/datasets/cars/")
    asked = len(operations.calls)
    client.get("/datasets/cars/", headers=dict([header]))
    client.get("/datasets/cars/", headers=dict([header]))
    assert len(operations.calls) >= asked + 2


def answer(size: int) -> KeptAnswer:
    return KeptAnswer(200, (), b"x" * size, "/x")


def test_a_budget_is_kept_to_and_the_oldest_go_first() -> None:
    kept = KeptAnswers(lambda: 1, budget=100_000)
    keys = [(f"/{number}", b"", b"", b"", "") for number in range(40)]
    _, stamp = kept.look(keys[0])
    for key in keys:
        kept.keep(key, stamp, answer(4_000))
    assert kept.size <= 100_000
    there = [key for key in keys if kept.look(key)[0] is not None]
    assert there == keys[-19:]
    kept.keep(("/large", b"", b"", b"", ""), stamp, answer(10_000))
    assert kept.look(("/large", b"", b"", b"", ""))[0] is None


def test_an_answer_that_was_made_of_an_older_store_is_not_kept() -> None:
    state = [1]
    kept, key = KeptAnswers(lambda: state[0], budget=100_000), ("/", b"", b"", b"", "")
    _, before = kept.look(key)
    state[0] = 2
    kept.look(key)
    kept.keep(key, before, answer(1))
    assert kept.look(key)[0] is None
    kept.keep(key, 2, answer(1))
    assert kept.look(key)[0] is not None
    state[0] = 3
    assert kept.look(key)[0] is None
    assert kept.size == 0


def test_only_reads_have_a_key() -> None:
    def key(method: str, *headers: tuple[bytes, bytes]) -> object:
        scope = {"method": method, "path": "/a", "query_string": b"q", "headers": list(headers)}
        return key_of(cast("HTTPScope", scope))

    assert key("GET") == ("/a", b"q", b"", b"", "")
    assert key("GET", (b"accept", b"text/csv"), (b"user-agent", b"x")) == ("/a", b"q", b",text/csv", b"", "")
    assert key("POST") is None
    assert key("GET", (b"origin", b"http://x")) == key("GET")  # who may read it is told apart from it
    assert key("GET", (b"content-length", b"2")) is None


def test_two_processes_never_give_what_is_stale(tmp_path: Path) -> None:
    """Each read after an acknowledged write sees it, whichever process answers."""
    with served(tmp_path / "home", WORKERS="2", LOG_LEVEL="info", LOG_FORMAT="json") as url:
        httpx.post(f"{url}/datasets/?name=cars", content=CARS, timeout=60).raise_for_status()

        def watch(_: int) -> bool:
            with httpx.Client(base_url=url, timeout=60) as client:  # each its own connection, and perhaps process
                return all(_reads_its_writes(client, turn) for turn in range(15))

        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(watch, range(4)))
    lines = [json.loads(line) for line in (tmp_path / "home.log").read_text().splitlines() if line.startswith("{")]
    requests = [line for line in lines if line["event"] == "request"]
    assert len({line["correlation_id"] for line in requests}) == len(requests) >= 4 * 15 * 4
    assert {"method", "path", "status", "ms", "level", "logger", "timestamp"} <= set(requests[-1])


def _reads_its_writes(client: httpx.Client, turn: int) -> bool:
    made = client.post("/datasets/cars/rows/", json={"make": f"m{turn}"}).raise_for_status().json()
    document = client.get("/datasets/cars/").json()
    total = client.get("/datasets/cars/rows/?limit=1").json()["total"]
    row = client.get(f"/datasets/cars/rows/{made['ids'][0]}")
    return document["version"] >= made["version"] and total >= made["ids"][0] and row.status_code == 200


def test_pages_of_all_sites_are_answered_the_same_but_urls_begin_with_the_host() -> None:
    def key(path: str, host: bytes, *headers: tuple[bytes, bytes], trusted: str = "192.0.2.0/24") -> object:
        given = [(b"host", host), (b"origin", b"http://x"), *headers]
        scope = {"method": "GET", "path": path, "query_string": b"", "headers": given}
        near = {"scheme": "http", "client": ("10.0.0.1", 1), "server": ("127.0.0.1", 80)}
        return key_of(cast("HTTPScope", {**scope, **near}), [ip_network(trusted)])

    cars, image, said = "/api/cars", "/images/x/web", (b"x-forwarded-proto", b"https")
    assert key(cars, b"a") == key(cars, b"a", (b"origin", b"http://y")) != key(cars, b"b")
    assert key(cars, b"a") == key(cars, b"a", said)
    assert key(cars, b"a") != key(cars, b"a", said, trusted="10.0.0.0/8") is not None
    assert key(cars, b"a b") is None
    assert key(image, b"a") == key(image, b"b") is not None
    assert key("/datasets/cars", b"a") == key("/datasets/cars", b"b") is not None
