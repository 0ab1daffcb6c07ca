"""What every reader of stored tables does."""

import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from entrepot_core.errors import BlobDamaged
from entrepot_core.formats import Format
from entrepot_core.names import Digest
from entrepot_core.ports.tables import Tables
from entrepot_core.rows.selection import Selection

Store = Callable[..., list[Digest]]
ALL = slice(0, None)
NOWHERE = Digest("0" * 64)

KINDS = pl.DataFrame({
    "_id": [1, 2],
    "truth": [True, None],
    "whole": pl.Series([2**64 - 1, None], dtype=pl.UInt64),
    "number": [0.1, None],
    "decimal": [Decimal("12345678901234567890.10"), None],
    "text": ["é\u2028\x1f\"\\,'\n😀", None],
    "day": [date(1066, 10, 14), None],
    "moment": [datetime(2024, 2, 29, 12, 0, 0, 1500), None],  # noqa: DTZ001 - a naive one is meant
    "instant": pl.Series([datetime(2024, 7, 1, 10, tzinfo=UTC), None]).dt.convert_time_zone("Europe/Oslo"),
    "clock": [time(23, 59, 59), None],
    "span": [timedelta(days=-1, hours=-2, milliseconds=-5), None],
    "bytes": [b"\xff\x00", None],
    "kind": pl.Series(["new", None], dtype=pl.Enum(["new", "used"])),
    "list": [[Decimal("1.50"), None], None],
    "struct": [{"at": [datetime(2024, 1, 1)], "*": b"\x01", "n": {"x": None}}, None],  # noqa: DTZ001 - likewise
    "document": ['{"a":[1,{"b":null}]}', None],
    "nothing": [None, None],
})  # fmt: skip

KINDS_AS_JSON = (
    '{"_id":1,"truth":true,"whole":18446744073709551615,"number":0.1,"decimal":12345678901234567890.10,'
    '"text":"é\u2028\\u001f\\"\\\\,\'\\n😀","day":"1066-10-14","moment":"2024-02-29T12:00:00.001500",'
    '"instant":"2024-07-01T10:00:00Z","clock":"23:59:59","span":"-P1DT2H0.005S","bytes":"/wA=","kind":"new",'
    '"list":[1.50,null],"struct":{"at":["2024-01-01T00:00:00"],"*":"AQ==","n":{"x":null}},'
    '"document":{"a":[1,{"b":null}]},"nothing":null}'
)

HOSTILE = ["*", "^.*$", "_id", 'q"u', "a,b", "l\nx", "t\tx", "", " ", "名前", "'; --", "{}", "0"]


def text_of(chunks: Sequence[bytes]) -> str:
    return b"".join(chunks).decode()


def some(columns: Sequence[str]) -> Selection:
    """All rows, of these columns."""
    return Selection(columns=tuple(columns))


