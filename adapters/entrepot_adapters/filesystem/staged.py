"""A scratch file on its way to becoming a blob."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self

from entrepot_adapters.filesystem.scratch import ScratchFile, buffered
from entrepot_adapters.filesystem.settling import Settling
from entrepot_core.errors import EntrepotError
from entrepot_core.names import Digest

_CHUNK = 1 << 20
_LARGE = 1 << 22
"""From so many bytes on it takes the disk longer than it takes to start a thread."""

_CLAIM = re.compile(r"claim-([0-9a-f]{64})-.*")


def claimed(folder: Path) -> Iterator[Digest]:
    """The blobs that a folder's process has kept and not let go of yet; none where it has just removed the folder."""
    with suppress(FileNotFoundError):
        for file in folder.iterdir():
            if claim := _CLAIM.fullmatch(file.name):
                yield Digest(claim[1])


class _State(NamedTuple):
    """What changes when somebody writes: through Python, or past it."""

    size: int
    modified: int
    writes: int


class FilesystemStaged:
    """A scratch file in the folder of its process.

    The digest is computed while ``write`` is used, as long as nothing else writes to the file; else by reading it.
    """

    def __init__(self, raw: ScratchFile, path: Path) -> None:
        self._raw = raw
        self._path: Path | None = path
        self._name = path
        self._claims: set[Path] = set()
        self._file = buffered(raw)
        self._sha256 = hashlib.sha256()
        self._hashed: _State | None = self._state()
        self._settlings = list[Settling]()
        self._settled: _State | None = None

    @property
    def file(self) -> BinaryIO:
        """The file itself; the caller must not close it."""
        return self._file

    def write(self, chunk: bytes) -> None:
        """Add bytes at the end; ``file`` stays where it stands.

        Raises:
            DiskFull: There is no room for them.
        """
        if self._path is None:
            message = "this scratch file was kept; nothing can be added to it"
            raise ValueError(message)
        before = self._state()
        self._raw.append(chunk, before.size)
        if self._hashed == before:
            self._sha256.update(chunk)
            self._hashed = self._state()
        else:
            self._hashed = None

    @property
    def size(self) -> int:
        """How many bytes it holds."""
        return self._state().size

    def digest(self) -> Digest:
        """The SHA-256 of its bytes."""
        if self._hashed == self._state():
            return Digest(self._sha256.hexdigest())
        found, place = hashlib.sha256(), 0
        while chunk := os.pread(self._raw.fileno(), _CHUNK, place):
            found.update(chunk)
            place += len(chunk)
        return Digest(found.hexdigest())

    def settle(self) -> None:
        """Begin to bring its bytes to the disk, if they are many and have changed; what comes of it ``seal`` tells."""
        state = self._state()
        if self._path is not None and state.size >= _LARGE and state != self._settled:
            self._settled = state
            with suppress(RuntimeError):  # there is no thread to be had; ``seal`` does without
                self._settlings.append(Settling(self._path))

    def seal(self) -> None:
        """Bring its bytes to the disk, for good and unchangeable; what has settled is there already."""
        for settling in self._settlings:
            settling.wait()
        os.fsync(self._raw.fileno())
        os.fchmod(self._raw.fileno(), 0o444)

    def claim(self, digest: Digest) -> None:
        """Keep sweeps away from a blob, in this process and all others, until this is closed."""
        claim = self._name.with_name(f"claim-{digest}-{self._name.name}")
        claim.touch()
        self._claims.add(claim)

    def move(self, target: Path) -> None:
        """Give the file its place among the blobs; it stays open for reading."""
        if self._path is None:
            message = "this scratch file was kept before"
            raise ValueError(message)
        self._path.rename(target)
        self._path = None
        self._raw.forbid_writing(target)

    def close(self) -> None:
        """Close the file and remove it, if it was not kept; let go of the blobs it was kept as."""
        for claim in self._claims:
            claim.unlink(missing_ok=True)
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        with suppress(OSError, EntrepotError):  # what could not be written is not needed any more
            self._file.close()

    def _state(self) -> _State:
        """How the file is now, with all that waited in its buffer."""
        self._file.flush()
        stat = os.fstat(self._raw.fileno())
        return _State(stat.st_size, stat.st_mtime_ns, self._raw.writes)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
