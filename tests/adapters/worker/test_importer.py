"""The importer that works in other processes keeps the contract, and survives them."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_type_hints

import psutil
import pytest

from entrepot_adapters.worker import WorkerImporter
from entrepot_core.errors import ImportCrashed, every_error
from entrepot_core.ports.importer import Importer
from tests.contracts.importer import ImporterContract
from tests.contracts.loading import load


def workers() -> list[psutil.Process]:
    """The processes that this one has started."""
    return [one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    before = {one.pid for one in psutil.Process().children()}
    yield
    assert {one.pid for one in psutil.Process().children()} == before


class TestWorkerImporter(ImporterContract):
    @pytest.fixture
    def make(self) -> Callable[..., Importer]:
        return WorkerImporter


@pytest.mark.parametrize(
    ("number", "reason"), [(signal.SIGKILL, "memory"), (signal.SIGABRT, "memory"), (signal.SIGSEGV, "crashed")]
)
def test_a_worker_that_dies_is_reported(tmp_path: Path, number: signal.Signals, reason: str) -> None:
    def kill(*_: object) -> None:
        for worker in workers():
            os.kill(worker.pid, number)

    with pytest.raises(ImportCrashed) as caught:
        load(WorkerImporter(scratch=tmp_path), "a,b\n" + "1,x\n" * 1000, report=kill)
    assert reason in caught.value.reason
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_can_not_start_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ImportCrashed) as caught:
        load(WorkerImporter(), "a\n1\n")
    assert "status 1" in caught.value.reason


def test_an_interrupted_parent_leaves_no_worker_and_no_files(tmp_path: Path) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(WorkerImporter(scratch=tmp_path), "a,b\n" + "1,x\n" * 1000, report=interrupt)
    assert workers() == []
    assert list(tmp_path.iterdir()) == []


def test_a_parent_that_is_killed_takes_its_worker_along() -> None:
    script = """
        import io, os, sys, time
        from entrepot_adapters.worker import WorkerImporter
        from entrepot_core.dialect import ImportOptions
        from entrepot_core.ports.importer import ImportTask

        def stop(*_):
            print("here", flush=True)
            time.sleep(60)

        content = io.BytesIO(b"a,b" + b"\\n1,x" * 100_000)
        WorkerImporter().load(content, io.BytesIO(), io.BytesIO(), ImportTask(None, None, ImportOptions()), stop)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"here\n"
        [worker] = psutil.Process(parent.pid).children()
        os.kill(worker.pid, signal.SIGSTOP)  # so that it can't end by itself
        parent.kill()
    _, alive = psutil.wait_procs([worker], timeout=10)
    assert alive == []


def test_the_parent_loads_no_heavy_library() -> None:
    script = "import sys, entrepot_adapters.worker; print({'polars', 'numpy', 'fastexcel'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert found == "set()\n"


def test_a_worker_imports_nothing_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "polars.py").write_text("raise SystemExit('the wrong one')")
    monkeypatch.chdir(tmp_path)
    assert load(WorkerImporter(), "a\n1\n").values("a") == [1]


def test_several_threads_may_import_at_once() -> None:
    from concurrent.futures import ThreadPoolExecutor

    importer = WorkerImporter()
    with ThreadPoolExecutor(3) as threads:
        found = threads.map(lambda number: load(importer, f"a\n{number}\n").values("a"), range(3))
        assert list(found) == [[0], [1], [2]]


def test_every_error_of_the_core_comes_over_as_it_was() -> None:
    import msgspec

    from entrepot_adapters.worker.messages import Failed, Message
    from entrepot_adapters.worker.work import failed

    samples: dict[object, object] = {int: 7, str: "text", list[str]: ["a"]}
    for kind in every_error():
        error = kind(**{name: samples.get(of) for name, of in get_type_hints(kind).items() if name != "code"})
        message = msgspec.json.decode(msgspec.json.encode(failed(error)), type=Message)
        assert isinstance(message, Failed)
        again = message.error()
        assert (type(again), vars(again)) == (kind, vars(error))
