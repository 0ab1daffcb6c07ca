"""Columns of Parquet and Arrow that a table can't hold as they are: read as what comes next, or refused by name."""

import io
import os
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from entrepot_core.errors import Refused
from tests.adapters.polars.test_import_csv import read, refusal

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
KINDS = ["parquet", "file", "stream"]


def written(table: Any, kind: str) -> bytes:  # noqa: ANN401 - pyarrow is not typed
    out = io.BytesIO()
    if kind == "parquet":
        pq.write_table(table, out)
    else:
        with (pa.ipc.new_file if kind == "file" else pa.ipc.new_stream)(out, table.schema) as file:
            file.write_table(table)
    return out.getvalue()


@pytest.mark.parametrize("kind", KINDS)
class TestRead:
    def test_small_floats_are_widened_within_lists_and_maps_too(self, kind: str) -> None:
        small = pa.array([1.5, None], pa.float16())
        table = pa.table({
            "a": small,
            "l": pa.array([[1.5], None], pa.list_(pa.float16())),
            "s": pa.array([{"x": 1.5}, None], pa.struct({"x": pa.float16()})),
            "m": pa.array([[("k", 1.5)], None], pa.map_(pa.string(), pa.float16())),
        })  # fmt: skip
        loaded = read(written(table, kind))
        assert loaded.data.row(0) == (1.5, [1.5], {"x": 1.5}, {"k": 1.5})
        assert loaded.data.dtypes[:2] == [pl.Float32, pl.List(pl.Float32)]
        assert "Float16" not in str(loaded.data.schema)

    def test_maps_whose_keys_are_no_texts_are_lists_and_that_is_told(self, kind: str) -> None:
        ends = [0, 1, 2]
        numbers = pa.MapArray.from_arrays(ends, pa.array([1, 2]), pa.array([1.5, None], pa.float16()))
        table = pa.table({
            "n": numbers,
            "d": pa.MapArray.from_arrays(ends, pa.array([NOON.date()] * 2), pa.array(["a", "b"])),
            "s": pa.StructArray.from_arrays([numbers], ["m"]),
            "t": pa.MapArray.from_arrays(ends, pa.array(["x", "y"]), numbers),
            "plain": pa.MapArray.from_arrays(ends, pa.array(["x", "y"]), pa.array([1, 2])),
        })  # fmt: skip
        loaded = read(written(table, kind))
        first, second = [{"key": 1, "value": 1.5}], [{"key": 2, "value": None}]
        assert loaded.values("n") == [first, second]
        assert loaded.values("d")[0] == [{"key": NOON.date(), "value": "a"}]
        assert loaded.values("s") == [{"m": first}, {"m": second}]
        assert loaded.values("t") == [{"x": first}, {"y": second}]
        assert loaded.values("plain") == [{"x": 1}, {"y": 2}]
        assert loaded.warnings.count("maps whose keys are no texts; they are lists of objects") == 4

    def test_dates_in_maps_that_nobody_could_read_again_are_refused(self, kind: str) -> None:
        def maps(days: int) -> Any:  # noqa: ANN401 - pyarrow is not typed
            dates = pa.array([0, days], pa.int32()).cast(pa.date32())
            found = pa.MapArray.from_arrays([0, 2, 2], pa.array(["a", "b"]), dates)
            return pa.table({"n": [1, 2], "m": found, "l": pa.ListArray.from_arrays([0, 1, 2], found)})

        assert read(written(maps(10**6), kind)).data["n"].to_list() == [1, 2]
        assert refusal(written(maps(2**31 - 1), kind)).column in {"m", "l"}

    @pytest.mark.parametrize("name", ["*", "^a$", "^.*$"])
    def test_members_of_any_name_are_looked_at(self, kind: str, name: str) -> None:
        def objects(days: int, microseconds: int) -> Any:  # noqa: ANN401 - pyarrow is not typed
            dates = pa.array([0, days], pa.int32()).cast(pa.date32())
            times = pa.array([0, microseconds], pa.int64()).view(pa.time64("us"))
            within = pa.StructArray.from_arrays([dates, times], [name, "b"])
            return pa.table({"s": pa.StructArray.from_arrays([times, within], [name, "c"])})

        loaded = read(written(objects(1, 1), kind))
        assert loaded.values("s")[1] == {
            name: time(microsecond=1),
            "c": {name: date(1970, 1, 2), "b": time(microsecond=1)},
        }
        assert "year 262,000" in refusal(written(objects(2**31 - 1, 1), kind)).reason
        assert "outside a day" in refusal(written(objects(1, -1), kind)).reason

    def test_a_zone_without_a_name_becomes_utc_and_that_is_told(self, kind: str) -> None:
        table = pa.table({
            "d": pa.array([NOON], pa.timestamp("us", "+05:30")),
            "l": pa.array([[NOON]], pa.list_(pa.timestamp("ns", "-0330"))),
            "odd": pa.array([NOON], pa.timestamp("us", "Mars/Base")),
            "whole": pa.array([NOON], pa.timestamp("us", "+01:00")),
            "plain": pa.array([NOON], pa.timestamp("us", "Europe/Oslo")),
        })  # fmt: skip
        before = dict(os.environ)
        loaded = read(written(table, kind))
        assert loaded.data.row(0) == (NOON, [NOON], NOON, NOON, NOON)
        assert loaded.data.schema["d"] == pl.Datetime("us", "UTC")
        assert loaded.data.schema["plain"] == pl.Datetime("us", "Europe/Oslo")
        assert (
            "Column 'd' has the zone +05:30, which has no name; its times are the same moments in UTC."
            in loaded.warnings
        )
        assert "Column 'l' has the zone -0330" in loaded.warnings
        assert loaded.warnings.count("has the zone") == 3
        assert dict(os.environ) == before

    def test_uuids_are_text(self, kind: str) -> None:
        wanted = UUID("12345678-9abc-def0-1234-56789abcdef0")
        table = pa.table({"u": pa.array([wanted.bytes, None], pa.uuid())})
        assert read(written(table, kind)).values("u") == [str(wanted), None]

    def test_json_documents_are_text_and_that_is_told(self, kind: str) -> None:
        loaded = read(written(pa.table({"j": pa.array(['{"a":1}', None], pa.json_())}), kind))
        assert (loaded.types, loaded.values("j")) == ({"j": "string"}, ['{"a":1}', None])
        assert "'j' holds JSON documents, which are kept as text" in loaded.warnings

    def test_booleans_of_a_byte_are_booleans(self, kind: str) -> None:
        assert read(written(pa.table({"b": pa.array([1, 0, None], pa.bool8())}), kind)).values("b") == [
            True,
            False,
            None,
        ]

    def test_values_of_an_unknown_type_stay_as_they_are_stored_and_that_is_told(self, kind: str) -> None:
        odd = pa.ExtensionArray.from_storage(pa.opaque(pa.int64(), "money", "bank"), pa.array([1]))
        loaded = read(written(pa.table({"o": odd}), kind))
        assert loaded.values("o") == [1]
        assert "'o' is of the type 'arrow.opaque', which is not known here" in loaded.warnings

    def test_categories_that_differ_from_batch_to_batch_are_read(self, kind: str) -> None:
        parts = [pa.array(values).dictionary_encode() for values in (["a", "b"], ["c", "a"])]
        table = pa.table({"c": pa.chunked_array(parts)})
        table = table if kind == "stream" else table.unify_dictionaries()
        assert read(written(table, kind)).values("c") == ["a", "b", "c", "a"]


