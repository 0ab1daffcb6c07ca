"""The server's processes: one that dies is started again, one that can't start ends the server."""

import signal
import time
from typing import Any

import structlog
from granian.server import MPServer

NAME = "entrepot.serving"
"""The name under which it is logged how processes come and go."""

_YOUNG_SECONDS = 60
_MOST_YOUNG = 3
"""How often in a row a process may die young before it counts as one that can't start."""

LOGGING: dict[str, Any] = {
    "loggers": {
        "_granian": {"handlers": [], "propagate": True},
        "granian.access": {"handlers": [], "propagate": True},
    }
}
"""Has Granian log as all else does."""


class Server(MPServer):
    """Granian, which by itself starts processes again that die, but gives up on none that takes a while to do so."""

    _died_young: dict[int, int]

    def _respawn_workers(self, workers: list[int], spawn_target: Any, target_loader: Any, delay: float = 0) -> None:  # noqa: ANN401 - Granian's own, which it has no types for
        log = structlog.stdlib.get_logger(NAME)
        for place in workers:
            worker = self.wrks[place]
            status: int | None = worker.inner.exitcode
            if status is None:  # it lives, and is to be replaced
                continue
            about = {"process": place + 1, "pid": worker.inner.pid, "died_of": _cause(status)}
            if self._is_hopeless(place, status, time.monotonic() - worker.birth):
                log.critical("process can't start, so the server ends", **about)
                self.interrupt_children.append(place)  # what makes the exit status 1
                self.interrupt_signal = True
                self.main_loop_interrupt.set()
                return
            log.error("process died and is started again", **about)
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        self.respawned_wrks.clear()  # Granian would end for a second death within seconds
        if self.interrupt_children:  # another died before Granian forgot that it had been woken
            self.main_loop_interrupt.set()

    def _is_hopeless(self, place: int, status: int, seconds: float) -> bool:
        """Whether a process that died so, after so many seconds, will again: of an error of its own, or as often."""
        is_young = seconds < _YOUNG_SECONDS
        if not hasattr(self, "_died_young"):
            self._died_young = {}
        self._died_young[place] = self._died_young.get(place, 0) + 1 if is_young else 0
        return (is_young and status > 0) or self._died_young[place] >= _MOST_YOUNG


def _cause(status: int) -> str:
    if status >= 0:
        return f"status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
