"""Large files are brought to the disk early; small ones here are those that are not."""

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from entrepot_adapters.filesystem import FilesystemBlobs
from entrepot_adapters.filesystem.settling import Settling
from entrepot_core.errors import DiskFull
from entrepot_core.ports.blobs import Leavings
from tests.contracts.blobs import CONTENT, MUCH, keep, nothing

ENDS = """
import os, sys
from pathlib import Path
from entrepot_adapters.filesystem.settling import Settling
settling = Settling(Path(sys.argv[1]))
child = os.fork()
if not child:
    settling.wait()
    os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
"""A process that forks, and ends, while a file settles."""


@pytest.fixture
def blobs(tmp_path: Path) -> Iterator[FilesystemBlobs]:
    blobs = FilesystemBlobs(tmp_path / "home")
    yield blobs
    blobs.close()


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """What nobody can open to read it before another opens it to write, and what no sync takes."""
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


class SlowDisk:
    """A disk that has taken nothing until it may."""

    def __init__(self) -> None:
        self.asked, self.may, self.done = Event(), Event(), Event()

    def fsync(self, _descriptor: int) -> None:
        self.asked.set()
        self.may.wait(60)
        self.done.set()


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowDisk]:
    disk = SlowDisk()
    monkeypatch.setattr(os, "fsync", disk.fsync)
    yield disk
    disk.may.set()


def settling() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "settling"]


def test_nobody_waits_for_a_file_that_settles_until_it_is_kept(blobs: FilesystemBlobs, disk: SlowDisk) -> None:
    with blobs.stage() as staged:
        staged.write(MUCH)
        staged.settle()
        assert disk.asked.wait(60)
    assert not disk.done.is_set()
    disk.may.set()
    for thread in settling():
        thread.join()
    assert disk.done.is_set()


def test_a_small_file_costs_no_thread(blobs: FilesystemBlobs, disk: SlowDisk) -> None:
    with blobs.stage() as small, blobs.stage() as large:
        small.write(CONTENT)
        small.settle()
        assert settling() == []
        large.write(MUCH)
        large.settle()
        assert len(settling()) == 1
        disk.may.set()


@pytest.mark.parametrize("is_early", [True, False])
def test_an_error_that_the_system_tells_once_is_not_lost(
    blobs: FilesystemBlobs, monkeypatch: pytest.MonkeyPatch, *, is_early: bool
) -> None:
    failures = [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))]

    def fsync(_descriptor: int) -> None:
        if failures:
            raise failures.pop()

    with blobs.stage() as staged:
        staged.write(MUCH)
        monkeypatch.setattr(os, "fsync", fsync)
        if is_early:
            staged.settle()
        for _ in range(2):
            with pytest.raises(DiskFull):
                blobs.keep(staged)
        assert failures == []
    assert blobs.leavings(nothing) == Leavings()
    keep(blobs, MUCH)


def test_a_file_is_kept_where_no_thread_is_to_be_had(blobs: FilesystemBlobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_thread: threading.Thread) -> None:
        message = "can't start new thread"
        raise RuntimeError(message)

    monkeypatch.setattr(threading.Thread, "start", start)
    assert keep(blobs, MUCH).size == len(MUCH)


def test_what_the_system_says_of_a_sync_is_told(pipe: Path) -> None:
    settling = Settling(pipe)
    with pipe.open("wb"), pytest.raises(OSError, match=os.strerror(errno.EINVAL)):
        settling.wait()


def test_a_file_that_is_gone_or_cannot_be_opened_is_left_to_who_keeps_it(tmp_path: Path) -> None:
    Settling(tmp_path / "none").wait()


def test_neither_a_fork_nor_the_end_of_a_process_waits(pipe: Path) -> None:
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", ENDS, str(pipe)]
    assert subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout == "7\n"


def test_what_has_settled_settles_again_only_if_it_has_changed(blobs: FilesystemBlobs, disk: SlowDisk) -> None:
    with blobs.stage() as staged:
        staged.write(MUCH)
        staged.settle()
        staged.settle()
        assert len(settling()) == 1
        staged.write(b"more")
        staged.settle()
        assert len(settling()) == 2
        disk.may.set()
