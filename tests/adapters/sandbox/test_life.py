"""Workers begin in any kind of program, wait where that is wanted, and leave nothing behind."""

import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from entrepot_adapters.sandbox.importer import SandboxedImporter
from entrepot_adapters.sandbox.surroundings import environment
from tests.adapters.sandbox.surroundings import nothing_is_left, workers
from tests.contracts.loading import load

HEAD = """
import io, os, sys, threading
from entrepot_adapters.sandbox.importer import SandboxedImporter
from entrepot_core.dialect import ImportOptions
from entrepot_core.ports.importer import ImportTask

def load(importer):
    task = ImportTask(None, None, ImportOptions())
    print(importer.load(io.BytesIO(b"a\\n1\\n"), io.BytesIO(), io.BytesIO(), task, lambda *_: None).rows, flush=True)

importer = SandboxedImporter(scratch=sys.argv[1])
"""


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    with nothing_is_left():
        yield


def run(script: str, scratch: Path) -> str:
    """What a script without a ``__main__`` guard prints; it has to leave no file."""
    program = scratch.with_name("script.py")
    scratch.mkdir(parents=True)
    program.write_text(HEAD + textwrap.dedent(script))
    done = subprocess.run(
        [sys.executable, "-W", "ignore:This process", program, scratch],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert list(scratch.iterdir()) == []
    return done.stdout


def test_a_script_needs_no_main_guard_and_no_close(tmp_path: Path) -> None:
    assert run("importer.keep_warm(); load(importer); load(importer)", tmp_path / "scratch") == "1\n1\n"


def test_a_worker_that_is_just_being_started_at_exit_leaves_nothing(tmp_path: Path) -> None:
    for attempt in range(5):
        assert run("importer.keep_warm()", tmp_path / str(attempt) / "scratch") == ""


def test_a_thread_may_import_when_the_main_one_has_ended(tmp_path: Path) -> None:
    script = "threading.Timer(0.3, load, [importer]).start()"
    assert run(script, tmp_path / "scratch") == "1\n"


def test_a_fork_has_workers_of_its_own(tmp_path: Path) -> None:
    script = """
    importer.keep_warm()
    load(importer)
    if os.fork() == 0:
        load(importer)
        importer.close()
        os._exit(0)
    os.wait()
    load(importer)
    """
    assert run(script, tmp_path / "scratch") == "1\n1\n1\n"


def test_a_thread_that_ends_takes_no_worker_along() -> None:
    importer = SandboxedImporter(workers=1)
    thread = threading.Thread(target=importer.keep_warm)
    thread.start()
    thread.join()
    importer.held_layers()
    [waiting] = workers()
    assert load(importer, "a\n1\n").values("a") == [1]
    assert not waiting.is_running() or waiting.status() == psutil.STATUS_ZOMBIE  # it is the one that did it
    importer.close()


def test_nothing_is_started_until_an_import_is_in_sight_and_nothing_kept_after_the_first() -> None:
    importer = SandboxedImporter()
    assert workers() == []
    importer.prepare()
    importer.prepare()
    load(importer, "a\n1\n")
    assert workers() == []
    load(importer, "a\n1\n")
    assert len(_begun(importer, 1)) == 1
    importer.close()
    assert workers() == []


def test_as_many_wait_as_may_work_where_they_are_kept_warm() -> None:
    importer = SandboxedImporter(workers=2)
    importer.keep_warm()
    assert len(_begun(importer, 2)) == 2
    load(importer, "a\n1\n")
    assert len(_begun(importer, 2)) == 2
    importer.close()


def test_one_that_died_while_it_waited_is_replaced() -> None:
    importer = SandboxedImporter(workers=1)
    importer.keep_warm()
    for worker in _begun(importer, 1):
        worker.kill()
        worker.wait()
    assert load(importer, "a\n1\n").values("a") == [1]
    importer.close()


def test_what_is_closed_still_imports_but_keeps_nothing() -> None:
    importer = SandboxedImporter()
    importer.keep_warm()
    importer.close()
    importer.close()
    assert load(importer, "a\n1\n").values("a") == [1]
    assert workers() == []


def test_a_worker_is_given_no_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    importer = SandboxedImporter(workers=1)
    importer.keep_warm()
    importer.held_layers()
    [worker] = workers()
    assert b"hunter2" not in Path(f"/proc/{worker.pid}/environ").read_bytes()
    importer.close()


def test_a_worker_uses_memory_as_whoever_runs_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "dirty_decay_ms:500," in os.environ["_RJEM_MALLOC_CONF"]  # as polars has set it in this process
    assert environment(2**30)["_RJEM_MALLOC_CONF"].startswith(f"dirty_decay_ms:1000,narenas:{os.cpu_count()},")
    assert environment(2**30)["POLARS_CSV_CHUNK_SIZE"] == "4194304"
    monkeypatch.setenv("POLARS_CSV_CHUNK_SIZE", "1000000")
    monkeypatch.setenv("NUMPY_MADVISE_HUGEPAGE", "1")
    assert environment(2**30)["POLARS_CSV_CHUNK_SIZE"] == "1000000"
    assert environment(2**30)["NUMPY_MADVISE_HUGEPAGE"] == "1"


def test_a_cell_may_be_longer_than_what_is_read_at_once() -> None:
    cell = "a\n" * 3_000_000  # the worker reads 4 MB at a time
    found = load(SandboxedImporter(), f'a,b\n1,x\n2,"{cell}"\n3,y\n')
    assert found.values("a") == [1, 2, 3]
    assert found.values("b") == ["x", cell, "y"]


def _begun(importer: SandboxedImporter, number: int) -> list[psutil.Process]:
    """The workers, when so many have been started: by another thread, a moment after an import."""
    importer.held_layers()
    for _ in range(200):
        if len(workers()) >= number:
            break
        threading.Event().wait(0.05)
    return workers()
