"""The processes of a server: one that dies is started again, one that can't start ends the server."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import psutil
import pytest
from granian.constants import Interfaces
from granian.server import MPServer

from entrepot.processes import Server
from entrepot.settings import Settings
from entrepot.wiring import CATALOGUE, open_home
from tests.apps.http.test_streams import until
from tests.serving import free_port, served


def workers(home: Path) -> list[psutil.Process]:
    """The processes of the server of a home, which answer; not those that wait for files to read."""
    found: list[psutil.Process] = []
    for one in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):
            if "serve" in one.cmdline() and one.environ().get("ENTREPOT_STORE") == str(home):
                found += [child for child in one.children() if child.cmdline() == one.cmdline()]
    return found


def answers(url: str) -> bool:
    """Whether anybody does."""
    with suppress(httpx.TransportError):
        return httpx.get(f"{url}/health", timeout=60).is_success
    return False


def lines_of(log: Path) -> list[dict[str, Any]]:
    """The lines of a log that are JSON: the URL stands there too, as it was printed."""
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


@pytest.mark.parametrize("count", [1, 2])
def test_a_process_that_dies_is_started_again(tmp_path: Path, count: int) -> None:
    home = tmp_path / "home"
    with served(home, WORKERS=str(count), LOG_FORMAT="json") as url:
        until(lambda: len(workers(home)) == count)
        before = {one.pid for one in workers(home)}
        with httpx.Client(base_url=url, timeout=60) as client:
            assert client.post("/datasets/?name=x", content=b"a,b\n1,2\n").status_code == 201
        for pid in before:  # as the kernel does where memory runs out
            os.kill(pid, signal.SIGKILL)
        until(lambda: len(workers(home)) == count and before.isdisjoint(one.pid for one in workers(home)))
        until(lambda: answers(url))
        assert httpx.get(f"{url}/datasets/x/", timeout=60).json()["rows"] == 1
    told = [one for one in lines_of(tmp_path / "home.log") if one["event"].startswith("process died")]
    assert {(one["pid"], one["died_of"], one["level"]) for one in told} == {(pid, "SIGKILL", "error") for pid in before}


def test_one_that_dies_while_others_are_seen_to_is_seen_to_next(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server("nothing", interface=Interfaces.ASGI)
    seen: list[list[int]] = []

    class Woken(threading.Event):
        """Forgets that it was woken, right after the second process died."""

        def clear(self) -> None:
            if not seen:
                server.interrupt_children.append(1)
            super().clear()

    def respawn(_: Server, workers: list[int], *__: object) -> None:
        seen.append(workers)
        server.interrupt_signal = len(seen) > 1

    monkeypatch.setattr(MPServer, "_respawn_workers", respawn)
    server.respawn_failed_workers, server.main_loop_interrupt = True, Woken()
    dead: list[Any] = [SimpleNamespace(inner=SimpleNamespace(exitcode=-9, pid=1), birth=-1e6)] * 2
    server.wrks = dead
    server.interrupt_children.append(0)
    server.main_loop_interrupt.set()
    run = server._serve_loop  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - Granian's own
    loop = threading.Thread(target=run, args=(None, None), daemon=True)
    loop.start()
    loop.join(10)
    assert seen == [[0], [1]]


@contextmanager
def begun(home: Path, **settings: str) -> Generator[subprocess.Popen[str]]:
    """A server that need not come up."""
    given = {"STORE": str(home), "PORT": str(free_port()), "LOG_FORMAT": "json", **settings}
    environ = os.environ | {f"ENTREPOT_{name}": value for name, value in given.items()}
    command = [sys.executable, "-m", "entrepot", "serve"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        try:
            yield server
        finally:
            server.terminate()


def _broken(home: Path) -> None:
    """Take a table away from a home, which a glance at it does not show."""
    with open_home(str(home), Settings(sandbox="off")):
        pass
    with closing(sqlite3.connect(home / CATALOGUE)) as database:
        database.execute("ALTER TABLE jobs RENAME TO no_jobs")
        database.commit()


@pytest.mark.parametrize("count", [1, 2])
def test_a_process_that_cant_start_ends_the_server_with_the_reason(tmp_path: Path, count: int) -> None:
    _broken(tmp_path / "home")
    with begun(tmp_path / "home", WORKERS=str(count)) as server:
        _, said = server.communicate(timeout=60)
    assert server.returncode == 1
    lines = [json.loads(line) for line in said.splitlines()]
    failed = [one for one in lines if one["event"] == "start failed"]
    assert len(failed) <= count
    assert "no such table: jobs" in failed[0]["reason"]
    assert "process can't start, so the server ends" in [one["event"] for one in lines if one["level"] == "critical"]


def test_a_process_that_is_killed_whenever_it_starts_ends_the_server(tmp_path: Path) -> None:
    with begun(tmp_path / "home") as server:
        killed = set[int]()

        def kill() -> bool:
            for one in workers(tmp_path / "home"):
                if one.pid not in killed:
                    killed.add(one.pid)
                    one.kill()
            return server.poll() is not None

        until(kill)
    assert server.returncode == 1
    assert 2 <= len(killed) <= 3


def test_no_process_imports_what_lies_where_the_server_was_started(tmp_path: Path) -> None:
    for name in ("code", "email", "random", "pickle"):  # modules of Python that a server needs
        (tmp_path / f"{name}.py").write_text("raise SystemExit(f'{__file__} was imported')\n")
    port = free_port()
    given = {"STORE": str(tmp_path / "home"), "PORT": str(port), "WORKERS": "2"}
    environ = os.environ | {f"ENTREPOT_{name}": value for name, value in given.items()}
    command = [sys.executable, "-P", "-m", "entrepot", "serve"]
    with subprocess.Popen(command, env=environ, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as server:
        try:
            until(lambda: server.poll() is not None or answers(f"http://127.0.0.1:{port}"))
        finally:
            server.terminate()
        _, said = server.communicate(timeout=60)
    assert (server.returncode, "was imported" in said) == (0, False), said


def test_the_log_of_a_server_is_json_from_its_first_line(tmp_path: Path) -> None:
    with begun(tmp_path / "home", MAX_ROW="5", MAX_COLUMNS="77", WORKERS="2") as server:
        assert server.stderr is not None
        lines = [json.loads(server.stderr.readline()) for _ in range(2)]
        server.terminate()
        lines += [json.loads(line) for line in server.communicate(timeout=60)[1].splitlines()]
    mistyped, settings = lines[:2]
    told = "ENTREPOT_MAX_ROW is not a setting of Entrepot and is ignored. Did you mean ENTREPOT_MAX_ROWS?"
    assert (mistyped["event"], mistyped["level"]) == (told, "warning")
    assert (settings["event"], settings["ENTREPOT_MAX_COLUMNS"]) == ("settings", "77")
    assert [line["event"] for line in lines].count(told) == 1


def test_a_log_for_people_has_a_line_for_each_setting(tmp_path: Path) -> None:
    with begun(tmp_path / "home", MAX_ROW="5", LOG_FORMAT="console") as server:
        assert server.stderr is not None
        mistyped, *lines = [server.stderr.readline() for _ in range(3)]
        server.terminate()
        rest = server.communicate(timeout=60)[1]
    assert "Did you mean ENTREPOT_MAX_ROWS?" in mistyped
    assert "UserWarning" not in mistyped + rest
    assert lines[0] == "ENTREPOT_ENV=development\n"
