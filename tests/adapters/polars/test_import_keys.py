"""Values that Arrow stores as keys of a list of values, as categories of pandas are: read as the values."""

import io
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal

from tests.adapters.polars.test_import_csv import read, refusal

OSLO = "Europe/Oslo"
VALUES: dict[str, list[Any]] = {
    "text": ["x", None, "y"],
    "integer": [1, None, 2],
    "number": [1.5, None, 2.5],
    "boolean": [True, None, False],
    "datetime": [pd.Timestamp("2024-01-01 00:00:00.000000001"), None, pd.Timestamp("2025-01-01")],
    "zoned": [pd.Timestamp("2024-01-01", tz=OSLO), None, pd.Timestamp("2025-01-01", tz=OSLO)],
    "duration": [pd.Timedelta("1D"), None, pd.Timedelta("2D")],
    "date": [pd.Timestamp("2024-01-01").date(), None, pd.Timestamp("2025-01-01").date()],
}  # fmt: skip
WRITERS = {"stream": pa.ipc.new_stream, "file": pa.ipc.new_file}
CODES = pa.array(pd.Categorical(["x", None, "y", None]))
"""Keys of pandas: -1 where nothing is."""


def written(table: Any, kind: str, **options: Any) -> bytes:  # noqa: ANN401 - pyarrow is not typed
    out = io.BytesIO()
    with WRITERS[kind](out, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as file:
        file.write_table(table)
    return out.getvalue()


def test_the_keys_of_pandas_are_what_polars_refuses() -> None:
    """Should polars take them one day, less is to be done here."""
    with pytest.raises(pl.exceptions.PolarsError, match="-1"):
        pl.read_ipc_stream(written(pa.table({"c": CODES}), "stream"))


@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
@pytest.mark.parametrize("kind", WRITERS)
def test_categories_of_pandas_with_nulls_are_the_values_of_every_type(kind: str, compression: str | None) -> None:
    frame = pd.DataFrame({name: pd.Categorical(values) for name, values in VALUES.items()})
    frame["ordered"] = pd.Categorical(["lo", None, "hi"], categories=["lo", "hi"], ordered=True)
    table = pa.Table.from_pandas(frame)
    loaded = read(written(table, kind, compression=compression))
    plain = pa.table({name: table[name].combine_chunks().dictionary_decode() for name in table.column_names})
    assert_frame_equal(loaded.data, pl.DataFrame(plain))
    assert loaded.data["datetime"].cast(pl.Int64)[0] % 10 == 1  # the nanosecond


@pytest.mark.parametrize("kind", WRITERS)
def test_within_lists_and_objects_too(kind: str) -> None:
    three, ends = CODES.slice(0, 3), [0, 1, 1, 3]
    nothing = pa.array([False, False, True])
    table = pa.table({
        "l": pa.ListArray.from_arrays(ends, CODES),
        "large": pa.LargeListArray.from_arrays(ends, CODES),
        "fixed": pa.FixedSizeListArray.from_arrays(pa.concat_arrays([CODES, CODES.slice(0, 2)]), 2),
        "s": pa.StructArray.from_arrays([three, pa.array([1, 2, 3])], ["^x$", "y"], mask=nothing),
        "deep": pa.ListArray.from_arrays(ends, pa.StructArray.from_arrays([three], ["x"])),
    })  # fmt: skip
    loaded = read(written(table, kind))
    for name in table.column_names:
        assert loaded.values(name) == table[name].to_pylist(), name


@pytest.mark.parametrize("kind", WRITERS)
def test_lists_and_uuids_may_be_values(kind: str) -> None:
    keys = pa.array([0, 1, None], pa.uint8())
    uuids = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([bytes(16), b"\1" * 16], pa.binary(16)))
    lists = pa.DictionaryArray.from_arrays(keys, pa.array([[1, 2], None]))
    table = pa.table({"l": lists, "u": pa.DictionaryArray.from_arrays(keys, uuids), "n": [1, 2, 3]})
    loaded = read(written(table, kind))
    assert loaded.values("l") == [[1, 2], None, None]
    assert loaded.values("u") == [
        "00000000-0000-0000-0000-000000000000",
        "01010101-0101-0101-0101-010101010101",
        None,
    ]


def test_lists_of_values_that_are_replaced_thousands_of_times_are_read() -> None:
    chunks = [pa.array([f"v{number}", "w"]).dictionary_encode() for number in range(3000)]
    table = pa.table({"c": pa.chunked_array(chunks)})
    assert read(written(table, "stream")).values("c") == table["c"].to_pylist()


@pytest.mark.parametrize("kind", WRITERS)
def test_lists_of_values_that_go_on_are_read(kind: str) -> None:
    out, values = io.BytesIO(), ["x", "y"]
    schema = pa.schema({"c": pa.dictionary(pa.int8(), pa.string())})
    options = pa.ipc.IpcWriteOptions(emit_dictionary_deltas=True)
    with WRITERS[kind](out, schema, options=options) as file:
        for more in ("a", "b", "c"):
            column = pa.DictionaryArray.from_arrays(pa.array([0, len(values) - 1], pa.int8()), pa.array(values))
            file.write_batch(pa.record_batch([column], schema=schema))
            values.append(more)
    assert read(out.getvalue()).values("c") == ["x", "y", "x", "a", "x", "b"]


def test_a_table_with_thousands_of_categories_is_read() -> None:
    table = pa.table({f"c{number}": CODES for number in range(2500)})
    assert read(written(table, "stream")).data.shape == (4, 2500)


@pytest.mark.parametrize("key", [2, -1])
def test_a_key_of_no_value_is_refused(key: int) -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0, key]), pa.array(["x", "y"]), safe=False)
    assert "no sound arrow file" in refusal(written(pa.table({"c": column}), "stream")).reason


@pytest.mark.parametrize("kind", WRITERS)
def test_within_objects_of_objects(kind: str) -> None:
    inner = pa.StructArray.from_arrays([CODES, pa.array([1, 2, 3, 4])], ["k", "n"])
    table = pa.table({"o": pa.StructArray.from_arrays([inner, CODES], ["i", "c"])})
    values = [{"i": {"k": one, "n": number}, "c": one} for number, one in enumerate(["x", None, "y", None], 1)]
    assert read(written(table, kind)).data["o"].to_list() == values
