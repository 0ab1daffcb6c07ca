"""How jobs ended, recorded even where the store is busy or full just then."""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from time import sleep

from attrs import Factory, define, field

from entrepot_core.errors import JobFinished, JobNotFound, Unavailable
from entrepot_core.job import Job, JobId
from entrepot_core.ports.driven import Driven
from entrepot_core.use_cases.repeating import Chore

KEPT = 1000
"""How many jobs that have ended are remembered."""

_LAST_PAUSES = (0.2, 0.5)

Edit = Callable[[Job], Job]


@define
class Endings:
    """Records how jobs ended. What can't be recorded at once is tried again until it can, or until this is closed.

    Attributes:
        driven: The store.
    """

    driven: Driven
    _left: dict[JobId, Edit] = field(factory=dict, init=False)
    _lock: Lock = field(factory=Lock, init=False)
    _chore: Chore = field(default=Factory(lambda self: Chore(self._again), takes_self=True), init=False)

    def write(self, job_id: JobId, edit: Edit) -> None:
        """Record an ending; nothing is done to a job that has ended already."""
        if not self._is_written(job_id, edit):
            with self._lock:
                self._left[job_id] = edit
            self._chore.begin()

    def close(self) -> None:
        """Try a last time. What remains then is found cut off, once this process has ended."""
        self._chore.close()
        for pause in _LAST_PAUSES:
            if not self._again():
                return
            sleep(pause)
        self._again()

    def _again(self) -> bool:
        with self._lock:
            left = list(self._left.items())
        for job_id, edit in left:
            if not self._is_written(job_id, edit):
                return True
            with self._lock:
                del self._left[job_id]
        return False

    def _is_written(self, job_id: JobId, edit: Edit) -> bool:
        try:
            self.driven.jobs.change(job_id, edit)
        except Unavailable:
            return False
        except (JobFinished, JobNotFound):
            return True
        with suppress(Unavailable):  # the next one that ends does it as well
            self.driven.jobs.trim(KEPT)
        return True
