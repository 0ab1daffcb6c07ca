"""Does a worker's job."""

import os
import socket
from threading import Lock
from time import monotonic
from typing import BinaryIO, cast

import msgspec

from entrepot_adapters.polars.importer import PolarsImporter, full_disks
from entrepot_adapters.sandbox.messages import Advanced, Failed, Finished, Job, Message
from entrepot_core.dialect import Stage
from entrepot_core.errors import EntrepotError
from entrepot_core.ports.importer import Imported

_PAUSE = 0.05
"""Seconds between two reports of progress."""


class Answers:
    """Sends messages to the parent; several threads may."""

    def __init__(self, parent: socket.socket) -> None:
        self._parent = parent
        self._lock = Lock()
        self._told = 0.0

    def send(self, message: Message) -> None:
        """Send a message."""
        with self._lock:
            self._parent.sendall(msgspec.json.encode(message) + b"\n")

    def report(self, stage: Stage, done: int, total: int | None) -> None:
        """Send progress, unless some was sent a moment ago."""
        now = monotonic()
        if now - self._told >= _PAUSE or done == total:
            self._told = now
            self.send(Advanced(stage, done, total))


def work(job: Job, files: list[int], answers: Answers) -> None:
    """Do a job, and answer what came of it."""
    try:
        answers.send(Finished(_imported(job, files, answers)))
    except EntrepotError as error:
        answers.send(failed(error))


def _imported(job: Job, files: list[int], answers: Answers) -> Imported:
    importer = PolarsImporter(limits=job.limits)
    with (
        full_disks(),  # what is left to be written is tried again when a file is closed
        os.fdopen(files[0], "rb") as source,
        os.fdopen(files[1], "w+b") as table,
        os.fdopen(files[2], "w+b") as rejects,
    ):
        return importer.load(source, cast("BinaryIO", table), cast("BinaryIO", rejects), job.task, answers.report)


def failed(error: EntrepotError) -> Failed:
    """An error as a message."""
    return Failed(error.code, msgspec.to_builtins(error.fields()))
