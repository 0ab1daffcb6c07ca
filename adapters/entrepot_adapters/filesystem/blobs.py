"""Blobs as files named after their digests."""

import os
import re
import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import BinaryIO

from entrepot_adapters.filesystem.faults import faults_of
from entrepot_adapters.filesystem.locks import locked
from entrepot_adapters.filesystem.processes import FolderProcesses
from entrepot_adapters.filesystem.staged import FilesystemStaged
from entrepot_adapters.filesystem.staging import Staging
from entrepot_core.errors import BlobDamaged
from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Blob, Staged

_GRACE = 3600.0
_DIGEST = re.compile(r"[0-9a-f]{64}")


class FilesystemBlobs:
    """Keeps bytes as files ``blobs/ab/ab…`` under a home folder, which is made where it is missing.

    Close it to remove its scratch files at once; those of a process that died go when the home is opened next.

    Args:
        home: The folder; several processes may share it, on one machine.
        now: Tells the time in seconds since 1970, for ``sweep``.

    Raises:
        StoreUnusable: The folder can't be written.
        DiskFull: There is no room for it.
    """

    def __init__(self, home: Path, now: Callable[[], float] = time.time) -> None:
        home = home.absolute()  # the process may go to another folder
        self._home, self._folder, self._now = home, home / "blobs", now
        self._lock = self._folder / "lock"
        with faults_of(home):
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.mkdir(exist_ok=True)
            (home / "tmp").mkdir(exist_ok=True)
            _sync(home)
            self._staging = Staging(home / "tmp")

    def stage(self) -> FilesystemStaged:
        """Open a scratch file."""
        with faults_of(self._home):
            return self._staging.open()

    def keep(self, staged: Staged) -> Blob:
        """Make a scratch file of this store a blob: durable when this returns."""
        if not isinstance(staged, FilesystemStaged):
            message = f"{staged!r} is not a scratch file of this store"
            raise TypeError(message)
        with faults_of(self._home):
            blob = Blob(staged.digest(), staged.size)
            place = self._place(blob.digest)
            place.parent.mkdir(exist_ok=True)
            if not self._keep_anew(place, blob.size):
                staged.settle()  # which may take long: others keep their blobs meanwhile
                with locked(self._lock):
                    if not self._touch(place, blob.size):
                        staged.move(place, self._now())
            _sync(place.parent)
            _sync(self._folder)
        return blob

    def open(self, digest: Digest) -> BinaryIO:
        """Open a blob for reading.

        Raises:
            BlobDamaged: It is not there.
        """
        if not _DIGEST.fullmatch(digest):
            raise BlobDamaged(digest=digest)
        with faults_of(self._home):
            try:
                return self._place(digest).open("rb")
            except FileNotFoundError as error:
                raise BlobDamaged(digest=digest) from error

    def sweep(self, in_use: AbstractSet[Digest]) -> int:
        """Remove the blobs that are not ``in_use`` and were kept over an hour ago; answer how many."""
        with faults_of(self._home):
            return sum(self._sweep(folder, in_use) for folder in self._folder.iterdir() if folder.is_dir())

    def close(self) -> None:
        """Remove the scratch files of this process; closing twice is allowed. Blobs can still be read."""
        self._staging.close()

    @property
    def scratch(self) -> Path:
        """A folder for what else this process needs for a while; it goes with the scratch files."""
        return self._staging.folder

    @property
    def processes(self) -> FolderProcesses:
        """Those that have the home open; this one until it is closed."""
        return FolderProcesses(self.scratch.name, self.scratch.parent)

    def _place(self, digest: Digest) -> Path:
        return self._folder / digest[:2] / digest

    def _keep_anew(self, place: Path, size: int) -> bool:
        with locked(self._lock):
            return self._touch(place, size)

    def _touch(self, place: Path, size: int) -> bool:
        """Count a blob as kept anew, if it is there; one that lost bytes is not, and gets replaced."""
        if not place.exists() or place.stat().st_size != size:
            return False
        os.utime(place, (self._now(), self._now()))
        return True

    def _sweep(self, folder: Path, in_use: AbstractSet[Digest]) -> int:
        with locked(self._lock):  # for one folder at a time: who keeps a blob should not wait for all of them
            before = self._now() - _GRACE
            unused = [file for file in folder.iterdir() if file.name not in in_use and file.stat().st_mtime < before]
            for file in unused:
                file.unlink()
        return len(unused)


def _sync(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
