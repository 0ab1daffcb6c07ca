"""Maps of Parquet and Arrow in which a key stands twice, of which polars keeps the last value of Parquet."""

import io
from datetime import date
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from entrepot_adapters.parquet.thrift import Struct, Values, read_struct, write_struct
from entrepot_core.errors import MalformedInput
from tests.adapters.polars.test_import_csv import read, refusal
from tests.adapters.polars.test_import_odd_columns import KINDS, written

COUNTS = pa.map_(pa.string(), pa.int64())
ONCE, TWICE = [("a", 1), ("b", 1)], [("b", 2), ("a", 1), ("b", 2)]


def around(entries: list[tuple[str, int]]) -> dict[str, Any]:
    """Columns with a map in their second rows."""
    return {
        "map": pa.array([None, entries, []], COUNTS),
        "list": pa.array([[], [ONCE, None, entries], None], pa.list_(COUNTS)),
        "fixed": pa.array([None, [ONCE, entries], [None, None]], pa.list_(COUNTS, 2)),
        "struct": pa.array([None, {"^a$": 1, "m": entries}, {"m": None}], pa.struct({"^a$": pa.int64(), "m": COUNTS})),
        "value": pa.array([[], [("k", ONCE), ("l", entries)], None], pa.map_(pa.string(), COUNTS)),
        "deep": pa.array([[], [(7, [{"m": entries}])], None], pa.map_(pa.int32(), pa.list_(pa.struct({"m": COUNTS})))),
    }


@pytest.mark.parametrize("kind", KINDS)
class TestKeys:
    def test_one_that_stands_twice_is_refused_by_row_and_column(self, kind: str) -> None:
        for name, column in around(TWICE).items():
            error = refusal(written(pa.table({"fine": pa.array([ONCE, None, []], COUNTS), name: column}), kind))
            assert isinstance(error, MalformedInput)
            assert (error.row, error.column) == (2, name)
            assert "stands twice in a map; leave one of them, or write lists of objects" in error.reason

    def test_those_that_stand_in_several_maps_are_kept(self, kind: str) -> None:
        loaded = read(written(pa.table(around(ONCE)), kind))
        once = {"a": 1, "b": 1}
        assert loaded.values("map") == [None, once, {}]
        assert loaded.values("list") == [[], [once, None, once], None]
        assert loaded.values("value") == [{}, {"k": once, "l": once}, None]
        assert loaded.values("deep")[1] == [{"key": 7, "value": [{"m": once}]}]

    @pytest.mark.parametrize(
        ("of", "key"),
        [(pa.int8(), 1), (pa.date32(), date(2024, 1, 1)), (pa.binary(), b"k"), (pa.list_(pa.int8()), [1])],
    )
    def test_those_that_are_no_texts_may_not_stand_twice_either(self, kind: str, of: Any, key: object) -> None:  # noqa: ANN401 - pyarrow is not typed
        error = refusal(written(pa.table({"m": pa.array([[(key, 1), (key, 2)]], pa.map_(of, pa.int8()))}), kind))
        assert isinstance(error, MalformedInput)
        assert (error.row, error.column) == (1, "m")

    def test_maps_without_a_row_are_kept(self, kind: str) -> None:
        assert read(written(pa.table(around(ONCE)).slice(0, 0), kind)).data.shape == (0, 6)


@pytest.mark.parametrize("options", [
    {"data_page_version": "2.0", "compression": "zstd"},
    {"use_dictionary": False, "compression": "none", "store_schema": False},
    {"version": "1.0", "write_statistics": False, "write_page_index": True},
])  # fmt: skip
def test_parquet_is_looked_at_however_it_is_written(options: dict[str, Any]) -> None:
    maps = [[("k", number), ("l", number)] for number in range(2_500)]
    for last, row in (([("k", 1)], None), ([("k", 1), ("k", 1)], 2_501)):
        table = pa.table({"text": ["x"] * 2_501, "m": pa.array([*maps, last], COUNTS), "n": range(2_501)})
        out = io.BytesIO()
        pq.write_table(table, out, row_group_size=1_000, data_page_size=500, **options)
        if row is None:
            assert read(out.getvalue()).values("m")[2_499:] == [{"k": 2_499, "l": 2_499}, {"k": 1}]
        else:
            error = refusal(out.getvalue())
            assert isinstance(error, MalformedInput)
            assert (error.row, error.column) == (row, "m")


def test_maps_are_found_as_older_writers_name_them() -> None:
    def old(entries: list[tuple[str, int]]) -> bytes:
        data = written(pa.table({"m": pa.array([entries], COUNTS)}), "parquet")
        size = int.from_bytes(data[-8:-4], "little")
        footer = read_struct(data[-8 - size :])
        elements = footer[2][1]
        assert isinstance(elements, Values)
        for element, converted in zip(elements.items[1:3], (1, 2), strict=True):
            assert isinstance(element, dict)
            named: Struct = {number: said for number, said in element.items() if number < 6}
            element.clear()
            element.update({**named, 6: (5, converted)})
        del footer[5]  # what pyarrow says of its own types
        end = write_struct(footer)
        return data[: -8 - size] + end + len(end).to_bytes(4, "little") + b"PAR1"

    assert read(old(ONCE)).values("m") == [{"a": 1, "b": 1}]
    assert refusal(old(TWICE)).column == "m"


def test_rows_are_counted_over_batches() -> None:
    out = io.BytesIO()
    table = pa.table({"m": pa.array([ONCE] * 999 + [TWICE], COUNTS)})
    with pa.ipc.new_stream(out, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as file:
        file.write_table(table, max_chunksize=100)
    error = refusal(out.getvalue())
    assert isinstance(error, MalformedInput)
    assert error.row == 1_000


def test_maps_that_polars_wrote_are_kept() -> None:
    out = io.BytesIO()
    frame = pl.DataFrame({"m": [{"a": 1, "b": None}, None, {}]}, {"m": pl.Map(pl.String, pl.Int64)})
    frame.write_parquet(out)
    assert read(out.getvalue()).values("m") == frame["m"].to_list()
