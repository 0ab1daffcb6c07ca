"""What tests of the sandbox see of processes."""

from collections.abc import Generator
from contextlib import contextmanager

import psutil


def workers() -> list[psutil.Process]:
    """The processes that this one has started."""
    return [one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE]


@contextmanager
def nothing_is_left() -> Generator[None]:
    """When this is left, every process is gone that was started meanwhile."""
    before = {one.pid for one in psutil.Process().children()}
    yield
    assert {one.pid for one in psutil.Process().children()} == before
