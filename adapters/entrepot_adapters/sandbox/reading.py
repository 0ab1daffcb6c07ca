"""Which files a worker must read to begin: Python's, those of the libraries, and ours."""

import sys
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import entrepot_adapters
import entrepot_core
from entrepot_adapters.sandbox.landlock import LIST, READ, SCRATCH, Allowed

_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store", "/etc/ld.so.cache")
"""Where libraries are."""
_PROCESSORS = ("/proc/cpuinfo", "/proc/self/cgroup", "/sys/fs/cgroup", "/sys/devices/system/cpu")
"""By which libraries find how many processors they may use."""
_SITES = {"site-packages", "dist-packages"}


def allowed(folder: Path) -> Iterator[Allowed]:
    """What a worker may do with which files.

    Args:
        folder: Its own.
    """
    yield Allowed(folder, SCRATCH)
    for path in map(Path, (*_SYSTEM, *_PROCESSORS, *zoneinfo.TZPATH)):
        yield Allowed(path, READ)
    for prefix in {sys.prefix, sys.base_prefix}:
        yield Allowed(Path(prefix) / "lib", READ)
    for path in map(Path, sys.path):
        if path.name in _SITES:
            yield Allowed(path, READ)
    for package in (entrepot_core, entrepot_adapters):
        here = Path(package.__path__[0])
        yield Allowed(here, READ)
        yield Allowed(here.parent, LIST)
