"""A thread that lasts as long as the process, for starting processes that are to end with it.

The kernel's death signal follows the thread that started a process; one of a server's pool may end long before.
"""

import os
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TypeVar

_T = TypeVar("_T")


class LastingThread:
    """Runs calls, one after the other, in a thread that begins with the first and never ends."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: in a fork of this process the thread is not there."""
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._thread: Thread | None = None
        self._lock = Lock()

    def submit(self, call: Callable[[], _T]) -> "Future[_T]":
        """Have a call made; what it returns or raises comes with the answer."""
        answer: Future[_T] = Future()

        def run() -> None:
            try:
                answer.set_result(call())
            except BaseException as error:  # noqa: BLE001 - the caller's to handle, whatever it is
                answer.set_exception(error)

        self._calls.put(run)
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._work, name="import-workers", daemon=True)
                self._thread.start()
        return answer

    def settle(self) -> None:
        """Wait until all calls have been made."""
        if self._thread is not None:
            self.submit(lambda: None).result()

    def _work(self) -> None:
        while True:
            self._calls.get()()


LASTING = LastingThread()
os.register_at_fork(after_in_child=LASTING.forget)
# Else a process that is being started at exit leaves its files. A finalizer, for those are run until none is new.
weakref.finalize(LASTING, LASTING.settle)
