"""The files of a home: where blobs are, what is left behind, and what goes wrong."""

import errno
import os
import resource
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from entrepot_adapters.filesystem import FilesystemBlobs
from entrepot_adapters.filesystem.faults import faults_of
from entrepot_adapters.filesystem.locks import locked
from entrepot_adapters.memory import MemoryBlobs
from entrepot_core.errors import BlobDamaged, DiskFull, StoreBusy, StoreUnusable
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


def place_of(home: Path, digest: str) -> Path:
    return home / "blobs" / digest[:2] / digest


def test_a_blob_is_a_read_only_file_named_after_its_digest(home: Path, blobs: FilesystemBlobs) -> None:
    path = place_of(home, keep(blobs, CONTENT).digest)
    assert path.read_bytes() == CONTENT
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert files_in(home) == [path]


def test_a_blob_that_is_there_is_not_written_again(home: Path, blobs: FilesystemBlobs) -> None:
    path = place_of(home, keep(blobs, CONTENT).digest)
    before = path.stat()
    keep(blobs, CONTENT)
    assert path.stat() == before
    assert files_in(home) == [path]


def test_a_blob_that_lost_bytes_is_mended_by_keeping_it_again(home: Path, blobs: FilesystemBlobs) -> None:
    digest = keep(blobs, CONTENT).digest
    path = place_of(home, digest)
    path.unlink()
    path.write_bytes(CONTENT[:3])
    keep(blobs, CONTENT)
    assert read(blobs, digest) == CONTENT


def test_blobs_are_there_when_the_home_is_opened_again(home: Path, blobs: FilesystemBlobs) -> None:
    digest = keep(blobs, CONTENT).digest
    again = FilesystemBlobs(home)
    assert read(again, digest) == CONTENT
    again.close()
    again.close()


def test_a_digest_is_known_without_reading_the_file(blobs: FilesystemBlobs) -> None:
    """While only ``write`` is used, so that a large upload is not read again: its bytes could be gone by then."""
    with blobs.stage() as staged:
        staged.write(CONTENT)
        assert staged.file.read() == CONTENT
        before = os.fstat(staged.file.fileno())
        os.pwrite(staged.file.fileno(), b"X", 0)
        os.utime(staged.file.fileno(), ns=(before.st_atime_ns, before.st_mtime_ns))
        assert blobs.keep(staged).digest == digest_of(CONTENT)


def test_scratch_files_of_others_are_refused(blobs: FilesystemBlobs) -> None:
    with MemoryBlobs().stage() as staged, pytest.raises(TypeError, match="not a scratch file of this store"):
        blobs.keep(staged)


def test_a_home_is_for_its_owner_only(home: Path, blobs: FilesystemBlobs) -> None:
    keep(blobs, CONTENT)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_who_keeps_or_sweeps_waits_for_others_that_do(home: Path, blobs: FilesystemBlobs) -> None:
    """Between claiming a blob and looking whether it is there, it must not be swept."""
    keep(blobs, CONTENT)
    with ThreadPoolExecutor(2) as pool:
        with locked(home / "blobs" / "lock"):
            keeping, sweeping = pool.submit(keep, blobs, CONTENT), pool.submit(blobs.sweep, nothing)
            with pytest.raises(TimeoutError):
                keeping.result(0.1)
            assert not sweeping.done()
        assert keeping.result(10).digest == digest_of(CONTENT)


def test_a_sweep_that_finds_nothing_keeps_nobody_waiting(home: Path, blobs: FilesystemBlobs) -> None:
    digest = keep(blobs, CONTENT).digest
    with locked(home / "blobs" / "lock"):
        assert swept(blobs, lambda: {digest}) == set()


