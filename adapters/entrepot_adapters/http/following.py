"""A job on a server, followed by its events."""

import contextlib
import time
from collections.abc import Callable, Iterator

import httpx
import msgspec

from entrepot_adapters.http.answers import check, transport_errors
from entrepot_core.dialect import Report
from entrepot_core.errors import EntrepotError, ServerFailed
from entrepot_core.job import Job, JobId, follow, parse_job_id
from entrepot_core.json_text import decode_json

_PAUSE = 0.5
"""Seconds before a stream that broke off is asked for again."""
_TIMEOUT = httpx.Timeout(60, connect=10)
"""The server says at least every quarter of a minute that it is there."""


def path_of(job: JobId) -> str:
    """Where a job is.

    Raises:
        JobNotFound: It is no job's id.
    """
    return f"jobs/{parse_job_id(job)}"


def watch(client: httpx.Client, url: str, job_id: JobId) -> Iterator[Job]:
    """Show a job whenever it has changed, until it has ended; a stream that ends before that is begun again."""
    seen: Job | None = None
    while seen is None or not seen.is_finished:
        if seen is not None:
            time.sleep(_PAUSE)
        with transport_errors(url), client.stream("GET", f"{path_of(job_id)}/events", timeout=_TIMEOUT) as response:
            if not response.is_success:
                response.read()
            check(response)
            for job in _jobs(response):
                if job != seen:
                    yield job
                seen = job


def _jobs(response: httpx.Response) -> Iterator[Job]:
    for line in response.iter_lines():
        if line.startswith("data:"):
            try:
                yield decode_json(line.removeprefix("data:"), Job)
            except msgspec.MsgspecError as error:
                reason = f"the event is not one of this API ({error})"
                raise ServerFailed(answered=response.status_code, reason=reason) from error


def outcome(jobs: Iterator[Job], report: Report, cancel: Callable[[], object]) -> Job:
    """Report a job's progress until it has succeeded; what makes the following end, cancels the job.

    Raises:
        EntrepotError: Why it failed.
    """
    try:
        ended = follow(jobs, report)
    except BaseException:  # Ctrl-C, say
        with contextlib.suppress(EntrepotError):
            cancel()
        raise
    if ended.error is not None:
        raise ended.error
    return ended
