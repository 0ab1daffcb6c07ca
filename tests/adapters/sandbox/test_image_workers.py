"""The worker processes for images: how many there are, how long they last, and what becomes of those that fail."""

import io
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image

from entrepot_adapters.sandbox.child import Child
from entrepot_adapters.sandbox.imaging import SandboxedImaging
from entrepot_core.errors import InvalidImage, SandboxUnavailable
from entrepot_core.image import Look, Rendition
from tests.adapters.sandbox.surroundings import image_workers, nothing_is_left
from tests.contracts.pictures import quarters, saved

SMALL = saved(quarters(), "PNG")


@pytest.fixture
def own() -> Iterator[Callable[..., SandboxedImaging]]:
    """Builds those that a test has for itself, which leave nothing."""
    made: list[SandboxedImaging] = []

    def build(**options: Any) -> SandboxedImaging:  # noqa: ANN401 - those of the adapter
        made.append(SandboxedImaging(**options))
        return made[-1]

    with nothing_is_left():
        yield build
        for one in made:
            one.close()


Own = Callable[..., SandboxedImaging]


def test_no_worker_is_there_before_the_first_image(own: Own) -> None:
    before = len(image_workers())
    imaging = own()
    assert len(image_workers()) == before
    imaging.inspect(SMALL)
    assert len(image_workers()) == before + 1


def test_one_worker_does_many_images(own: Own) -> None:
    imaging = own()
    seen = set()
    for _ in range(5):
        imaging.inspect(SMALL)
        imaging.render(SMALL, io.BytesIO(), Rendition(width=9), "webp")
        seen.add(_only().pid)
    assert len(seen) == 1


def test_a_file_that_is_no_image_costs_no_worker(own: Own) -> None:
    imaging = own()
    imaging.inspect(SMALL)
    before = _only().pid
    for content in (b"", b"x", SMALL.getvalue()[:60]):
        with pytest.raises(InvalidImage):
            imaging.inspect(io.BytesIO(content))
    assert _only().pid == before


def test_a_worker_is_replaced_after_so_many_images(own: Own) -> None:
    imaging = own(images=2)
    pids = []
    for _ in range(4):
        imaging.inspect(SMALL)
        pids.append([one.pid for one in image_workers()])
    assert [len(each) for each in pids] == [1, 0, 1, 0]
    assert pids[0] != pids[2]


def test_a_worker_that_has_nothing_to_do_is_ended_after_a_while(own: Own) -> None:
    imaging = own(idle_seconds=0.2)
    imaging.inspect(SMALL)
    [worker] = image_workers()
    assert _is_gone(worker)
    assert imaging.inspect(SMALL) == Look("png", 80, 40)


def test_one_that_is_used_now_and_then_stays(own: Own) -> None:
    imaging = own(idle_seconds=1)
    imaging.inspect(SMALL)
    first = _only().pid
    for _ in range(4):
        time.sleep(0.4)
        imaging.inspect(SMALL)
    assert _only().pid == first


def test_there_are_never_more_workers_than_allowed(own: Own) -> None:
    imaging, before = own(workers=2), len(image_workers())
    seen: list[int] = []

    def inspect(_: int) -> Look:
        look = imaging.inspect(SMALL)
        seen.append(len(image_workers()) - before)
        return look

    with ThreadPoolExecutor(6) as threads:
        assert set(threads.map(inspect, range(30))) == {Look("png", 80, 40)}
    assert max(seen) <= 2


def test_closing_ends_the_workers_and_may_be_done_twice(own: Own) -> None:
    imaging = own()
    imaging.inspect(SMALL)
    [worker] = image_workers()
    imaging.close()
    assert not worker.is_running()
    imaging.close()


