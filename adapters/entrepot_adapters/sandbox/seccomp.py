"""A filter of system calls, over all threads of this process.

It denies what is known to lead out: sockets, programs, other processes, namespaces and mounts. The rest is allowed:
what polars, its allocator and the C library need differs from version to version, and a list of that would break
imports when one of them changes. What is denied fails with EPERM, so that a library may go on without.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Iterator

from entrepot_adapters.sandbox.kernel import MACHINE, Unsupported, call
from entrepot_adapters.sandbox.syscalls import DENIED, MACHINES, NEWEST, Machine

_SET_MODE_FILTER = 1
_ALL_THREADS = 1  # SECCOMP_FILTER_FLAG_TSYNC

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL = 0x7FFF_0000, 0x8000_0000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Where these stand in what a filter sees; of an argument, its lower half."""
_OTHER_ABI = 0x4000_0000  # x32, on x86_64

_THREAD = 0x0001_0000  # CLONE_THREAD
_OWNERS = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX: by which others are sent signals
_SOCKET_OWNERS = (0x8901, 0x8902)  # FIOSETOWN, SIOCSPGRP: the same, of sockets
_TYPING = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: by which a terminal is typed into
_SHARED, _ANONYMOUS, _GROWS_DOWN = 0x01, 0x20, 0x100  # memory that the limit of memory does not count
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG: it stays tied to its parent


def filter_calls() -> None:
    """Deny this process what leads out of it.

    Raises:
        Unsupported: The kind of processor is not known.
        OSError: The kernel has no such filters, or refuses.
    """
    machine = MACHINES.get(MACHINE)
    if machine is None:
        raise Unsupported(f"no system call is known on {MACHINE}")
    code = b"".join(_program(machine, os.getpid()))
    instructions = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(code) // 8, ctypes.addressof(instructions))
    failed = call("seccomp", _SET_MODE_FILTER, _ALL_THREADS, ctypes.create_string_buffer(program, len(program)))
    if failed:
        raise OSError(errno.EBUSY, f"thread {failed} took no filter")


def _program(machine: Machine, process: int) -> Iterator[bytes]:
    yield _step(_LOAD, _ARCHITECTURE)
    yield _step(_EQUAL, machine.audit, 1, 0)
    yield _step(_RETURN, _KILL)
    yield _step(_LOAD, _NUMBER)
    yield _step(_AT_LEAST, _OTHER_ABI, 0, 1)
    yield _step(_RETURN, _KILL)
    yield _step(_AT_LEAST, NEWEST + 1, 0, 1)
    yield _deny(errno.ENOSYS)
    yield _step(_EQUAL, machine.numbers["clone3"], 0, 1)
    yield _deny(errno.ENOSYS)  # then the C library uses clone, whose flags can be looked at
    for name in sorted(DENIED & machine.numbers.keys()):
        yield _step(_EQUAL, machine.numbers[name], 0, 1)
        yield _deny()
    yield from _asked(machine.numbers, process)
    yield _step(_RETURN, _ALLOW)


def _asked(numbers: dict[str, int], process: int) -> Iterator[bytes]:
    yield from _when(numbers["clone"], 0, _step(_ANY_BIT, _THREAD, 1, 0), _deny())
    for name in ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"):
        yield from _when(numbers[name], 0, _step(_EQUAL, process, 1, 0), _deny())
    yield from _when(numbers["tkill"], 0, _deny())
    yield from _when(numbers["prlimit64"], 0, _step(_EQUAL, 0, 2, 0), _step(_EQUAL, process, 1, 0), _deny())
    yield from _when(numbers["prctl"], 0, _step(_EQUAL, _DEATH_SIGNAL, 0, 1), _deny())
    growing = (_step(_ANY_BIT, _GROWS_DOWN, 2, 0), _step(_ANY_BIT, _ANONYMOUS, 0, 2))
    yield from _when(numbers["mmap"], 3, *growing, _step(_ANY_BIT, _SHARED, 0, 1), _deny())
    for command in _OWNERS:
        yield from _when(numbers["fcntl"], 1, _step(_EQUAL, command, 0, 1), _deny())
    for command in (*_TYPING, *_SOCKET_OWNERS):
        yield from _when(numbers["ioctl"], 1, _step(_EQUAL, command, 0, 1), _deny())


def _when(number: int, argument: int, *steps: bytes) -> Iterator[bytes]:
    """These steps for one call, over one of its arguments; after them the call's number is at hand again."""
    yield _step(_EQUAL, number, 0, len(steps) + 2)
    yield _step(_LOAD, _ARGUMENTS + 8 * argument)
    yield from steps
    yield _step(_LOAD, _NUMBER)


def _deny(number: int = errno.EPERM) -> bytes:
    return _step(_RETURN, 0x0005_0000 | number)


def _step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, if_not, value)
