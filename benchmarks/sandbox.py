"""Measures what the sandbox costs: the import of a small file with a worker that waits, and with one that has to begin.

    python benchmarks/sandbox.py        # 20 times each
    python benchmarks/sandbox.py 5

Times are medians, by the clock, of a file with three rows. "first byte" is from the call to the worker's first report.
"""

import io
import os
import statistics
import sys
import time
from collections.abc import Callable

import psutil

from entrepot_adapters.polars.importer import PolarsImporter
from entrepot_adapters.sandbox.importer import SandboxedImporter
from entrepot_core.dialect import ImportOptions, Stage
from entrepot_core.ports.importer import Importer, ImportTask

CONTENT = b"n,text\n1,a\n2,b\n3,c\n"
TASK = ImportTask(None, None, ImportOptions())


def main(times: int) -> None:
    """Print a table of Markdown."""
    print("| worker | first byte, ms | import, ms |\n|---|---|---|")
    _row("waits, locked down", times, _waiting)
    _row("begins, locked down", times, lambda: SandboxedImporter(workers=1))
    _row("begins, without layers", times, lambda: SandboxedImporter(workers=1, mode="off"))
    _row("none: in the same process", times, PolarsImporter)


def _waiting() -> Importer:
    importer = SandboxedImporter(workers=1)
    importer.keep_warm()
    importer.held_layers()  # until it has begun
    [worker] = psutil.Process().children()
    memory = worker.memory_full_info()
    print(f"a waiting worker: {memory.rss / 1e6:.0f} MB, {memory.uss / 1e6:.0f} of them its own", file=sys.stderr)
    return importer


def _row(name: str, times: int, make: Callable[[], Importer]) -> None:
    taken = []
    for _ in range(times):
        importer = make()
        taken.append(_import(importer))
        if isinstance(importer, SandboxedImporter):
            importer.close()
    first, whole = (statistics.median(each) * 1000 for each in zip(*taken, strict=True))
    print(f"| {name} | {first:.1f} | {whole:.1f} |", flush=True)


def _import(importer: Importer) -> tuple[float, float]:
    start = time.perf_counter()
    reported: list[float] = []

    def report(_stage: Stage, done: int, _total: int | None) -> None:
        if done:
            reported.append(time.perf_counter() - start)

    with os.fdopen(os.memfd_create("source"), "w+b") as source, os.fdopen(os.memfd_create("table"), "w+b") as table:
        source.write(CONTENT)
        importer.load(source, table, io.BytesIO(), TASK, report)
    return reported[0], time.perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
