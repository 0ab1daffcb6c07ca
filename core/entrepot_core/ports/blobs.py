"""Where bytes are kept, addressed by their SHA-256."""

from collections.abc import Set as AbstractSet
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from attrs import frozen

from entrepot_core.names import Digest


@frozen
class Blob:
    """Bytes that are kept: where they are and how many."""

    digest: Digest
    size: int


class Staged(Protocol):
    """A scratch file beside the blobs, which is gone when it is closed unless it was kept.

    It is a context manager; leaving it closes it. Closing twice is allowed.
    """

    @property
    def file(self) -> BinaryIO:
        """The file itself: readable, writable, seekable; the caller must not close it."""
        ...

    def write(self, chunk: bytes) -> None:
        """Add bytes at the end; ``file`` stays where it stands.

        Raises:
            DiskFull: There is no room for them.
        """
        ...

    @property
    def size(self) -> int:
        """How many bytes it holds."""
        ...

    def close(self) -> None:
        """Close the file and remove it, if it was not kept."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Blobs(Protocol):
    """Keeps bytes under their digest. Safe to use from several threads and, where it lasts, several processes.

    A kept blob is never written again. Nothing is half there: a crash leaves a blob whole or absent, and
    scratch files of a process that has died are removed by the next one that opens the store.
    """

    def stage(self) -> Staged:
        """Open a scratch file.

        Raises:
            DiskFull: There is no room for one.
        """
        ...

    def keep(self, staged: Staged) -> Blob:
        """Make a scratch file a blob: durable when this returns. The file can be read until it is closed.

        Bytes that are kept already are not stored again; they count as kept anew for ``sweep``.

        Raises:
            DiskFull: There is no room for it.
        """
        ...

    def open(self, digest: Digest) -> BinaryIO:
        """Open a blob for reading; the file is seekable and the caller closes it.

        Raises:
            BlobDamaged: It is not there.
        """
        ...

    def sweep(self, in_use: AbstractSet[Digest]) -> int:
        """Remove the blobs that are not ``in_use`` and were kept over an hour ago; answer how many.

        Younger ones may belong to a version that is about to be recorded.
        """
        ...
