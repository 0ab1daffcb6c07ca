"""Copies blobs from one home to another, which only grows until its catalogue has changed."""

import errno
import hashlib
import os
from collections.abc import Callable, Collection, Generator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from attrs import define

from entrepot_adapters.filesystem.faults import faults_of
from entrepot_adapters.filesystem.locks import locked
from entrepot_core.names import Digest

_CHUNK = 1 << 20
_UNFINISHED = ".part"
_NOT_WRITTEN = {errno.EACCES, errno.EPERM, errno.EROFS}


@define
class Mirror:
    """The blobs of ``home`` in ``target``, whose folder is there.

    A copy is durable, and has the bytes that its name says, when it has that name; what has other bytes is not copied.

    Attributes:
        home: Where blobs are.
        target: Where they are copied to.
        report: Told how many bytes were copied so far, after each.
        copied: How many were copied.
        size: How many bytes those have.
    """

    home: Path
    target: Path
    report: Callable[[int], None]
    copied: int = 0
    size: int = 0

    def copy(self, digest: Digest) -> None:
        """Copy a blob, unless the target has it, or the home has not or no more."""
        source, copy = _place(self.home, digest), _place(self.target, digest)
        if copy.exists():
            return
        unfinished = copy.with_suffix(_UNFINISHED)
        with faults_of(self.target):
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                found, size = _copy(source, unfinished)
            except FileNotFoundError:
                return
            if found == digest:
                with suppress(PermissionError):  # on file systems without such
                    unfinished.chmod(0o444)
                unfinished.replace(copy)
                self.copied, self.size = self.copied + 1, self.size + size
                self.report(self.size)
            else:
                unfinished.unlink()  # which has changed

    def has(self, digest: Digest) -> bool:
        """Whether the target has a blob."""
        return _place(self.target, digest).exists()

    @contextmanager
    def held(self, lock: Path) -> Generator[None]:
        """Hold a lock of the home, by which nobody keeps or removes a blob there, if this process may write it."""
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(lock))
            except OSError as error:
                if error.errno not in _NOT_WRITTEN:
                    raise
            yield

    def keep_only(self, digests: Collection[Digest]) -> None:
        """Remove all other blobs of the target, and what a copy left that was broken off."""
        with faults_of(self.target):
            for file in [*(self.target / "blobs").glob("??/*")]:
                if file.name not in digests:
                    file.unlink()

    def sync(self) -> None:
        """Bring the names of the copies to the disk."""
        with faults_of(self.target):
            for folder in [*filter(Path.is_dir, (self.target / "blobs").iterdir()), self.target / "blobs"]:
                _sync_folder(folder)


def replace(file: Path, place: Path) -> None:
    """Put a file that was written in the place of another, durably and in one step."""
    with file.open("rb") as written:
        os.fsync(written.fileno())
    file.replace(place)
    _sync_folder(place.parent)


def _sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, as far as its file system can."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # as those of network shares say
            raise
    finally:
        os.close(descriptor)


def _copy(source: Path, copy: Path) -> tuple[str, int]:
    """Copy a file, durably; answer the digest and the number of its bytes."""
    sha256 = hashlib.sha256()
    with source.open("rb") as file:
        with suppress(FileNotFoundError):
            copy.unlink()
        with copy.open("xb") as out:
            while chunk := file.read(_CHUNK):
                sha256.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
            return sha256.hexdigest(), out.tell()


def _place(home: Path, digest: Digest) -> Path:
    return home / "blobs" / digest[:2] / digest
