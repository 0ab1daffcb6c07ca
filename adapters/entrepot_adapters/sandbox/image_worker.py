"""The worker for images: locks itself down, and does one job after the other until it is ended.

How it begins is told by its only argument, a ``Spec``.
"""

import gc
import os
import socket

import msgspec

from entrepot_adapters.sandbox.image_messages import FILES, Answer, Task
from entrepot_adapters.sandbox.lockdown import locking_down
from entrepot_adapters.sandbox.spec import Ready
from entrepot_adapters.sandbox.starting import begun


def main() -> None:
    """Do jobs for as long as the parent is there."""
    spec = begun()
    with locking_down(spec) as layers:
        from entrepot_adapters.sandbox.image_work import warm_up

        warm_up()
    gc.freeze()  # nothing of what is imported is garbage
    with socket.socket(fileno=spec.socket) as parent:
        _say(parent, Ready(layers))
        while (got := _received(parent)) is not None:
            _say(parent, _answer(*got))
    os._exit(0)  # there is nothing to tidy up


def _say(parent: socket.socket, message: Ready | Answer) -> None:
    parent.sendall(msgspec.json.encode(message) + b"\n")


def _received(parent: socket.socket) -> tuple[Task, list[int]] | None:
    first, files, _, _ = socket.recv_fds(parent, 1, FILES)
    if not first:  # the parent needs this worker no more
        return None
    with parent.makefile("rb") as told:
        return msgspec.json.decode(first + told.readline(), type=Task), files


def _answer(task: Task, files: list[int]) -> Answer:
    from entrepot_adapters.sandbox.image_work import done

    with os.fdopen(files[0], "rb") as source, os.fdopen(files[1], "wb") as target:
        return done(task, source, target)


if __name__ == "__main__":
    main()
