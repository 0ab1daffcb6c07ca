"""Blobs as files named after their digests."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from entrepot_adapters.filesystem.faults import faults_of
from entrepot_adapters.filesystem.locks import locked
from entrepot_adapters.filesystem.processes import FolderProcesses
from entrepot_adapters.filesystem.staged import FilesystemStaged
from entrepot_adapters.filesystem.staging import Staging
from entrepot_core.errors import BlobDamaged
from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Blob, InUse, Leavings, Staged

_LEAST = 4096
"""Bytes that there has to be room for: what file systems hand out at the least."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


class FilesystemBlobs:
    """Keeps bytes as files ``blobs/ab/ab…`` under a home folder, which is made where it is missing.

    Close it to remove its scratch files at once; those of a process that died go when the home is opened next.

    How a sweep never takes a blob that is about to be recorded: who keeps one claims it, by a file in its process's
    own folder, under a lock that a sweep holds too, before it looks whether the blob is there. The claim ends only
    after the version was recorded. A sweep reads the claims first, then which blobs are recorded, and removes what is
    neither: a blob whose claim it found no more was recorded by the time it asks, and nobody claims anew while it
    works. Claims of a process that died don't count, which its folder's lock tells. Nothing depends on a clock.

    Args:
        home: The folder; several processes may share it, on one machine.
        tidy: Whether to remove what processes left that died, as any but a mere observer should.
        beneath: Another home, whose blobs can be read as well; nothing is changed there.

    Raises:
        StoreUnusable: The folder can't be written.
        DiskFull: There is no room for it.
    """

    def __init__(self, home: Path, *, tidy: bool = True, beneath: Path | None = None) -> None:
        home = home.absolute()  # the process may go to another folder
        self._beneath = None if beneath is None else beneath.absolute()
        self._home, self._folder = home, home / "blobs"
        self._lock = self._folder / "lock"
        with faults_of(home):
            missing = [folder for folder in (home, *home.parents) if not folder.exists()]
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.mkdir(exist_ok=True)
            (home / "tmp").mkdir(exist_ok=True)
            for folder in (home, *(folder.parent for folder in missing)):
                with suppress(PermissionError):  # one may enter a folder without seeing what is in it
                    _sync(folder)
            self._staging = Staging(home / "tmp", tidy=tidy)

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
            staged.settle()  # beside the digest
            blob = Blob(staged.digest(), staged.size)
            place = self._place(blob.digest)
            place.parent.mkdir(exist_ok=True)
            if not self._claim(staged, place, blob):
                staged.seal()  # which may take long: others keep their blobs meanwhile
                with locked(self._lock):
                    if not _is_whole(place, blob.size):
                        staged.move(place)
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
        for home in filter(None, (self._home, self._beneath)):
            with faults_of(home), suppress(FileNotFoundError):
                return _place(home, digest).open("rb")
        raise BlobDamaged(digest=digest)

    def leavings(self, in_use: InUse) -> Leavings:
        """Look for what ``sweep`` would remove."""
        with faults_of(self._home):
            return Leavings(tuple(self._unneeded(self._all(), in_use)), self._staging.abandoned())

    def sweep(self, in_use: InUse) -> Leavings:
        """Remove what nobody needs, and tell what that was."""
        with faults_of(self._home):
            processes = self._staging.tidy()
            suspects = self._unneeded(self._all(), in_use)  # a look at all that keeps nobody waiting
            if not suspects:
                return Leavings(processes=processes)
            with locked(self._lock):
                unneeded = self._unneeded(suspects, in_use)
                for blob in unneeded:
                    self._place(blob.digest).unlink(missing_ok=True)
        return Leavings(tuple(unneeded), processes)

    def probe(self) -> None:
        """See that the folders are there, and that there is room in them."""
        for home in filter(None, (self._home, self._beneath)):
            with faults_of(home):
                (home / "blobs").stat()
        with faults_of(self._home), self._staging.open() as staged:
            staged.write(bytes(_LEAST))

    def set_aside(self, digest: Digest) -> None:
        """Move bytes into the home's folder ``damaged``, if they don't match their digest.

        That is looked at anew, while nobody keeps anything: another may have put the right bytes there just now.

        Raises:
            BlobDamaged: They are not there.
        """
        aside, place = self._home / "damaged", self._place(digest)
        with faults_of(self._home), locked(self._lock):
            try:
                with place.open("rb") as file:
                    found = hashlib.file_digest(file, "sha256").hexdigest()
                if found != digest:
                    aside.mkdir(exist_ok=True)
                    place.replace(aside / digest)
            except FileNotFoundError as error:
                raise BlobDamaged(digest=digest) from error

    def close(self) -> None:
        """Remove the scratch files of this process; closing twice is allowed. Blobs can still be read."""
        self._staging.close()

    @property
    def follows_a_crash(self) -> bool:
        """Whether a process had died here and left scratch files, and may have left blobs too: sweep."""
        return self._staging.follows_a_crash

    @property
    def scratch(self) -> Path:
        """A folder for what else this process needs for a while; it goes with the scratch files."""
        return self._staging.folder

    @property
    def processes(self) -> FolderProcesses:
        """Those that have the home open; this one until it is closed."""
        home = self._beneath or self._home
        return FolderProcesses(self.scratch.name, home / "tmp")

    def _place(self, digest: Digest) -> Path:
        return _place(self._home, digest)

    def _claim(self, staged: FilesystemStaged, place: Path, blob: Blob) -> bool:
        """Claim a blob that is to be kept; answer whether it is there already."""
        with locked(self._lock):
            staged.claim(blob.digest)
            return _is_whole(place, blob.size)

    def _unneeded(self, there: Iterable[Blob], in_use: InUse) -> list[Blob]:
        """Those blobs that nobody claims or uses; the order of the three looks is what makes that true."""
        there = list(there)
        claims = self._staging.claims()
        used = in_use()
        return [blob for blob in there if blob.digest not in claims and blob.digest not in used]

    def _all(self) -> Iterator[Blob]:
        for folder in filter(Path.is_dir, self._folder.iterdir()):
            for file in folder.iterdir():
                if _DIGEST.fullmatch(file.name) and file == self._place(Digest(file.name)):
                    with suppress(FileNotFoundError):  # it was swept in between
                        yield Blob(Digest(file.name), file.stat().st_size)


def _place(home: Path, digest: Digest) -> Path:
    return home / "blobs" / digest[:2] / digest


def _is_whole(place: Path, size: int) -> bool:
    """Whether a blob is there; one that lost bytes is not, and gets replaced."""
    return place.exists() and place.stat().st_size == size


def _sync(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