class TablesContract:
    """The facts; a subclass gives the fixtures ``tables`` and ``store``, which keeps frames as parts of a table."""

    @pytest.fixture
    def tables(self) -> Tables:
        raise NotImplementedError

    @pytest.fixture
    def store(self) -> Store:
        raise NotImplementedError

    @pytest.fixture
    def numbers(self, store: Store) -> list[Digest]:
        """Ten rows in three parts."""
        return store(*(pl.DataFrame({"_id": part, "n": part}) for part in ([0, 1, 2], [3], [4, 5, 6, 7, 8, 9])))

    # --- what is read ---------------------------------------------------------------------------

    @pytest.mark.parametrize(("offset", "limit"), [(0, 1), (0, 100), (2, 3), (9, 5), (10, 5), (1_000_000_000_000, 1)])
    def test_a_page_is_a_slice_over_all_parts(
        self, tables: Tables, numbers: list[Digest], offset: int, limit: int
    ) -> None:
        found = [row["n"] for row in json.loads(tables.page(numbers, some(["n"]), offset, limit).rows)]
        assert found == list(range(10))[offset : offset + limit]

    @pytest.mark.parametrize("rows", [ALL, slice(None), slice(2, 5), slice(9, 99), slice(10, None), slice(4, 4)])
    @pytest.mark.parametrize("form", [Format.NDJSON, Format.JSON, Format.PARQUET, Format.ARROW])
    def test_a_stream_is_a_slice_over_all_parts(
        self, tables: Tables, numbers: list[Digest], form: Format, rows: slice
    ) -> None:
        readers: dict[Format, Callable[[io.BytesIO], list[int]]] = {
            Format.NDJSON: lambda file: [json.loads(line)["n"] for line in file],
            Format.JSON: lambda file: [row["n"] for row in json.load(file)],
            Format.PARQUET: lambda file: pl.read_parquet(file)["n"].to_list(),
            Format.ARROW: lambda file: pl.read_ipc_stream(file)["n"].to_list(),
        }
        written = b"".join(tables.stream(numbers, some(["n"]), form, rows))
        assert readers[form](io.BytesIO(written)) == list(range(10))[rows]

    def test_batches_come_in_order(self, tables: Tables, numbers: list[Digest]) -> None:
        batches = [pl.DataFrame(batch) for batch in tables.batches(numbers, some(["n", "_id"]), slice(1, 8))]
        assert pl.concat(batches).rows() == [(n, n) for n in range(1, 8)]

    def test_columns_come_in_the_order_wished(self, tables: Tables, store: Store) -> None:
        parts = store(KINDS)
        assert list(json.loads(tables.page(parts, some(["text", "_id", "day"]), 0, 1).rows)[0]) == [
            "text",
            "_id",
            "day",
        ]
        assert text_of([*tables.stream(parts, some(["day", "_id"]), Format.CSV, ALL)]) == "day,_id\n1066-10-14,1\n,2\n"

    def test_any_name_is_a_column(self, tables: Tables, store: Store) -> None:
        frame = pl.DataFrame({name: [i] for i, name in enumerate(HOSTILE)})
        parts = store(frame)
        assert json.loads(tables.page(parts, some(HOSTILE[::-1]), 0, 1).rows) == frame.select(
            reversed(frame.get_columns())
        ).rows(named=True)
        for form in (Format.PARQUET, Format.ARROW, Format.CSV, Format.TSV):
            written = io.BytesIO(b"".join(tables.stream(parts, some(HOSTILE), form, ALL)))
            assert _read(written, form).rows() == frame.rows()

    # --- how it is written ----------------------------------------------------------------------

    def test_every_kind_of_value_as_json(self, tables: Tables, store: Store) -> None:
        nulls = json.dumps(dict.fromkeys(KINDS.columns) | {"_id": 2}, separators=(",", ":"))
        parts = store(KINDS, documents=["document"])
        rows = f"[{KINDS_AS_JSON},{nulls}]"
        assert tables.page(parts, some(KINDS.columns), 0, 100).rows.decode() == rows
        assert text_of([*tables.stream(parts, some(KINDS.columns), Format.JSON, ALL)]) == rows
        assert (
            text_of([*tables.stream(parts, some(KINDS.columns), Format.NDJSON, ALL)]) == f"{KINDS_AS_JSON}\n{nulls}\n"
        )

    def test_text_that_is_no_document_stays_text(self, tables: Tables, store: Store) -> None:
        assert json.loads(tables.page(store(KINDS), some(["document"]), 0, 1).rows) == [
            {"document": '{"a":[1,{"b":null}]}'}
        ]

    def test_every_kind_of_value_as_csv(self, tables: Tables, store: Store) -> None:
        columns = [name for name in KINDS.columns if name != "text"]
        parts = store(KINDS, documents=["document"])
        header, first, second = text_of([*tables.stream(parts, some(columns), Format.CSV, ALL)]).splitlines()
        assert header == ",".join(columns)
        assert first == (
            "1,true,18446744073709551615,0.1,12345678901234567890.10,1066-10-14,2024-02-29T12:00:00.001500,"
            '2024-07-01T10:00:00Z,23:59:59,-P1DT2H0.005S,/wA=,new,"[1.50,null]",'
            '"{""at"":[""2024-01-01T00:00:00""],""*"":""AQ=="",""n"":{""x"":null}}","{""a"":[1,{""b"":null}]}",'
        )
        assert second == "2" + "," * (len(columns) - 1)

    def test_json_has_no_nan_and_csv_has(self, tables: Tables, store: Store) -> None:
        parts = store(pl.DataFrame({"x": [float("nan"), float("inf"), -0.0, 1e300, 5e-324], "y": [[float("nan")]] * 5}))
        rows = json.loads(tables.page(parts, some(["x", "y"]), 0, 5).rows)
        assert [row["x"] for row in rows] == [None, None, 0.0, 1e300, 5e-324]
        assert rows[0]["y"] == [None]
        assert text_of([*tables.stream(parts, some(["x"]), Format.CSV, ALL)]).split() == [
            "x", "NaN", "inf", "-0.0", "1e+300", "5e-324",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("form", "expected"),
        [
            (Format.CSV, 'a,b\n,1\n"",1\n"x,y",1\n"q""",1\n"l\nx",1\n"c\rx",1\n s ,1\nt\tx,1\n'),
            (Format.TSV, 'a\tb\n\t1\n""\t1\nx,y\t1\n"q"""\t1\n"l\nx"\t1\n"c\rx"\t1\n s \t1\n"t\tx"\t1\n'),
        ],
    )
    def test_delimited_text_is_quoted_where_it_must_be_and_tells_null_from_empty(
        self, tables: Tables, store: Store, form: Format, expected: str
    ) -> None:
        values = [None, "", "x,y", 'q"', "l\nx", "c\rx", " s ", "t\tx"]
        parts = store(pl.DataFrame({"a": values, "b": [1] * len(values)}))
        assert text_of([*tables.stream(parts, some(["a", "b"]), form, ALL)]) == expected

    @pytest.mark.parametrize("form", [Format.PARQUET, Format.ARROW])
    def test_binary_formats_keep_every_kind_of_value(self, tables: Tables, store: Store, form: Format) -> None:
        parts = store(KINDS, KINDS, documents=["document"])
        written = io.BytesIO(b"".join(tables.stream(parts, some(KINDS.columns), form, ALL)))
        assert_frame_equal(_read(written, form), pl.concat([KINDS, KINDS]))

    def test_documents_stay_documents_in_a_parquet_file(self, tables: Tables, store: Store) -> None:
        written = io.BytesIO(
            b"".join(tables.stream(store(KINDS, documents=["document"]), some(["document"]), Format.PARQUET, ALL))
        )
        again = store(pl.read_parquet(written), metadata=pl.read_parquet_metadata(written))
        assert json.loads(tables.page(again, some(["document"]), 0, 1).rows) == [{"document": {"a": [1, {"b": None}]}}]

    # --- nothing there --------------------------------------------------------------------------

    @pytest.mark.parametrize("parts", [[], [KINDS.clear()], [KINDS.clear(), KINDS.clear()]])
    def test_a_table_without_rows_still_has_columns(
        self, tables: Tables, store: Store, parts: list[pl.DataFrame]
    ) -> None:
        stored, columns = store(*parts), ["number", "text"]
        assert tables.page(stored, some(columns), 0, 10).rows == b"[]"
        assert text_of([*tables.stream(stored, some(columns), Format.CSV, ALL)]) == "number,text\n"
        assert text_of([*tables.stream(stored, some(columns), Format.TSV, ALL)]) == "number\ttext\n"
        assert text_of([*tables.stream(stored, some(columns), Format.JSON, ALL)]) == "[]"
        assert text_of([*tables.stream(stored, some(columns), Format.NDJSON, ALL)]) == ""
        for form in (Format.PARQUET, Format.ARROW):
            written = io.BytesIO(b"".join(tables.stream(stored, some(columns), form, ALL)))
            assert _read(written, form).columns == columns
        assert sum(pl.DataFrame(batch).height for batch in tables.batches(stored, some(columns), ALL)) == 0
        assert tables.histograms(stored, ["number"], 5) == {}

    # --- histograms -----------------------------------------------------------------------------

    def test_histograms_span_the_parts_and_leave_out_columns_without_values(self, tables: Tables, store: Store) -> None:
        values: list[list[float | None]] = [[0.0, 1.0, None], [9.0, 10.0, float("nan")]]
        parts = store(
            *(pl.DataFrame({"x": part, "none": [None] * 3}, schema_overrides={"none": pl.Float64}) for part in values)
        )
        found = tables.histograms(parts, ["none", "x"], 2)
        assert {name: (one.counts, one.edges) for name, one in found.items()} == {"x": ((2, 2), (0.0, 5.0, 10.0))}

    # --- damage ---------------------------------------------------------------------------------

    @pytest.mark.parametrize("form", [Format.CSV, Format.JSON, Format.PARQUET, Format.ARROW])
    def test_a_missing_part_is_damage(self, tables: Tables, numbers: list[Digest], form: Format) -> None:
        with pytest.raises(BlobDamaged) as caught:
            list(tables.stream([*numbers, NOWHERE], some(["n"]), form, ALL))
        assert caught.value.digest == NOWHERE

    def test_a_missing_part_is_damage_wherever_it_is_read(self, tables: Tables) -> None:
        with pytest.raises(BlobDamaged):
            tables.page([NOWHERE], some(["n"]), 0, 1)
        with pytest.raises(BlobDamaged):
            list(tables.batches([NOWHERE], some(["n"]), ALL))
        with pytest.raises(BlobDamaged):
            tables.histograms([NOWHERE], ["n"], 3)


def _read(file: io.BytesIO, form: Format) -> pl.DataFrame:
    match form:
        case Format.PARQUET:
            return pl.read_parquet(file)
        case Format.ARROW:
            return pl.read_ipc_stream(file)
        case _:
            return pl.read_csv(file, separator="," if form is Format.CSV else "\t")
