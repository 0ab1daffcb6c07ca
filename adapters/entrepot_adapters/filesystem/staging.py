"""Each process's own folder for scratch files and claims, which the next process removes if this one dies."""

import os
import shutil
import stat
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from entrepot_adapters.filesystem.locks import locked, take
from entrepot_adapters.filesystem.scratch import ScratchFile
from entrepot_adapters.filesystem.staged import FilesystemStaged, claimed
from entrepot_core.names import Digest

LOCK = "lock"
"""The file in a process's folder that it holds locked as long as it lives."""


class Staging:
    """A folder for scratch files under ``root``, whose lock says that its process lives.

    Beside the scratch files stand claims: empty files that name the blobs which the process has kept and not let go
    of yet. They end with the process as its scratch files do.

    Args:
        root: Where the folders of all processes are.
        tidy: Whether to remove the folders of processes that died.

    Attributes:
        folder: Where the scratch files are.
        follows_a_crash: Whether there was such a folder.
    """

    def __init__(self, root: Path, *, tidy: bool) -> None:
        self._root = root
        with locked(root / LOCK):  # so that nobody sees a folder that has no lock yet
            # Its own comes first: if this process dies too, that is the next one's sign that there is work left.
            self.folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=root))
            lock = take(self.folder / LOCK)
            self.follows_a_crash = tidy and _remove_abandoned(root) > 0
        self._leave = weakref.finalize(self, _leave, self.folder, lock, os.getpid())

    def open(self) -> FilesystemStaged:
        """A new scratch file."""
        descriptor, name = tempfile.mkstemp(dir=self.folder)
        return FilesystemStaged(ScratchFile(descriptor, "w+b"), Path(name))

    def claims(self) -> set[Digest]:
        """The blobs that living processes claim."""
        with locked(self._root / LOCK):
            dead = set(_abandoned(self._root))
            living = [folder for folder in self._root.iterdir() if folder.is_dir() and folder not in dead]
            return {digest for folder in living for digest in claimed(folder)}

    def abandoned(self) -> int:
        """How many processes left scratch files when they died."""
        with locked(self._root / LOCK):
            return len(list(_abandoned(self._root)))

    def tidy(self) -> int:
        """Remove what processes left that died; answer how many those were."""
        with locked(self._root / LOCK):
            return _remove_abandoned(self._root)

    def close(self) -> None:
        """Remove the folder with all that is left in it; closing twice is allowed."""
        self._leave()


def private_staging(place: Path) -> Staging:
    """A folder of this user's own below ``place``, where others may write too; what dead processes left there goes."""
    root = place / f"entrepot-{os.geteuid()}"
    with suppress(FileExistsError):
        root.mkdir(mode=0o700)
    found = root.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        root = Path(tempfile.mkdtemp(prefix="entrepot-", dir=place))  # somebody else was there before
    return Staging(root, tidy=True)


def _abandoned(root: Path) -> Iterator[Path]:
    """The folders whose process has died; as long as the root's lock is held, no other comes or goes."""
    for folder in root.iterdir():
        try:
            lock = take(folder / LOCK)
        except (NotADirectoryError, FileNotFoundError):  # the root's own lock; a folder that its process removed
            continue
        if lock is not None:
            os.close(lock)
            yield folder


def _remove_abandoned(root: Path) -> int:
    folders = list(_abandoned(root))
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return len(folders)


def _leave(folder: Path, lock: int | None, owner: int) -> None:
    """Remove a staging folder, unless this process is a fork of its owner."""
    if os.getpid() == owner:
        # Under the root's lock, so that nobody looks at it meanwhile and takes it for one of a process that died.
        with suppress(FileNotFoundError), locked(folder.parent / LOCK):
            shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)