def test_a_blob_can_be_set_aside_and_kept_anew(home: Path, blobs: FilesystemBlobs) -> None:
    digest = keep(blobs, CONTENT).digest
    place_of(home, digest).chmod(0o644)
    place_of(home, digest).write_bytes(CONTENT.swapcase())
    blobs.set_aside(digest)
    assert (home / "damaged" / digest).read_bytes() == CONTENT.swapcase()
    for again in (blobs.open, blobs.set_aside):
        with pytest.raises(BlobDamaged):
            again(digest)
    keep(blobs, CONTENT)
    assert read(blobs, digest) == CONTENT


def test_a_blob_that_another_has_put_right_meanwhile_is_not_set_aside(home: Path, blobs: FilesystemBlobs) -> None:
    digest = keep(blobs, CONTENT).digest
    place = place_of(home, digest)
    place.unlink()
    place.write_bytes(CONTENT[:-1])
    with ThreadPoolExecutor(1) as pool:
        with locked(home / "blobs" / "lock"):
            setting = pool.submit(blobs.set_aside, digest)
            with pytest.raises(TimeoutError):
                setting.result(0.1)
            place.write_bytes(CONTENT)
        setting.result(10)
    assert read(blobs, digest) == CONTENT
    assert not (home / "damaged").exists()


# --- what goes wrong ---


def test_a_probe_leaves_nothing_and_tells_of_what_is_missing(home: Path, blobs: FilesystemBlobs) -> None:
    before = sorted(home.rglob("*"))
    blobs.probe()
    assert sorted(home.rglob("*")) == before
    (home / "blobs").rename(home / "elsewhere")
    with pytest.raises(StoreUnusable, match="No such file"):
        blobs.probe()


def test_a_probe_tells_that_nothing_can_be_written(blobs: FilesystemBlobs) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(StoreUnusable, match="store all"):
            blobs.probe()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_told_wherever_it_shows(blobs: FilesystemBlobs) -> None:
    with blobs.stage() as staged:
        full = os.open("/dev/full", os.O_RDWR)
        os.dup2(full, staged.file.fileno())
        os.close(full)
        with pytest.raises(DiskFull):
            staged.write(CONTENT)
        with pytest.raises(DiskFull):
            staged.file.write(CONTENT * 100_000)
        staged.file.write(CONTENT)
        with pytest.raises(DiskFull):
            staged.file.flush()
        with pytest.raises(DiskFull):
            blobs.keep(staged)
    keep(blobs, CONTENT)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EFBIG, StoreUnusable),
        (errno.EROFS, StoreUnusable),
        (errno.EACCES, StoreUnusable),
        (errno.EIO, StoreUnusable),
        (errno.EMFILE, StoreBusy),
        (errno.ENFILE, StoreBusy),
    ],
)
def test_what_the_systems_complaints_mean(number: int, expected: type[Exception]) -> None:
    with pytest.raises(expected), faults_of("here"):
        raise OSError(number, os.strerror(number))


def test_a_home_that_is_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for home in (tmp_path / "file", tmp_path / "file" / "home"):
        with pytest.raises(StoreUnusable, match=f"{home}.*Check the folder"):
            FilesystemBlobs(home)


def open_as_nobody(home: Path) -> None:
    if os.geteuid() == 0:
        os.setuid(65534)
    with pytest.raises(StoreUnusable, match="Permission denied"):
        FilesystemBlobs(home)


def test_a_home_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    process = get_context("spawn").Process(target=open_as_nobody, args=(home,))
    process.start()
    process.join()
    assert process.exitcode == 0


def test_a_home_that_vanished_is_reported(home: Path, blobs: FilesystemBlobs) -> None:
    (home / "blobs").rename(home / "elsewhere")
    with blobs.stage() as staged:
        staged.write(CONTENT)
        with pytest.raises(StoreUnusable, match="No such file"):
            blobs.keep(staged)
    with pytest.raises(StoreUnusable):
        blobs.sweep(nothing)


def test_a_home_stays_where_it_is_when_the_process_goes_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    blobs = FilesystemBlobs(Path("home"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    keep(blobs, CONTENT)
    blobs.close()
    assert place_of(tmp_path / "home", digest_of(CONTENT)).exists()
