"""Why a worker died."""

import os
import signal
from typing import IO

from entrepot_adapters.sandbox.spec import Layers, WorkerLimits
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
_MEMORY_RAN_OUT = ("memory allocation of", "MemoryError", "Cannot allocate memory", "out of memory")
"""What Rust's allocator, Python and the system say then, as their last words."""


class Death(Exception):
    """A worker ended without an answer.

    Attributes:
        status: Its exit status, negative for a signal.
        last_words: The last line that it wrote to its standard error.
    """

    def __init__(self, status: int, last_words: str) -> None:
        super().__init__(status, last_words)
        self.status = status
        self.last_words = last_words

    def explained(self, layers: Layers, limits: WorkerLimits, seconds: int) -> EntrepotError:
        """Say what that means: the limit that was passed where that is certain, else what is likely.

        Args:
            layers: What locked the worker down.
            limits: What it was allowed.
            seconds: The setting that its processor time follows from.
        """
        if layers.get("rlimits"):
            if any(words in self.last_words for words in _MEMORY_RAN_OUT):
                return LimitExceeded(limit=MEMORY, allowed=limits.memory_bytes)
            if self.status == -signal.SIGXCPU:
                return LimitExceeded(limit=SECONDS, allowed=seconds)
        return ImportCrashed(reason=self._reason())

    def _reason(self) -> str:
        if self.status < 0:
            number = signal.Signals(-self.status)
            return _SIGNALS.get(number, f"the worker was ended by signal {number.name}")
        return f"the worker ended with status {self.status}" + (f": {self.last_words}" if self.last_words else "")


def last_line(file: IO[bytes]) -> str:
    """The last line of a file that says something."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    lines = file.read().decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
