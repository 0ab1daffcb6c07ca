"""Where the commands of a page run: an empty home with the sample in it."""

import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.architecture.tree import ROOT
from tests.docs.terminal import COLUMNS, LINES

_PROGRAM = ".local/bin"
_PATIENCE, _PAUSE = 60.0, 0.05
_KEPT = ("LANG", "LC_ALL", "PYTHONPATH", "TZ")


@contextmanager
def folder() -> Generator[Path]:
    """A person's home folder: the program, the sample, and nothing else."""
    with tempfile.TemporaryDirectory(prefix="docs-") as name:
        home = Path(name).resolve()
        shutil.copy(ROOT / "apps" / "entrepot" / "samples" / "cars.csv", home)
        program = home / _PROGRAM / "entrepot"
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m entrepot "$@"\n')
        program.chmod(0o755)
        yield home


def environment(home: Path, port: str) -> dict[str, str]:
    """The variables of somebody who has just logged in, on a terminal without colours."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    path = [str(home / _PROGRAM), str(Path(sys.executable).parent), os.environ["PATH"]]
    own = {
        "HOME": str(home),
        "PATH": os.pathsep.join(path),
        "TERM": "dumb",
        "NO_COLOR": "1",
        "COLUMNS": str(COLUMNS),
        "LINES": str(LINES),
        "ENTREPOT_PORT": port,
    }
    return kept | own


def free_port() -> str:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def wait_for(port: str) -> None:
    """Wait until somebody listens at a port of this machine.

    Raises:
        TimeoutError: Nobody does for a minute.
    """
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                return
        time.sleep(_PAUSE)
    raise TimeoutError(port)
