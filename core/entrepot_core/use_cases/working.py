"""Long work as jobs: told of while it goes on, stopped when somebody wishes, and found when it was cut off."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from threading import Event
from time import monotonic

from attrs import define, field

from entrepot_core.dataset import Dataset
from entrepot_core.dialect import Report, Stage
from entrepot_core.errors import Cancelled, DiskFull, EntrepotError, Interrupted, JobFinished, JobNotFound, StoreBusy
from entrepot_core.job import Job, JobId, JobKind, Progress, progress
from entrepot_core.ports.driven import Driven
from entrepot_core.source import Label
from entrepot_core.use_cases.ending import Endings

INTERVAL = 0.5
"""Seconds between two looks at the job, and so between two records of its progress."""
UNFORESEEN = Interrupted(reason="something went wrong that nobody foresaw")

Work = Callable[[Report], Dataset]


def new_job(driven: Driven, kind: JobKind, label: Label) -> Job:
    """A job that nobody knows of yet."""
    return Job(id=JobId(driven.clock.new_id()), kind=kind, file_name=label.file_name, created_at=driven.clock.now())


def do(kind: JobKind, label: Label, work: Work, report: Report, endings: Endings) -> Dataset:
    """Do work whose caller waits for it. It is recorded as a job once it turns out to be long.

    Raises:
        Cancelled: Somebody cancelled that job.
    """
    job = new_job(endings.driven, kind, label)
    return Doing(endings.driven, job.started(job.created_at), report, endings).run(work)


def recover(driven: Driven) -> None:
    """Let the jobs fail that have not ended though their process has."""

    def fail(job: Job) -> Job:
        return job.failed(Interrupted(reason="the process that did it has ended"), driven.clock.now())

    for job in driven.jobs.abandoned():
        with suppress(JobFinished, JobNotFound):  # by another that looks after it
            driven.jobs.change(job.id, fail)


@define
class Doing:
    """Work that goes on. What stops it is raised out of its reports of progress, in whatever thread they are made.

    Attributes:
        driven: The store.
        job: The job it is, running.
        report: Takes progress too.
        endings: Records what came of it.
        stopping: Set when this process is about to leave the store.
        is_recorded: Whether the store knows of the job.
    """

    driven: Driven
    job: Job
    report: Report
    endings: Endings
    stopping: Event = field(factory=Event)
    is_recorded: bool = False
    _looked: float = field(factory=monotonic, init=False)
    _stop: BaseException | None = field(default=None, init=False)

    def run(self, work: Work) -> Dataset:
        """Do the work, and say in the store what came of it."""
        try:
            dataset = work(self._told)
        except BaseException as error:
            cause = self._stop or error  # what the report raised may have been wrapped on its way
            at = self.driven.clock.now()
            self._end(lambda job: _ended_by(cause, job, at))
            if cause is error:
                raise
            raise cause from error
        at = self.driven.clock.now()
        self._end(lambda job: job.succeeded(dataset.id, dataset.version.number, at))
        return dataset

    def _told(self, stage: Stage, done: int, total: int | None) -> None:
        try:
            self.report(stage, done, total)
            self._look(progress(stage, done, total))
        except BaseException as error:
            self._stop = error
            raise

    def _look(self, at: Progress) -> None:
        if self.stopping.is_set():
            raise Interrupted(reason="the store was closed")
        now = monotonic()
        is_last = self.is_recorded and at.stage == "profile" and at.done == at.total
        if now - self._looked < INTERVAL and not is_last:  # the last chance to be cancelled is not passed over
            return
        self._looked = now
        with suppress(StoreBusy, DiskFull):  # that progress could not be told is no reason to give up
            self._record(at)
        if self.job.cancelling:
            raise Cancelled(job=self.job.id)

    def _record(self, at: Progress) -> None:
        if self.is_recorded:
            self.job = self.driven.jobs.change(self.job.id, lambda job: job.advanced(at))
        else:
            self.job = self.job.advanced(at)
            self.driven.jobs.add(self.job)
            self.is_recorded = True

    def _end(self, edit: Callable[[Job], Job]) -> None:
        if self.is_recorded:
            self.endings.write(self.job.id, edit)


def _ended_by(cause: BaseException, job: Job, at: datetime) -> Job:
    if isinstance(cause, Cancelled) or not isinstance(cause, Exception):  # a cancel, or Ctrl-C
        return job.cancelled(at)
    return job.failed(cause if isinstance(cause, EntrepotError) else UNFORESEEN, at)
