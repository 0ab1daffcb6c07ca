"""Each process's own folder for scratch files, which the next process removes if this one dies."""

import os
import shutil
import tempfile
import weakref
from pathlib import Path

from entrepot_adapters.filesystem.locks import locked, take
from entrepot_adapters.filesystem.scratch import ScratchFile
from entrepot_adapters.filesystem.staged import FilesystemStaged

LOCK = "lock"
"""The file in a process's folder that it holds locked as long as it lives."""


class Staging:
    """A folder for scratch files under ``root``, whose lock says that its process lives.

    Opening one removes the folders of processes that died, and no others.

    Attributes:
        folder: Where the scratch files are.
    """

    def __init__(self, root: Path) -> None:
        with locked(root / LOCK):  # so that nobody sees a folder that has no lock yet
            _remove_abandoned(root)
            self.folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=root))
            lock = take(self.folder / LOCK)
        self._leave = weakref.finalize(self, _leave, self.folder, lock, os.getpid())

    def open(self) -> FilesystemStaged:
        """A new scratch file."""
        descriptor, name = tempfile.mkstemp(dir=self.folder)
        return FilesystemStaged(ScratchFile(descriptor, "w+b"), Path(name))

    def close(self) -> None:
        """Remove the folder with all that is left in it; closing twice is allowed."""
        self._leave()


def _remove_abandoned(root: Path) -> None:
    for folder in root.iterdir():
        lock = _take_abandoned(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _take_abandoned(folder: Path) -> int | None:
    try:
        return take(folder / LOCK)
    except (NotADirectoryError, FileNotFoundError):  # the root's own lock file; a folder that its process removed
        return None


def _leave(folder: Path, lock: int | None, owner: int) -> None:
    """Remove a staging folder, unless this process is a fork of its owner."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)
