"""Compares ways to write a table of 20 mixed columns as an Excel workbook.

Each way runs in a process of its own, reads the same Parquet file and writes a workbook. Prints Markdown: time, CPU
time (user and system, all threads), peak memory (the process's resident set, Python and libraries included), the
file's size, and how many times the CPU time of the first way. The last rows show whether memory grows with rows.

    python benchmarks/excel.py --rows 100000 --many 1000000
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import polars as pl

HERE = Path(__file__)
BATCH = 65_536

Write = Callable[[Path, Path], None]


class Cost(msgspec.Struct):
    """What one run took: seconds, seconds of CPU, bytes of memory and of the workbook."""

    wall: float
    cpu: float
    memory: int
    size: int


def batches(table: Path) -> "Iterator[pl.DataFrame]":
    """The table's rows, some at a time (polars' own collect_batches holds more, the longer the file is)."""
    import polars as pl

    scan = pl.scan_parquet(table)
    rows = scan.select(pl.len()).collect().item()
    return (scan.slice(start, BATCH).collect() for start in range(0, rows, BATCH))


def entrepot() -> Write:
    """Entrepot's own writer."""
    from entrepot_adapters.excel import ExcelWorkbooks
    from entrepot_core.schema import Schema

    def write(table: Path, workbook: Path) -> None:
        with workbook.open("wb") as out:
            ExcelWorkbooks().write(batches(table), Schema(()), out, title="Benchmark", created=datetime.now(UTC))

    return write


def xlsxwriter_loop() -> Write:
    """Xlsxwriter, cell by cell, in constant memory."""
    import xlsxwriter

    def write(table: Path, workbook: Path) -> None:
        options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"}
        with xlsxwriter.Workbook(workbook, options) as book:
            sheet = book.add_worksheet()
            row = 0
            for batch in batches(table):
                if row == 0:
                    sheet.write_row(0, 0, batch.columns)
                for values in batch.iter_rows():
                    row += 1
                    for column, value in enumerate(values):
                        sheet.write(row, column, value)

    return write


def polars_write_excel() -> Write:
    """Polars' own writer, which holds the workbook in memory."""
    import polars as pl

    def write(table: Path, workbook: Path) -> None:
        pl.read_parquet(table).write_excel(workbook)

    return write


def xlsxturbo() -> Write:
    """A writer in Rust, in its mode of constant memory."""
    import polars as pl
    import xlsxturbo as turbo

    def write(table: Path, workbook: Path) -> None:
        turbo.df_to_xlsx(pl.read_parquet(table), str(workbook), constant_memory=True, freeze_panes=True)

    return write


WAYS: dict[str, Callable[[], Write]] = {
    "Entrepot": entrepot,
    "xlsxturbo, constant_memory": xlsxturbo,
    "xlsxwriter loop, constant_memory": xlsxwriter_loop,
    "polars write_excel": polars_write_excel,
}


def make_table(path: Path, rows: int) -> None:
    """Write integers, floats, words, texts, booleans, dates and datetimes, some of them null."""
    import numpy as np
    import polars as pl

    random = np.random.default_rng(1)
    words = pl.Series(
        ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "R&D", "Åse", "日本"]
    )
    columns = {f"integer_{size}": pl.Series(random.integers(0, 10**size, rows)) for size in (2, 4, 6, 9)}
    columns |= {f"float_{size}": pl.Series(random.normal(size=rows) * 10.0**size) for size in range(6)}
    columns |= {f"word_{number}": words.gather(random.integers(0, len(words), rows)) for number in range(3)}
    columns |= {f"flag_{number}": pl.Series(random.random(rows) < 0.5) for number in range(2)}
    days, seconds = random.integers(0, 20_000, rows), random.integers(0, 1_700_000_000, rows)
    gaps = pl.Series(random.random(rows) < 0.1)
    frame = pl.DataFrame(columns).with_columns(
        text=pl.format("{} {} of {}", "word_0", "integer_9", "word_1"),
        code=pl.format("ID-{}", pl.col("integer_9").cast(pl.String).str.zfill(9)),
        day=pl.Series(days, dtype=pl.Int32).cast(pl.Date),
        moment=pl.from_epoch(pl.Series(seconds)),
        gaps=pl.when(gaps).then(None).otherwise("float_1"),
    )
    frame.write_parquet(path, row_group_size=BATCH)


def peak_memory() -> int:
    """Bytes of this process's largest resident set so far."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) * 1024


def measure(way: str, table: Path) -> Cost:
    """Run one way, in this process."""
    write = WAYS[way]()
    with tempfile.TemporaryDirectory() as folder:
        workbook = Path(folder) / "table.xlsx"
        wall, cpu = time.perf_counter(), time.process_time()
        write(table, workbook)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        return Cost(wall, cpu, peak_memory(), workbook.stat().st_size)


def run(*arguments: str) -> bytes:
    """Run this script in a process of its own."""
    return subprocess.run([sys.executable, HERE, *arguments], check=True, stdout=subprocess.PIPE).stdout


def best(way: str, table: Path, repeats: int) -> Cost:
    """The run of the least CPU time, each in a process of its own."""
    runs = [msgspec.json.decode(run("--way", way, "--table", str(table)), type=Cost) for _ in range(repeats)]
    return min(runs, key=lambda cost: cost.cpu)


def compare(rows: int, many: int, repeats: int) -> None:
    """Print the table."""
    print(f"| {rows:,} rows × 20 columns | time | CPU time | peak memory | size | CPU time, ratio |")
    print("|---|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        few_rows, many_rows = Path(folder) / "few.parquet", Path(folder) / "many.parquet"
        run("--make", str(rows), "--table", str(few_rows))
        costs = {way: best(way, few_rows, repeats) for way in WAYS}
        for way, cost in costs.items():
            print(line(way, cost, costs["Entrepot"]), flush=True)
        run("--make", str(many), "--table", str(many_rows))
        print(line(f"Entrepot, {many:,} rows", best("Entrepot", many_rows, 1), costs["Entrepot"]))


def line(name: str, cost: Cost, base: Cost) -> str:
    """A line of the table."""
    times = f"{cost.wall:.2f} s | {cost.cpu:.2f} s"
    sizes = f"{cost.memory / 1e6:.0f} MB | {cost.size / 1e6:.1f} MB"
    return f"| {name} | {times} | {sizes} | {cost.cpu / base.cpu:.1f} |"


def main() -> None:
    """Compare all ways, or do one step of that."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the comparison")
    parser.add_argument("--many", type=int, default=1_000_000, help="rows of the run that shows memory")
    parser.add_argument("--repeats", type=int, default=1, help="runs of each, of which the best counts")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--make", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--table", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        make_table(options.table, options.make)
    elif options.way:
        sys.stdout.buffer.write(msgspec.json.encode(measure(options.way, options.table)))
    else:
        compare(options.rows, options.many, options.repeats)


if __name__ == "__main__":
    main()
