"""The jobs in memory."""

from collections.abc import Callable
from threading import Lock

from entrepot_core.errors import JobNotFound
from entrepot_core.job import Job, JobId, JobPage, JobQuery, page_of


class MemoryJobs:
    """Remembers jobs as long as this object lives, which its process outlives."""

    def __init__(self) -> None:
        self._jobs: dict[JobId, Job] = {}
        self._lock = Lock()

    def add(self, job: Job) -> None:
        """Record a new job."""
        with self._lock:
            self._jobs = {**self._jobs, job.id: job}

    def find(self, job_id: JobId) -> Job:
        """A job as it is now."""
        found = self._jobs.get(job_id)
        if found is None:
            raise JobNotFound(job=job_id)
        return found

    def list(self, query: JobQuery) -> JobPage:
        """The jobs that fit, the newest first, one page of them."""
        fitting = [job for job in self._newest() if query.state in {None, job.state}]
        place = query.place
        found = fitting[query.offset :] if place is None else [job for job in fitting if job.id < place.id]
        return page_of(found[: query.limit + 1], len(fitting), query)

    def change(self, job_id: JobId, edit: Callable[[Job], Job]) -> Job:
        """Replace a job by what ``edit`` makes of it; answer that."""
        with self._lock:
            after = edit(self.find(job_id))
            self._jobs = {**self._jobs, job_id: after}
        return after

    def abandoned(self) -> tuple[Job, ...]:
        """None: with the process the jobs are gone too."""
        return ()

    def trim(self, keep: int) -> None:
        """Forget jobs that have ended, but for the ``keep`` newest of them."""
        with self._lock:
            gone = {job.id for job in [job for job in self._newest() if job.is_finished][keep:]}
            self._jobs = {one: job for one, job in self._jobs.items() if one not in gone}

    def _newest(self) -> tuple[Job, ...]:
        return tuple(sorted(self._jobs.values(), key=lambda job: job.id, reverse=True))
