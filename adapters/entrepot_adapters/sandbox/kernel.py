"""The system calls that Python has no function for."""

import ctypes
import os
import sys
from typing import Final

_LIBC = ctypes.CDLL(None, use_errno=True)
IS_LINUX: Final = sys.platform == "linux"
MACHINE: Final = os.uname().machine

_NUMBERS: Final = {
    "x86_64": {"capset": 126, "seccomp": 317},
    "aarch64": {"capset": 91, "seccomp": 277},
}
_EVERYWHERE: Final = {"landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446}


class Unsupported(OSError):
    """This kernel, or this kind of processor, has no such call."""


def call(name: str, *arguments: "int | ctypes.Array[ctypes.c_char] | None") -> int:
    """Call the kernel.

    Raises:
        Unsupported: The call's number is not known for this machine.
        OSError: The kernel refuses.
    """
    number = _EVERYWHERE.get(name, _NUMBERS.get(MACHINE, {}).get(name)) if IS_LINUX else None
    if number is None:
        raise Unsupported(f"{name} is not known on {sys.platform} {MACHINE}")
    return _checked(name, _LIBC.syscall(ctypes.c_long(number), *map(_argument, arguments)))


def prctl(option: int, value: int) -> None:
    """Set something of this process.

    Raises:
        Unsupported: This is no Linux.
        OSError: The kernel refuses.
    """
    if not IS_LINUX:
        raise Unsupported(f"prctl is not known on {sys.platform}")
    _checked("prctl", _LIBC.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), 0))


def unshare(flags: int) -> None:
    """Leave the namespaces of the process that started this one.

    Raises:
        Unsupported: This is no Linux.
        OSError: The kernel refuses.
    """
    if not IS_LINUX:
        raise Unsupported(f"unshare is not known on {sys.platform}")
    _checked("unshare", _LIBC.unshare(flags))


def _argument(value: "int | ctypes.Array[ctypes.c_char] | None") -> object:
    return ctypes.c_long(value) if isinstance(value, int) else value


def _checked(name: str, result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result
