"""How jobs ended, recorded even where the store is busy or full just then."""

import logging
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
MOST_TRIES = 3600
"""How often it is tried to record an ending: for an hour, or longer where each try waits for the store."""

_LAST_PAUSES = (0.2, 0.5)

_log = logging.getLogger("entrepot.jobs")


@define
class _Ending:
    """How a job ended, and how often it was tried to record that."""

    edit: Callable[[Job], Job]
    tries: int = 0


@define
class Endings:
    """Records how jobs ended. What can't be recorded at once is tried again every second, until this is closed.

    Attributes:
        driven: The store.
    """

    driven: Driven
    _left: dict[JobId, _Ending] = field(factory=dict[JobId, _Ending], init=False)
    _lock: Lock = field(factory=Lock, init=False)
    _chore: Chore = field(default=Factory(lambda self: Chore(self._again), takes_self=True), init=False)

    def write(self, job_id: JobId, edit: Callable[[Job], Job]) -> None:
        """Record an ending. The first that is told of a job counts; nothing is done to one that has ended already."""
        ending = _Ending(edit)
        with self._lock:
            others_wait = bool(self._left)  # for a store that would be waited for here as well
        if others_wait or not self._is_done(job_id, ending):
            with self._lock:
                self._left.setdefault(job_id, ending)
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
        """Record what is left, up to the first failure, which has its next turn after the others."""
        with self._lock:
            left = list(self._left.items())
        for job_id, ending in left:
            is_done = self._is_done(job_id, ending)
            with self._lock:
                del self._left[job_id]
                if not is_done:
                    self._left[job_id] = ending
                    return True
        return False

    def _is_done(self, job_id: JobId, ending: _Ending) -> bool:
        """Try to record an ending; answer whether nothing remains to be tried."""
        ending.tries += 1
        try:
            self.driven.jobs.change(job_id, ending.edit)
        except (JobFinished, JobNotFound):
            return True
        except Exception:  # noqa: BLE001 - a mistake of ours must leave no job running either
            if ending.tries == 1:
                _log.warning("how job %s ended can't be recorded yet", job_id, exc_info=True)
            if ending.tries < MOST_TRIES:
                return False
            _log.error("recording how job %s ended is given up", job_id)
            return True
        with suppress(Unavailable):  # the next one that ends does it as well
            self.driven.jobs.trim(KEPT)
        return True
