"""Blobs in memory."""

import hashlib
import io
import os
import tempfile
import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from threading import Lock
from types import TracebackType
from typing import BinaryIO, Self, cast

from attrs import define, field, frozen

from entrepot_core.errors import BlobDamaged
from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Blob, Staged

_GRACE = 3600.0


def _scratch() -> BinaryIO:
    """A real file, so that readers and writers of every kind take it: in memory where the system can."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("entrepot"), "w+b")
    return cast("BinaryIO", tempfile.TemporaryFile())


@define(eq=False)
class MemoryStaged:
    """A scratch file in memory."""

    file: BinaryIO = field(factory=_scratch)

    def write(self, chunk: bytes) -> None:
        """Add bytes at the end; ``file`` stays where it stands."""
        place = self.file.tell()
        self.file.seek(0, io.SEEK_END)
        self.file.write(chunk)
        self.file.seek(place)

    @property
    def size(self) -> int:
        """How many bytes it holds."""
        self.file.flush()
        return os.fstat(self.file.fileno()).st_size

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@frozen
class _Kept:
    content: bytes
    at: float


class MemoryBlobs:
    """Keeps bytes as long as this object lives.

    Args:
        now: Tells the time in seconds, for ``sweep``.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._kept: dict[Digest, _Kept] = {}
        self._lock = Lock()

    def stage(self) -> MemoryStaged:
        """Open a scratch file."""
        return MemoryStaged()

    def keep(self, staged: Staged) -> Blob:
        """Copy a scratch file's bytes into a blob, or note that they were kept anew."""
        content = _content(staged.file)
        digest = Digest(hashlib.sha256(content).hexdigest())
        with self._lock:
            before = self._kept.get(digest)
            self._kept[digest] = _Kept(before.content if before else content, self._now())
        return Blob(digest, len(content))

    def open(self, digest: Digest) -> BinaryIO:
        """Open a blob for reading.

        Raises:
            BlobDamaged: It is not there.
        """
        kept = self._kept.get(digest)
        if kept is None:
            raise BlobDamaged(digest=digest)
        return io.BytesIO(kept.content)

    def sweep(self, in_use: AbstractSet[Digest]) -> int:
        """Forget the blobs that are not ``in_use`` and were kept over an hour ago; answer how many."""
        before = self._now() - _GRACE
        with self._lock:
            unused = [digest for digest, kept in self._kept.items() if digest not in in_use and kept.at < before]
            for digest in unused:
                del self._kept[digest]
        return len(unused)


def _content(file: BinaryIO) -> bytes:
    """All bytes of a file, which stays where it is."""
    place = file.tell()
    file.seek(0)
    try:
        return file.read()
    finally:
        file.seek(place)
