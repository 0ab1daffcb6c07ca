"""Work that nobody waits for: it is begun, and goes on in a thread."""

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from threading import Event

from attrs import define, field

from entrepot_core.dataset import Dataset
from entrepot_core.dialect import Report, no_report
from entrepot_core.errors import EntrepotError, Interrupted
from entrepot_core.job import Job, JobKind
from entrepot_core.ports.blobs import Blobs
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.operations import Source
from entrepot_core.source import Link
from entrepot_core.use_cases.working import Doing, new_job

THREADS = 2
"""How many jobs of a process run at once; the others wait, as files on disk."""

_log = logging.getLogger("entrepot.jobs")


def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, "job")


@define
class Background:
    """The threads in which a process does its jobs. They start with the first one; close it to stop them."""

    _pool: ThreadPoolExecutor = field(factory=_threads, init=False)
    _stopping: Event = field(factory=Event, init=False)

    def begin(
        self, driven: Driven, kind: JobKind, source: Source, work: Callable[[Source, Report], Dataset], report: Report
    ) -> Job:
        """Take in the file that the work is about, record the job, and have it done; answer the job."""
        with ExitStack() as held:
            taken = _taken(driven.blobs, source, report, held)
            job = new_job(driven, kind, source.known)
            driven.jobs.add(job)
            self._pool.submit(self._run, driven, job, lambda told: work(taken, told), held.pop_all())
        return job

    def close(self) -> None:
        """Stop the jobs that run or wait: they fail as interrupted. Closing twice is allowed."""
        self._stopping.set()
        self._pool.shutdown()

    def _run(self, driven: Driven, job: Job, work: Callable[[Report], Dataset], held: ExitStack) -> None:
        with held:
            if self._stopping.is_set():
                _fail(driven, job, Interrupted(reason="the store was closed"))
                return
            try:
                running = driven.jobs.change(job.id, lambda found: found.started(driven.clock.now()))
                Doing(driven, running, no_report, self._stopping, is_recorded=True).run(work)
            except EntrepotError as error:
                _fail(driven, job, error)
            except Exception:  # noqa: BLE001 - the last place that can tell somebody
                _log.exception("job %s broke off", job.id)


def _fail(driven: Driven, job: Job, error: EntrepotError) -> None:
    """Have the job tell of the error, unless it does already, or was cancelled while it waited."""
    with suppress(EntrepotError):
        driven.jobs.change(job.id, lambda found: found.failed(error, driven.clock.now()))


def _taken(blobs: Blobs, source: Source, report: Report, held: ExitStack) -> Source:
    """The file as a scratch file, which is closed with ``held``; what is to be fetched is, while nobody waits."""
    if isinstance(source.content, Link):
        return source
    if not isinstance(source.content, Iterable):
        held.enter_context(source.content)
        return source
    scratch = held.enter_context(blobs.stage())
    for chunk in source.content:
        scratch.write(chunk)
        report("upload", scratch.size, source.size)
    return Source(scratch, source.label, scratch.size)
