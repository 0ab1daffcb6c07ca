"""Reads each file in a process of its own, which may die without harm to this one."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO

import msgspec
from attrs import field, frozen

import entrepot_adapters
import entrepot_core
from entrepot_adapters.worker.deaths import cause_of_death
from entrepot_adapters.worker.files import readable, writable
from entrepot_adapters.worker.messages import Advanced, Failed, Finished, Job, Message
from entrepot_core.dialect import Report
from entrepot_core.errors import ImportCrashed
from entrepot_core.ports.importer import Imported, ImportTask


@frozen
class WorkerImporter:
    """An ``Importer`` that starts a process for each file.

    Attributes:
        max_columns: The most columns of a table.
        max_rows: The most rows; None for any number.
        max_cell_bytes: The most bytes of a cell of a text file.
        scratch: Where workers put what they need for a while; by default the system's place for such.
    """

    max_columns: int = field(default=16_384, kw_only=True)
    max_rows: int | None = field(default=None, kw_only=True)
    max_cell_bytes: int = field(default=16_000_000, kw_only=True)
    scratch: Path | None = field(default=None, kw_only=True)

    def load(self, source: BinaryIO, table: BinaryIO, rejects: BinaryIO, task: ImportTask, report: Report) -> Imported:
        """Read a file; see ``Importer``."""
        with readable(source) as source_file, writable(table) as table_file, writable(rejects) as rejects_file:
            job = Job(
                source_file,
                table_file,
                rejects_file,
                os.getpid(),
                task,
                self.max_columns,
                self.max_rows,
                self.max_cell_bytes,
            )
            with _worker(job, self.scratch) as messages:
                return _outcome(messages, report)


def _outcome(messages: Iterator[Message], report: Report) -> Imported:
    for message in messages:
        match message:
            case Advanced():
                report(message.stage, message.done, message.total)
            case Finished():
                return message.imported
            case Failed():
                raise message.error()
    raise ImportCrashed(reason="the worker ended without an answer")


@contextmanager
def _worker(job: Job, scratch: Path | None) -> Generator[Iterator[Message]]:
    """Start a worker and hear it out; when this is left it is gone, with all that it has put aside."""
    with (
        tempfile.TemporaryDirectory(prefix="import-", dir=scratch, ignore_cleanup_errors=True) as folder,
        tempfile.TemporaryFile(dir=folder) as complaints,
    ):
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "entrepot_adapters.worker"],  # -P: no module of the current folder
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            pass_fds=(job.source, job.table, job.rejects),
            env=_environment(folder),
        )
        try:
            yield _messages(process, job, complaints)
        finally:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    _close(pipe)
            process.wait()


def _messages(process: "subprocess.Popen[bytes]", job: Job, complaints: IO[bytes]) -> Iterator[Message]:
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101 - likewise
    try:
        process.stdin.write(msgspec.json.encode(job))
        process.stdin.close()
    except BrokenPipeError:  # it died at once, which its end explains better
        pass
    for line in process.stdout:
        yield msgspec.json.decode(line, type=Message)
    raise ImportCrashed(reason=cause_of_death(process.wait(), complaints))


def _close(pipe: IO[bytes]) -> None:
    with suppress(BrokenPipeError):  # what was left in it, a dead worker can't read
        pipe.close()


def _environment(folder: str) -> dict[str, str]:
    """The worker's environment: this one, a place for temporary files, and the packages that run here."""
    roots = [str(Path(package.__path__[0]).parent) for package in (entrepot_core, entrepot_adapters)]
    inherited = [path for path in (os.environ.get("PYTHONPATH"),) if path]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([*roots, *inherited]),
        "TMPDIR": folder,
        "POLARS_TEMP_DIR": folder,  # it spills to /var/tmp otherwise, and panics where it can't
    }
