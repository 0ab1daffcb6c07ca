"""Scratch files that know when they were written through, and say so in the store's words when the disk is full."""

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

from entrepot_adapters.filesystem.faults import faults_of

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_BUFFER = 1 << 17


class ScratchFile(io.FileIO):
    """An open file that counts how often Python code wrote to it. What writes to the descriptor goes uncounted."""

    writes = 0

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write some bytes where the file stands.

        Raises:
            DiskFull: There is no room for them.
        """
        self.writes += 1
        with faults_of(self.name):
            return super().write(data)

    def truncate(self, size: int | None = None, /) -> int:
        """Cut or stretch the file."""
        self.writes += 1
        with faults_of(self.name):
            return super().truncate(size)

    def append(self, data: "ReadableBuffer", end: int) -> None:
        """Write all bytes at ``end``, whatever place the file stands at, and stay there.

        Raises:
            DiskFull: There is no room for them; some may have been written.
        """
        with faults_of(self.name):
            rest = memoryview(data).cast("B")
            while rest:
                written = os.pwrite(self.fileno(), rest, end)
                rest, end = rest[written:], end + written

    def forbid_writing(self, path: Path) -> None:
        """From now on the same descriptor can only read the file, which is at ``path``; it stays where it stands."""
        place = os.lseek(self.fileno(), 0, os.SEEK_CUR)
        reading = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.lseek(reading, place, os.SEEK_SET)
            os.dup2(reading, self.fileno(), inheritable=False)
        finally:
            os.close(reading)


def buffered(raw: ScratchFile) -> io.BufferedRandom:
    """A file like those of ``open``, over ``raw``."""
    return io.BufferedRandom(raw, _BUFFER)
