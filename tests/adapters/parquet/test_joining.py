"""Parquet files that are joined without being read: every reader finds the rows of all parts, without ``_id``."""

import base64
import io
import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from entrepot_adapters.memory import MemoryBlobs
from entrepot_adapters.parquet.arrow_schema import without_first_field
from entrepot_adapters.parquet.footers import Part, joined
from entrepot_adapters.parquet.joining import JoinedFile, join
from entrepot_adapters.parquet.thrift import read_struct, write_struct
from entrepot_adapters.polars.stored import COMPRESSION, DATA_PAGE, part_metadata
from entrepot_core.errors import BlobDamaged
from entrepot_core.names import Digest

at = datetime.fromisoformat

FRAME = pl.DataFrame({
    "_id": [1, 2, 3, 4, 5],
    "text": ["a", None, "", "ü", "a"],
    "number": [1.5, None, float("nan"), float("inf"), -0.0],
    "whole": pl.Series([1, None, -(2**63), 2**63 - 1, 0]),
    "small": pl.Series([1, None, -128, 127, 0], dtype=pl.Int8),
    "unsigned": pl.Series([1, None, 2**64 - 1, 0, 5], dtype=pl.UInt64),
    "single": pl.Series([1.5, None, 0.1, 3, 4], dtype=pl.Float32),
    "decimal": pl.Series([Decimal("1.10"), None, Decimal("-3.30"), Decimal(0), Decimal("9.99")]),
    "truth": [True, None, False, True, False],
    "day": [date(2024, 1, 2), None, date(1, 1, 1), date(9999, 12, 31), date(1970, 1, 1)],
    "moment": [*map(at, ("2024-01-02T03:04:05.000006", "1900-01-01", "0001-01-01", "2000-01-01")), None],
    "zoned": pl.Series([at("2024-01-02"), None, at("1900-01-01"), None, None]).dt.replace_time_zone("UTC"),
    "nanos": pl.Series([at("2024-01-02T00:00:00"), None, None, None, None], dtype=pl.Datetime("ns")),
    "clock": [time(1, 2, 3, 4), None, time(0), time(23, 59), None],
    "span": [timedelta(seconds=1), None, timedelta(days=-1), None, timedelta(0)],
    "bytes": [b"x", None, b"", b"\xff", b"x"],
    "group": [{"a": 1, "b": [1, 2]}, None, {"a": None, "b": []}, {"a": 2, "b": None}, {"a": 3, "b": [None]}],
    "list": [["a"], None, [], [None, "b"], ["c"]],
    "category": pl.Series(["x", None, "y", "x", "z"], dtype=pl.Categorical),
    "choice": pl.Series(["x", None, "y", "x", "y"], dtype=pl.Enum(["x", "y"])),
    "nothing": pl.Series([None] * 5, dtype=pl.Null),
    "document": ['{"a":1}', None, "[1]", "null", '"x"'],
    'odd "name", with.dots': [1, 2, 3, 4, 5],
})  # fmt: skip
METADATA = part_metadata(["document"])


@pytest.fixture
def blobs() -> MemoryBlobs:
    return MemoryBlobs()


def imported(frame: pl.DataFrame) -> bytes:
    """As an import writes a part."""
    file = io.BytesIO()
    frame.lazy().sink_parquet(
        file, compression=COMPRESSION, row_group_size=2, data_page_size=DATA_PAGE, metadata=METADATA
    )
    return file.getvalue()


def edited(frame: pl.DataFrame) -> bytes:
    """As an edit did when parts were packed otherwise."""
    file = io.BytesIO()
    frame.write_parquet(file, compression="zstd", row_group_size=3, data_page_size=DATA_PAGE, metadata=METADATA)
    return file.getvalue()


def by_arrow(frame: pl.DataFrame) -> bytes:
    """As pyarrow does, with an index of pages."""
    file = io.BytesIO()
    pq.write_table(frame.to_arrow(), file, row_group_size=2, write_page_index=True, data_page_size=64)
    return file.getvalue()


def keep(blobs: MemoryBlobs, data: bytes) -> Digest:
    with blobs.stage() as staged:
        staged.write(data)
        return blobs.keep(staged).digest


