"""Workers that do one job after the other, so that a job need not wait for one to begin."""

import os
import weakref
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock, Timer
from time import monotonic

from attrs import define

from entrepot_adapters.sandbox.child import Child
from entrepot_adapters.sandbox.lasting import LASTING


@define(eq=False)
class Worker:
    """A worker of a crew.

    Attributes:
        child: Its process.
        jobs: How many jobs it has done.
        idle_since: When it had done the last one.
    """

    child: Child
    jobs: int = 0
    idle_since: float = 0.0


class Crew:
    """Up to ``size`` workers, which are started when a job needs one. Any thread may use it.

    Args:
        start: Starts a worker.
        size: How many there are at most; jobs wait for a free one.
        jobs: After so many, a worker is replaced.
        idle_seconds: After so many without a job, a worker is ended.
    """

    def __init__(self, start: Callable[[], Child], size: int, jobs: int, idle_seconds: float) -> None:
        self._start = start
        self._size = size
        self._jobs = jobs
        self._idle_seconds = idle_seconds
        self._is_closed = False
        self._begin()

    def _begin(self) -> None:
        self._owner = os.getpid()
        self._lock = Lock()
        self._slots = BoundedSemaphore(self._size)
        self._idle: list[Worker] = []
        self._timer: Timer | None = None

    @contextmanager
    def worker(self, *, is_new: bool = False) -> Generator[Worker]:
        """A worker for one job. One whose job fails, in whatever way, is ended.

        Args:
            is_new: Whether it is to be one that has done no other.
        """
        self._ours()
        slots = self._slots
        with slots:
            worker = (None if is_new else self._taken()) or Worker(LASTING.submit(self._start).result())
            try:
                yield worker
            except BaseException:
                worker.child.end()
                raise
            self._back(worker)

    def close(self) -> None:
        """End the workers that have nothing to do, and the others when they have done it."""
        self._ours()
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
            if self._timer is not None:
                self._timer.cancel()
        _end(idle)

    def _ours(self) -> None:
        """Begin anew in a fork: the workers are those of the process that started them."""
        if os.getpid() != self._owner:
            self._begin()

    def _taken(self) -> Worker | None:
        """The worker that was busy last, so that those that are too many stay idle."""
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.child.is_alive:
                    return worker
                worker.child.end()
        return None

    def _back(self, worker: Worker) -> None:
        worker.jobs += 1
        worker.idle_since = monotonic()
        with self._lock:
            if worker.jobs < self._jobs and not self._is_closed:
                self._idle.append(worker)
                self._watch()
                return
        worker.child.end()

    def _watch(self) -> None:
        """Look after those that are idle when the first of them may be ended."""
        if self._timer is None and self._idle:
            wait = self._idle[0].idle_since + self._idle_seconds - monotonic()
            self._timer = Timer(max(wait, 0), _dismiss, (weakref.ref(self),))
            self._timer.daemon = True
            self._timer.start()

    def dismiss(self) -> None:
        """End those that have been idle for too long."""
        with self._lock:
            self._timer = None
            long_ago = monotonic() - self._idle_seconds
            gone = [worker for worker in self._idle if worker.idle_since <= long_ago]
            self._idle = [worker for worker in self._idle if worker.idle_since > long_ago]
            self._watch()
        _end(gone)


def _dismiss(crew: "weakref.ref[Crew]") -> None:
    """Called by a thread, which is not to keep the crew alive."""
    if (one := crew()) is not None:
        one.dismiss()


def _end(workers: list[Worker]) -> None:
    for worker in workers:
        worker.child.end()
