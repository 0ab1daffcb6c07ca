"""Workers that wait for a job, so that an import need not wait for them."""

import os
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import BoundedSemaphore, RLock
from typing import TYPE_CHECKING

from entrepot_adapters.sandbox.child import PAUSE, Child
from entrepot_adapters.sandbox.lasting import LASTING
from entrepot_adapters.sandbox.spec import Layers

if TYPE_CHECKING:
    from concurrent.futures import Future

_A_HABIT = 2
"""After so many imports another is likely, and a worker is kept waiting for it."""


class Pool:
    """Starts workers, each for one import. Any thread may use it.

    A worker is started when an import is in sight. In a server, and from the second import on elsewhere, others are
    started ahead. There are never more than ``size``, those at work included, so none takes an import's processor.
    """

    def __init__(self, start: Callable[[], Child], size: int) -> None:
        self._start = start
        self._size = size
        self._layers: Layers | None = None
        self._is_closed = False
        self._ahead = 0
        self._begin()

    def _begin(self) -> None:
        self._owner = os.getpid()
        self._lock = RLock()
        self._slots = BoundedSemaphore(self._size)
        self._waiting: deque[Future[Child]] = deque()
        self._busy = 0
        self._imports = 0

    def prepare(self) -> None:
        """Start a worker, if none waits: an import is in sight."""
        with self._ours():
            self._fill(1)

    def keep_warm(self) -> None:
        """From now on keep as many workers waiting as may work at once."""
        with self._ours():
            self._ahead = self._size
            self._fill(self._ahead)

    @contextmanager
    def worker(self, tick: Callable[[], None]) -> Generator[Child]:
        """A worker for one import; it is gone when this is left.

        Args:
            tick: Called while all are at work; what it raises passes through.
        """
        with self._ours():
            slots = self._slots
        while not slots.acquire(timeout=PAUSE):
            tick()
        try:
            child = self._taken()
            try:
                yield child
            finally:
                child.end()
        finally:
            self._done()
            slots.release()

    def layers(self, tick: Callable[[], None]) -> Layers:
        """What locks the workers down, as the last one to begin said."""
        if self._layers is None:
            with self._ours():
                coming = self._waiting[0] if self._waiting else None
            if coming is not None:
                self._layers = coming.result().ready(tick)
            else:
                with self.worker(tick) as child:
                    self._layers = child.ready(tick)
        return self._layers

    def note(self, layers: Layers) -> None:
        """Remember what a worker said."""
        self._layers = layers

    def close(self) -> None:
        """End the workers that wait; more than once is allowed."""
        with self._ours():
            self._is_closed = True
            waiting, self._waiting = self._waiting, deque()
        for coming in waiting:
            if coming.exception() is None:
                coming.result().end()

    def _ours(self) -> RLock:
        """The lock, of this process: a fork leaves the workers to the process that started them."""
        if os.getpid() != self._owner:
            self._begin()
        return self._lock

    def _taken(self) -> Child:
        with self._lock:
            self._busy += 1
            if not self._waiting:
                self._add()
            coming = self._waiting.popleft()
        child = coming.result()
        if child.is_alive:
            return child
        child.end()  # it died while it waited
        return LASTING.submit(self._start).result()

    def _done(self) -> None:
        with self._lock:
            self._busy -= 1
            self._imports += 1
            self._fill(self._ahead or int(self._imports >= _A_HABIT))

    def _fill(self, wanted: int) -> None:
        while not self._is_closed and len(self._waiting) < min(wanted, self._size - self._busy):
            self._add()

    def _add(self) -> None:
        self._waiting.append(LASTING.submit(self._start))
