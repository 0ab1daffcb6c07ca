"""Any frame that is stored reads back equal from each format, by readers that know nothing of how it was written."""

import io
from decimal import Decimal
from typing import cast

import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet
import pytest
from hypothesis import given
from polars._typing import PolarsDataType
from polars.testing import assert_frame_equal
from polars.testing.parametric import column, dataframes

from entrepot_adapters.memory.blobs import MemoryBlobs
from entrepot_adapters.polars.rows import json_array
from entrepot_adapters.polars.tables import PolarsTables
from entrepot_core.formats import Format
from tests.adapters.polars.test_tables import stores
from tests.adapters.polars.written import read_json, read_value, same
from tests.contracts.tables import some

COMMON: list[PolarsDataType] = [
    pl.Boolean, pl.Int8, pl.Int64, pl.UInt64, pl.Float32, pl.Float64, pl.String, pl.Date, pl.Datetime("us"),
    pl.Decimal(20, 3),
]  # fmt: skip
EXACT: list[PolarsDataType] = [
    *COMMON,
    pl.Datetime("ms"),
    pl.Time,
    pl.Duration("us"),
    pl.Binary,
    pl.Categorical,
    pl.List,
    pl.Array,
    pl.Struct,
    pl.Null,
]

common_frames = dataframes(
    include_cols=column("row number", dtype=pl.Int64, allow_null=False), allowed_dtypes=COMMON, allow_time_zones=False
)
exact_frames = dataframes(allowed_dtypes=EXACT, allow_time_zones=False)
any_frames = dataframes(excluded_dtypes=[pl.Object])


def written(frame: pl.DataFrame, form: Format) -> bytes:
    blobs = MemoryBlobs()
    half = frame.height // 2
    parts = stores(blobs)(frame[:half], frame[half:])
    return b"".join(PolarsTables(blobs).stream(parts, some(frame.columns), form, slice(0, None)))


@given(any_frames)
def test_parquet_and_arrow_keep_any_frame(frame: pl.DataFrame) -> None:
    assert_frame_equal(pl.read_parquet(io.BytesIO(written(frame, Format.PARQUET))), frame)
    assert_frame_equal(pl.read_ipc_stream(io.BytesIO(written(frame, Format.ARROW))), frame)


@given(common_frames)
def test_pyarrow_reads_parquet_and_arrow(frame: pl.DataFrame) -> None:
    parquet = pa_parquet.read_table(io.BytesIO(written(frame, Format.PARQUET)))
    arrow = pa.ipc.open_stream(written(frame, Format.ARROW)).read_all()
    for table in (parquet, arrow):
        assert_frame_equal(pl.DataFrame(table), frame)


def test_json_and_csv_keep_what_stands_in_maps() -> None:
    values = {
        "bytes": pa.array([b"\xff", None]),
        "decimal": pa.array([Decimal("1.50"), None]),
        "moment": pa.array([0, None], pa.timestamp("us", "Europe/Oslo")),
        "span": pa.array([1, None], pa.duration("s")),
        "listed": pa.array([[b"\xff"], None]),
        "number": pa.array([1, None]),
    }
    maps = {n: pa.MapArray.from_arrays([0, 2, 2], pa.array(['x"', "y"]), v) for n, v in values.items()}
    lists = pa.ListArray.from_arrays([0, 1, 2], maps["bytes"])
    frame = cast("pl.DataFrame", pl.from_arrow(pa.table({**maps, "lists": lists})))
    text = {
        "bytes": '"/w=="',
        "decimal": "1.50",
        "moment": '"1970-01-01T00:00:00Z"',
        "span": '"PT1S"',
        "listed": '["/w=="]',
        "number": "1",
    }
    first = [f'"{name}":{{"x\\"":{one},"y":null}}' for name, one in text.items()]
    wanted = "{" + ",".join(first) + ',"lists":[{"x\\"":"/w==","y":null}]}'
    assert written(frame, Format.NDJSON).decode().splitlines()[0] == wanted
    assert json_array(frame.clear(), frozenset()) == b"[]"
    told = pl.read_csv(io.BytesIO(written(frame, Format.CSV)))
    assert told["bytes"].to_list() == ['{"x\\"":"/w==","y":null}', "{}"]
    assert told["decimal"].to_list() == ['{"x\\"":1.50,"y":null}', "{}"]


@given(exact_frames)
def test_json_keeps_every_value(frame: pl.DataFrame) -> None:
    rows = read_json(written(frame, Format.JSON))
    assert isinstance(rows, list)
    assert [*map(read_json, written(frame, Format.NDJSON).splitlines())] == rows
    kind = pl.Struct(frame.schema)
    for row, expected in zip(rows, frame.rows(named=True), strict=True):
        assert same(read_value(row, kind), expected), (row, expected)


@pytest.mark.parametrize(("form", "separator"), [(Format.CSV, ","), (Format.TSV, "\t")])
@given(frame=common_frames)
def test_pyarrow_reads_delimited_text(form: Format, separator: str, frame: pl.DataFrame) -> None:
    kinds = pl.DataFrame(schema=frame.schema).to_arrow(compat_level=pl.CompatLevel.oldest()).schema
    table = pa_csv.read_csv(
        io.BytesIO(written(frame, form)),
        parse_options=pa_csv.ParseOptions(delimiter=separator, newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(
            column_types=kinds, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )
    assert_frame_equal(pl.DataFrame(table), frame)
