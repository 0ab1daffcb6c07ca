"""Measures edits of one row in a home on disk against writing the whole file anew with polars.

    python benchmarks/editing.py                 # 1,000 and 1 million rows of 20 columns
    python benchmarks/editing.py 100000

Edits go through the embedded operations: they are recorded in the catalogue and synced. polars reads its Parquet file,
changes the value and writes a file of the same settings, which is synced too. Times are milliseconds: the median and
the worst of several, each with another row; of the first edit of a long table, which cuts its part, there is one.
"""

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROWS = (1_000, 1_000_000)
TIMES = 15
REWRITES = 3


def main(rows: tuple[int, ...]) -> None:
    """Measure each number of rows, and print a table of Markdown."""
    print("| rows | | ms, median / worst | to polars' median |\n| --- | --- | --- | --- |")
    for number in rows:
        with tempfile.TemporaryDirectory(prefix="editing-") as folder:
            _measure(Path(folder), number)


def _measure(folder: Path, rows: int) -> None:
    from entrepot.settings import Settings
    from entrepot.wiring import open_home
    from entrepot_core.changes import DatasetChanges
    from entrepot_core.dialect import ImportOptions, no_report
    from entrepot_core.names import DatasetRef
    from entrepot_core.ports.operations import Source
    from entrepot_core.rows.query import RowFilter
    from entrepot_core.source import Label, NewDataset

    sys.path.insert(0, str(Path(__file__).parent))
    from tables import generate

    csv = folder / "data.csv"
    generate(str(csv), str(rows))
    with open_home(str(folder / "home"), Settings()) as home, csv.open("rb") as file:
        work = home.operations
        source = Source(iter(lambda: file.read(1 << 20), b""), Label("data.csv"))
        added = work.add_dataset(source, NewDataset(), ImportOptions(), no_report)
        ref, part = DatasetRef(added.id), home.driven.catalogue.find(DatasetRef(added.id)).version.parts[0]
        with home.driven.blobs.open(part) as stored:
            alone = _rewriting(folder / "alone.parquet", stored.read(), rows)
        _, polars = _told(rows, "polars, the whole file", alone, REWRITES, None)
        column = next(field.name for field in added.schema.fields if field.type == "number")
        edits: dict[str, Callable[[int], object]] = {
            "append": lambda turn: work.append_rows(ref, [{column: turn}]),
            "update": lambda turn: work.update_rows(ref, [{"_id": rows // 2 + turn, column: -turn}]),
            "remove": lambda turn: work.remove_rows(ref, [rows // 2 + TIMES + turn]),
            "remove by a filter": lambda turn: work.remove_rows(
                ref, RowFilter(where=(("_id", str(rows // 2 + 2 * TIMES + turn)),))
            ),
            "description": lambda turn: work.edit_dataset(ref, DatasetChanges(title=f"{turn}")),
        }
        if rows > 2**17:
            first = lambda _: work.update_rows(ref, [{"_id": rows // 2, column: -1}])  # noqa: E731 - as the others
            _told(rows, "update, the first", first, 1, polars)
        for name, edit in edits.items():
            _told(rows, name, edit, TIMES, polars)


def _told(rows: int, name: str, edit: Callable[[int], object], times: int, base: float | None) -> tuple[float, float]:
    took = list[float]()
    for turn in range(1, times + 1):
        began = time.perf_counter()
        edit(turn)
        took.append((time.perf_counter() - began) * 1000)
    worst, median = max(took), sorted(took)[times // 2]
    ratio = "1" if base is None else f"{median / base:.2f}"
    print(f"| {rows:,} | {name} | {median:.1f} / {worst:.1f} | {ratio} |", flush=True)
    return worst, median


def _rewriting(path: Path, content: bytes, rows: int) -> Callable[[int], object]:
    """Changes a row of a file by reading and writing all of it."""
    import polars as pl

    from entrepot_adapters.polars.stored import COMPRESSION

    path.write_bytes(content)

    def rewrite(turn: int) -> None:
        frame, new = pl.read_parquet(path), path.with_suffix(".new")
        column = next(name for name, kind in frame.schema.items() if kind == pl.Float64)
        frame[rows // 2 + turn, column] = -1.0
        out = io.BytesIO()
        frame.write_parquet(out, compression=COMPRESSION, row_group_size=131_072, data_page_size=65_536)
        with new.open("wb") as file:
            file.write(out.getvalue())
            os.fsync(file.fileno())
        new.replace(path)

    return rewrite


if __name__ == "__main__":
    main(tuple(int(argument) for argument in sys.argv[1:]) or ROWS)
