"""Blobs in memory."""

import hashlib
import io
import os
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from threading import Lock
from types import TracebackType
from typing import BinaryIO, Self, cast

from attrs import define, field

from entrepot_core.errors import BlobDamaged
from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Blob, InUse, Leavings, Staged


def _scratch() -> BinaryIO:
    """A real file, so that readers and writers of every kind take it: in memory where the system can."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("entrepot"), "w+b")
    return cast("BinaryIO", tempfile.TemporaryFile())


@define(eq=False)
class MemoryStaged:
    """A scratch file in memory."""

    file: BinaryIO = field(factory=_scratch)
    at_close: list[Callable[[], None]] = field(factory=list, init=False)
    """Lets go of the blobs it was kept as."""

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

    def settle(self) -> None:
        """Do nothing: there is no disk."""

    def close(self) -> None:
        """Let go of the file and of the blobs it was kept as."""
        while self.at_close:
            self.at_close.pop()()
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class MemoryBlobs:
    """Keeps bytes as long as this object lives."""

    def __init__(self) -> None:
        self._kept: dict[Digest, bytes] = {}
        self._claims: Counter[Digest] = Counter()
        self._lock = Lock()

    def stage(self) -> MemoryStaged:
        """Open a scratch file."""
        return MemoryStaged()

    def keep(self, staged: Staged) -> Blob:
        """Copy a scratch file's bytes into a blob, unless there is one of these bytes.

        Raises:
            TypeError: The scratch file is of another store.
        """
        if not isinstance(staged, MemoryStaged):
            message = f"{staged!r} is not a scratch file of this store"
            raise TypeError(message)
        content = _content(staged.file)
        digest = Digest(hashlib.sha256(content).hexdigest())
        with self._lock:
            self._claims[digest] += 1
            staged.at_close.append(partial(self._release, digest))
            self._kept.setdefault(digest, content)
        return Blob(digest, len(content))

    def open(self, digest: Digest) -> BinaryIO:
        """Open a blob for reading.

        Raises:
            BlobDamaged: It is not there.
        """
        content = self._kept.get(digest)
        if content is None:
            raise BlobDamaged(digest=digest)
        return io.BytesIO(content)

    def leavings(self, in_use: InUse) -> Leavings:
        """Look for what ``sweep`` would remove."""
        with self._lock:
            return Leavings(tuple(self._unneeded(in_use)))

    def sweep(self, in_use: InUse) -> Leavings:
        """Forget the blobs that nobody needs, and tell which those were."""
        with self._lock:
            unneeded = self._unneeded(in_use)
            for blob in unneeded:
                del self._kept[blob.digest]
        return Leavings(tuple(unneeded))

    def probe(self) -> None:
        """Do nothing: there is room while this process lives."""

    def set_aside(self, digest: Digest) -> None:
        """Do nothing: bytes in memory always match their digest.

        Raises:
            BlobDamaged: They are not there.
        """
        self.open(digest).close()

    def _unneeded(self, in_use: InUse) -> list[Blob]:
        unclaimed = self._kept.keys() - self._claims.keys()
        return [Blob(digest, len(self._kept[digest])) for digest in unclaimed - in_use()]

    def _release(self, digest: Digest) -> None:
        with self._lock:
            self._claims -= Counter([digest])  # which drops what is claimed no more


def _content(file: BinaryIO) -> bytes:
    """All bytes of a file, which stays where it is."""
    place = file.tell()
    file.seek(0)
    try:
        return file.read()
    finally:
        file.seek(place)
