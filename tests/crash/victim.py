"""A server that is killed and started again, and what is to hold of its home then."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx
from attrs import define, field

from entrepot_adapters.filesystem.locks import take
from tests.serving import free_port

_SECONDS = 60
_SECONDS_TO_WRITE = 5
_HOOK = Path(__file__).parent / "hook"


@define
class Victim:
    """A server in a process group of its own.

    Attributes:
        home: Its home.
        settings: Its settings by their names, ``WORKERS="2"`` say.
        starts: How many seconds each start took, from the program's to the first answer.
    """

    home: Path
    settings: dict[str, str] = field(factory=dict)
    starts: list[float] = field(factory=list, init=False)
    _port: int = field(factory=free_port, init=False)
    _server: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}/api/v1"

    @property
    def _arm(self) -> Path:
        return self.home.with_suffix(".arm")

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        self._arm.unlink(missing_ok=True)
        paths = [str(_HOOK), os.environ.get("PYTHONPATH", "")]
        environ = os.environ | {
            "ENTREPOT_STORE": str(self.home),
            "ENTREPOT_PORT": str(self._port),
            "ENTREPOT_LOG_LEVEL": "error",
            "PYTHONPATH": os.pathsep.join(path for path in paths if path),
            "CRASH_HOME": str(self.home),
            "CRASH_ARM": str(self._arm),
            **{f"ENTREPOT_{name}": value for name, value in self.settings.items()},
        }
        began = time.monotonic()
        with self.home.with_suffix(".log").open("ab") as log:
            command = [sys.executable, "-m", "entrepot", "serve"]
            self._server = subprocess.Popen(command, env=environ, stdout=log, stderr=log, start_new_session=True)
        while time.monotonic() < began + _SECONDS:
            try:
                if httpx.get(f"{self.url}/health").is_success:
                    self.starts.append(time.monotonic() - began)
                    return
            except httpx.TransportError:
                time.sleep(0.02)
        message = f"the server did not come up:\n{self.home.with_suffix('.log').read_text()}"
        raise RuntimeError(message)

    def arm(self, step: int) -> None:
        """Have the server killed at one of its next steps; 0 is for never, and only counts."""
        self._arm.with_suffix(".taken").unlink(missing_ok=True)
        written = self._arm.with_suffix(".new")
        written.write_text(f"{step} {time.monotonic_ns()}")
        written.replace(self._arm)

    @property
    def steps(self) -> int:
        """How many steps it has taken since it was armed."""
        taken = self._arm.with_suffix(".taken")
        until = time.monotonic() + _SECONDS_TO_WRITE
        while taken.exists():
            if text := taken.read_text():  # else it is just being written
                return int(text)
            assert time.monotonic() < until, "the count of steps was not written"
        return 0

    def kill(self) -> None:
        """Kill the server with all its processes, if that has not happened yet, and wait until they are gone."""
        assert self._server is not None
        if self._server.poll() is None:
            os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait(_SECONDS)
        until = time.monotonic() + 5
        while self.processes() and time.monotonic() < until:
            time.sleep(0.01)

    def processes(self) -> list[int]:
        """The processes that work on this home, the workers of imports among them."""
        mark = f"ENTREPOT_STORE={self.home}".encode()
        found: list[int] = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
            except OSError:  # it has just ended, or is another's
                continue
        return found

    def orphans(self) -> set[str]:
        """The blobs that neither a version nor an image refers to, and whatever lies about among them."""
        used = self.found("SELECT digest FROM distributions UNION SELECT digest FROM images")
        files = {file.name for file in (self.home / "blobs").rglob("*") if file.is_file()}
        return files - used - {"lock"}

    def found(self, query: str) -> set[str]:
        """What a query finds in the database, where it names one column; the server need not live."""
        place = f"file:{self.home / 'catalogue.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(place, uri=True)) as catalogue:
            return {one for (one,) in catalogue.execute(query)}

    def outlast_claims(self) -> int:
        """Have the claims of a server that was killed run out, as they do in a minute; answer how many there were."""
        with closing(sqlite3.connect(self.home / "catalogue.sqlite3")) as catalogue, catalogue:
            over = "UPDATE datasets SET claimed_until = created_at WHERE claimed_until IS NOT NULL"
            return catalogue.execute(over).rowcount

    def scratch(self) -> list[str]:
        """What is left below ``tmp`` of processes that are no more."""
        left: list[str] = []
        for path in (self.home / "tmp").iterdir():
            if path.is_dir():
                lock = take(path / "lock")
                if lock is not None:
                    os.close(lock)
                    left.append(path.name)
        return left
