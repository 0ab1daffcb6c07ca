"""The importer that works in other processes keeps the contract, and survives them."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import psutil
import pytest

from entrepot_adapters.sandbox.importer import SandboxedImporter
from entrepot_adapters.sandbox.messages import Failed, Job, Message
from entrepot_adapters.sandbox.work import Answers, failed, work
from entrepot_core.dialect import ImportOptions
from entrepot_core.errors import CellError, DiskFull, ImageError, ImportCrashed, PayloadError, Refused, every_error
from entrepot_core.limits import Limits
from entrepot_core.ports.importer import Importer, ImportTask
from tests.adapters.sandbox.surroundings import nothing_is_left, workers
from tests.contracts.importer import FormatsContract, ImporterContract
from tests.contracts.loading import load

MANY = "a,b\n" + "1,x\n" * 200_000


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    with nothing_is_left():
        yield


@pytest.fixture
def make() -> Iterator[Callable[..., Importer]]:
    """Builds importers, which are closed at the end."""
    made: list[SandboxedImporter] = []

    def build(**limits: Any) -> Importer:  # noqa: ANN401 - those of the importer
        made.append(SandboxedImporter(**limits))
        return made[-1]

    yield build
    for one in made:
        one.close()


class TestSandboxedImporter(ImporterContract):
    pass


class TestFormats(FormatsContract):
    @pytest.fixture
    def importer(self, make: Callable[..., Importer]) -> Importer:
        return make()


@pytest.mark.parametrize(
    ("number", "reason"), [(signal.SIGKILL, "memory"), (signal.SIGABRT, "memory"), (signal.SIGSEGV, "crashed")]
)
def test_a_worker_that_dies_is_reported(
    tmp_path: Path, make: Callable[..., Importer], number: signal.Signals, reason: str
) -> None:
    def kill(*_: object) -> None:
        for worker in workers():
            os.kill(worker.pid, number)

    with pytest.raises(ImportCrashed) as caught:
        load(make(scratch=tmp_path), MANY, report=kill)
    assert reason in caught.value.reason
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_can_not_start_is_reported(
    make: Callable[..., Importer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("entrepot_adapters.sandbox.child.PROGRAM", ("/bin/false",))
    monkeypatch.setattr("entrepot_adapters.sandbox.child.start.__defaults__", (("/bin/false",),))
    with pytest.raises(ImportCrashed) as caught:
        load(make(), "a\n1\n")
    assert "status 1" in caught.value.reason


def test_a_place_for_its_files_that_is_not_there_is_reported(make: Callable[..., Importer], tmp_path: Path) -> None:
    with pytest.raises(ImportCrashed, match="No such file") as caught:
        load(make(scratch=tmp_path / "gone"), "a\n1\n")
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("error", [KeyboardInterrupt, TimeoutError, ConnectionError])
def test_a_report_that_raises_leaves_no_worker_and_no_files(
    tmp_path: Path, make: Callable[..., Importer], error: type[BaseException]
) -> None:
    def interrupt(*_: object) -> None:
        raise error

    with pytest.raises(error):
        load(make(scratch=tmp_path), MANY, report=interrupt)
    assert workers() == []
    assert list(tmp_path.iterdir()) == []


def test_a_report_is_called_while_the_worker_is_silent(make: Callable[..., Importer]) -> None:
    """The worker is stopped as soon as it is there; the report is called all the same, and may end the import."""
    told: list[tuple[object, ...]] = []

    def stop(*progress: object) -> None:
        told.append(progress)
        for worker in workers():
            worker.suspend()
        if len(told) > 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(make(), MANY, report=stop)
    assert set(told) == {told[0]}
    assert workers() == []


PARENT = """
import io, os, sys, time
from entrepot_adapters.sandbox.importer import SandboxedImporter
from entrepot_core.dialect import ImportOptions
from entrepot_core.ports.importer import ImportTask

def here(*progress):
    if not progress or progress[1]:
        print("here", flush=True)
        time.sleep(60)

