"""Loaded by a server under test: once armed, kills its whole process group at the n-th step it takes on its home.

A step is an open, a rename, a removal or a new folder below the home, a sync, and every statement and commit of the
database. Armed it is by the file ``CRASH_ARM``, which says at which step; the steps are counted beside it.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

HOME = os.environ["CRASH_HOME"]
ARM = Path(os.environ["CRASH_ARM"])
EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod"}

_state: dict[str, int] = {}
_busy: list[bool] = []
_fsync: Any = os.fsync


def step() -> None:
    """Count a step, and die if it is the one."""
    if _busy:
        return
    _busy.append(True)
    try:
        _listen()
        if not ARM.exists():
            return
        at, armed = map(int, ARM.read_text().split())
        if _state.get("armed") != armed:
            _state.update(armed=armed, taken=0)
        _state["taken"] += 1
        ARM.with_suffix(".taken").write_text(str(_state["taken"]))
        if _state["taken"] == at:
            os.killpg(os.getpgrp(), signal.SIGKILL)
    finally:
        _busy.clear()


def _listen() -> None:
    """Hear of the database's steps, as soon as there is one."""
    if "sqlalchemy.orm" in sys.modules and "listening" not in _state:
        _state["listening"] = 1
        from sqlalchemy import Engine, event

        event.listen(Engine, "before_cursor_execute", _step_of_database)
        event.listen(Engine, "commit", _step_of_database)


def _step_of_database(*_args: object) -> None:
    step()


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if event in EVENTS and str(args[0]).startswith(HOME):
        step()


def _counted_fsync(fd: object) -> None:
    step()
    _fsync(fd)


if "entrepot_adapters.sandbox" not in sys.orig_argv:  # whose steps are not the server's
    sys.addaudithook(_audit)
    os.fsync = _counted_fsync