def table_of(values: Any) -> Any:  # noqa: ANN401 - pyarrow is not typed
    return pa.table({"fine": pa.array([1]), "odd": values})


UNION = pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1]), pa.array(["a"])])
DOCUMENTS = pa.ListArray.from_arrays([0, 1], pa.array(["1"], pa.json_()))
UUIDS = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([bytes(16)], pa.binary(16)))
KEYS = pa.array(["x"]).dictionary_encode()
ODD = {
    "decimals": (pa.array([Decimal(1)], pa.decimal256(50, 2)), "more than 38 digits"),
    "wide": (pa.array([Decimal(1)], pa.decimal256(20, 2)), "decimal128"),
    "union": (UNION, "a column for each type"),
    "within": (pa.StructArray.from_arrays([UNION], ["x"]), "a column for each type"),
    "interval": (pa.array([pa.MonthDayNano([1, 2, 3])]), "durations or as text"),
    "runs": (pa.RunEndEncodedArray.from_arrays([1], [5]), "run_end_decode"),
    "views": (pa.array([[1]], pa.list_view(pa.int64())), "cast to list_"),
    "empty": (pa.array([{}]), "leave the column out"),
    "members": (pa.StructArray.from_arrays([pa.array([1]), pa.array([2])], ["x", "x"]), "give each its own"),
    "documents": (DOCUMENTS, "plain type"),
    "listed": (pa.ListArray.from_arrays([0, 1], UUIDS), "as text"),
    "members of UUIDs": (pa.StructArray.from_arrays([UUIDS], ["x"]), "as text"),
    "hundreds": (pa.array([Decimal(1200)], pa.decimal128(5, -2)), "decimal128(38, 0)"),
    "nothing": (pa.array([[]], pa.list_(pa.int64(), 0)), "any length"),
    "no bytes": (pa.array([b""], pa.binary(0)), "any length"),
    "keys in maps": (pa.MapArray.from_arrays([0, 1], pa.array(["k"]), KEYS), "dictionary_decode"),
    "keys in keys": (
        pa.DictionaryArray.from_arrays(pa.array([0]), pa.StructArray.from_arrays([KEYS], ["x"])),
        "dictionary_decode",
    ),
}  # fmt: skip


