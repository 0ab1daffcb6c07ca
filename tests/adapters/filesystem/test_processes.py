"""Several processes on one home, some of which are killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import pytest

from entrepot_adapters.filesystem import FilesystemBlobs
from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Blob, Leavings
from tests.contracts.blobs import CONTENT, digest_of, keep, nothing, read, swept


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def blobs(home: Path) -> Iterator[FilesystemBlobs]:
    blobs = FilesystemBlobs(home)
    yield blobs
    blobs.close()


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "lock"]


def stage_and_die(home: Path) -> None:
    blobs = FilesystemBlobs(home)
    keep(blobs, CONTENT)
    blobs.stage().write(b"half")
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_a_dead_process_left_is_removed_and_what_a_living_one_writes_is_not(
    home: Path, blobs: FilesystemBlobs
) -> None:
    process = get_context("spawn").Process(target=stage_and_die, args=(home,))
    with blobs.stage() as staged:
        staged.write(CONTENT)
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        assert len(files_in(home / "tmp")) == 2
        FilesystemBlobs(home).close()
        assert len(files_in(home / "tmp")) == 1
        assert blobs.keep(staged).digest == digest_of(CONTENT)
    assert read(blobs, digest_of(CONTENT)) == CONTENT


def test_closing_and_ending_leave_no_scratch_files(home: Path) -> None:
    program = (
        "import sys, pathlib; from entrepot_adapters.filesystem import FilesystemBlobs;"
        "blobs = FilesystemBlobs(pathlib.Path(sys.argv[1])); staged = blobs.stage(); staged.write(b'x')"
    )
    subprocess.run([sys.executable, "-W", "ignore::ResourceWarning", "-c", program, str(home)], check=True)
    assert [path.name for path in (home / "tmp").iterdir()] == ["lock"]


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_fork_does_not_remove_its_parents_scratch_files(blobs: FilesystemBlobs) -> None:
    with blobs.stage() as staged:
        staged.write(CONTENT)
        child = os.fork()
        if child == 0:
            blobs.close()
            os._exit(0)
        os.waitpid(child, 0)
        blobs.keep(staged)


def keep_record_and_forget(home: Path, records: Path, number: int) -> None:
    """Keep the same few blobs as others do; record each, read it, and forget it again: for ever, or until killed."""
    blobs = FilesystemBlobs(home)
    for turn in count():
        content = b"%d" % (turn % 4)
        with blobs.stage() as staged:
            staged.write(content)
            record = records / f"{blobs.keep(staged).digest}-{number}"
            record.touch()
        assert read(blobs, digest_of(content)) == content
        if turn % 3:
            record.unlink()


def recorded(records: Path) -> set[Digest]:
    return {Digest(record.name.partition("-")[0]) for record in records.iterdir()}


def test_processes_that_are_killed_lose_nothing_and_leave_nothing_beside_what_they_recorded(
    home: Path, blobs: FilesystemBlobs, tmp_path: Path
) -> None:
    records = tmp_path / "records"
    records.mkdir()
    context, removed = get_context("spawn"), 0
    processes = [context.Process(target=keep_record_and_forget, args=(home, records, each)) for each in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            removed += len(swept(blobs, lambda: recorded(records)))
        assert process.exitcode is None  # it could read all that it recorded
        process.kill()
        process.join()
    assert removed > 0
    blobs.sweep(lambda: recorded(records))
    assert {Digest(file.name) for file in files_in(home)} == recorded(records)
    for digest in recorded(records):
        assert digest_of(read(blobs, digest)) == digest


def keep_and_die(home: Path) -> None:
    blobs = FilesystemBlobs(home)
    with blobs.stage() as staged:
        staged.write(CONTENT)
        blobs.keep(staged)
        os.kill(os.getpid(), signal.SIGKILL)


def test_the_next_to_open_a_home_knows_that_one_died_and_sweeps_what_it_claimed(home: Path) -> None:
    process = get_context("spawn").Process(target=keep_and_die, args=(home,))
    process.start()
    process.join()
    observer = FilesystemBlobs(home, tidy=False)
    assert not observer.follows_a_crash
    assert observer.leavings(nothing) == Leavings((Blob(digest_of(CONTENT), len(CONTENT)),), processes=1)
    observer.close()
    blobs = FilesystemBlobs(home)
    assert blobs.follows_a_crash
    assert swept(blobs) == {digest_of(CONTENT)}
    blobs.close()
    after = FilesystemBlobs(home)
    assert not after.follows_a_crash
    after.close()
