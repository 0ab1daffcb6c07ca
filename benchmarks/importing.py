"""Measures the import of a CSV file, statistics and histograms included, against duckdb and pandas.

    python benchmarks/importing.py             # 1 million rows of 20 mixed columns
    python benchmarks/importing.py 1000000 6000000
    python benchmarks/importing.py orders numbers texts     # tables of other kinds (see tables.py)

Each contender runs in a process of its own, in turns, on the same file. CPU is user and system time of the whole
process, its start included; the peak is its resident memory. Seconds are medians of the turns, and ratios those of the
ratios within a turn, for the speed of a machine varies.
"""

import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tables import KINDS, generate

ROWS = (1_000_000,)
TURNS = 7


class Cost(NamedTuple):
    """What a process took: seconds of CPU and of the clock, and megabytes at its peak."""

    cpu: float
    wall: float
    peak: float


def main(kinds: tuple[str, ...], rows: tuple[int, ...]) -> None:
    """Run all contenders on files of such kinds and so many rows, and print a table of Markdown."""
    print(
        "| table | rows | | CPU s | wall s | peak MB | CPU to duckdb | wall to duckdb | wall to pandas |\n|"
        + " --- |" * 9
    )
    with tempfile.TemporaryDirectory(prefix="importing-") as folder:
        for kind, number in product(kinds, rows):
            file = Path(folder) / "data.csv"
            _run("generate", str(file), str(number), kind)
            turns = [
                {name: _contend(name, file, Path(folder) / "out.parquet") for name in CONTENDERS} for _ in range(TURNS)
            ]
            for name in CONTENDERS:
                print(f"| {kind} | {number:,} | {name} | {_told(turns, name)} |", flush=True)
            print(f"\n{number:,} rows are {file.stat().st_size / 1e6:.0f} MB of CSV.", file=sys.stderr)


def _told(turns: list[dict[str, Cost]], name: str) -> str:
    """What a contender took, and its ratios to others in the same turn: medians, and the highest peak."""
    costs = [turn[name] for turn in turns]
    cpu, wall = (median(cost[part] for cost in costs) for part in (0, 1))
    ratios = [
        median(turn[name][part] / turn[peer][part] for turn in turns)
        for peer, part in (("duckdb", 0), ("duckdb", 1), ("pandas", 1))
    ]
    told = " | ".join(f"{ratio:.2f}" for ratio in ratios)
    return f"{cpu:.1f} | {wall:.1f} | {max(cost.peak for cost in costs):.0f} | {told}"


def _contend(name: str, file: Path, table: Path) -> Cost:
    table.unlink(missing_ok=True)  # to write over a file takes longer than to write a new one
    return _run(name, str(file), str(table))


def _run(name: str, *arguments: str) -> Cost:
    return measured(__file__, name, *arguments)


def measured(script: str, name: str, *arguments: str) -> Cost:
    """Run a part of a script in a process of its own."""
    start = time.monotonic()
    process = subprocess.Popen([sys.executable, script, f"--{name}", *arguments])
    _, status, usage = os.wait4(process.pid, 0)  # with what the process's own children took
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{name} failed with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1024)


def entrepot(file: str, table: str) -> None:
    """Import as a store does: in a worker, with types that hold for every value, statistics and histograms."""
    from entrepot_adapters.sandbox.importer import SandboxedImporter
    from entrepot_core.dialect import ImportOptions, no_report
    from entrepot_core.formats import Format
    from entrepot_core.ports.importer import ImportTask

    task = ImportTask(Format.CSV, "data.csv", ImportOptions())
    with Path(file).open("rb") as source, Path(table).open("w+b") as out:
        SandboxedImporter().load(source, out, io.BytesIO(), task, no_report)


def entrepot_without_statistics(file: str, table: str) -> None:
    """Only read, check and write, in this process."""
    from entrepot_adapters.polars.importer import PolarsImporter
    from entrepot_core.dialect import ImportOptions, no_report
    from entrepot_core.formats import Format
    from entrepot_core.ports.importer import ImportTask
    from entrepot_core.profile import Profile

    importer = PolarsImporter(profile=lambda *_, **__: Profile(0, (), dates_are_text=True))
    task = ImportTask(Format.CSV, "data.csv", ImportOptions())
    with Path(file).open("rb") as source, Path(table).open("w+b") as out:
        importer.load(source, out, io.BytesIO(), task, no_report)


def duckdb(file: str, table: str) -> None:
    """Only read and write, types by a scan of the whole file."""
    import duckdb

    duckdb.sql(f"COPY (FROM read_csv('{file}', sample_size=-1)) TO '{table}' (FORMAT parquet)")


def pandas(file: str, table: str) -> None:
    """Read, write and describe."""
    import pandas as pd

    frame = pd.read_csv(file)
    frame.to_parquet(table)
    frame.describe()


CONTENDERS: dict[str, Callable[[str, str], None]] = {
    "duckdb": duckdb,
    "entrepot": entrepot,
    "entrepot without statistics": entrepot_without_statistics,
    "pandas": pandas,
}

if __name__ == "__main__":
    parts = {f"--{name}": part for name, part in {**CONTENDERS, "generate": generate}.items()}
    if sys.argv[1:2] and sys.argv[1] in parts:
        parts[sys.argv[1]](*sys.argv[2:])
    else:
        chosen = tuple(kind for kind in KINDS if kind in sys.argv) or ("mixed",)
        main(chosen, tuple(int(part) for part in sys.argv[1:] if part not in KINDS) or ROWS)
