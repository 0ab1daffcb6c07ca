"""A terminal to run commands in."""

import os
import pty
import signal
import subprocess
import termios
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress

COLUMNS, LINES = 100, 50
_PIECE = 1 << 16
_PATIENCE, _PAUSE = 15, 0.05


def output_of(command: str) -> str:
    """What a command of bash writes to a terminal, until it has ended."""
    with terminal(command) as (_, screen):
        return "".join(screen)


@contextmanager
def terminal(command: str) -> Generator[tuple[subprocess.Popen[bytes], Iterator[str]]]:
    """Run a command on a terminal of its own; in the end it is waited for. Its standard input is empty."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (LINES, COLUMNS))
    try:
        with subprocess.Popen(
            ["bash", "-c", command], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, start_new_session=True
        ) as process:
            os.close(theirs)
            yield process, _read(ours)
    finally:
        os.close(ours)


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a command on a terminal of its own, with all that it has started, and wait until nothing of it is left."""
    os.killpg(process.pid, signal.SIGTERM)
    until = time.monotonic() + _PATIENCE
    with suppress(ProcessLookupError):
        while process.poll() is None or time.monotonic() < until:
            os.killpg(process.pid, 0)  # asks whether somebody is there
            time.sleep(_PAUSE)
        os.killpg(process.pid, signal.SIGKILL)


def _read(terminal: int) -> Iterator[str]:
    while True:
        try:
            piece = os.read(terminal, _PIECE)
        except OSError:  # so says Linux when the other end is closed
            return
        if not piece:
            return
        yield piece.decode().replace("\r", "")
