"""Why a worker died."""

import os
import signal
from contextlib import suppress
from typing import IO

from entrepot_adapters.sandbox.distrust import LOG
from entrepot_adapters.sandbox.spec import WorkerLimits
from entrepot_core.errors import EntrepotError, ImportCrashed, LimitExceeded

MEMORY, SECONDS = "ENTREPOT_IMPORT_MEMORY_BYTES", "ENTREPOT_IMPORT_SECONDS"
"""The settings whose passing ends a worker."""

_TAIL = 4096
_SIGNALS = {
    signal.SIGKILL: "the worker was killed, most likely because the machine's memory ran out",
    signal.SIGABRT: "polars gave up, most likely because memory ran out",
    signal.SIGSEGV: "it crashed while reading the file",
    signal.SIGXCPU: "it took too much processor time",
    signal.SIGXFSZ: "it wrote a file that was far too large",
    signal.SIGTERM: "the worker was told to end",
}
_MEMORY_RAN_OUT = (
    "memory allocation",
    "memoryerror",
    "allocate memory",
    "out of memory",
    "thread creation failed (11)",
    "can't start new thread",
)
"""What Rust, Python, numpy, the allocator and the system say then, in small letters."""


class Death(Exception):
    """A worker ended without an answer.

    Attributes:
        status: Its exit status, negative for a signal.
        complaints: What it wrote to its standard error, the end of it.
    """

    def __init__(self, status: int, complaints: str) -> None:
        super().__init__(status, complaints)
        self.status = status
        self.complaints = complaints

    @property
    def ran_out_of_memory(self) -> bool:
        """Whether it says that memory ran out."""
        return any(words in self.complaints.lower() for words in _MEMORY_RAN_OUT)

    def explained(self, limits: WorkerLimits | None, seconds: int) -> EntrepotError:
        """Say what that means: the limit that was passed where that is certain, else what is likely.

        Its words are logged.

        Args:
            limits: What the kernel held it to, if anything.
            seconds: The setting that its processor time follows from.
        """
        LOG.warning("an import worker ended with status %d; the end of what it said: %r", self.status, self.complaints)
        if limits is not None:
            if self.ran_out_of_memory:
                return LimitExceeded(limit=MEMORY, allowed=limits.memory_bytes)
            if self.status == -signal.SIGXCPU:
                return LimitExceeded(limit=SECONDS, allowed=seconds)
        return ImportCrashed(reason=self._reason())

    def _reason(self) -> str:
        if self.status >= 0:
            return f"the worker ended with status {self.status}"
        with suppress(ValueError):  # those of real time have no name
            number = signal.Signals(-self.status)
            return _SIGNALS.get(number, f"the worker was ended by signal {number.name}")
        return f"the worker was ended by signal {-self.status}"


def tail(file: IO[bytes]) -> str:
    """The end of a file, as text."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    return file.read().decode(errors="replace")
