"""Work that nobody waits for: it is begun, and goes on in a thread."""

import logging
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from contextvars import copy_context
from threading import Event

from attrs import Factory, define, field

from entrepot_core.dataset import Dataset
from entrepot_core.dialect import Report, no_report
from entrepot_core.errors import Cancelled, EntrepotError, Interrupted, JobNotFound, Unavailable
from entrepot_core.job import Job, JobId, JobKind
from entrepot_core.ports.blobs import Blobs
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.operations import Source
from entrepot_core.source import Label, Link
from entrepot_core.use_cases.ending import Endings
from entrepot_core.use_cases.queueing import Queue
from entrepot_core.use_cases.repeating import Chore
from entrepot_core.use_cases.working import UNFORESEEN, Doing, Work, new_job

THREADS = 2
"""How many jobs of a process run at once; the others wait, as files on disk."""
FETCHING = 8
"""How many more run whose file is fetched: sources may be slow, and hold up no other."""

LONGEST_DETAIL = 500
"""Characters of what was wrong that a line of the log has."""

_log = logging.getLogger("entrepot.jobs")
_failures = logging.getLogger("entrepot.jobs.failures")
_failures.addHandler(logging.NullHandler())  # a program that logs nothing asks the job, and is not spoken to


@define
class Background:
    """The threads in which a process does its jobs. They start with the first one; close it to stop them.

    Attributes:
        driven: The store.
        endings: Records how jobs ended.
    """

    driven: Driven
    endings: Endings = field(default=Factory(lambda self: Endings(self.driven), takes_self=True), init=False)
    _ready: Queue = field(factory=lambda: Queue(THREADS), init=False)
    _fetched: Queue = field(factory=lambda: Queue(FETCHING), init=False)
    _chore: Chore = field(default=Factory(lambda self: Chore(self._look_after), takes_self=True), init=False)
    _stopping: Event = field(factory=Event, init=False)

    def begin(
        self,
        kind: JobKind,
        source: Source,
        work: Callable[[Source, Report], Dataset],
        report: Report,
        *,
        dataset: str | None = None,
        has_images: bool = False,
    ) -> Job:
        """Take in the file that the work is about, record the job, and have it done; answer the job.

        Where the table may have images, the job waits for their sources more than it works. Of which dataset it is, is
        told to the log, if it fails. What was staged already is closed here, also where the job is refused.

        Raises:
            StoreBusy: Too many jobs wait already.
            Interrupted: The store is closed.
        """
        queue = self._fetched if has_images or isinstance(source.content, Link) else self._ready
        job = new_job(self.driven, kind, source.known)
        with ExitStack() as held:
            if not isinstance(source.content, Link | Iterable):
                held.enter_context(source.content)
            self._enter(queue, job, held)
            taken = _taken(self.driven.blobs, source, report, held)
            self.driven.jobs.add(job)
            self._submit(queue, job, lambda told: work(taken, told), held.pop_all(), dataset)
        if job.id in queue.waiting:
            self._chore.begin()
        return job

    def begin_fetching(self, kind: JobKind, label: Label, work: Work, dataset: str) -> Job:
        """Record a job that waits for sources more than it works, and have it done; answer the job.

        Raises:
            StoreBusy: Too many jobs wait already.
            Interrupted: The store is closed.
        """
        job = new_job(self.driven, kind, label)
        with ExitStack() as held:
            self._enter(self._fetched, job, held)
            self.driven.jobs.add(job)
            self._submit(self._fetched, job, work, held.pop_all(), dataset)
        if job.id in self._fetched.waiting:
            self._chore.begin()
        return job

    def let_go(self, job_id: JobId) -> None:
        """Let go at once of what a job holds that was cancelled while it waited."""
        for queue in (self._ready, self._fetched):
            queue.let_go(job_id)

    def close(self) -> None:
        """Stop the jobs that run or wait: they fail as interrupted. Closing twice is allowed."""
        self._stopping.set()
        self._chore.close()
        self._ready.close()
        self._fetched.close()
        self.endings.close()

    def _enter(self, queue: Queue, job: Job, held: ExitStack) -> None:
        """Take a place in line for a job, which is given up with ``held``."""
        if self._stopping.is_set():
            raise Interrupted(reason="the store was closed")
        queue.enter(job.id)
        held.callback(queue.leave, job.id)

    def _submit(self, queue: Queue, job: Job, work: Work, held: ExitStack, dataset: str | None) -> None:
        context = copy_context()  # of whoever asked for it, which the log tells
        try:
            queue.submit(job.id, lambda: context.run(self._run, job, work, dataset), held)
        except RuntimeError as error:  # it was closed meanwhile
            held.close()
            closed = Interrupted(reason="the store was closed")
            self._fail(job, closed)
            raise closed from error

    def _run(self, job: Job, work: Work, dataset: str | None) -> None:
        if self._stopping.is_set():
            self._fail(job, Interrupted(reason="the store was closed"))
            return
        try:
            running = self.driven.jobs.change(job.id, lambda found: found.started(self.driven.clock.now()))
            Doing(self.driven, running, no_report, self.endings, self._stopping, is_recorded=True).run(work)
        except EntrepotError as error:
            _tell(job, error, dataset)
            self._fail(job, error)
        except Exception:  # noqa: BLE001 - the last place that can tell somebody
            _log.exception("job %s broke off", job.id, extra=_about(job, dataset))
            self._fail(job, UNFORESEEN)

    def _fail(self, job: Job, error: EntrepotError) -> None:
        """Have the job tell of the error, unless it does already, or was cancelled while it waited."""
        at = self.driven.clock.now()
        self.endings.write(job.id, lambda found: found.failed(error, at))

    def _look_after(self) -> bool:
        """Let go of what waiting jobs hold that another process has cancelled; answer whether some still wait."""
        waiting = (*self._ready.waiting, *self._fetched.waiting)
        for job_id in waiting:
            if self._has_ended(job_id):
                self.let_go(job_id)
        return bool(waiting)

    def _has_ended(self, job_id: JobId) -> bool:
        try:
            return self.driven.jobs.find(job_id).is_finished
        except (JobNotFound, Unavailable):  # it is about to be recorded; or the next look will tell
            return False


def _taken(blobs: Blobs, source: Source, report: Report, held: ExitStack) -> Source:
    """The file as a scratch file, if need be one that is closed with ``held``; a link stays one."""
    if isinstance(source.content, Link) or not isinstance(source.content, Iterable):
        return source
    scratch = held.enter_context(blobs.stage())
    for chunk in source.content:
        scratch.write(chunk)
        report("upload", scratch.size, source.size)
    return Source(scratch, source.label, scratch.size)


def _tell(job: Job, error: EntrepotError, dataset: str | None) -> None:
    """Have the log tell that a job failed: whoever asked for it may have gone."""
    if isinstance(error, Cancelled):
        return
    level = logging.ERROR if isinstance(error, Unavailable) else logging.WARNING
    said = {**_about(job, dataset), "code": error.code, "detail": str(error)[:LONGEST_DETAIL]}
    _failures.log(level, "job failed", extra=said)


def _about(job: Job, dataset: str | None) -> dict[str, object]:
    return {"job": job.id, "kind": job.kind, "dataset": dataset, "file_name": job.file_name}
