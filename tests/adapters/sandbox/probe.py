"""What a hostile parser might try: runs as a worker does, locked down as it is told, and says what it reached.

Its arguments: what to attack (``Targets``, as JSON) and how to begin (``Spec``).
"""

import codecs
import ctypes
import fcntl
import json
import mmap
import os
import select
import signal
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from entrepot_adapters.sandbox.lockdown import locking_down
from entrepot_adapters.sandbox.spec import Spec

LIBC = ctypes.CDLL(None, use_errno=True)
MEBIBYTE = 1 << 20
IS_X86 = os.uname().machine == "x86_64"


class Targets(msgspec.Struct, frozen=True):
    """What is there to be reached: a folder that anybody may write in, with files and sockets."""

    folder: str
    port: int
    abstract: str
    parent: int
    is_real: bool

    @property
    def secret(self) -> Path:
        return Path(self.folder, "secret")


def _call(number: int, *arguments: object) -> int:
    longs = [ctypes.c_long(one) if isinstance(one, int) else one for one in (number, *arguments)]
    result = int(LIBC.syscall(*longs))
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result


def _tcp(targets: Targets) -> None:
    socket.create_connection(("127.0.0.1", targets.port), timeout=2).close()


def _udp(targets: Targets) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", targets.port))


def _unix(address: str) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(address)


def _memory(targets: Targets) -> None:
    here = ctypes.create_string_buffer(8)
    area = struct.pack("PN", ctypes.addressof(here), 8)
    there = struct.pack("PN", ctypes.addressof(ctypes.c_char.from_buffer(bytearray(8))), 8)
    ours, theirs = ctypes.create_string_buffer(area), ctypes.create_string_buffer(there)
    try:
        _call(310 if IS_X86 else 270, targets.parent, ours, 1, theirs, 1, 0)
    except OSError as error:
        if error.errno != 14:  # EFAULT: allowed, but nothing stands there
            raise


def _trace(targets: Targets) -> None:
    if LIBC.ptrace(0x4206, targets.parent, None, None) < 0:  # PTRACE_SEIZE
        raise OSError(ctypes.get_errno(), "refused")
    LIBC.ptrace(17, targets.parent, None, None)


def _fork(_: Targets) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _slow(targets: Targets) -> None:
    """Any of what would slow it; it is set to what it is, so that nothing becomes of it."""
    parent = targets.parent
    attempts: list[Callable[[], object]] = [
        lambda: os.sched_setaffinity(parent, os.sched_getaffinity(parent)),
        lambda: os.sched_setscheduler(parent, os.sched_getscheduler(parent), os.sched_getparam(parent)),
        lambda: os.sched_setparam(parent, os.sched_getparam(parent)),
        lambda: os.setpriority(os.PRIO_PROCESS, parent, os.getpriority(os.PRIO_PROCESS, parent)),
        lambda: _call(251 if IS_X86 else 30, 1, parent, _call(252 if IS_X86 else 31, 1, parent)),
    ]
    if not any(map(_succeeds, attempts)):
        _refused()


def _succeeds(attempt: Callable[[], object]) -> bool:
    with suppress(OSError):
        attempt()
        return True
    return False


def own(parent: socket.socket, process: int) -> None:
    """Ask the kernel to send a process a signal, which ends most, when something comes over a socket."""
    for request in (0x8901, 0x8902):  # FIOSETOWN, SIOCSPGRP
        with suppress(OSError):
            fcntl.ioctl(parent, request, struct.pack("i", process))
    with suppress(OSError):
        fcntl.fcntl(parent, fcntl.F_SETOWN, process)
    fcntl.ioctl(parent, 0x5452, struct.pack("i", 1))  # FIOASYNC


def _kernel(number: int, *arguments: object) -> Callable[[Targets], object]:
    return lambda _: _call(number, *arguments)


Probe = Callable[[Targets], object]

