"""A file that is written by one attempt, which may fail."""

import io
from collections.abc import Generator
from contextlib import contextmanager
from os import SEEK_END
from threading import Lock
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer

_BUFFER = 1 << 20
"""Bytes that are written at a time. polars writes each page in two goes, from threads that Python has to make ready for
its code each time, and the buffer has none."""


@contextmanager
def attempt(file: IO[bytes]) -> Generator[IO[bytes]]:
    """Give out an empty file for one attempt at writing it.

    When a query fails, threads of polars go on writing for a while. What they write after this is left is dropped, so
    that the next attempt has the file for itself.

    Args:
        file: What is to be written; what it held is gone.

    Raises:
        OSError: The file could not be written, which polars tells in other words.
    """
    if file.seek(0, SEEK_END):  # ext4 writes a file to the disk when it is closed, if it was ever cut to nothing
        file.seek(0)
        file.truncate()
    sink = _Sink(file)
    buffered = io.BufferedWriter(sink, _BUFFER)
    try:
        yield buffered
        buffered.flush()
    except Exception as error:
        if sink.fault is not None and sink.fault is not error:
            raise sink.fault from error
        raise
    finally:
        sink.leave()


class _Sink(io.RawIOBase):
    def __init__(self, file: IO[bytes]) -> None:
        self._file: IO[bytes] | None = file
        self._lock = Lock()
        self.fault: OSError | None = None

    def writable(self) -> bool:
        """Say that it can be written."""
        return True

    def write(self, content: "Buffer") -> int:
        """Write to the file, while the attempt lasts."""
        with self._lock:
            if self._file is None:
                return memoryview(content).nbytes
            try:
                return self._file.write(content)
            except OSError as error:
                self.fault = error
                raise

    def leave(self) -> None:
        """Let go of the file, once what is being written is."""
        with self._lock:
            self._file = None
