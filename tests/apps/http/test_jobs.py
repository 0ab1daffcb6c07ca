"""Jobs over a real socket, on a server of two processes; and what is left of them when a server dies."""

import contextlib
import json
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from entrepot.settings import Settings
from entrepot.wiring import connect
from entrepot_core.job import JobId
from tests.apps.http.test_streams import Running, until
from tests.serving import served

ASYNC = {"Prefer": "respond-async"}
CARS = b"make,price\nFiat,10.5\nAudi,\n"
LINES = "".join(f'{number},some "words" of text {number},{number / 7}\n' for number in range(20_000)).encode()
LARGE = b"a,b,c\n" + LINES * 130
_OWN = re.compile("lock$|/import-")  # what a process has for itself
"""Some 120 MB, which take seconds to read: row by row, for the sake of their quotes."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("jobs")
    with served(home, WORKERS="2", LOG_LEVEL="info", LOG_FORMAT="json") as url:
        yield Running(url, home)


@pytest.fixture
def client(server: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


def begin(client: httpx.Client, body: bytes = CARS, query: str = "") -> dict[str, Any]:
    """Begin a job, and answer its document."""
    answer = client.post(f"/datasets/{query}", content=body, headers={"Content-Type": "text/csv", **ASYNC})
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def events(client: httpx.Client, job: dict[str, Any]) -> Generator[tuple[str, dict[str, Any]]]:
    """The events of a job: names and documents, as they come."""
    with client.stream("GET", job["_links"]["events"]["href"], headers={"Last-Event-ID": "7"}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in answer.iter_lines():
            field, _, value = line.partition(": ")
            if field == "event":
                name = value
            if field == "data":
                yield name, json.loads(value)


def holders(server: Running) -> set[int]:
    """The processes that have a file of an import open, removed or not: the server and its worker."""
    scratch = str(server.home / "tmp")
    found = set[int]()
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(OSError):  # it has ended
            links = [str(entry.readlink()) for entry in Path(f"/proc/{process.pid}/fd").iterdir()]
            if any(link.startswith(scratch) and not _OWN.search(link) for link in links):
                found.add(process.pid)
    return found


def test_a_client_that_would_rather_not_wait_gets_a_job(client: httpx.Client) -> None:
    answer = client.post(
        "/datasets/?name=fleet", content=CARS, headers={"Content-Type": "text/csv", "Prefer": "wait=5, respond-async"}
    )
    assert answer.status_code == 202
    assert answer.headers["preference-applied"] == "respond-async"
    job = answer.json()
    assert answer.headers["location"] == job["_links"]["self"]["href"] == f"/api/v1/jobs/{job['id']}"
    assert (job["kind"], job["state"], job["problem"], job["dataset"]) == ("import", "queued", None, None)
    *_, (name, last) = events(client, job)
    assert (name, last["state"]) == ("done", "succeeded")
    made = client.get(last["_links"]["dataset"]["href"]).json()
    assert (made["name"], made["id"], made["version"]) == ("fleet", last["dataset"], last["version"])
    replaced = client.put("/datasets/fleet/", content=b"a\n1\n", headers={"Content-Type": "text/csv", **ASYNC})
    assert replaced.status_code == 202
    *_, (_, last) = events(client, replaced.json())
    assert (last["kind"], last["dataset"], last["version"]) == ("replace", made["id"], 2)


def test_other_wishes_are_passed_over(client: httpx.Client) -> None:
    headers = {"Content-Type": "text/csv", "Prefer": "return=minimal"}
    answer = client.post("/datasets/", content=CARS, headers=headers)
    assert (answer.status_code, "preference-applied" in answer.headers) == (201, False)


def test_a_job_that_failed_shows_the_problem(client: httpx.Client) -> None:
    job = begin(client, b"a,b\n1,\0\n")
    *_, (_, last) = events(client, job)
    waited = client.post("/datasets/", content=b"a,b\n1,\0\n", headers={"Content-Type": "text/csv"}).json()
    del waited["instance"], waited["correlation_id"]
    assert (last["state"], last["problem"]) == ("failed", waited)


def test_a_job_that_fails_has_a_line_in_the_log_with_the_request_that_asked_for_it(
    client: httpx.Client, server: Running
) -> None:
    headers = {"Content-Type": "text/csv", "X-Correlation-ID": "of-a-picture", **ASYNC}
    picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    job = client.post("/datasets/?name=picture&file_name=a.png", content=picture, headers=headers).json()
    list(events(client, job))
    log = server.home.with_name(f"{server.home.name}.log")
    until(lambda: '"job failed"' in log.read_text())
    lines = [json.loads(line) for line in log.read_text().splitlines() if '"job failed"' in line]
    told = next(line for line in lines if line["job"] == job["id"])
    about = ("kind", "dataset", "file_name", "code", "level", "correlation_id")
    expected = ["import", "picture", "a.png", "unreadable_input", "warning", "of-a-picture"]
    assert [told[name] for name in about] == expected
    assert "it is a PNG image" in told["detail"]


def test_jobs_are_listed_page_by_page(client: httpx.Client) -> None:
    begun = [begin(client) for _ in range(3)]
    for job in begun:
        list(events(client, job))
    first = client.get("/jobs/?limit=2&state=succeeded")
    assert (first.json()["limit"], first.headers["cache-control"]) == (2, "no-store")
    assert first.json()["next_url"] in first.headers["link"]
    second = client.get(first.json()["next_url"]).json()
    ids = [job["id"] for job in (*first.json()["items"], *second["items"])]
    assert ids[:3] == [job["id"] for job in reversed(begun)]
    assert client.get("/jobs/?state=asleep").json()["code"] == "invalid_option"


def test_a_job_that_has_ended_can_be_kept(client: httpx.Client) -> None:
    job = begin(client)
    list(events(client, job))
    here = job["_links"]["self"]["href"]
    seen = client.get(here)
    assert seen.headers["cache-control"] == "no-cache"
    assert client.get(f"{here}/", headers={"If-None-Match": seen.headers["etag"]}).status_code == 304
    assert client.head(f"{here}/events").status_code == 200
    gone = client.delete(here)
    assert (gone.status_code, gone.json()["code"], gone.json()["state"]) == (409, "job_finished", "succeeded")


def test_a_job_is_followed_by_several_and_cancelled_by_another(client: httpx.Client, server: Running) -> None:
    before = set(server.home.glob("blobs/*/*"))
    total = client.get("/datasets/").json()["total"]
    with (
        httpx.Client(base_url=server.url, timeout=30) as other,
        connect(server.home, Settings()) as beside,
    ):
        job = begin(client, LARGE, "?name=large")
        told = [events(client, job), events(other, job)]
        for stream in told:
            name, seen = next(told for told in stream if (told[1]["progress"] or {}).get("done"))  # its worker is ready
            assert (name, seen["state"], seen["progress"]["unit"]) == ("progress", "running", "bytes")
            assert 0 < seen["progress"]["done"] <= seen["progress"]["total"] == len(LARGE)
        assert holders(server)
        assert client.get(job["_links"]["self"]["href"]).headers["cache-control"] == "no-store"
        assert beside.operations.cancel_job(JobId(job["id"])).cancelling
        for stream in told:
            *_, (name, last) = stream
            assert (name, last["state"], last["dataset"]) == ("done", "cancelled", None)
    until(lambda: holders(server) == set() and server.staged == [])
    assert set(server.home.glob("blobs/*/*")) == before
    assert client.get("/datasets/").json()["total"] == total


def test_a_client_that_goes_away_while_it_follows_holds_nothing(client: httpx.Client, server: Running) -> None:
    job = begin(client, LARGE)
    log = server.home.with_name(f"{server.home.name}.log")
    for _ in range(20):
        with server.begun(f"GET /jobs/{job['id']}/events HTTP/1.1") as follower:
            assert b"200" in follower.recv(100)
    until(lambda: log.read_text().count(f"/jobs/{job['id']}/events") == 20)
    assert client.delete(f"/jobs/{job['id']}").status_code == 202
    until(lambda: client.get(f"/jobs/{job['id']}").json()["state"] == "cancelled")


def test_a_job_that_a_crash_or_a_stop_cut_off_has_failed_and_left_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    known = {child.pid for child in psutil.Process().children()}
    with served(home) as url, httpx.Client(base_url=url, timeout=30) as client:
        (main,) = [child for child in psutil.Process().children() if child.pid not in known]
        killed = [main, *main.children(recursive=True)]
        job = begin(client, LARGE)
        until(lambda: bool(client.get(f"/jobs/{job['id']}").json()["progress"]))
        main.kill()
        _, alive = psutil.wait_procs(killed, timeout=30)
        assert alive == []
    with served(home) as url, httpx.Client(base_url=url, timeout=30) as client:
        found = client.get(f"/jobs/{job['id']}").json()
        assert (found["state"], found["problem"]["code"]) == ("failed", "interrupted")
        assert "has ended" in found["problem"]["detail"]
        assert client.get("/datasets/").json()["total"] == 0
        assert Running(url, home).staged == []
        job = begin(client, LARGE)
        with contextlib.closing(events(client, job)) as following:
            next(told for _, told in following if told["progress"])
    with connect(home, Settings()) as beside:
        stopped = beside.operations.get_job(JobId(job["id"]))
        assert (stopped.state, stopped.problem and stopped.problem["reason"]) == ("failed", "the store was closed")
    assert [*home.glob("blobs/*/*")] == []
    assert "Traceback" not in home.with_name("home.log").read_text()


@pytest.mark.parametrize("query", ["?name=shown&published=true", "?name=pictured&image=make"])
def test_a_file_whose_images_are_fetched_is_the_jobs_from_then_on(client: httpx.Client, query: str) -> None:
    *_, (_, job) = events(client, begin(client, query=query))
    assert (job["state"], job["problem"], job["version"]) == ("succeeded", None, 1)
