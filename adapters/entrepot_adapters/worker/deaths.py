"""Why a worker died."""

import os
import signal
from typing import IO

_TAIL = 4096
_SIGNALS = {
    signal.SIGKILL: "it was killed, most likely because memory ran out",
    signal.SIGABRT: "memory ran out, or polars gave up",
    signal.SIGSEGV: "it crashed while reading the file",
    signal.SIGXCPU: "it took too long",
    signal.SIGTERM: "it was told to end",
}


def cause_of_death(status: int, complaints: IO[bytes]) -> str:
    """Say why a process ended.

    Args:
        status: Its exit status, negative for a signal.
        complaints: What it wrote to standard error.
    """
    if status < 0:
        number = -status
        return _SIGNALS.get(signal.Signals(number), f"it was ended by signal {signal.Signals(number).name}")
    last = _last_line(complaints)
    return f"the worker ended with status {status}" + (f": {last}" if last else "")


def _last_line(file: IO[bytes]) -> str:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    lines = file.read().decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
