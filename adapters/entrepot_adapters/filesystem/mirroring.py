"""Copies blobs from one home to another, which only grows until its catalogue has changed."""

import hashlib
import os
from collections.abc import Callable, Collection, Generator, Iterable
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from attrs import define, field

from entrepot_adapters.filesystem.faults import faults_of
from entrepot_adapters.filesystem.locks import locked
from entrepot_core.names import Digest

_CHUNK = 1 << 20
_UNFINISHED = ".part"


@define
class Mirror:
    """The blobs of ``home`` in ``target``, whose folder is there.

    A copy is durable, and has the bytes that its name says, when it has that name.

    Attributes:
        home: Where blobs are.
        target: Where they are copied to.
        report: Told how many bytes were copied so far, after each.
        copied: How many were copied.
        size: How many bytes those have.
        changed: Those whose bytes are not what their digest says, and were not copied.
    """

    home: Path
    target: Path
    report: Callable[[int], None]
    copied: int = 0
    size: int = 0
    changed: set[Digest] = field(factory=set[Digest])

    def copy(self, digest: Digest) -> bool:
        """Copy a blob, unless the target has it; answer whether it was there."""
        source, copy = _place(self.home, digest), _place(self.target, digest)
        if copy.exists():
            return True
        unfinished = copy.with_suffix(_UNFINISHED)
        with faults_of(self.target):
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                found, size = _copy(source, unfinished)
            except FileNotFoundError:
                return False
            if found == digest:
                unfinished.chmod(0o444)
                unfinished.replace(copy)
                self.copied, self.size = self.copied + 1, self.size + size
                self.report(self.size)
            else:
                unfinished.unlink()
                self.changed.add(digest)
        return True

    @contextmanager
    def held(self) -> Generator[None]:
        """Have nobody keep or remove a blob of the home meanwhile, if this process may write there."""
        with ExitStack() as stack:
            with suppress(PermissionError):
                stack.enter_context(locked(self.home / "blobs" / "lock"))
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
            sync([*(self.target / "blobs").iterdir(), self.target / "blobs", self.target])


def sync(places: Iterable[Path]) -> None:
    """Bring files, or the names in folders, to the disk."""
    for place in places:
        descriptor = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
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
