"""Measures what it takes to run short commands against bare imports of the libraries they need.

    python benchmarks/starting.py

Each runs in a process of its own, in turns; seconds are medians of several runs, and ratios those of each run to the
peer of the same turn. The store is a folder with one small dataset.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

TURNS = 9
ROWS = 300

HELP_PEER, STORE_PEER = "import cyclopts", "import cyclopts, sqlalchemy.orm"


class Cost(NamedTuple):
    """What a process took: seconds of CPU and of the clock."""

    cpu: float
    wall: float


def main() -> None:
    """Run all, and print a table of Markdown."""
    with tempfile.TemporaryDirectory(prefix="starting-") as folder:
        file = Path(folder) / "data.csv"
        file.write_text("name,price\n" + "".join(f"thing {n},{n / 4}\n" for n in range(ROWS)))
        store = ["-m", "entrepot", "--store", str(Path(folder) / "home")]
        _run([*store, "add", str(file)])
        commands = {
            "entrepot --help": (["-m", "entrepot", "--help"], HELP_PEER),
            "entrepot list": ([*store, "list"], STORE_PEER),
            "entrepot stats": ([*store, "stats", "data"], STORE_PEER),
            f"entrepot add, {ROWS} rows": ([*store, "add", str(file), "--name", "data", "--replace"], STORE_PEER),
        }
        print("| | CPU s | wall s | CPU to peer | wall to peer | peer |\n|" + " --- |" * 6)
        for name, (words, peer) in commands.items():
            pairs = [(_run(words), _run(["-c", peer])) for _ in range(TURNS)]
            cpu, wall = (median(mine[part] for mine, _ in pairs) for part in range(2))
            ratios = (median(mine[part] / its[part] for mine, its in pairs) for part in range(2))
            print(
                f"| `{name}` | {cpu:.2f} | {wall:.2f} | {' | '.join(f'{ratio:.2f}' for ratio in ratios)} | `{peer}` |"
            )


def _run(words: list[str]) -> Cost:
    start = time.monotonic()
    process = subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)  # with what the process's own children took
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{words} failed with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - start)


if __name__ == "__main__":
    main()
