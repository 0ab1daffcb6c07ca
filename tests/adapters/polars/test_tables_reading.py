"""What reading holds and lets go, and what it says when it can't."""

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal

from entrepot_adapters.filesystem import FilesystemBlobs
from entrepot_adapters.memory.blobs import MemoryBlobs, MemoryStaged
from entrepot_adapters.polars.tables import PolarsTables
from entrepot_core.errors import BlobDamaged, DiskFull
from entrepot_core.formats import Format
from entrepot_core.names import Digest
from tests.adapters.polars.test_tables import stores
from tests.contracts.tables import some

ROWS = pl.DataFrame({"_id": range(200_000)}).with_columns(n=pl.col("_id") * 7 % 1_000, text=pl.format("row {}", "_id"))
STREAMED = [Format.CSV, Format.TSV, Format.JSON, Format.NDJSON, Format.ARROW]
ALL = slice(0, None)


class WatchedBlobs(MemoryBlobs):
    """Remembers every file it gave away."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[BinaryIO] = []

    def open(self, digest: Digest) -> BinaryIO:
        self.files.append(super().open(digest))
        return self.files[-1]

    def stage(self) -> MemoryStaged:
        staged = super().stage()
        self.files.append(staged.file)
        return staged

    @property
    def open_files(self) -> int:
        return sum(not file.closed for file in self.files)


# --- letting go ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [*STREAMED, Format.PARQUET])
def test_a_stream_closed_early_lets_go_of_all_files(form: Format) -> None:
    blobs = WatchedBlobs()
    chunks = PolarsTables(blobs).stream(stores(blobs)(ROWS, ROWS), some(ROWS.columns), form, ALL)
    assert next(chunks)
    assert blobs.open_files
    chunks.close()
    assert not blobs.open_files


@pytest.mark.parametrize("form", [*STREAMED, Format.PARQUET])
def test_a_stream_read_to_its_end_lets_go_of_all_files(form: Format) -> None:
    blobs = WatchedBlobs()
    for _ in PolarsTables(blobs).stream(stores(blobs)(ROWS), some(ROWS.columns), form, ALL):
        pass
    assert blobs.files
    assert not blobs.open_files


def test_pages_and_histograms_let_go_of_all_files() -> None:
    blobs = WatchedBlobs()
    parts = stores(blobs)(ROWS)
    PolarsTables(blobs).page(parts, some(["n"]), 0, 5)
    PolarsTables(blobs).histograms(parts, ["n"], 5)
    assert not blobs.open_files


@pytest.mark.parametrize("form", STREAMED)
def test_text_leaves_long_before_the_table_is_read(form: Format) -> None:
    """The first chunk holds a sixth of these rows."""
    blobs = MemoryBlobs()
    chunks = [*PolarsTables(blobs).stream(stores(blobs)(ROWS), some(ROWS.columns), form, ALL)]
    assert len(chunks) >= 6
    assert len(chunks[0]) < sum(map(len, chunks)) / 5


@pytest.mark.parametrize("form", [*STREAMED, Format.PARQUET])
def test_what_leaves_in_many_pieces_is_one_file(form: Format) -> None:
    blobs = MemoryBlobs()
    written = io.BytesIO(b"".join(PolarsTables(blobs).stream(stores(blobs)(ROWS), some(ROWS.columns), form, ALL)))
    readers: dict[Format, Callable[[io.BytesIO], pl.DataFrame]] = {
        Format.CSV: pl.read_csv,
        Format.TSV: lambda file: pl.read_csv(file, separator="\t"),
        Format.JSON: pl.read_json,
        Format.NDJSON: pl.read_ndjson,
        Format.ARROW: lambda file: pl.DataFrame(pa.ipc.open_stream(file).read_all()),
        Format.PARQUET: pl.read_parquet,
    }
    assert_frame_equal(readers[form](written), ROWS)


def test_batches_of_a_wide_table_have_fewer_rows() -> None:
    blobs = MemoryBlobs()
    narrow, wide = ROWS[:140_000], ROWS[:140_000].select(pl.col("n").alias(f"n{i}") for i in range(128))
    heights = [
        [
            pl.DataFrame(batch).height
            for batch in PolarsTables(blobs).batches(stores(blobs)(frame), some(frame.columns), ALL)
        ]
        for frame in (narrow, wide)
    ]
    assert heights == [[131_072, 8_928], [65_536, 65_536, 8_928]]


# --- faults -------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Iterator[FilesystemBlobs]:
    blobs = FilesystemBlobs(tmp_path)
    yield blobs
    blobs.close()


@pytest.mark.parametrize("keep", [0, 100, 0.5, 0.99])
def test_a_part_cut_short_is_damage_and_named(home: FilesystemBlobs, tmp_path: Path, keep: float) -> None:
    whole, damaged = stores(home)(ROWS[:10], ROWS)
    path = next(path for path in tmp_path.rglob(f"*{damaged}*"))
    content = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(content[: int(keep if keep > 1 else keep * len(content))])
    tables = PolarsTables(home)
    for read in (
        lambda: tables.page([whole, damaged], some(["n"]), 0, 100).rows,
        lambda: list(tables.stream([whole, damaged], some(["n"]), Format.CSV, ALL)),
        lambda: list(tables.stream([whole, damaged], some(["n"]), Format.PARQUET, ALL)),
        lambda: list(tables.batches([whole, damaged], some(["n"]), ALL)),
        lambda: tables.histograms([whole, damaged], ["n"], 5),
    ):
        with pytest.raises(BlobDamaged) as caught:
            read()
        assert caught.value.digest == damaged


def test_a_mistake_of_the_caller_is_no_damage(home: FilesystemBlobs) -> None:
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        PolarsTables(home).page(stores(home)(ROWS), some(["nobody"]), 0, 1)


def test_a_full_disk_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = MemoryBlobs()
    parts = stores(blobs)(ROWS)
    with Path("/dev/full").open("wb") as full:
        monkeypatch.setattr(blobs, "stage", lambda: MemoryStaged(full))
        with pytest.raises(DiskFull):
            list(PolarsTables(blobs).stream(parts, some(ROWS.columns), Format.PARQUET, ALL))


# --- memory -------------------------------------------------------------------------------------

MEASURE = """
import sys
from pathlib import Path
from entrepot_adapters.filesystem import FilesystemBlobs
from entrepot_adapters.polars.tables import PolarsTables
from entrepot_core.formats import Format
from entrepot_core.rows.selection import Selection

home, form, *parts = sys.argv[1:]
tables = PolarsTables(FilesystemBlobs(Path(home)))
for chunk in tables.stream(parts, Selection(("a", "b", "c", "d", "text")), Format(form), slice(0, None)):
    pass
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""


@pytest.mark.heavy
@pytest.mark.parametrize("form", STREAMED)
def test_memory_is_flat_in_the_number_of_rows(home: FilesystemBlobs, tmp_path: Path, form: Format) -> None:
    """Twelve million rows take at most a fifth more than two million."""
    ids = pl.int_range(1_000_000, eager=True)
    frame = pl.DataFrame({name: (ids * k) % 1_000_003 / 7 for k, name in enumerate("abcd", 7)})
    [part] = stores(home)(frame.with_columns(text=pl.format("row {}", pl.Series(ids))))

    def peak(parts: int) -> int:
        command = [sys.executable, "-c", MEASURE, str(tmp_path), form, *[part] * parts]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    assert peak(12) < 1.2 * peak(2)
