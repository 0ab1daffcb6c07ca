"""Ties a process's life to its parent's."""

import os
import signal

from entrepot_adapters.sandbox.kernel import IS_LINUX, prctl

_PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it ends, where the kernel can (Linux).

    It is that thread that counts, not its process: who starts processes this way does it from one that stays.

    Raises:
        OSError: The kernel refuses.
    """
    if not IS_LINUX:
        return
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before it could be tied to
        os.kill(os.getpid(), signal.SIGKILL)
