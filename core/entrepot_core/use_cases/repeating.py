"""What is tried again, every second, for as long as there is something to do."""

import logging
from collections.abc import Callable
from threading import Event, Lock, Thread

from attrs import define, field

EVERY = 1.0
"""Seconds between two tries."""

_log = logging.getLogger("entrepot.jobs")


@define
class Chore:
    """A thread that is there only while it is needed.

    Attributes:
        again: Does what can be done; answers whether something remains.
    """

    again: Callable[[], bool]
    _wanted: bool = field(default=False, init=False)
    _thread: Thread | None = field(default=None, init=False)
    _lock: Lock = field(factory=Lock, init=False)
    _closing: Event = field(factory=Event, init=False)

    def begin(self) -> None:
        """Say that there is something to do."""
        with self._lock:
            self._wanted = True
            if self._thread is None and not self._closing.is_set():
                self._thread = Thread(target=self._run, name="job-chore", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Stop it; closing twice is allowed."""
        self._closing.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while not self._closing.wait(EVERY):
            with self._lock:
                self._wanted = False
            remains = self._tried()
            with self._lock:
                if not (remains or self._wanted):
                    self._thread = None
                    return

    def _tried(self) -> bool:
        try:
            return self.again()
        except Exception:  # noqa: BLE001 - the next try may do better
            _log.exception("a chore of jobs broke off")
            return True