def whole(file: JoinedFile | None) -> bytes:
    assert file is not None
    data = b"".join(file.read(0, file.size))
    assert len(data) == file.size
    return data


@pytest.fixture
def data(blobs: MemoryBlobs) -> bytes:
    """Three parts as one file."""
    parts = [imported(FRAME), edited(FRAME.with_columns(pl.col("_id") + 5)), imported(FRAME.head(0))]
    return whole(join(blobs, [keep(blobs, part) for part in parts]))


EXPECTED = pl.concat([FRAME, FRAME]).drop("_id")


def test_polars_reads_all_rows_with_their_types(data: bytes) -> None:
    found = pl.read_parquet(io.BytesIO(data))
    assert found.schema == EXPECTED.schema
    assert found.equals(EXPECTED)
    lazily = pl.scan_parquet(io.BytesIO(data))
    assert lazily.filter(pl.col("whole") == 2**63 - 1).select("text").collect().to_series().to_list() == ["ü", "ü"]
    assert lazily.slice(6, 3).select("small").collect().to_series().to_list() == [None, -128, 127]


def test_its_metadata_is_that_of_the_parts(data: bytes) -> None:
    metadata = pl.read_parquet_metadata(io.BytesIO(data))
    assert json.loads(metadata["entrepot:json"]) == ["document"]
    assert "_id" not in pq.read_schema(io.BytesIO(data)).names


def test_pyarrow_reads_it_and_its_statistics(data: bytes) -> None:
    file = pq.ParquetFile(io.BytesIO(data), page_checksum_verification=False)
    assert pl.DataFrame(file.read()).equals(EXPECTED)
    assert file.metadata.num_rows == 10
    rows = [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)]
    assert sum(rows) == 10
    for number in range(file.num_row_groups):
        group = file.metadata.row_group(number)
        chunks = [group.column(place) for place in range(group.num_columns)]
        assert group.total_byte_size == sum(chunk.total_uncompressed_size for chunk in chunks)
        assert chunks[0].path_in_schema == "text"
        whole_numbers = next(chunk for chunk in chunks if chunk.path_in_schema == "whole")
        assert whole_numbers.statistics.has_min_max
        assert pl.DataFrame(file.read_row_group(number)).height == group.num_rows
    batches = pq.ParquetFile(io.BytesIO(data)).iter_batches(batch_size=4)
    assert sum(batch.num_rows for batch in batches) == 10
    filtered = pq.read_table(io.BytesIO(data), filters=[("whole", ">", 1)])
    assert filtered.column("text").to_pylist() == ["ü", "ü"]


