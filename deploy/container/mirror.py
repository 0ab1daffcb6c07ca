"""Serves a home from a local disk, with a mirror of it on a network share: ``python mirror.py /mirror entrepot serve``.

A home can't lie on a network share itself, because SQLite's write-ahead log doesn't work there. Where a machine has no
other lasting disk, as on Azure App Service, this brings an empty home back from the mirror, starts the server, and
carries what changed over to the mirror: some seconds after it changed, and once more when the server has stopped.

The mirror holds a whole catalogue, and each blob it refers to: blobs go over before the catalogue that refers to them,
and leave after. (A dataset removed during an update may lack its blobs in the mirror until the next update takes it
out.) Whoever starts last owns the mirror; an older one that still runs no longer writes it.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from uuid import uuid4

CATALOGUE = "catalogue.sqlite3"
OWNER = "owner"
SECONDS = 15
LAST_TRIES = 5


class Mirror:
    """A home's copy on a share.

    Args:
        home: The home, on a local disk.
        share: The folder of the copy; one process at a time owns it.
    """

    def __init__(self, home: Path, share: Path) -> None:
        self._home, self._share, self._name = home, share, uuid4().hex
        self._seen: object = None

    def restore(self) -> bool:
        """Own the mirror, and fill the home from it where there is none yet; tell whether that was done."""
        self._share.mkdir(parents=True, exist_ok=True)
        (self._share / OWNER).write_text(self._name)
        if (self._home / CATALOGUE).exists() or not (self._share / CATALOGUE).exists():
            return False
        self._home.mkdir(parents=True, exist_ok=True)
        for blob in _blobs(self._share):
            _copy(self._share / blob, self._home / blob)
        _copy(self._share / CATALOGUE, self._home / CATALOGUE)
        return True

    def update(self) -> bool:
        """Carry over what changed since the last time; tell whether anything had.

        Raises:
            OSError: The share can't be written, or has another owner by now.
        """
        state = self._state()
        if state == self._seen or not (self._home / CATALOGUE).exists():
            return False
        if (self._share / OWNER).read_text() != self._name:
            message = f"Another server owns the mirror {self._share} by now, so this one no longer writes it."
            raise PermissionError(message)
        with tempfile.TemporaryDirectory() as folder:
            snapshot = Path(folder) / CATALOGUE
            there, before = _blobs(self._share), _blobs(self._home)
            _snapshot(self._home / CATALOGUE, snapshot)
            kept = _blobs(self._home)
            for blob in kept - there:
                _copy(self._home / blob, self._share / blob)
            _copy(snapshot, self._share / CATALOGUE)
        for blob in there - before - kept:
            (self._share / blob).unlink(missing_ok=True)
        self._seen = state
        return True

    def _state(self) -> object:
        """What is another value once the catalogue has changed."""
        paths = (self._home / CATALOGUE, self._home / f"{CATALOGUE}-wal")
        return [(path.stat().st_mtime_ns, path.stat().st_size) if path.exists() else None for path in paths]


def _blobs(folder: Path) -> set[Path]:
    """The blobs of a home or a mirror, as paths within it."""
    return {path.relative_to(folder) for path in (folder / "blobs").glob("[0-9a-f][0-9a-f]/" + "[0-9a-f]" * 64)}


def _copy(source: Path, target: Path) -> None:
    """Copy a file so that it is there whole or not at all; one that is gone meanwhile is none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f"{target.name}.new")
    try:
        shutil.copyfile(source, new)
    except FileNotFoundError:
        return  # its dataset was removed: the next update carries that over
    with new.open("rb+") as copied:
        os.fsync(copied.fileno())
    new.replace(target)


def _snapshot(catalogue: Path, target: Path) -> None:
    """Copy a database as it is at one moment, while others write it."""
    with closing(sqlite3.connect(catalogue)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def main(share: str, command: list[str]) -> int:
    """Run a server with its home mirrored; answer with its exit status."""
    mirror = Mirror(Path(os.environ["ENTREPOT_STORE"]), Path(share))
    print("mirror: restored" if mirror.restore() else "mirror: nothing to restore", file=sys.stderr, flush=True)
    stopped = threading.Event()
    server = subprocess.Popen(command)  # noqa: S603 - the command this program is there to run
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: server.send_signal(received))
    carrying = threading.Thread(target=_carry, args=(mirror, stopped))
    carrying.start()
    status = server.wait()
    stopped.set()
    carrying.join()
    return status


def _carry(mirror: Mirror, stopped: threading.Event) -> None:
    """Update a mirror until the server has stopped, and then a last time, which is tried more than once."""
    while not stopped.wait(SECONDS):
        _is_updated(mirror)
    for _ in range(LAST_TRIES):
        if _is_updated(mirror):
            return
        time.sleep(1)


def _is_updated(mirror: Mirror) -> bool:
    try:
        mirror.update()
    except (OSError, sqlite3.Error) as error:
        print(f"mirror: not updated: {error}", file=sys.stderr, flush=True)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
