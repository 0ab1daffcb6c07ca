"""A head start at bringing a large file to the disk."""

import os
from contextlib import suppress
from pathlib import Path
from threading import Thread


class Settling:
    """Brings what a file holds to the disk, beside what the caller does meanwhile.

    It opens the file for itself, so that the caller may close and remove its own at any time. The thread keeps no
    process from ending, and a fork, which doesn't have it, finds nothing to wait for.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._error: OSError | None = None
        self._thread = Thread(target=self._sync, name="settling", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Wait until that is done, or can't be.

        Raises:
            OSError: The disk didn't take it. The system may tell that only once: the next sync may seem to succeed.
        """
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _sync(self) -> None:
        with suppress(OSError), self._path.open("rb", buffering=0) as file:
            try:
                os.fsync(file.fileno())
            except OSError as error:
                self._error = error
