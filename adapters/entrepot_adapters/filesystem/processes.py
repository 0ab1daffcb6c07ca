"""Who works on a home: each process by the name of its folder for scratch files, whose lock says that it lives."""

import fcntl
import os
from pathlib import Path

from attrs import frozen

from entrepot_adapters.filesystem.staging import LOCK


@frozen
class FolderProcesses:
    """The processes that share a home.

    Attributes:
        own: This process's name.
    """

    own: str
    _root: Path

    def is_alive(self, name: str) -> bool:
        """Whether the process of this name still has the home open."""
        try:
            descriptor = os.open(self._root / name / LOCK, os.O_RDONLY | os.O_CLOEXEC)
        except PermissionError:  # it is another user's, who tidies up
            return True
        except OSError:  # its folder is gone, and so is the process
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared: several may look at once
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False
