"""``jobs``: long work, and cancelling it."""

from datetime import UTC, datetime
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from entrepot.cli.documents import size_text
from entrepot.cli.failing import tell_of
from entrepot.cli.output import Cell, print_json, print_table, say
from entrepot.cli.session import Given
from entrepot.cli.text import one_line
from entrepot.library.progress import reporting
from entrepot_core.errors import EntrepotError, Unavailable
from entrepot_core.job import Job, JobId, JobQuery, JobState, Progress
from entrepot_core.job import follow as watched

JobRef: TypeAlias = Annotated[str, Parameter(name="job", help="Its id.")]
_PERCENT = 100


def list_(*, state: JobState | None = None, limit: int = 20, session: Given) -> None:
    """List the jobs, the newest first: imports begun with --no-wait, and those that take long.

    Args:
        state: Only those in this state.
        limit: The most, up to 10,000.
    """
    page = session.operations.list_jobs(JobQuery(state=state, limit=limit))
    if session.json:
        print_json(page.items)
    elif page.items:
        heads = ["id", "kind", "file", "state", "progress", "began", "seconds"]
        print_table(heads, [_line(job) for job in page.items])
    else:
        say("There are no jobs." if state is None else f"No job is {state}.")


def show(job: JobRef, /, *, follow: Annotated[bool, Parameter(negative=())] = False, session: Given) -> None:
    """Show a job: how far it is, and what came of it.

    Args:
        follow: Wait until it has ended; where it failed, fail as it did.
    """
    found = session.operations.get_job(JobId(job))
    if follow:
        with reporting(found.file_name or "the table", progress=True) as report:
            found = watched(session.operations.watch_job(found.id), report)
    print_job(found, as_json=session.json)
    if follow and found.error is not None:
        raise found.error


def cancel(*jobs: str, session: Given) -> int:
    """Cancel jobs: they end in a moment and leave nothing, unless they are done by then.

    Args:
        jobs: Their ids.
    """
    statuses: list[int] = []
    for job in jobs:
        try:
            session.operations.cancel_job(JobId(job))
        except Unavailable:
            raise
        except EntrepotError as error:
            statuses.append(tell_of(job, error, debug=session.debug))
        else:
            say(f"Job {job} will end in a moment.")
    return next(iter(statuses), 0)


def print_job(job: Job, *, as_json: bool) -> None:
    """All that is known of a job."""
    if as_json:
        print_json(job)
        return
    facts: dict[str, Cell] = {
        "id": job.id,
        "kind": job.kind,
        "file": job.file_name,
        "state": _state(job),
        "progress": _far(job.progress),
        "problem": None if job.problem is None else str(job.problem["detail"]),
        "dataset": job.dataset,
        "version": job.version,
        "created": _time(job.created_at),
        "started": _time(job.started_at),
        "ended": _time(job.ended_at),
    }
    for name, value in facts.items():
        if value is not None:
            print(one_line(f"{name + ':':<10}{value}"))


def _line(job: Job) -> list[Cell]:
    began = job.started_at or job.created_at
    seconds = ((job.ended_at or datetime.now(UTC)) - began).total_seconds()
    at = f"{began:%Y-%m-%d %H:%M}"
    return [job.id, job.kind, job.file_name, _state(job), _far(job.progress), at, round(seconds, 1)]


def _state(job: Job) -> str:
    return "cancelling" if job.cancelling and not job.is_finished else job.state


def _far(progress: Progress | None) -> str | None:
    if progress is None:
        return None
    done, total = (None if n is None else _amount(n, progress) for n in (progress.done, progress.total))
    if not progress.total:
        return f"{progress.stage}: {done}"
    return f"{progress.stage}: {done} of {total} ({_PERCENT * progress.done // progress.total}%)"


def _amount(number: int, progress: Progress) -> str:
    return size_text(number) if progress.unit == "bytes" else f"{number} {progress.unit}"


def _time(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC"
