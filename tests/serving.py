"""A real server on loopback, for tests that claim something about one."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx

_SECONDS = 60


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(home: Path, **settings: str) -> Generator[str]:
    """Serve a home by ``entrepot serve``; give its URL, and stop the server in the end.

    Args:
        home: The home folder.
        settings: Settings by their names, ``WORKERS="2"`` say.
    """
    port = free_port()
    given = {"STORE": str(home), "PORT": str(port), "LOG_LEVEL": "warning", **settings}
    environ = os.environ | {f"ENTREPOT_{name}": value for name, value in given.items()}
    log = home.with_name(f"{home.name}.log")
    with log.open("wb") as output:
        command = [sys.executable, "-m", "entrepot", "serve"]
        server = subprocess.Popen(command, env=environ, stdout=output, stderr=output)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(server, url, log)
        yield url
    finally:
        server.terminate()
        server.wait(_SECONDS)


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/health").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    message = f"the server did not come up:\n{log.read_text()}"
    raise RuntimeError(message)
