"""Ties a worker's life to its parent's."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it ends, where the kernel can (Linux).

    That thread waits for the answer, so it ends before this process only if the whole parent does.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before it could be tied to
        os.kill(os.getpid(), signal.SIGKILL)
