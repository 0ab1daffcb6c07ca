"""What Prometheus is told; read by its own parser."""

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx
import pytest
from litestar.testing import TestClient
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parsed_open
from prometheus_client.parser import text_string_to_metric_families as parsed

from entrepot.counting import VARIABLE, counting_folder, counting_together
from entrepot.http.app import HttpSettings, create_app
from entrepot.http.metrics import Metrics
from entrepot.settings import MEMORY, Settings
from entrepot.wiring import open_home
from entrepot_core.errors import StoreBusy
from tests.apps.http.conftest import Client
from tests.serving import served
from tests.sources import sources

if TYPE_CHECKING:
    from entrepot_core.ports.operations import Operations

Series = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


def series(text: str) -> Series:
    """The series in an answer, by name and labels."""
    samples = [sample for family in parsed(text) for sample in family.samples]
    found = {(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples}
    assert len(found) == len(samples)
    return found


def requests(found: Series, **labels: str) -> float:
    """How many requests of these labels were counted."""
    return found.get(("entrepot_http_request_duration_seconds_count", frozenset(labels.items())), 0)


class Busy:
    """Operations on a store that another process holds."""

    def list_datasets(self, _query: object) -> object:
        """Find it held."""
        raise StoreBusy


def test_requests_are_counted_by_route_and_status(client: Client, cars: Mapping[str, object]) -> None:
    del cars
    before = series(client.get("/metrics").text)

    def more(**labels: str) -> float:
        return requests(found, **labels) - requests(before, **labels)

    for path in ("/datasets/cars/", "/api/v1/datasets/cars", "/datasets/nobody/", "/nowhere", "/elsewhere"):
        client.get(path)
    client.head("/datasets/cars/")
    client.request("BREW", "/nowhere")
    found = series(client.get("/metrics").text)
    route = "/datasets/{ds}"
    assert more(method="GET", route=route, status="200") == 2
    assert more(method="HEAD", route=route, status="200") == 1
    assert more(method="GET", route=route, status="404") == 1
    assert more(method="GET", route="none", status="404") == 2
    assert more(method="other", route="none", status="404") == 1
    labels = frozenset({("method", "GET"), ("route", route), ("status", "200")})
    assert 0 < found["entrepot_http_request_duration_seconds_sum", labels] < 60


def test_datasets_whose_source_fails_are_counted_and_listed(client: Client) -> None:
    failing = "entrepot_datasets_failing", frozenset[tuple[str, str]]()
    with sources("127.0.0.9") as source:
        url = source.gives("/fading.csv", b"a\n1\n")
        assert client.post("/datasets/", params={"url": url}).status_code == 201
        assert series(client.get("/metrics").text)[failing] == 0
        source.gives("/fading.csv", b"", 404)
        assert client.post("/datasets/fading/refresh/").is_error
        assert series(client.get("/metrics").text)[failing] == 1
        assert [one["name"] for one in client.get("/datasets/?failing=true").json()["items"]] == ["fading"]


def test_answers_that_are_kept_are_counted() -> None:
    with open_home(MEMORY, Settings()) as home:
        app = create_app(home.operations, home.driven.blobs.stage, dict, HttpSettings(), stamp=home.stamp)
        with TestClient(app) as client:
            assert client.post("/datasets/?name=x", content=b"a\n1\n").status_code == 201
            for _ in range(5):
                client.get("/datasets/x/rows/?limit=1")
            found = series(client.get("/metrics").text)
    assert requests(found, method="GET", route="/datasets/{ds}/rows", status="200") == 5


def test_what_the_store_holds_is_told(client: Client, cars: Mapping[str, object]) -> None:
    del cars
    found = series(client.get("/metrics").text)
    assert found["entrepot_datasets", frozenset()] == 1
    assert found["entrepot_build_info", frozenset({("version", "1.2.3")})] == 1
    for state in ("queued", "running"):
        assert found["entrepot_jobs", frozenset({("state", state)})] == 0
    assert {part for name, part in found if name == "entrepot_part_up"} == {
        frozenset({("part", part)}) for part in ("catalogue", "blobs", "sandbox")
    }
    assert found["process_resident_memory_bytes", frozenset()] > 1e6


def test_openmetrics_is_told_to_who_asks_for_it(client: Client) -> None:
    answer = client.get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    families = parsed_open(answer.text)  # type: ignore[no-untyped-call]  # it has no types
    assert "entrepot_datasets" in {family.name for family in families}
    plain = client.get("/metrics")
    assert plain.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert (plain.headers["cache-control"], plain.headers["vary"].split(",")[0]) == ("no-store", "Accept")


def test_a_part_that_is_down_is_told_without_what_it_would_know() -> None:
    checks = {"catalogue": "It is held by another.", "blobs": "ok"}
    operations = cast("Operations", Busy())
    app = create_app(operations, stage=cast("type", object), checks=lambda: checks, settings=HttpSettings())
    with TestClient(app) as client:
        answer = client.get("/metrics")
    found = series(answer.text)
    assert answer.status_code == 200
    assert found["entrepot_part_up", frozenset({("part", "catalogue")})] == 0
    assert found["entrepot_part_up", frozenset({("part", "blobs")})] == 1
    assert ("entrepot_datasets", frozenset()) not in found


@pytest.mark.parametrize("what", ["paths", "methods"])
def test_strangers_make_no_series(what: str) -> None:
    metrics = Metrics("1")
    for number in range(1000):
        metrics.count(f"M{number}" if what == "methods" else "GET", None, 404, 0.1)
    text, _ = metrics.shown("", {}, cast("Operations", Busy()))
    assert len([key for key in series(text.decode()) if key[0] == "entrepot_http_request_duration_seconds_count"]) == 1


def test_processes_count_together_and_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with served(tmp_path / "home", WORKERS="2") as url:
        assert [*tmp_path.glob("entrepot-metrics-*")]
        with httpx.Client(base_url=url, timeout=60) as client:
            before = requests(series(client.get("/metrics").text), method="GET", route="/version", status="200")
        for _ in range(20):  # by connections of their own, which either process takes
            httpx.get(f"{url}/version", timeout=60)
        texts = [httpx.get(f"{url}/metrics", timeout=60).text for _ in range(6)]
        answers = {requests(series(text), method="GET", route="/version", status="200") for text in texts}
        assert answers == {before + 20}
    assert not [*tmp_path.glob("entrepot-metrics-*")]


def test_files_of_counts_have_their_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To write into a hole of a mapped file on a disk that is full ends the process."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with served(tmp_path / "home", WORKERS="2") as url:
        for path in ("version", "health", "datasets/", "nowhere"):
            httpx.get(f"{url}/{path}", timeout=60)
        files = [*tmp_path.glob("entrepot-metrics-*/*.db")]
        assert files
        for file in files:
            assert file.stat().st_blocks * 512 >= file.stat().st_size


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EOPNOTSUPP])
def test_a_process_that_has_no_room_for_its_counts_counts_alone(
    fault: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setenv(VARIABLE, str(tmp_path))
    monkeypatch.setattr(os, "posix_fallocate", refuse)
    assert counting_folder() is None
    assert VARIABLE not in os.environ
    assert [*tmp_path.iterdir()] == []
    assert os.strerror(fault) in caplog.text


def test_a_server_leaves_no_variable_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/nowhere")
    for workers in (1, 2):
        with counting_together(workers):
            assert (VARIABLE in os.environ) == (workers == 2)
            assert (counting_folder() is None) == (workers == 1)
        assert VARIABLE not in os.environ