IN_PARQUET = ("decimals", "listed", "members of UUIDs")
CASES = [
    (kind, name) for kind in KINDS for name in (IN_PARQUET if kind == "parquet" else ODD)
]  # fmt: skip
"""Parquet has no such columns otherwise, or has them as others."""


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_what_can_not_be_read_is_refused_by_name_with_a_cure(
    kind: str, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    values, cure = ODD[name]
    error = refusal(written(table_of(values), kind))
    assert error.column == "odd"
    assert cure in error.reason
    assert "panicked" not in capfd.readouterr().err


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("storage", [pa.binary(8), pa.binary(20), pa.binary(), pa.string()], ids=str)
def test_uuids_that_are_not_stored_as_16_bytes_are_refused(kind: str, storage: Any) -> None:  # noqa: ANN401 - pyarrow is not typed
    field = pa.field("odd", storage, metadata={"ARROW:extension:name": "arrow.uuid"})
    size = 20 if storage == pa.binary(20) else 8
    table = pa.table([pa.array([b"0" * size]).cast(storage)], schema=pa.schema([field]))
    error = refusal(written(table, kind))
    assert (error.column, "not stored as 16 bytes" in error.reason) == ("odd", True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_that_stands_twice_is_refused_without_a_panic(kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    error = refusal(written(table, kind))
    assert (error.column, "a name of its own" in error.reason) == ("a", True)
    assert "panicked" not in capfd.readouterr().err


def test_a_name_that_stands_twice_in_parquet_of_others_is_refused() -> None:
    out = io.BytesIO()
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    pq.write_table(table, out, store_schema=False)
    assert "column with name 'a'" in refusal(out.getvalue()).reason


@pytest.mark.parametrize("kind", ["parquet", "file"])
@pytest.mark.parametrize("odd", ["period", "interval"])
def test_periods_and_intervals_that_pandas_wrote_are_refused_by_name(kind: str, odd: str) -> None:
    values = pd.period_range("2024-01", periods=2, freq="M") if odd == "period" else pd.interval_range(0, 2)
    error = refusal(written(pa.Table.from_pandas(pd.DataFrame({"odd": values})), kind))
    assert error.column == "odd"
    assert f"pandas' {odd}s can't be read" in error.reason
    assert "astype(str)" in error.reason


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_damaged_anywhere_is_refused_in_words_for_people(kind: str) -> None:
    columns = {"d": pa.array([NOON, None], pa.timestamp("us", "+05:30")), "k": pa.array(["x", "y"]).dictionary_encode()}
    content = written(pa.table({"a": [1, 2], **columns}), kind)
    for place in range(0, len(content), 7):
        damaged = content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]
        try:
            read(damaged)
        except Refused as error:
            assert "unwrap()" not in str(error)  # noqa: PT017 - most damage is to what is not looked at
