"""Reads each file in a process of its own, which is locked down and may die without harm to this one."""

import os
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import BinaryIO, Literal

from entrepot_adapters.sandbox.child import Child, Overdue, started
from entrepot_adapters.sandbox.deaths import SECONDS, Death
from entrepot_adapters.sandbox.distrust import check, senseless
from entrepot_adapters.sandbox.files import readable, writable
from entrepot_adapters.sandbox.messages import Advanced, Failed, Finished, Job, Message
from entrepot_adapters.sandbox.pool import Pool
from entrepot_adapters.sandbox.spec import LAYERS, Layer, Layers, WorkerLimits, missing, no_layers
from entrepot_adapters.sandbox.telling import Telling
from entrepot_core.dialect import Report
from entrepot_core.errors import ImportCrashed, LimitExceeded, SandboxUnavailable
from entrepot_core.limits import Limits
from entrepot_core.ports.importer import Imported, ImportTask

Mode = Literal["auto", "require", "off"]
"""Whether workers are locked down as far as the system can, or wholly or not at all used, or not locked down."""

_CPUS = os.cpu_count() or 1
_LIMITS = Limits()


class SandboxedImporter:
    """An ``Importer`` that has each file read by a worker process of its own. Close it when done.

    Args:
        limits: What is read at the most.
        memory_bytes: The most memory of an import.
        seconds: The most seconds of an import, by the clock.
        file_bytes: The most bytes of any file that an import writes.
        workers: How many imports run at once; others wait.
        mode: What of the sandbox there has to be.
        scratch: Where workers put what they need for a while; by default the system's place for such.
        layers: What locks workers down, as far as the system can.
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own
        self,
        *,
        limits: Limits = _LIMITS,
        memory_bytes: int = 4 * 2**30,
        seconds: int = 1800,
        file_bytes: int = 40 * 10**9,
        workers: int = _CPUS,
        mode: Mode = "auto",
        scratch: Path | None = None,
        layers: tuple[Layer, ...] = LAYERS,
    ) -> None:
        self.limits = limits
        self.seconds = seconds
        self.mode = mode
        self._limits = held_to = WorkerLimits(memory_bytes, seconds * _CPUS, file_bytes)
        applied = () if mode == "off" else layers
        self._pool = Pool(lambda: started(applied, held_to, scratch), workers)

    def prepare(self) -> None:
        """Start a worker, if none waits."""
        self._pool.prepare()

    def load(self, source: BinaryIO, table: BinaryIO, rejects: BinaryIO, task: ImportTask, report: Report) -> Imported:
        """Read a file; see ``Importer``."""
        job = Job(task, self.limits)
        with readable(source) as source_file, writable(table) as table_file, writable(rejects) as rejects_file:
            telling = Telling(report, os.fstat(source_file).st_size)
            with self._pool.worker(telling.again) as child:
                imported = self._worked(child, job, (source_file, table_file, rejects_file), telling)
            check(imported, table_file, self.limits)  # the worker is gone
            return imported

    def keep_warm(self) -> None:
        """From now on keep workers waiting, as many as imports may run at once."""
        self._pool.keep_warm()

    def held_layers(self) -> Layers:
        """Which layers hold; where no worker was started before, one is.

        Raises:
            ImportCrashed: It can't be.
        """
        if self.mode == "off":
            return no_layers()
        try:
            return self._pool.layers(lambda: None)
        except Death as death:
            raise death.explained(self._limits, self.seconds) from death
        except OSError as error:  # it was taken for an import, and ended
            raise ImportCrashed(reason="no worker has begun yet") from error

    def require(self, layers: Layers) -> None:
        """Insist on what has to be there.

        Raises:
            SandboxUnavailable: It isn't.
        """
        if self.mode == "require" and (lacking := missing(layers)):
            raise SandboxUnavailable(missing=lacking)

    def close(self) -> None:
        """End the workers that wait."""
        self._pool.close()

    def _worked(self, child: Child, job: Job, files: tuple[int, int, int], telling: Telling) -> Imported:
        limits = None if self.mode == "off" else self._limits
        try:
            layers = child.ready(telling.again)
            self._pool.note(layers)
            limits = self._limits if layers["rlimits"] else None
            self.require(layers)
            child.hand(job, files)
            return _outcome(child.messages(telling.again, monotonic() + self.seconds), telling)
        except Death as death:
            raise death.explained(limits, self.seconds) from death
        except Overdue:
            raise LimitExceeded(limit=SECONDS, allowed=self.seconds) from None


def _outcome(messages: Iterator[Message], telling: Telling) -> Imported:
    for message in messages:
        match message:
            case Advanced():
                telling.tell(message.stage, message.done, message.total)
            case Finished():
                return message.imported
            case Failed():
                raise message.error()
            case _:
                break
    raise senseless("it ends without a result")
