"""What the pipelines call after a deployment, called on a real server and on things that are none."""

import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from tests.architecture.tree import ROOT
from tests.serving import free_port, served

SMOKE = ROOT / "cicd" / "smoke.py"


def _smoke(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(SMOKE), url, "--wait", "1", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("smoke") / "home") as url:
        yield url


@pytest.mark.parametrize("check", ["health", "version", "datasets", "metadata"])
def test_a_server_answers_as_it_should(server: str, check: str) -> None:
    ran = _smoke(server, "--checks", check)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert f"\n{check}: " in ran.stdout


def test_nothing_is_left_of_it(server: str) -> None:
    assert httpx.get(f"{server}/api/v1/datasets/").json()["total"] == 0


def test_where_nobody_answers_it_fails_and_says_so() -> None:
    ran = _smoke(f"http://127.0.0.1:{free_port()}")
    assert ran.returncode == 1
    assert "the server was not up after 1 s" in ran.stderr


class _Other(BaseHTTPRequestHandler):
    """A server that is no Entrepot."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"status": "ok", "checks": {}, "name": "other"}')

    def log_message(self, format: str, *args: object) -> None:
        """Be quiet."""


def test_another_server_is_not_taken_for_an_entrepot() -> None:
    with HTTPServer(("127.0.0.1", 0), _Other) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        ran = _smoke(f"http://127.0.0.1:{other.server_port}", "--checks", "health", "version")
        other.shutdown()
    assert ran.returncode == 1
    assert "the name is 'other', not 'entrepot'" in ran.stderr


@pytest.mark.parametrize("well", [True, False])
def test_the_healthcheck_of_the_image_tells_whether_the_server_is_well(server: str, *, well: bool) -> None:
    port = server.rpartition(":")[2] if well else str(free_port())
    program = Path(ROOT, "deploy", "container", "health.py")
    asked = subprocess.run(
        [sys.executable, "-I", str(program)], env={"ENTREPOT_PORT": port}, capture_output=True, check=False, timeout=60
    )
    assert asked.returncode == (0 if well else 1)