importer = SandboxedImporter(workers=1)
"""
WAITING = "importer.keep_warm(); importer.held_layers(); here()"
WORKING = """
content = io.BytesIO(b"a,b" + b"\\n1,x" * 100_000)
importer.load(content, io.BytesIO(), io.BytesIO(), ImportTask(None, None, ImportOptions()), here)
"""


@pytest.mark.parametrize("begin", [WAITING, WORKING], ids=["waiting", "working"])
def test_a_parent_that_is_killed_takes_its_worker_along(begin: str, tmp_path: Path) -> None:
    environ = os.environ | {"TMPDIR": str(tmp_path)}  # where what a killed parent can't remove is no litter
    with subprocess.Popen([sys.executable, "-c", PARENT + begin], stdout=subprocess.PIPE, env=environ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"here\n"
        [worker] = psutil.Process(parent.pid).children()
        worker.suspend()  # so that it can't end by itself
        parent.kill()
    _, alive = psutil.wait_procs([worker], timeout=10)
    assert alive == []


def test_the_parent_loads_no_heavy_library() -> None:
    script = (
        "import sys, entrepot_adapters.sandbox.importer; print({'polars', 'numpy', 'fastexcel'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert found == "set()\n"


def test_a_worker_imports_nothing_from_the_current_folder(
    tmp_path: Path, make: Callable[..., Importer], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "polars.py").write_text("raise SystemExit('the wrong one')")
    monkeypatch.chdir(tmp_path)
    assert load(make(), "a\n1\n").values("a") == [1]


def test_several_threads_may_import_at_once(make: Callable[..., Importer]) -> None:
    importer = make(workers=2)
    with ThreadPoolExecutor(4) as threads:
        found = threads.map(lambda number: load(importer, f"a\n{number}\n").values("a"), range(4))
        assert list(found) == [[0], [1], [2], [3]]


def test_there_are_never_more_workers_than_allowed(make: Callable[..., Importer]) -> None:
    seen: list[int] = []
    importer = make(workers=1)
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _: load(importer, "a\n1\n", report=lambda *_: seen.append(len(workers()))), range(3)))
    assert max(seen) == 1


def test_the_source_can_not_be_written_by_the_worker(tmp_path: Path) -> None:
    from entrepot_adapters.sandbox.files import readable

    path = tmp_path / "staged"
    with path.open("w+b") as file:
        file.write(b"a\n1\n")
        with readable(file) as number, pytest.raises(OSError, match="Bad file descriptor"):
            os.write(number, b"x")
    assert path.read_bytes() == b"a\n1\n"


def test_no_descriptor_is_left_open(make: Callable[..., Importer]) -> None:
    def kill(*_: object) -> None:
        for worker in workers():
            worker.kill()

    importer = make()
    load(importer, "a\n1\n")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        load(importer, "a\n1\n")
        with pytest.raises(ImportCrashed):
            load(importer, MANY, report=kill)
    importer.close()  # type: ignore[attr-defined]  # what waits holds a socket and a file
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


def test_every_error_of_an_import_comes_over_as_it_was() -> None:
    samples: dict[object, object] = {
        int: 7,
        str: "text",
        list[str]: ["a"],
        list[CellError]: [CellError(1, "price", "x", "give a number")],
        tuple[ImageError, ...]: (ImageError(1, "photo", "a.txt", "it is a text"),),
        list[PayloadError]: [PayloadError("/a", "give a text")],
    }
    for kind in (one for one in every_error() if issubclass(one, Refused | DiskFull)):
        hints = get_type_hints(kind)
        error = kind(**{name: samples.get(hints[name]) for name in kind.field_names})
        message = msgspec.json.decode(msgspec.json.encode(failed(error)), type=Message)
        assert isinstance(message, Failed)
        again = message.error()
        assert (type(again), vars(again)) == (kind, vars(error))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
def test_a_full_disk_is_told_also_where_closing_the_table_fails(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"a,b\n1,2\n")
    files = [os.open(path, os.O_RDWR) for path in (source, "/dev/full", "/dev/null")]
    parent, worker = socket.socketpair()
    with parent:
        with worker:
            work(Job(ImportTask(None, None, ImportOptions()), Limits()), files, Answers(worker))
        with parent.makefile("rb") as told:
            *_, last = told
    answer = msgspec.json.decode(last, type=Message)
    assert isinstance(answer, Failed)
    assert isinstance(answer.error(), DiskFull)
