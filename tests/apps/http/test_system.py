"""The server about itself: index, health, version, docs, correlation ids and logs."""

import json
import subprocess
import sys
from typing import TYPE_CHECKING, cast

import pytest
from litestar.testing import TestClient

from entrepot.http.app import HttpSettings, create_app
from entrepot_adapters.sandbox.spec import LAYERS
from tests.apps.http.conftest import Client

if TYPE_CHECKING:
    from entrepot_core.ports.operations import Operations


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("path", ["", "/datasets", "/health", "/version", "/docs", "/openapi.json", "/problems"])
def test_paths_are_served_at_the_root_and_under_the_prefix_with_and_without_a_slash(
    client: Client, prefix: str, path: str, slash: str
) -> None:
    assert client.get(prefix + path + slash).status_code == 200


def test_the_index_links_to_what_there_is(client: Client) -> None:
    document = client.get("/").json()
    for name, link in document["_links"].items():
        assert client.get(link["href"]).status_code == 200, name
    assert (document["name"], document["version"]) == ("entrepot", "1.2.3")


def test_a_browser_gets_a_page(client: Client) -> None:
    answer = client.get("/", headers={"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert 'href="/api/v1/docs"' in answer.text


def test_health_tells_of_each_part(client: Client) -> None:
    answer = client.get("/health")
    found = answer.json()
    layers = found["checks"].pop("sandbox")["layers"]
    assert (answer.status_code, found) == (200, {"status": "ok", "checks": {"catalogue": "ok", "blobs": "ok"}})
    assert set(layers) == set(LAYERS)
    assert answer.headers["cache-control"] == "no-store"


def test_health_is_bad_when_a_part_is_down() -> None:
    operations = cast("Operations", object())
    checks = {"catalogue": "ok", "blobs": "The disk is gone."}
    app = create_app(operations, stage=cast("type", object), checks=lambda: checks, settings=HttpSettings())
    with TestClient(app) as client:
        answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "down", "checks": checks})


def test_what_the_app_was_given_is_let_go_of_at_its_end() -> None:
    told: list[str] = []
    app = create_app(
        cast("Operations", object()),
        stage=cast("type", object),
        checks=dict,
        settings=HttpSettings(),
        on_shutdown=lambda: told.append("closed"),
    )
    with TestClient(app):
        assert told == []
    assert told == ["closed"]


def test_the_version_is_told(client: Client) -> None:
    assert client.get("/version").json() == {"name": "entrepot", "version": "1.2.3", "api": ["v1"]}


def test_a_sane_correlation_id_is_kept_and_any_other_replaced(client: Client) -> None:
    assert client.get("/version", headers={"x-correlation-id": "job-17.a"}).headers["x-correlation-id"] == "job-17.a"
    for bad in ("", " ", "a b", "x" * 129, "<script>", "a,b", "-a"):
        made = client.get("/version", headers={"x-correlation-id": bad}).headers["x-correlation-id"]
        assert len(made) == 36, bad
    assert client.get("/nope", headers={"x-correlation-id": "k1"}).json()["correlation_id"] == "k1"


def test_each_request_has_one_line_in_the_log() -> None:
    program = """
import logging
from litestar.testing import TestClient
from entrepot.http.app import HttpSettings, create_app
from entrepot.http.logs import configure_logs

def checks():
    logging.getLogger("other").warning("from a thread")
    return {}

configure_logs("info", "json")
logging.getLogger("httpx").setLevel("ERROR")
app = create_app(object(), object, checks, HttpSettings(max_upload_bytes=1))
with TestClient(app) as client:
    client.head("/api/v1/health", headers={"x-correlation-id": "a1"})
    client.get("/datasets/x", headers={"x-correlation-id": "a2"})
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in run.stderr.splitlines()]
    by_id = {(line["correlation_id"], line["event"]): line for line in lines}
    assert set(by_id) == {("a1", "from a thread"), ("a1", "request"), ("a2", "failure"), ("a2", "request")}
    access = by_id["a1", "request"]
    assert (access["method"], access["path"], access["status"]) == ("HEAD", "/api/v1/health", 200)
    assert access["ms"] >= 0
    assert access["client"] == "testclient"
    assert "AttributeError" in by_id["a2", "failure"]["exception"]
    assert by_id["a2", "request"]["status"] == 500


def test_a_terminal_obeys_nothing_that_stands_in_the_log() -> None:
    program = """
import logging
from entrepot.http.logs import configure_logs, log_request
configure_logs("info", "console")
log_request({"path": chr(27) + "[31m" + chr(155) + "2J/é"}, "a1")
log_request({"path": "/a" + chr(10) + "forged " + chr(27) + "]0;x"}, "a2")
logging.getLogger("x").warning("of %s", chr(27) + "[31m")
"""
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program], capture_output=True, encoding="utf-8", check=True
    )
    lines = run.stderr.split("\n")
    assert len(lines) == 4
    assert all(line.isprintable() for line in lines)
    assert r"path=\x1b[31m\x9b2J/é" in lines[0]


def test_the_console_log_shows_no_values_of_variables() -> None:
    program = """
import structlog
from entrepot.http.logs import configure_logs
configure_logs("info", "console")
def fail():
    secret = "hun" + "ter2"
    raise ValueError("oh")
try:
    fail()
except ValueError:
    structlog.stdlib.get_logger("x").exception("failure")
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "ValueError: oh" in run.stderr
    assert "hunter2" not in run.stderr


def test_the_app_imports_no_heavy_library() -> None:
    heavy = ["polars", "matplotlib", "sqlalchemy", "xlsxwriter", "pandas", "pyarrow", "entrepot_adapters"]
    program = f"import sys, entrepot.http.app; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
