"""Looking at jobs, and cancelling them."""

import time
from collections.abc import Iterator

from entrepot_core.job import Job, JobId, JobPage, JobQuery, parse_job_id
from entrepot_core.ports.driven import Driven
from entrepot_core.use_cases.working import recover

_SOON, _LATER, _SLOWER = 0.02, 0.25, 1.5
"""Seconds to the first look at a job again and to every later one, and how they grow."""


def list_jobs(driven: Driven, query: JobQuery) -> JobPage:
    """List the jobs that fit, a page of them."""
    recover(driven)
    return driven.jobs.list(query)


def get_job(driven: Driven, job_id: JobId) -> Job:
    """Show a job as it is now."""
    job = driven.jobs.find(parse_job_id(job_id))
    if job.is_finished:
        return job
    recover(driven)
    return driven.jobs.find(job.id)


def watch_job(driven: Driven, job_id: JobId) -> Iterator[Job]:
    """Show a job now and whenever it has changed, until it has ended."""
    seen, pause = None, _SOON
    while True:
        job = get_job(driven, job_id)
        if job != seen:
            yield job
        if job.is_finished:
            return
        seen = job
        time.sleep(pause)
        pause = min(pause * _SLOWER, _LATER)


def cancel_job(driven: Driven, job_id: JobId) -> Job:
    """Ask for a job to be cancelled."""
    recover(driven)
    return driven.jobs.change(parse_job_id(job_id), lambda job: job.to_be_cancelled(driven.clock.now()))
