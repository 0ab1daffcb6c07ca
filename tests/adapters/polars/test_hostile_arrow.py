"""Arrow whose metadata is not what it says, or would be read for hours: refused at once, in words for people."""

import io
import struct
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from entrepot_adapters.polars.reading.arrow_schema import read_schema
from entrepot_adapters.polars.reading.flatbuffers import FlatTable
from entrepot_core.errors import LimitExceeded, MalformedInput, Refused
from entrepot_core.formats import Format
from entrepot_core.limits import Limits
from tests.adapters.polars.arrow_schemas import schema_of
from tests.adapters.polars.test_import_csv import read, refusal

WRITERS = {"stream": pa.ipc.new_stream, "file": pa.ipc.new_file}


def written(table: Any, kind: str) -> bytes:  # noqa: ANN401 - pyarrow is not typed
    out = io.BytesIO()
    with WRITERS[kind](out, table.schema) as file:
        file.write_table(table)
    return out.getvalue()


def test_the_schemas_are_sound_but_for_what_stands_in_them_again() -> None:
    content = schema_of(1, name=b"one", notes=2, schema_notes=3)
    assert pa.ipc.open_stream(content).schema.equals(pa.schema({"one": pa.int32()}))
    (field,) = read_schema(io.BytesIO(content), Format.ARROW, Limits()).fields
    assert (field.name, len(field.metadata)) == ("one", 2)


@pytest.mark.parametrize(
    "content",
    [
        schema_of(2_000, notes=2_000),
        schema_of(10_000, notes=10_000),
        schema_of(10_000, name=b"n" * 1_000_000),
        schema_of(1, notes=10_000, note=b"x" * 100_000),
        schema_of(1, schema_notes=10_000, note=b"x" * 100_000),
    ],
    ids=["notes", "more notes", "names", "long notes", "notes of the schema"],
)
def test_parts_that_stand_in_a_schema_again_and_again_are_refused(content: bytes) -> None:
    assert "again and again" in refusal(content).reason


def test_that_is_counted_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[FlatTable] = []
    begin = FlatTable.__init__

    def counted(self: FlatTable, *args: Any, **named: Any) -> None:  # noqa: ANN401 - those of the table
        made.append(self)
        begin(self, *args, **named)

    monkeypatch.setattr(FlatTable, "__init__", counted)
    content = schema_of(10_000, notes=10_000)
    with pytest.raises(MalformedInput):
        read_schema(io.BytesIO(content), Format.ARROW, Limits())
    assert len(made) < len(content)  # and not 100 million


def test_columns_past_the_limit_are_refused_before_they_are_read() -> None:
    with pytest.raises(LimitExceeded, match="ENTREPOT_MAX_COLUMNS"):
        read(schema_of(200_000, name=b"n" * 1_000_000))


def test_parts_of_columns_past_all_measure_are_refused() -> None:
    many = pa.schema({"a": pa.struct({f"x{number}": pa.int8() for number in range(200)})})
    with pytest.raises(LimitExceeded, match="ENTREPOT_MAX_COLUMNS"):
        read_schema(io.BytesIO(written(many.empty_table(), "stream")), Format.ARROW, Limits(columns=3))


@pytest.mark.parametrize("kind", [*WRITERS, "parquet"])
def test_a_wide_table_with_notes_on_each_column_is_read(kind: str) -> None:
    fields = [pa.field(f"c{number}", pa.int8(), metadata={"note": "x" * 100}) for number in range(3_000)]
    table = pa.schema(fields, metadata={"pandas": "x" * 100_000}).empty_table()
    out = io.BytesIO()
    if kind == "parquet":
        pq.write_table(table, out)
    assert read(out.getvalue() or written(table, kind)).data.width == 3_000


def test_what_is_nested_far_too_deep_is_refused() -> None:
    deep = pa.int8()
    for _ in range(80):
        deep = pa.list_(deep)
    assert "within more than 64" in refusal(written(pa.schema({"a": deep}).empty_table(), "stream")).reason


@pytest.mark.parametrize("length", [2**40, 2**63 - 1, -1])
@pytest.mark.parametrize("keys", [False, True], ids=["plain", "keys"])
def test_a_message_that_says_it_is_longer_than_the_file_is_refused(length: int, *, keys: bool) -> None:
    column = pa.array(["x", "y"])
    content = bytearray(written(pa.table({"a": column.dictionary_encode() if keys else column}), "stream"))
    place = 8 + struct.unpack_from("<I", content, 4)[0]  # of the message behind the schema
    message = FlatTable(bytes(content[place + 8 :]))
    struct.pack_into("<q", content, place + 8 + (message.find(3) or 0), length)
    assert "longer than what is left" in refusal(bytes(content)).reason


def test_rows_that_stand_in_a_file_again_and_again_are_refused() -> None:
    parts = [pa.array(["x"] * size).dictionary_encode() for size in (10_000, *[1] * 20)]
    content = bytearray(written(pa.table({"a": pa.chunked_array(parts)}), "file"))
    assert read(bytes(content)).data.height == 10_020
    start = len(content) - 10 - struct.unpack_from("<I", content, len(content) - 10)[0]
    place = start + (FlatTable(bytes(content[start:-10])).find(3) or 0)
    blocks = place + struct.unpack_from("<I", content, place)[0] + 4
    for number in range(1, 21):
        content[blocks + 24 * number : blocks + 24 * (number + 1)] = content[blocks : blocks + 24]
    assert "the same rows stand in it again" in refusal(bytes(content)).reason


def test_lists_of_values_that_are_damaged_anywhere_are_refused_in_words_for_people() -> None:
    keys = pa.array(["x", None, "y"]).dictionary_encode()
    lists = pa.ListArray.from_arrays([0, 1, 2, 3], keys)
    content = written(pa.table({"k": keys, "l": lists}), "stream")
    for place in range(0, len(content), 3):
        for byte in (0, 0x7F, 0xFF):
            damaged = content[:place] + bytes([byte]) + content[place + 1 :]
            try:
                read(damaged)
            except Refused as error:
                assert "unwrap()" not in str(error)  # noqa: PT017 - most damage is to what is not looked at
