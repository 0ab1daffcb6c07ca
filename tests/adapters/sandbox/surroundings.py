"""What tests of the sandbox see of processes."""

from collections.abc import Generator
from contextlib import contextmanager

import psutil


def workers() -> list[psutil.Process]:
    """The workers that this process has started; other tests have left other children, multiprocessing's among them."""
    return [one for one in psutil.Process().children() if _is_worker(one)]


def _is_worker(process: psutil.Process) -> bool:
    try:
        return "entrepot_adapters.sandbox" in process.cmdline()
    except psutil.Error:  # it has ended
        return False


@contextmanager
def nothing_is_left() -> Generator[None]:
    """When this is left, every process is gone that was started meanwhile."""
    before = {one.pid for one in psutil.Process().children()}
    yield
    assert {one.pid for one in psutil.Process().children()} == before