DATA: dict[str, Probe] = {
    "read a file": lambda targets: targets.secret.read_bytes(),
    "list a folder": lambda targets: list(Path(targets.folder).iterdir()),
    "create a file": lambda targets: Path(targets.folder, "made").write_bytes(b"x"),
    "change a file": lambda targets: targets.secret.open("ab").close(),
    "delete a file": lambda targets: Path(targets.folder, "doomed").unlink(),
    "link to a file": lambda targets: os.link(targets.secret, "linked"),
    "read the parent's variables": lambda targets: Path(f"/proc/{targets.parent}/environ").read_bytes(),
    "open the parent's memory": lambda targets: Path(f"/proc/{targets.parent}/mem").open("rb").close(),
}
NETWORK: dict[str, Probe] = {
    "connect over TCP": _tcp,
    "send over UDP": _udp,
    "connect to a Unix socket": lambda targets: _unix(f"{targets.folder}/socket"),
    "connect to an abstract socket": lambda targets: _unix(f"\0{targets.abstract}"),
}
PROCESSES: dict[str, Probe] = {
    "signal the parent": lambda targets: os.kill(targets.parent, 0),
    "trace the parent": _trace,
    "read the parent's memory": _memory,
    "own a socket for the parent": lambda _: None,  # it is for the parent to see
    "take the parent's descriptors": lambda targets: _call(438, _call(434, targets.parent, 0), 0, 0),
    "run a program": lambda _: None,  # tried last of all
}
KERNEL: dict[str, Probe] = {
    "slow the parent": _slow,
    "fork": _fork,
    "listen for connections": lambda _: socket.create_server(("127.0.0.1", 0)).close(),
    "open a netlink socket": lambda _: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close(),
    "make a namespace": _kernel(272 if IS_X86 else 97, 0x1000_0000),
    "set up io_uring": _kernel(425, 1, ctypes.create_string_buffer(120)),
    "outlive the parent": lambda _: None if LIBC.prctl(1, 0, 0, 0, 0) == 0 else _refused(),
    "share memory": lambda _: mmap.mmap(-1, MEBIBYTE).close(),
    "let a stack grow": lambda _: _mapped(0x100),  # MAP_GROWSDOWN
    "keep a file in memory": lambda _: os.close(os.memfd_create("file")),
    "dump core": lambda _: None if __import__("resource").getrlimit(4)[1] else _refused(),
}
PROBES = {**DATA, **NETWORK, **PROCESSES, **KERNEL}
OWN, LAST = "own a socket for the parent", "run a program"


def _mapped(flags: int) -> None:
    mmap.mmap(-1, MEBIBYTE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | flags).close()


def _refused() -> None:
    raise OSError(1, "refused")


def reached(targets: Targets) -> Iterator[str]:
    """The probes that came through."""
    for name, attempt in PROBES.items():
        if name in {OWN, LAST}:
            continue
        try:
            attempt(targets)
        except OSError:
            continue
        yield name


def main() -> None:
    """Try everything."""
    targets = msgspec.json.decode(sys.argv[1], type=Targets)
    spec = msgspec.json.decode(sys.argv[2], type=Spec)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.chdir(spec.folder)
    codecs.lookup("idna")  # sockets load it when first used
    with locking_down(spec) as layers:
        if targets.is_real:
            from entrepot_adapters.sandbox.warming import warm_up

            warm_up()
    with socket.socket(fileno=spec.socket) as parent:
        found = {"layers": layers, "reached": list(reached(targets))}
        own(parent, targets.parent)
        parent.sendall(json.dumps(found).encode() + b"\n")
        select.select([parent], [], [])  # who waits in recv is sent no signal, nor is anybody else
        try:
            os.execv("/bin/true", ["true"])  # noqa: S606 - it is what a hostile parser would do
        except OSError:
            parent.sendall(b"denied\n")
    os._exit(0)


if __name__ == "__main__":
    main()
