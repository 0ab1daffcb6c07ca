"""What a worker is told when it is started, before there is a job."""

import os
from typing import Literal, get_args

import msgspec

Layer = Literal[
    "pdeathsig", "no_new_privs", "network_namespace", "rlimits", "landlock", "filesystem_root", "uid", "seccomp"
]
LAYERS: tuple[Layer, ...] = get_args(Layer)
"""What locks a worker down, in the order in which it is applied."""

Layers = dict[str, bool | int]
"""Which layers hold, by name; of ``uid``, the user that the worker runs as."""


class WorkerLimits(msgspec.Struct, frozen=True):
    """What a worker may use.

    Attributes:
        memory_bytes: The most memory.
        cpu_seconds: The most processor time.
        file_bytes: The most bytes of any file that it writes.
        files: The most open files.
    """

    memory_bytes: int
    cpu_seconds: int
    file_bytes: int
    files: int = 256


class Spec(msgspec.Struct, frozen=True):
    """How a worker begins.

    Attributes:
        parent: The process that waits for it.
        socket: The descriptor over which it gets its job and answers.
        folder: The one folder it may use, for its temporary files.
        layers: Which layers to apply.
        limits: What it may use.
    """

    parent: int
    socket: int
    folder: str
    layers: tuple[Layer, ...]
    limits: WorkerLimits


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """What a worker says first: it waits for its job."""

    layers: Layers


def no_layers() -> Layers:
    """None of them; imports run as the user that this process runs as."""
    return {**dict.fromkeys(LAYERS, False), "uid": os.geteuid()}


def missing(layers: Layers) -> list[str]:
    """The layers that don't hold: those that failed, and the drop of root's rights where root is still there."""
    return [name for name in LAYERS if (layers.get(name, False) is False) or (name == "uid" and layers[name] == 0)]
