"""Files as descriptors that another process can be given."""

import io
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from typing import BinaryIO


@contextmanager
def readable(file: BinaryIO) -> Generator[int]:
    """A descriptor to read a file by, and where the system can, only to read it.

    A file that lives in memory is copied to disk for as long as this lasts.
    """
    number = _descriptor(file)
    if number is not None:
        file.flush()  # it may have been written just now
        with _only_readable(number) as reading:
            yield reading
        return
    with tempfile.TemporaryFile() as copy:
        file.seek(0)
        shutil.copyfileobj(file, copy)
        copy.flush()
        yield copy.fileno()


@contextmanager
def writable(file: BinaryIO) -> Generator[int]:
    """A descriptor to write a file by; one that lives in memory gets its content when all went well."""
    number = _descriptor(file)
    if number is not None:
        file.flush()
        yield number
        return
    with tempfile.TemporaryFile() as made:
        yield made.fileno()
        made.seek(0)
        file.seek(0)
        file.truncate()
        shutil.copyfileobj(made, file)


@contextmanager
def _only_readable(number: int) -> Generator[int]:
    try:
        reading = os.open(f"/proc/self/fd/{number}", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:  # no Linux, or no /proc
        yield number
        return
    try:
        yield reading
    finally:
        os.close(reading)


def _descriptor(file: BinaryIO) -> int | None:
    try:
        return file.fileno()
    except (AttributeError, io.UnsupportedOperation):
        return None
