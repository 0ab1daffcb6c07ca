"""Limits that the kernel holds a process to."""

import resource

from entrepot_adapters.sandbox.spec import WorkerLimits

_GRACE = 5
"""Seconds of processor time between the signal that a program may catch and the one that it can't."""


def limit_resources(limits: WorkerLimits) -> None:
    """Limit memory, processor time, files and their size; and leave no core dump.

    Memory is ``RLIMIT_DATA``: under ``RLIMIT_AS``, which counts mere reservations, polars aborts and hangs.

    Raises:
        OSError, ValueError: A limit can't be set; one that this process had before may be lower, and stays.
    """
    _lower(resource.RLIMIT_DATA, limits.memory_bytes, limits.memory_bytes)
    _lower(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + _GRACE)
    _lower(resource.RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes)
    _lower(resource.RLIMIT_NOFILE, limits.files, limits.files)
    _lower(resource.RLIMIT_CORE, 0, 0)


def _lower(kind: int, soft: int, hard: int) -> None:
    _, highest = resource.getrlimit(kind)
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    resource.setrlimit(kind, (soft, hard))
