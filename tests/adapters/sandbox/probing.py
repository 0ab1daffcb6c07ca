"""Starts the probe under some layers, beside things it might reach."""

import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Generator, Iterable
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from entrepot_adapters.sandbox import child
from entrepot_adapters.sandbox.deaths import Death
from entrepot_adapters.sandbox.messages import Job
from entrepot_adapters.sandbox.spec import LAYERS, Layer, WorkerLimits
from entrepot_core.dialect import ImportOptions
from entrepot_core.limits import Limits
from entrepot_core.ports.importer import ImportTask
from tests.adapters.sandbox.probe import LAST, OWN, PROBES, Targets

LIMITS = WorkerLimits(memory_bytes=4 * 2**30, cpu_seconds=60, file_bytes=2**30)


class Found(msgspec.Struct, frozen=True):
    """What a probe reached, and the layers that held."""

    layers: dict[str, bool | int]
    reached: list[str]


@contextmanager
def targets(*, is_real: bool) -> Generator[Targets]:
    """Files and sockets that anybody on this machine may use."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="probe-")))
        folder.chmod(0o777)
        for name in ("secret", "doomed"):
            (folder / name).write_text("a secret")
            (folder / name).chmod(0o666)
        abstract = f"probe-{os.getpid()}-{folder.name}"
        listeners = [socket.create_server(("127.0.0.1", 0))]
        for address in (f"{folder}/socket", f"\0{abstract}"):
            listeners.append(socket.socket(socket.AF_UNIX))
            listeners[-1].bind(address)
            listeners[-1].listen()
        (folder / "socket").chmod(0o777)
        for one in listeners:
            stack.enter_context(one)
        yield Targets(str(folder), listeners[0].getsockname()[1], abstract, os.getpid(), is_real)


def probe(layers: Iterable[Layer], *, is_real: bool = False) -> Found:
    """Run the probe.

    Args:
        layers: What to lock it down with.
        is_real: Whether it uses polars first, as a worker does.
    """
    wanted: set[Layer] = set(layers)
    chosen: tuple[Layer, ...] = tuple(layer for layer in LAYERS if layer in wanted)
    with targets(is_real=is_real) as attacked:
        program = (sys.executable, "-P", str(Path(__file__).with_name("probe.py")))
        argument = msgspec.json.encode(attacked).decode()
        worker = child.start(chosen, LIMITS, None, (*program, argument))
        try:
            lines = worker.lines(lambda: None, float("inf"))
            found = msgspec.json.decode(next(lines), type=Found)
            if _is_signalled(worker):
                found.reached.append(OWN)
            try:
                next(lines)
            except Death:
                found.reached.append(LAST)
        finally:
            worker.end()
    return found


def _is_signalled(worker: child.Child) -> bool:
    """Whether this process is sent a signal when it tells a worker something."""
    seen: list[int] = []
    before = signal.signal(signal.SIGIO, lambda number, _: seen.append(number))
    try:
        worker.hand(Job(ImportTask(None, None, ImportOptions()), Limits()), [])
        time.sleep(0.05)  # another thread may have been sent it
    finally:
        signal.signal(signal.SIGIO, before)
    return bool(seen)


def denied_by_each() -> dict[str, list[Layer]]:
    """For each probe the layers that deny it by themselves, or with the promise of no new privileges that two need."""
    reached = {layer: set(probe({layer, "no_new_privs"}).reached) for layer in LAYERS}
    return {name: [layer for layer in LAYERS if name not in reached[layer]] for name in PROBES}
