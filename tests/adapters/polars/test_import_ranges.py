"""Values of Parquet and Arrow that polars would make null, or others: refused by row and column, with a cure."""

import io
import random
from contextlib import suppress
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from entrepot_adapters.parquet.thrift import Values, read_struct, write_struct
from entrepot_core.errors import MalformedInput, Refused
from tests.adapters.polars.test_import_csv import read, refusal
from tests.adapters.polars.test_import_odd_columns import KINDS, written

DAY = 86_400
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
TIMES = [pa.time32("s"), pa.time32("ms"), pa.time64("us"), pa.time64("ns")]
FARTHEST = (1 << 63) // 1000


def stored(kind: Any, *numbers: int | None) -> Any:  # noqa: ANN401 - pyarrow is not typed
    """Values by the numbers that stand for them, which pyarrow does not check."""
    whole = pa.array(numbers, pa.int32() if kind.bit_width == 32 else pa.int64())
    return pa.Array.from_buffers(kind, len(numbers), whole.buffers())


def around(values: Any) -> dict[str, Any]:  # noqa: ANN401 - pyarrow is not typed
    """Columns that hold the second of three values within, in their second rows."""
    first, rest = [0, 1, 1, 3], [0, 1, 3, 3]
    return {
        "list": pa.ListArray.from_arrays(pa.array(first), values),
        "large": pa.LargeListArray.from_arrays(pa.array(rest), values),
        "struct": pa.StructArray.from_arrays([pa.nulls(3), values], ["^a$", "b"]),
        "map": pa.MapArray.from_arrays(pa.array([0, 1, 2, 3]), pa.array(["k", "k", "k"]), values),
        "lists": pa.ListArray.from_arrays(pa.array([0, 1, 2, 3]), pa.ListArray.from_arrays(pa.array(rest), values)),
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("of", TIMES, ids=str)
class TestTimes:
    def test_one_outside_a_day_is_refused_by_row_and_column(self, kind: str, of: Any) -> None:  # noqa: ANN401 - pyarrow is not typed
        unit = UNITS[of.unit]
        for number, shown in (
            (DAY * unit, "24:00:00"),
            (-61 * unit, "-00:01:01"),
            (100 * 3600 * unit + unit // 2, None),
        ):
            table = pa.table({"n": [1, 2, 3], "t": stored(of, 0, None, number)})
            error = refusal(written(table, kind))
            assert isinstance(error, MalformedInput)
            assert (error.row, error.column) == (3, "t")
            assert "outside a day" in error.reason
            assert "write durations or text" in error.reason
            assert error.value == (shown or {"s": "100:00:00"}.get(of.unit, f"100:00:00.5{'0' * (len(str(unit)) - 2)}"))

    def test_all_of_a_day_are_kept(self, kind: str, of: Any) -> None:  # noqa: ANN401 - pyarrow is not typed
        unit = UNITS[of.unit]
        values = stored(of, 0, None, DAY * unit - 1)
        loaded = read(written(pa.table({"t": values, **around(values)}), kind))
        nanoseconds = 10**9 // unit
        assert loaded.data["t"].to_physical().to_list() == [0, None, (DAY * unit - 1) * nanoseconds]
        assert loaded.data["t"].dtype == pl.Time

    def test_one_within_others_is_refused_too(self, kind: str, of: Any) -> None:  # noqa: ANN401 - pyarrow is not typed
        for name, column in around(stored(of, 5, DAY * UNITS[of.unit], 7)).items():
            error = refusal(written(pa.table({"fine": stored(of, 1, 2, 3), name: column}), kind))
            assert isinstance(error, MalformedInput)
            assert (error.row, error.column) == ({"list": 3}.get(name, 2), name)


@pytest.mark.parametrize("kind", ["file", "stream"])
@pytest.mark.parametrize("zone", [None, "UTC"])
class TestSeconds:
    """pyarrow writes no Parquet with seconds."""

    @pytest.mark.parametrize("number", [FARTHEST + 1, -FARTHEST - 1, 1 << 62, 95_000_001 * DAY])
    def test_a_moment_too_far_away_is_refused_by_row_and_column(self, kind: str, zone: str | None, number: int) -> None:
        moments = stored(pa.timestamp("s", zone), 0, number, None)
        for name, column in {"t": moments, **around(moments)}.items():
            error = refusal(written(pa.table({"n": [1, 2, 3], name: column}), kind))
            assert isinstance(error, MalformedInput)
            assert (error.row, error.column) == ({"list": 3}.get(name, 2), name)
            assert error.reason == "a date is past the year 262,000, such as infinity; make it null, or another"
            assert error.value == (f"{number} s since 1970" if name == "t" else None)

    def test_others_are_kept(self, kind: str, zone: str | None) -> None:
        far = 94_000_000 * DAY
        moments = stored(pa.timestamp("s", zone), -far, None, far)
        loaded = read(written(pa.table({"t": moments, **around(moments)}), kind))
        assert loaded.data["t"].to_physical().to_list() == [-far * 1000, None, far * 1000]


@pytest.mark.parametrize("kind", ["file", "stream"])
def test_a_duration_of_more_seconds_than_can_be_counted_in_milliseconds_is_refused(kind: str) -> None:
    spans = stored(pa.duration("s"), -FARTHEST, FARTHEST)
    assert read(written(pa.table({"d": spans}), kind)).data["d"].to_physical().to_list() == [
        -FARTHEST * 1000,
        FARTHEST * 1000,
    ]
    error = refusal(written(pa.table({"d": stored(pa.duration("s"), 0, -FARTHEST - 1)}), kind))
    assert isinstance(error, MalformedInput)
    assert (error.row, error.column, error.value) == (2, "d", f"{-FARTHEST - 1} s")
    assert "292 million years" in error.reason


@pytest.mark.parametrize("kind", ["file", "stream"])
def test_one_among_the_values_that_keys_stand_for_is_refused_where_a_row_has_it(kind: str) -> None:
    values = stored(pa.time64("us"), 1, DAY * 10**6)
    for keys, row in ((pa.array([0, 0, None]), None), (pa.array([0, None, 1]), 3)):
        table = pa.table(
            {
                "k": pa.DictionaryArray.from_arrays(pa.array([0, 0, 0]), ["a"]),
                "t": pa.DictionaryArray.from_arrays(keys, values),
            }
        )
        if row is None:
            assert read(written(table, kind)).data["t"].null_count() == 1
        else:
            error = refusal(written(table, kind))
            assert isinstance(error, MalformedInput)
            assert (error.row, error.column, error.value) == (3, "t", "24:00:00")


@pytest.mark.parametrize("options", [
    {},
    {"use_dictionary": False, "compression": "zstd", "data_page_version": "2.0"},
    {"use_dictionary": False, "column_encoding": {"t": "DELTA_BINARY_PACKED"}, "compression": "none"},
    {"store_schema": False, "version": "1.0", "write_statistics": False, "write_page_index": True},
])  # fmt: skip
def test_parquet_is_looked_at_however_it_is_written(options: dict[str, Any]) -> None:
    good, bad = [second * 10**6 for second in range(2_500)], DAY * 10**6
    for numbers, row in ((good, None), ([*good[:2_499], bad], 2_500)):
        table = pa.table({"text": ["x"] * 2_500, "t": stored(pa.time64("us"), *numbers), "n": range(2_500)})
        out = io.BytesIO()
        pq.write_table(table, out, row_group_size=1_000, data_page_size=500, **options)
        if row is None:
            assert read(out.getvalue()).data["t"].to_physical().to_list() == [number * 1000 for number in numbers]
        else:
            error = refusal(out.getvalue())
            assert isinstance(error, MalformedInput)
            assert (error.row, error.column, error.value) == (row, "t", "24:00:00")


def test_rows_are_counted_over_batches() -> None:
    out = io.BytesIO()
    table = pa.table({"t": stored(pa.time64("ns"), *range(999), DAY * 10**9)})
    with pa.ipc.new_stream(out, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as file:
        file.write_table(table, max_chunksize=100)
    error = refusal(out.getvalue())
    assert isinstance(error, MalformedInput)
    assert error.row == 1_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_with_times_that_is_damaged_anywhere_is_refused_in_words_for_people(kind: str) -> None:
    table = pa.table({"t": stored(pa.time64("us"), *range(50)), "l": stored(pa.time32("ms"), *range(50))})
    sound = written(table, kind)
    seed = random.Random(7)
    for place in range(4, len(sound), max(1, len(sound) // 60)):
        damaged = bytearray(sound)
        damaged[place] ^= seed.randrange(1, 256)
        with suppress(Refused):  # any other error is none for people
            read(bytes(damaged))


def test_parquet_that_says_of_the_same_bytes_that_they_are_several_columns_is_refused() -> None:
    out = io.BytesIO()
    table = pa.table(
        {"t": stored(pa.time64("us"), *(second * 10**6 for second in random.Random(7).sample(range(DAY), 5_000)))}
    )
    pq.write_table(table, out, row_group_size=5_000)
    data = out.getvalue()
    size = int.from_bytes(data[-8:-4], "little")
    footer = read_struct(data[-8 - size :])
    kind, groups = footer[4]
    assert isinstance(groups, Values)
    footer[4] = (kind, Values(groups.kind, groups.items * 3))
    footer[3] = (footer[3][0], 15_000)
    end = write_struct(footer)
    error = refusal(data[: -8 - size] + end + len(end).to_bytes(4, "little") + b"PAR1")
    assert isinstance(error, MalformedInput)
    assert "no sound Parquet file" in error.reason
