"""What a worker process is started with."""

import os
import sys
from pathlib import Path

import entrepot_adapters
import entrepot_core
from entrepot_adapters.instructions import avoided

PROGRAM = (sys.executable, "-P", "-m", "entrepot_adapters.sandbox")  # -P: no module of the current folder

_NAMES = {"LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "SYSTEMROOT", "TZ"}
_FAMILIES = ("PYTHON", "POLARS_", "RUST_", "MALLOC_", "NPY_", "NUMPY_")
"""But not ``_RJEM_``, which polars sets in every process that imports it."""

_TUNING = {
    # what polars reads ahead of a CSV file: 32 MB several times over costs memory, and time to get it
    "POLARS_CSV_CHUNK_SIZE": str(4 << 20),
    # memory that a worker has had it will want again: to give it back and get it anew costs more than to keep it
    "_RJEM_MALLOC_CONF": f"dirty_decay_ms:1000,narenas:{os.cpu_count() or 1},lg_tcache_max:20",  # polars'
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),  # numpy's: smaller arrays come from what is kept,
    "MALLOC_TRIM_THRESHOLD_": str(128 << 20),  # which is so much at the most
    "NUMPY_MADVISE_HUGEPAGE": "0",  # arrays that live for milliseconds: to clear two megabytes at once takes longer
}
"""How memory is used, unless whoever runs this says otherwise."""


def environment(memory_bytes: int) -> dict[str, str]:
    """The variables a worker gets: what Python and its libraries go by, and none of the secrets that may be there.

    Args:
        memory_bytes: The most memory it may use.
    """
    roots = [str(Path(package.__path__[0]).parent) for package in (entrepot_core, entrepot_adapters)]
    inherited = [path for path in (os.environ.get("PYTHONPATH"),) if path]
    kept = {name: value for name, value in os.environ.items() if name in _NAMES or name.startswith(_FAMILIES)}
    return {
        **_TUNING,
        **avoided(),
        **kept,
        "PYTHONPATH": os.pathsep.join([*roots, *inherited]),
        "OPENBLAS_NUM_THREADS": "1",  # nothing here needs more, and each takes memory when numpy is imported
        "TMPDIR": ".",  # its own folder, where it begins, and which becomes its root
        # polars can't look how much there is; it would take it for little, and write all that it holds to disk
        "POLARS_OVERRIDE_TOTAL_MEMORY_MB": str(min(memory_bytes, _memory()) // 1_000_000),
        "POLARS_TEMP_DIR": ".",  # it spills to /var/tmp otherwise, and panics where it can't
    }


def _memory() -> int:
    """The bytes of this machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
