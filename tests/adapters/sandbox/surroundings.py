"""What tests of the sandbox see of processes."""

from collections.abc import Generator
from contextlib import contextmanager

import psutil


def workers() -> list[psutil.Process]:
    """The workers that this process has started; other tests have left other children, multiprocessing's among them."""
    return _children("entrepot_adapters.sandbox")


def image_workers() -> list[psutil.Process]:
    """The workers for images that this process has started."""
    return _children("entrepot_adapters.sandbox.image_worker")


def _children(program: str) -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if _runs(one, program)]


def _runs(process: psutil.Process, program: str) -> bool:
    try:
        return program in process.cmdline()
    except psutil.Error:  # it has ended
        return False


@contextmanager
def nothing_is_left() -> Generator[None]:
    """When this is left, every process is gone that was started meanwhile."""
    before = {one.pid for one in psutil.Process().children()}
    yield
    assert {one.pid for one in psutil.Process().children()} == before
