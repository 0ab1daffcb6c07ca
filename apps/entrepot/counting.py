"""Where the processes of a server count requests together, before prometheus-client is imported in any of them."""

import logging
import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Tells prometheus-client, on its import, in which folder processes count together."""

_BYTES = 2 << 20
"""What a process has room for: some 600 series, where a server that was asked all kinds of things had 300."""


@contextmanager
def counting_together(workers: int) -> "Generator[None]":
    """Have the processes of a server count in a folder that they share, where there are several."""
    os.environ.pop(VARIABLE, None)
    if workers == 1:
        yield
        return
    with TemporaryDirectory(prefix="entrepot-metrics-") as folder:
        os.environ[VARIABLE] = folder
        try:
            yield
        finally:
            os.environ.pop(VARIABLE, None)


def counting_folder() -> str | None:
    """The folder in which this process counts with others; none where it counts alone, for want of room, too.

    The library maps a file into memory that has no blocks yet. On a disk that is full, a process is ended as it writes
    there (SIGBUS), so the file is given its blocks before the library finds it.
    """
    folder = os.environ.get(VARIABLE)
    if folder is None:
        return None
    file = Path(folder, f"histogram_{os.getpid()}.db")
    begun = file.with_suffix(".begun")  # which nobody takes for counts
    try:
        with begun.open("wb") as new:
            os.posix_fallocate(new.fileno(), 0, _BYTES)
        if not file.exists():  # one that died long ago may have had this number
            begun.rename(file)
    except OSError as error:
        del os.environ[VARIABLE]
        logging.getLogger(__name__).warning("requests are counted by this process alone: %s: %s", folder, error)
        return None
    finally:
        begun.unlink(missing_ok=True)
    return folder
