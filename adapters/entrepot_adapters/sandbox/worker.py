"""The worker: locks itself down, waits for one job, does it, and ends.

How it begins is told by its only argument, a ``Spec``.
"""

import gc
import os
import socket

import msgspec

from entrepot_adapters.sandbox.lockdown import locking_down
from entrepot_adapters.sandbox.messages import FILES, Job
from entrepot_adapters.sandbox.spec import Ready
from entrepot_adapters.sandbox.starting import begun


def main() -> None:
    """Do one job."""
    spec = begun()
    with locking_down(spec) as layers:
        from entrepot_adapters.sandbox.warming import warm_up
        from entrepot_adapters.sandbox.work import Answers, work

        warm_up()
    gc.freeze()
    gc.enable()
    with socket.socket(fileno=spec.socket) as parent:
        answers = Answers(parent)
        answers.send(Ready(layers))
        job, files = _receive(parent)
        if job is not None:
            work(job, files, answers)
    os._exit(0)  # the answer is given, and there is nothing to tidy up


def _receive(parent: socket.socket) -> tuple[Job | None, list[int]]:
    first, files, _, _ = socket.recv_fds(parent, 1, FILES)
    if not first:  # the parent needs no worker after all
        return None, []
    with parent.makefile("rb") as told:
        return msgspec.json.decode(first + told.readline(), type=Job), files
