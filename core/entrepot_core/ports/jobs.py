"""The long work that goes on, and what came of it."""

from collections.abc import Callable
from typing import Protocol

from entrepot_core.job import Job, JobId, JobPage, JobQuery


class Jobs(Protocol):
    """Remembers jobs. Every method is atomic and safe to use from several threads and processes.

    A job belongs to the process that added it. What a writing method has acknowledged is durable. Any method may
    raise ``StoreBusy`` when another process holds the store for too long, and ``DiskFull``; then nothing was changed.
    """

    def add(self, job: Job) -> None:
        """Record a new job, as one of this process."""
        ...

    def find(self, job_id: JobId) -> Job:
        """A job as it is now.

        Raises:
            JobNotFound: There is none.
        """
        ...

    def list(self, query: JobQuery) -> JobPage:
        """The jobs that fit, the newest first, one page of them.

        Raises:
            InvalidCursor: The query's cursor is of another list.
        """
        ...

    def change(self, job_id: JobId, edit: Callable[[Job], Job]) -> Job:
        """Replace a job by what ``edit`` makes of it; answer that.

        No other change comes between the reading and the writing. What ``edit`` raises leaves the job as it was
        and passes through.

        Raises:
            JobNotFound: There is none.
        """
        ...

    def abandoned(self) -> tuple[Job, ...]:
        """The jobs that have not ended though the process they belong to has."""
        ...

    def trim(self, keep: int) -> None:
        """Forget jobs that have ended, but for the ``keep`` newest of them."""
        ...
