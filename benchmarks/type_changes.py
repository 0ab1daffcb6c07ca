"""Measures what a type costs that changes late in a file: CPU and memory against a clean file and an unchecked pass.

    python benchmarks/type_changes.py             # 1 million rows of 20 columns
    python benchmarks/type_changes.py 200000

One cell of the file is another one in each run. Each contender runs in a process of its own, one after the other. CPU
is user and system time of the whole process, its start included; the peak is its resident memory. The unchecked pass
is polars alone: types by the first 10,000 rows, into Parquet of the same compression.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from importing import Cost, entrepot_without_statistics, measured

ROWS = 1_000_000
COLUMNS = {"int_2": 2, "float_1": 4, "price": 8, "date_0": 9}
CHANGES = {
    "integer, then a float": ("int_2", "12.5"),
    "integer, then text": ("int_2", "n/k"),
    "integer, then with marks between thousands": ("int_2", '"1,234,567"'),
    "date, then text": ("date_0", "soon"),
    "date, then one of another form": ("date_0", "31.1.2024"),
    "number, then with a comma before decimals": ("price", '"1.234,50"'),
    "number, then a text for null": ("float_1", "-"),
}


def main(rows: int) -> None:
    """Run everything on a file of so many rows, and print a table of Markdown."""
    with tempfile.TemporaryDirectory(prefix="types-") as folder:
        clean, changed, out = (Path(folder) / name for name in ("clean.csv", "changed.csv", "out.parquet"))
        subprocess.run(
            [sys.executable, Path(__file__).with_name("importing.py"), "--generate", clean, str(rows)], check=True
        )
        unchecked = _run("unchecked", clean, out)
        plain = _run("checked", clean, out)
        print("| | at row | CPU s | peak MB | CPU to unchecked | CPU to clean | peak to clean |\n|" + "---|" * 7)
        _print("polars, unchecked", "", unchecked, unchecked, plain)
        _print("clean", "", plain, unchecked, plain)
        for name, (column, text) in CHANGES.items():
            for row in (1, 10_001, rows // 2, rows - 1):
                _change(clean, changed, row, COLUMNS[column], text)
                _print(name, f"{row:,}", _run("checked", changed, out), unchecked, plain)


def _print(name: str, row: str, cost: Cost, unchecked: Cost, clean: Cost) -> None:
    ratios = (cost.cpu / unchecked.cpu, cost.cpu / clean.cpu, cost.peak / clean.peak)
    print(
        f"| {name} | {row} | {cost.cpu:.1f} | {cost.peak:.0f} |" + "".join(f" {one:.2f} |" for one in ratios),
        flush=True,
    )


def _run(name: str, file: Path, table: Path) -> Cost:
    return measured(__file__, name, str(file), str(table))


def _change(clean: Path, changed: Path, row: int, column: int, text: str) -> None:
    """Copy a file with another cell in one row; the columns before the texts hold no commas."""
    with clean.open("rb") as source, changed.open("wb") as target:
        for number, line in enumerate(source):
            cells = line.split(b",") if number == row else []
            target.write(b",".join([*cells[:column], text.encode(), *cells[column + 1 :]]) if cells else line)


def unchecked(file: str, table: str) -> None:
    """Read and write, whatever comes after the first rows; what does not fit is null."""
    import polars as pl

    from entrepot_adapters.polars.stored import COMPRESSION

    frame = pl.scan_csv(file, infer_schema_length=10_000, try_parse_dates=True, ignore_errors=True)
    frame.sink_parquet(table, compression=COMPRESSION)


PARTS: dict[str, Callable[[str, str], None]] = {"unchecked": unchecked, "checked": entrepot_without_statistics}

if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1].removeprefix("--") in PARTS:
        PARTS[sys.argv[1].removeprefix("--")](*sys.argv[2:])
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else ROWS)
