"""Namespaces, the root of the file system, and who a worker is: what takes a privilege, and gives it up."""

import ctypes
import os
import struct
import threading
from contextlib import suppress
from pathlib import Path

from entrepot_adapters.sandbox.kernel import call, unshare

NOBODY = 65_534
_NEW_USER = 0x1000_0000
_NEW_NETWORK = 0x4000_0000
_CAPABILITIES_VERSION = 0x2008_0522


def leave_network() -> None:
    """Enter a network namespace with nothing in it; one who is not root needs a user namespace of his own for that.

    Raises:
        OSError: The kernel refuses.
    """
    unshare(_NEW_NETWORK if os.geteuid() == 0 else _NEW_NETWORK | _NEW_USER)


class Confinement:
    """Makes a folder the root of the file system, later than this is made.

    Root can do so at any time. In a user namespace it takes a capability, which this thread and all that it starts
    from now on give up at once; one thread keeps it, and ends with what it was kept for. The root is that of the
    whole process.
    """

    def __init__(self, folder: Path, *, has_namespace: bool) -> None:
        self._folder = folder
        self._go = threading.Event()
        self._failure: OSError | None = None
        self._keeper: threading.Thread | None = None
        if os.geteuid() != 0:
            with suppress(OSError):  # then the change fails, which says it
                if not has_namespace:
                    unshare(_NEW_USER)
            self._keeper = threading.Thread(target=self._wait, daemon=True)
            self._keeper.start()
            with suppress(OSError):  # where there are none, there is nothing to give up
                drop_capabilities()

    def confine(self) -> None:
        """Do it.

        Raises:
            OSError: The kernel refuses.
        """
        if self._keeper is None:
            self._change()
        else:
            self._go.set()
            self._keeper.join()
        if self._failure is not None:
            raise self._failure

    def _wait(self) -> None:
        self._go.wait()
        self._change()

    def _change(self) -> None:
        try:
            os.chroot(self._folder)
            os.chdir("/")
        except OSError as error:
            self._failure = error


def drop_capabilities() -> None:
    """Give up all privileges of this thread for good.

    Raises:
        OSError: The kernel refuses.
    """
    header = struct.pack("=Ii", _CAPABILITIES_VERSION, 0)
    call("capset", ctypes.create_string_buffer(header, 8), ctypes.create_string_buffer(24))


def become_nobody() -> None:
    """Give up root's rights in all threads, if this is root.

    Raises:
        OSError: The kernel refuses.
    """
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