@pytest.mark.parametrize(
    ("number", "reason"), [(signal.SIGKILL, "memory"), (signal.SIGSEGV, "crashed"), (signal.SIGABRT, "crashed")]
)
def test_a_worker_that_is_killed_at_work_fails_the_image_only(
    own: Own, number: signal.Signals, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imaging = own(scratch=tmp_path, workers=1)
    hand = Child.hand

    def hand_and_kill(self: Child, *job: Any) -> None:  # noqa: ANN401 - passed on
        process = _only()
        process.suspend()
        hand(self, *job)
        process.send_signal(number)
        process.resume()

    monkeypatch.setattr(Child, "hand", hand_and_kill)
    with pytest.raises(InvalidImage) as caught:
        imaging.inspect(SMALL)
    monkeypatch.undo()
    assert reason in caught.value.reason
    assert imaging.inspect(SMALL) == Look("png", 80, 40)
    imaging.close()
    assert list(tmp_path.iterdir()) == []


def test_an_image_is_not_blamed_for_what_others_left(own: Own) -> None:
    imaging = own(workers=1)
    imaging.inspect(SMALL)
    first = _only()
    first.suspend()
    killer = threading.Timer(0.3, first.kill)
    killer.start()
    assert imaging.inspect(SMALL) == Look("png", 80, 40)
    killer.join()
    assert _only().pid != first.pid


def test_a_worker_that_died_while_it_was_idle_is_not_missed(own: Own) -> None:
    imaging = own()
    imaging.inspect(SMALL)
    _only().kill()
    time.sleep(0.1)
    assert imaging.inspect(SMALL) == Look("png", 80, 40)


def test_an_image_that_takes_too_long_is_given_up(own: Own) -> None:
    imaging = own(seconds=1, workers=1)
    imaging.inspect(SMALL)
    worker = _only()
    worker.suspend()
    with pytest.raises(InvalidImage) as caught:
        imaging.inspect(SMALL)
    assert caught.value.reason == "decoding it takes longer than 1 seconds"
    assert not worker.is_running()
    assert imaging.inspect(SMALL) == Look("png", 80, 40)


def test_memory_is_bounded(own: Own) -> None:
    large = saved(Image.new("RGB", (6000, 6000), "red"), "PNG")
    imaging = own(memory_bytes=120 * 2**20, workers=1)
    with pytest.raises(InvalidImage) as caught:
        imaging.inspect(large)
    assert caught.value.reason == "decoding it takes more memory than 125,829,120 bytes"
    assert imaging.inspect(SMALL) == Look("png", 80, 40)


def test_memory_does_not_pile_up(own: Own) -> None:
    imaging = own(workers=1)
    large = saved(Image.effect_noise((2000, 2000), 60).convert("RGB"), "JPEG")
    used = []
    for _ in range(12):
        imaging.render(large, io.BytesIO(), Rendition(width=300), "webp")
        used.append(_only().memory_info().data)
    assert max(used[4:]) - used[3] < 10 * 2**20


def test_an_interrupt_leaves_no_worker(own: Own) -> None:
    imaging = own(workers=1)
    imaging.inspect(SMALL)
    worker = _only()
    worker.suspend()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # it is ignored in what a shell starts with &
    try:
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            imaging.inspect(SMALL)
    finally:
        signal.signal(signal.SIGINT, before)
    assert not worker.is_running()


def test_without_a_sandbox_where_one_is_required_nothing_is_decoded(own: Own) -> None:
    with pytest.raises(SandboxUnavailable) as caught:
        own(mode="require", layers=("pdeathsig", "rlimits")).inspect(SMALL)
    assert "seccomp" in caught.value.missing


def test_without_locks_it_works_as_well(own: Own) -> None:
    assert own(mode="off").inspect(SMALL) == Look("png", 80, 40)


def test_a_place_for_its_files_that_is_not_there_is_reported(own: Own, tmp_path: Path) -> None:
    with pytest.raises(InvalidImage, match="no worker can be started"):
        own(scratch=tmp_path / "gone").inspect(SMALL)


def test_files_on_disk_are_read_and_written(own: Own, tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(SMALL.getvalue())
    with (tmp_path / "in").open("rb") as source, (tmp_path / "out").open("w+b") as out:
        assert own().render(source, out, Rendition(width=20), "jpeg") == (20, 10)
    with Image.open(tmp_path / "out") as made:
        assert made.size == (20, 10)


def _only() -> psutil.Process:
    [worker] = image_workers()
    return worker


def _is_gone(worker: psutil.Process) -> bool:
    _, alive = psutil.wait_procs([worker], timeout=10)
    return not alive
