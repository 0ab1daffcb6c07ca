"""Jobs in line for a thread."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from threading import Lock

from attrs import Factory, define, field, frozen

from entrepot_core.errors import StoreBusy
from entrepot_core.job import JobId

MOST_WAITING = 100
"""How many jobs may wait in one line. Each may hold a file open, of which a process has some hundreds."""


@frozen
class _Waiting:
    """What is in line, and what it holds."""

    future: Future[None]
    held: ExitStack


@define
class Queue:
    """Some threads, and the jobs that wait for them.

    Attributes:
        threads: How many jobs run at once.
    """

    threads: int
    _pool: ThreadPoolExecutor = field(
        default=Factory(lambda self: ThreadPoolExecutor(self.threads, "job"), takes_self=True), init=False
    )
    _waiting: dict[JobId, _Waiting | None] = field(factory=dict[JobId, _Waiting | None], init=False)
    _lock: Lock = field(factory=Lock, init=False)

    def enter(self, job_id: JobId) -> None:
        """Take a place in line, before anything is taken in for the job.

        Raises:
            StoreBusy: As many wait as may.
        """
        with self._lock:
            if len(self._waiting) >= MOST_WAITING:
                raise StoreBusy
            self._waiting[job_id] = None

    def leave(self, job_id: JobId) -> None:
        """Give a place up; nothing happens if it has been."""
        with self._lock:
            self._waiting.pop(job_id, None)

    def submit(self, job_id: JobId, work: Callable[[], None], held: ExitStack) -> None:
        """Have a job's work done when it is its turn; what it holds is let go of afterwards."""

        def run() -> None:
            self.leave(job_id)
            with held:
                work()

        future = self._pool.submit(run)
        with self._lock:
            if job_id in self._waiting:
                self._waiting[job_id] = _Waiting(future, held)

    def let_go(self, job_id: JobId) -> None:
        """Take a job out of the line and let go of what it holds, unless it has begun."""
        with self._lock:
            found = self._waiting.get(job_id)
            if found is None or not found.future.cancel():
                return
            del self._waiting[job_id]
        found.held.close()

    @property
    def waiting(self) -> tuple[JobId, ...]:
        """The jobs in line."""
        with self._lock:
            return tuple(self._waiting)

    def close(self) -> None:
        """Wait for what has begun or waits; closing twice is allowed."""
        self._pool.shutdown()
