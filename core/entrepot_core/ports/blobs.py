"""Where bytes are kept, addressed by their SHA-256."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from types import TracebackType
from typing import BinaryIO, Protocol, Self

import msgspec

from entrepot_core.names import Digest


class Blob(msgspec.Struct, frozen=True):
    """Bytes that are kept: where they are and how many."""

    digest: Digest
    size: int


InUse = Callable[[], AbstractSet[Digest]]
"""Tells which blobs some version refers to, as of the moment it is called."""


class Leavings(msgspec.Struct, frozen=True):
    """What nobody needs: no version refers to it, and no living process works on it.

    Attributes:
        blobs: Blobs.
        processes: How many processes left scratch files when they died.
    """

    blobs: tuple[Blob, ...] = ()
    processes: int = 0


class Staged(Protocol):
    """A scratch file beside the blobs, which is gone when it is closed unless it was kept.

    Once it was kept, no sweep removes the blob until it is closed: record the blob first, then close.
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

    def settle(self) -> None:
        """Begin to make its bytes durable, beside what the caller does next: keeping them then takes less time.

        It may be written to all the same, kept or closed. What goes wrong meanwhile, ``Blobs.keep`` tells.

        Raises:
            DiskFull: There is no room for what waits in the file's buffer.
        """
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

        Bytes that are kept already are not stored again.

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

    def leavings(self, in_use: InUse) -> Leavings:
        """Look for what ``sweep`` would remove."""
        ...

    def sweep(self, in_use: InUse) -> Leavings:
        """Remove what nobody needs, and tell what that was.

        A blob is needed while ``in_use`` names it, and from its keeping until its scratch file is closed, in any
        process that lives. So whoever closes a kept scratch file only after a version that refers to it was
        recorded, or has failed to be, never loses it: not even to a sweep that runs at the same time.
        """
        ...

    def probe(self) -> None:
        """See that bytes can be kept and found, by a few that are written and dropped.

        Raises:
            DiskFull: There is no room for them.
            StoreUnusable: The place for them can't be used.
        """
        ...

    def set_aside(self, digest: Digest) -> None:
        """Take bytes out of use if they don't match their digest, so that the right ones can be kept again.

        They are compared here, so that bytes are spared that another process has put right in the meantime.

        Raises:
            BlobDamaged: They are not there.
        """
        ...