def test_duckdb_and_pandas_read_it(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "joined.parquet"
    path.write_bytes(data)
    names = [name for name in EXPECTED.columns if name not in {"span", "nothing"}]  # duckdb has no such types
    listed = ", ".join(f'"{name.replace(chr(34), chr(34) * 2)}"' for name in names)
    table = duckdb.read_parquet(str(path))
    found = table.project(listed).pl()
    for name in (
        "text",
        "whole",
        "unsigned",
        "decimal",
        "truth",
        "day",
        "moment",
        "bytes",
        "group",
        "list",
        "document",
    ):
        assert found.get_column(name).to_list() == EXPECTED.get_column(name).to_list(), name
    assert table.filter("day > '1999-01-01'").aggregate("count(*), sum(small)").fetchall() == [(4, 256)]
    counted = duckdb.execute("SELECT sum(num_rows) FROM parquet_file_metadata(?)", [str(path)])
    assert counted.fetchall() == [(10,)]
    frame = pd.read_parquet(path)
    assert list(frame.columns) == EXPECTED.columns
    assert frame["span"].tolist()[0] == pd.Timedelta(seconds=1)
    assert frame["zoned"].tolist()[0] == pd.Timestamp(datetime(2024, 1, 2, tzinfo=UTC))


def test_any_range_of_it_is_the_same_bytes(blobs: MemoryBlobs, data: bytes) -> None:
    parts = [imported(FRAME), edited(FRAME.with_columns(pl.col("_id") + 5)), imported(FRAME.head(0))]
    again = join(blobs, [keep(blobs, part) for part in parts])
    assert whole(again) == data
    assert again is not None
    for start in range(0, len(data), 977):
        for length in (1, 3, 5000):
            assert b"".join(again.read(start, min(start + length, len(data)))) == data[start : start + length]
    assert b"".join(again.read(len(data) - 8, len(data)))[4:] == b"PAR1"


@pytest.mark.parametrize("several", [0, 1])
def test_what_pyarrow_wrote_is_joined_too_with_its_index_of_pages_where_that_holds(
    blobs: MemoryBlobs, several: int
) -> None:
    frame = FRAME.drop("category", "choice", "nothing")
    data = whole(join(blobs, [keep(blobs, by_arrow(frame))] * (2 if several else 1)))
    file = pq.ParquetFile(io.BytesIO(data))
    expected = pl.concat([frame] * (2 if several else 1)).drop("_id")
    assert pl.DataFrame(file.read()).equals(expected)
    assert pl.read_parquet(io.BytesIO(data)).equals(expected)
    kept = [file.metadata.row_group(number).column(0).has_offset_index for number in range(file.num_row_groups)]
    assert kept == [True] * 3 + [False] * 3 * several


def test_an_only_column_can_be_left_out(blobs: MemoryBlobs) -> None:
    data = whole(join(blobs, [keep(blobs, imported(pl.DataFrame({"_id": [1, 2], "a": [3, 4]})))]))
    assert pl.read_parquet(io.BytesIO(data)).to_dicts() == [{"a": 3}, {"a": 4}]


@pytest.mark.parametrize(
    "others",
    [
        [FRAME.with_columns(pl.col("small").cast(pl.Int16))],
        [FRAME.rename({"text": "words"})],
        [FRAME.select("_id", pl.all().exclude("_id", "text"), "text")],
        [FRAME.select(pl.all().exclude("_id"), "_id")],
        [FRAME.drop("_id")],
    ],
)
def test_parts_that_differ_are_not_joined(blobs: MemoryBlobs, others: list[pl.DataFrame]) -> None:
    parts = [keep(blobs, imported(frame)) for frame in [FRAME, *others]]
    assert join(blobs, parts) is None


@pytest.mark.parametrize(
    "data", [b"", b"PAR1", b"PAR1PAR1", b"PAR1" + b"\xff\xff\xff\x7fPAR1", b"PAR1\0\x01\0\0\0PAR1"]
)
def test_what_is_no_table_is_not_joined(blobs: MemoryBlobs, data: bytes) -> None:
    assert join(blobs, [keep(blobs, data)]) is None
    assert join(blobs, []) is None


def test_no_damaged_footer_breaks_anything(blobs: MemoryBlobs) -> None:
    data = imported(FRAME.select("_id", "text", "group"))
    length = int.from_bytes(data[-8:-4], "little")
    footer = data[-8 - length : -8]
    assert write_struct(read_struct(footer)) == footer
    for place in range(0, length, 7):
        for byte in (0x00, 0x4C, 0x9F, 0xFF):
            broken = footer[:place] + bytes([byte]) + footer[place + 1 :]
            try:
                joined([Part(broken, shift=0)])
            except ValueError:
                continue
    for place in range(0, length, 13):
        with pytest.raises(ValueError, match=r"early|footer|member|schema|long|kind"):
            joined([Part(footer[:place], shift=0)])
    del blobs


def test_a_missing_part_is_told(blobs: MemoryBlobs) -> None:
    with pytest.raises(BlobDamaged):
        join(blobs, [Digest("0" * 64)])


def test_an_arrow_schema_loses_its_first_field_only() -> None:
    encoded = pq.read_metadata(io.BytesIO(imported(FRAME))).metadata[b"ARROW:schema"]
    fewer = without_first_field(encoded, b"_id")

    names = pa.ipc.read_schema(pa.BufferReader(base64.b64decode(fewer))).names
    assert names == FRAME.columns[1:]
    for bad in (b"", b"!!", b"AAAA", encoded[:40], fewer):
        with pytest.raises(ValueError, match=r"schema|field|member"):
            without_first_field(bad, b"_id")
