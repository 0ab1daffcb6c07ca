"""Where the commands of a page run: an empty home with the sample in it."""

import os
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.architecture.tree import ROOT
from tests.docs.terminal import COLUMNS, LINES

SHOWROOM = "showroom"
"""A list of cars with their pictures."""

_PROGRAM = ".local/bin"
_PATIENCE, _PAUSE = 60.0, 0.05
_KEPT = ("LANG", "LC_ALL", "PYTHONPATH", "TZ")


@contextmanager
def folder() -> Generator[Path]:
    """A person's home folder: the program, the samples, and nothing else."""
    with tempfile.TemporaryDirectory(prefix="docs-") as name:
        home = Path(name).resolve()
        samples = ROOT / "apps" / "entrepot" / "samples"
        shutil.copy(samples / "cars.csv", home)
        shutil.copytree(samples / SHOWROOM, home / SHOWROOM)
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


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def showroom(home: Path) -> Generator[str]:
    """Serve the folder of that name, as a web server would; give the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(home / SHOWROOM)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    with server:
        thread.start()
        try:
            yield str(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


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
