"""Does a worker's job."""

import os
from threading import Lock
from time import monotonic
from typing import IO, BinaryIO, cast

import msgspec

from entrepot_adapters.polars.importer import PolarsImporter
from entrepot_adapters.worker.messages import Advanced, Failed, Finished, Job, Message
from entrepot_core.dialect import Stage
from entrepot_core.errors import EntrepotError
from entrepot_core.ports.importer import Imported

_PAUSE = 0.05
"""Seconds between two reports of progress."""


class Answers:
    """Sends messages to the parent; several threads may."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._lock = Lock()
        self._told = 0.0

    def send(self, message: Message) -> None:
        """Send a message."""
        with self._lock:
            self._pipe.write(msgspec.json.encode(message) + b"\n")

    def report(self, stage: Stage, done: int, total: int | None) -> None:
        """Send progress, unless some was sent a moment ago."""
        now = monotonic()
        if now - self._told >= _PAUSE or done == total:
            self._told = now
            self.send(Advanced(stage, done, total))


def work(job: Job, pipe: IO[bytes]) -> None:
    """Do a job, and answer what came of it."""
    answers = Answers(pipe)
    try:
        answers.send(Finished(_imported(job, answers)))
    except EntrepotError as error:
        answers.send(failed(error))


def _imported(job: Job, answers: Answers) -> Imported:
    importer = PolarsImporter(max_columns=job.max_columns, max_rows=job.max_rows, max_cell_bytes=job.max_cell_bytes)
    with (
        os.fdopen(job.source, "rb") as source,
        os.fdopen(job.table, "w+b") as table,
        os.fdopen(job.rejects, "w+b") as rejects,
    ):
        return importer.load(source, cast("BinaryIO", table), cast("BinaryIO", rejects), job.task, answers.report)


def failed(error: EntrepotError) -> Failed:
    """An error as a message."""
    return Failed(error.code, msgspec.to_builtins(error))
