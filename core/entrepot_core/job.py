"""Jobs: long work with progress, that others can follow and cancel."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Literal, NewType, get_args

import msgspec

from entrepot_core.dialect import Report, Stage
from entrepot_core.errors import Cancelled, EntrepotError, Interrupted, JobFinished, JobNotFound, every_error
from entrepot_core.names import DatasetId, as_id, is_id
from entrepot_core.paging import PagedById, check_choice, check_page

JobId = NewType("JobId", str)
"""A UUIDv7 in its canonical lower-case form."""


def parse_job_id(text: str) -> JobId:
    """Read what a caller wrote to mean a job.

    Raises:
        JobNotFound: It is no id.
    """
    if not is_id(text):
        raise JobNotFound(job=text)
    return JobId(as_id(text))


JobKind = Literal["import", "replace", "images", "refresh"]
"""What is done: a file becomes a new dataset, or the next version of one; images are fetched; a source is, again."""

JobState = Literal["queued", "running", "succeeded", "failed", "cancelled"]

FINISHED: frozenset[JobState] = frozenset(get_args(JobState)) - {"queued", "running"}
"""The states in which a job stays."""

Unit = Literal["bytes", "columns", "images"]

_UNITS: dict[Stage, Unit] = {"profile": "columns", "images": "images"}


class Progress(msgspec.Struct, frozen=True):
    """How far a job has come.

    Attributes:
        stage: The part of the work it is at.
        done: How much of that part is done.
        total: How much there is to do; null where that isn't known.
        unit: What ``done`` and ``total`` count.
    """

    stage: Stage
    done: int
    total: int | None
    unit: Unit


def progress(stage: Stage, done: int, total: int | None) -> Progress:
    """A report of progress as a value."""
    return Progress(stage, done, total, _UNITS.get(stage, "bytes"))


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Long work, as it is at one moment. Once it has ended it never changes.

    Attributes:
        id: Its permanent id, a UUIDv7.
        kind: What is done: ``import`` makes a new dataset, ``replace`` a dataset's next version, ``images`` fetches its
            images, ``refresh`` its source.
        file_name: The file it is done with; null where it has no name.
        state: ``queued`` and ``running`` pass; ``succeeded``, ``failed`` and ``cancelled`` are for good.
        cancelling: Whether somebody asked to cancel it, which it will see in a moment.
        progress: How far it has come; null before anything is told.
        dataset: The id of the dataset it made or changed; null unless it succeeded.
        version: The number of the version it made.
        problem: Why it failed: the ``code`` and fields of an error, and what it says in ``detail``.
        created_at: When it was asked for.
        started_at: When work on it began.
        ended_at: When it ended.
    """

    id: JobId
    kind: JobKind
    file_name: str | None
    created_at: datetime
    state: JobState = "queued"
    cancelling: bool = False
    progress: Progress | None = None
    dataset: DatasetId | None = None
    version: int | None = None
    problem: dict[str, Any] | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None

    def __post_init__(self) -> None:
        facts = (
            self.is_finished == (self.ended_at is not None),
            self.state not in {"running", "succeeded"} or self.started_at is not None,
            self.state != "queued" or self.started_at is None,
            (self.state == "succeeded") == (self.dataset is not None) == (self.version is not None),
            (self.state == "failed") == (self.problem is not None),
        )
        if not all(facts):
            message = f"no job can be like this: {self!r}"
            raise ValueError(message)

    @property
    def is_finished(self) -> bool:
        """Whether it has ended."""
        return self.state in FINISHED

    @property
    def error(self) -> EntrepotError | None:
        """Why it made nothing; none if it did, or may do so yet."""
        if self.state == "cancelled":
            return Cancelled(job=self.id)
        return None if self.problem is None else _error_of(self.problem)

    def started(self, at: datetime) -> "Job":
        """The job when work on it begins."""
        return self._changed(state="running", started_at=at)

    def advanced(self, to: Progress) -> "Job":
        """The job when it has come further."""
        return self._changed(progress=to)

    def succeeded(self, dataset: DatasetId, version: int, at: datetime) -> "Job":
        """The job when its work is done; how far it was is of no interest any more."""
        return self._changed(progress=None, state="succeeded", dataset=dataset, version=version, ended_at=at)

    def failed(self, error: EntrepotError, at: datetime) -> "Job":
        """The job when its work can't be done."""
        problem = {**msgspec.to_builtins(error.fields()), "code": error.code, "detail": str(error)}
        return self._changed(state="failed", problem=problem, ended_at=at)

    def cancelled(self, at: datetime) -> "Job":
        """The job when its work has been given up because somebody wished so."""
        return self._changed(state="cancelled", cancelling=True, ended_at=at)

    def to_be_cancelled(self, at: datetime) -> "Job":
        """The job when somebody asks to cancel it: one that waits ends at once, one that runs will see it."""
        return self.cancelled(at) if self.state == "queued" else self._changed(cancelling=True)

    def _changed(self, **changes: object) -> "Job":
        """The job with these changes.

        Raises:
            JobFinished: It has ended.
        """
        if self.is_finished:
            raise JobFinished(job=self.id, state=self.state)
        return msgspec.structs.replace(self, **changes)


def _error_of(problem: dict[str, Any]) -> EntrepotError:
    """The error that a problem was made of; of one that is unknown here, at least what it says."""
    kind = next((one for one in every_error() if one.code == problem.get("code")), None)
    try:
        if kind is not None:
            return kind.of(problem)
    except msgspec.ValidationError:
        pass
    return Interrupted(reason=str(problem.get("detail") or problem.get("code")))


def follow(states: Iterable[Job], report: Report) -> Job:
    """Report the progress of a job that is watched; answer how it ended."""
    *_, last = (_reported(job, report) for job in states)
    return last


def _reported(job: Job, report: Report) -> Job:
    if job.progress is not None:
        report(job.progress.stage, job.progress.done, job.progress.total)
    return job


class JobQuery(PagedById, frozen=True, omit_defaults=True, kw_only=True):
    """Which jobs to list, the newest first, and which page of them.

    Attributes:
        state: The state they are in.
        limit: The most items of a page.
        offset: How many matches to skip; not with ``cursor``.
        cursor: Where a page before left off.
    """

    listed: ClassVar[str] = "jobs"
    state: JobState | None = None

    def __post_init__(self) -> None:
        check_choice("state", self.state, get_args(JobState))
        check_page(self.limit, self.offset, self.cursor)


class JobPage(msgspec.Struct, frozen=True):
    """Part of the list of jobs.

    Attributes:
        items: The jobs, the newest first.
        total: How many jobs match in all.
        limit: The most items a page has.
        offset: How many matches come before the first item.
        next: The cursor of the page after this one; null on the last.
    """

    items: tuple[Job, ...]
    total: int
    limit: int
    offset: int
    next: str | None


def page_of(found: Sequence[Job], total: int, query: JobQuery) -> JobPage:
    """A page of the jobs found for ``query`` at its place, of which there may be one more than a page has."""
    return JobPage(tuple(found[: query.limit]), total, query.limit, query.begins, query.following(found))
