"""Locks between processes, and between the threads of one: every holder opens the lock file anew."""

import fcntl
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path


@contextmanager
def locked(path: Path) -> Generator[None]:
    """Hold the lock file at ``path`` (made where it is missing) alone, waiting for it as long as it takes."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def take_turn(path: Path) -> Callable[[], None] | None:
    """Take the lock file at ``path``; answer what lets go of it, or none if somebody has it."""
    descriptor = take(path)
    return None if descriptor is None else partial(os.close, descriptor)


def take(path: Path) -> int | None:
    """Take the lock file at ``path`` until the answered descriptor is closed; none if somebody has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
