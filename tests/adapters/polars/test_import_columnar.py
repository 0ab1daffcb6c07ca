"""How Parquet, Arrow and Excel are read: with the types they have."""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import openpyxl
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from entrepot_adapters.polars.reading.sheet_errors import ErrorCell, odd_cells
from entrepot_core.errors import EmptyInput, InvalidOption, MalformedInput
from tests.adapters.polars.test_import_csv import read, refusal

KINDS = pl.DataFrame({
    "integer": pl.Series([1, None], dtype=pl.Int8),
    "unsigned": pl.Series([2**64 - 1, 0], dtype=pl.UInt64),
    "number": pl.Series([0.1, None], dtype=pl.Float32),
    "decimal": pl.Series(["12345678901234567890.10", None]).cast(pl.Decimal(30, 2)),
    "boolean": [True, None],
    "string": ["NA", None],
    "binary": [b"\x00\xff", None],
    "date": [date(2024, 1, 31), None],
    "datetime": pl.Series([datetime(2024, 1, 31), None], dtype=pl.Datetime("ns")),  # noqa: DTZ001 - naive
    "zoned": pl.Series([datetime(2024, 1, 31), None], dtype=pl.Datetime("ms")).dt.replace_time_zone("Europe/Oslo"),  # noqa: DTZ001 - its zone follows
    "time": [time(12, 30), None],
    "duration": pl.Series([1, None], dtype=pl.Duration("ms")),
    "list": [[1], None],
    "struct": [{"x": 1}, None],
    "nested": [[{"x": [date(2024, 1, 31)]}], None],
})  # fmt: skip
TYPES = [
    "integer", "integer", "number", "number", "boolean", "string", "binary", "date", "datetime", "datetime", "time",
    "duration", "json", "json", "json",
]  # fmt: skip


def written(frame: pl.DataFrame, kind: str, **options: Any) -> bytes:  # noqa: ANN401 - those of polars
    out = io.BytesIO()
    getattr(frame, f"write_{kind}")(out, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["parquet", "ipc", "ipc_stream"])
class TestColumnar:
    @pytest.mark.parametrize("dtype", [pl.Date, pl.Datetime("ms"), pl.Datetime("us"), pl.Datetime("us", "UTC")])
    def test_dates_that_nobody_could_read_again_are_refused(self, kind: str, dtype: pl.DataType) -> None:
        far = 2**31 - 1 if dtype == pl.Date else 2**63 - 1
        for number, is_far in ((10**6, False), (far, True), (-far, True)):
            at = pl.Series("at", [0, number]).cast(dtype)
            lists = at.to_frame().select("at", n=pl.int_range(2)).group_by("n", maintain_order=True).agg("at")["at"]
            for values in (
                at,
                lists,
                pl.DataFrame({"x": at}).to_struct("at"),
                pl.DataFrame({"y": lists}).to_struct("at"),
            ):
                frame = pl.DataFrame({"n": [1, 2], "at": values})
                if is_far:
                    assert refusal(written(frame, kind)).column == "at"
                else:
                    assert_frame_equal(read(written(frame, kind)).data, frame)

    def test_types_and_values_survive(self, kind: str) -> None:
        loaded = read(written(KINDS, kind))
        assert_frame_equal(loaded.data, KINDS)
        assert list(loaded.types.values()) == TYPES

    def test_categories_and_enums_are_texts(self, kind: str) -> None:
        frame = pl.DataFrame({
            "c": pl.Series(["x", None, "y"], dtype=pl.Categorical),
            "e": pl.Series(["x", None, "y"], dtype=pl.Enum(["x", "y"])),
            "n": pl.Series([None, None, None], dtype=pl.Null),
        })  # fmt: skip
        loaded = read(written(frame, kind))
        assert_frame_equal(loaded.data, frame.cast(pl.String))

    def test_categories_and_nulls_are_read_as_what_is_asked_for(self, kind: str) -> None:
        frame = pl.DataFrame({
            "c": pl.Series(["1", "NA", "20"], dtype=pl.Categorical),
            "e": pl.Series(["2026-01-02", None, "NA"], dtype=pl.Enum(["2026-01-02", "NA"])),
            "n": pl.Series([None, None, None], dtype=pl.Null),
        })  # fmt: skip
        loaded = read(written(frame, kind), types={"c": "integer", "e": "date", "n": "number"}, null_values=("NA",))
        assert list(loaded.types.values()) == ["integer", "date", "number"]
        assert loaded.data.rows() == [(1, date(2026, 1, 2), None), (None, None, None), (20, None, None)]

    def test_a_table_without_rows_keeps_its_types(self, kind: str) -> None:
        assert_frame_equal(read(written(KINDS.clear(), kind)).data, KINDS.clear())

    def test_many_rows_come_in_their_order(self, kind: str) -> None:
        frame = pl.DataFrame({"a": range(400_000), "_id": range(400_000)})
        loaded = read(written(frame, kind))
        assert loaded.table["_id"].to_list() == list(range(1, 400_001))
        assert loaded.table["a"].equals(frame["a"])
        assert loaded.table["_id_2"].equals(frame["_id"], check_names=False)

    def test_a_damaged_file_is_refused(self, kind: str) -> None:
        content = written(KINDS, kind)
        for cut in (10, len(content) // 2, len(content) - 12):
            assert kind.partition("_")[0].replace("ipc", "rrow") in refusal(content[:cut]).reason

    def test_types_that_are_asked_for_are_given(self, kind: str) -> None:
        frame = pl.DataFrame({"a": [1, 0], "b": ["1", "2"], "c": [1.5, None]})
        loaded = read(written(frame, kind), types={"a": "boolean", "b": "integer", "c": "string"})
        assert loaded.data.rows() == [(True, 1, "1.5"), (False, 2, None)]

    def test_a_value_that_would_change_is_refused(self, kind: str) -> None:
        error = refusal(written(pl.DataFrame({"a": [1, 2**53 + 1]}), kind), types={"a": "number"})
        assert (error.row, error.column, error.value) == (2, "a", str(2**53 + 1))

    def test_a_type_that_can_not_be_had_is_refused(self, kind: str) -> None:
        with pytest.raises(InvalidOption):
            read(written(KINDS, kind), types={"list": "number"})

    def test_null_values_are_null_in_texts(self, kind: str) -> None:
        assert read(written(KINDS, kind), null_values=("NA",)).values("string") == [None, None]


def test_a_compressed_arrow_stream_with_categories_over_batches_is_read() -> None:
    parts = [pl.DataFrame({"c": pl.Series([f"x{n}", "y"], dtype=pl.Categorical)}) for n in range(3)]
    frame = pl.concat(parts, rechunk=False)
    assert read(written(frame, "ipc_stream", compression="zstd")).values("c") == frame["c"].cast(pl.String).to_list()


def test_a_stream_of_pyarrow_is_read() -> None:
    import pyarrow as pa

    out = io.BytesIO()
    table = pa.table({"a": pa.chunked_array([[1, 2], [3]]), "d": pa.array(["x", "y", "x"]).dictionary_encode()})
    with pa.ipc.new_stream(out, table.schema) as stream:
        stream.write_table(table, max_chunksize=1)
    assert read(out.getvalue()).data.rows() == [(1, "x"), (2, "y"), (3, "x")]


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("kind", ["parquet", "file", "stream"])
def test_decimals_of_too_many_digits_are_refused_without_a_panic(
    kind: str,
    nested: bool,  # noqa: FBT001 - a parameter
    capfd: pytest.CaptureFixture[str],
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out, decimals = io.BytesIO(), pa.decimal256(50, 2)
    values = pa.array([[{"x": 1}]], pa.list_(pa.struct({"x": decimals}))) if nested else pa.array([1], decimals)
    table = pa.table({"a": values})
    if kind == "parquet":
        pq.write_table(table, out)
    else:
        with (pa.ipc.new_file if kind == "file" else pa.ipc.new_stream)(out, table.schema) as file:
            file.write_table(table)
    assert "more than 38 digits" in refusal(out.getvalue()).reason
    assert "panicked" not in capfd.readouterr().err


@pytest.mark.parametrize("kind", ["parquet", "feather"])
def test_a_nameless_index_of_pandas_is_kept_and_that_is_told(kind: str) -> None:
    import pandas as pd
    import pyarrow as pa

    out = io.BytesIO()
    frame = pd.DataFrame({"x": [1, 2]}, index=["u", "v"])
    if kind == "parquet":
        frame.to_parquet(out)
    else:
        table = pa.Table.from_pandas(frame)
        with pa.ipc.new_file(out, table.schema) as file:
            file.write_table(table)
    loaded = read(out.getvalue())
    assert loaded.data.to_dicts() == [{"x": 1, "__index_level_0__": "u"}, {"x": 2, "__index_level_0__": "v"}]
    assert "'__index_level_0__' is the index" in loaded.warnings


def test_a_range_index_of_pandas_is_no_column() -> None:
    import pandas as pd

    out = io.BytesIO()
    pd.DataFrame({"x": [1, 2]}).to_parquet(out)
    loaded = read(out.getvalue())
    assert loaded.data.columns == ["x"]
    assert loaded.warnings == ""


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


ROWS: list[list[object]] = [
    ["whole", "number", "text", "day", "at", "clock", "ok", "mixed", "empty"],
    [1, 1.5, "x=1", date(2024, 1, 31), datetime(2024, 1, 31, 12, 30), time(12, 30), True, 1, None],  # noqa: DTZ001 - naive
    [2**40, 2, "007", date(2024, 2, 29), datetime(2024, 1, 31), time(0, 1), False, "x", None],  # noqa: DTZ001 - naive
    [None] * 9,
    [3, None, "x", None, None, None, None, None, None],
]


def test_a_sheet_has_the_types_of_its_cells() -> None:
    loaded = read(workbook(("S", ROWS)))
    assert list(loaded.types.values()) == [
        "integer", "number", "string", "date", "datetime", "time", "boolean", "string", "string"
    ]  # fmt: skip
    assert loaded.data.row(0)[:2] == (1, 1.5)
    assert loaded.data.row(0)[3:] == (*ROWS[1][3:7], "1", None)
    assert loaded.values("whole") == [1, 2**40, None, 3]
    assert loaded.values("text")[1] == "007"


def test_the_first_sheet_that_holds_something_is_read_and_that_is_told() -> None:
    loaded = read(workbook(("Empty", []), ("Data", [["a"], [1]]), ("More", [["b"], [2]])))
    assert loaded.data.to_dicts() == [{"a": 1}]
    assert "'Data'" in loaded.warnings


def test_a_sheet_can_be_chosen() -> None:
    content = workbook(("Data", [["a"], [1]]), ("More", [["b"], [2]]))
    assert read(content, sheet="More").data.to_dicts() == [{"b": 2}]
    with pytest.raises(InvalidOption) as caught:
        read(content, sheet="Nope")
    assert "'Data', 'More'" in caught.value.reason


def test_names_of_a_sheet_are_made_unique() -> None:
    loaded = read(workbook(("S", [["a", None, "a"], [1, 2, 3]])))
    assert loaded.data.to_dicts() == [{"a": 1, "column_2": 2, "a_2": 3}]


def test_a_sheet_may_have_no_header() -> None:
    assert read(workbook(("S", [[1, "x"], [2, "y"]])), header=False).data.rows() == [(1, "x"), (2, "y")]


def test_a_header_alone_is_a_table_of_no_rows() -> None:
    assert read(workbook(("S", [["a", "b"]]))).data.shape == (0, 2)


def test_an_empty_workbook_is_nothing() -> None:
    with pytest.raises(EmptyInput):
        read(workbook(("S", [])))


def test_texts_and_errors_among_values_are_null_and_that_is_told() -> None:
    rows: list[list[object]] = [
        ["day", "n", "ratio", "text"],
        [date(2024, 1, 31), 1, 1.5, "x"],
        ["n/a", "NA", "#DIV/0!", "#N/A"],
        ["N/A", "nan", 2.5, None],
    ]
    loaded = read(workbook(("Other", [["#NUM!"]]), ("S & S", rows)), sheet="S & S")
    assert loaded.data.rows() == [(date(2024, 1, 31), 1, 1.5, "x"), (None, None, None, None), (None, None, 2.5, None)]
    assert "Column 'day': 'N/A' and 'n/a' were read as null." in loaded.warnings
    assert "Column 'n': 'NA' and 'nan' were read as null." in loaded.warnings
    assert "2 cells hold errors (#DIV/0!, #N/A; C3, D3), which were read as null." in loaded.warnings


def test_one_lost_cell_is_told_of_as_one() -> None:
    loaded = read(workbook(("S", [["a", "b"], [1, "#N/A"], ["NA", 2]])))
    assert "Column 'a': 'NA' was read as null." in loaded.warnings
    assert "The cell B2 holds an error (#N/A), which was read as null." in loaded.warnings


def test_a_sound_sheet_is_read_without_a_word() -> None:
    assert read(workbook(("S", ROWS))).warnings == ""


def test_booleans_among_numbers_make_a_column_of_text() -> None:
    loaded = read(workbook(("S", [["a", "b"], [True, 1], [7.5, 2], [None, 3]])))
    assert loaded.values("a") == ["true", "7.5", None]
    assert loaded.values("b") == [1, 2, 3]


def test_rows_of_spaces_at_the_end_are_left_out_and_that_is_told() -> None:
    loaded = read(workbook(("S", [["a", "b"], [1, "x"], [" ", None]])))
    assert loaded.data.rows() == [(1, "x")]
    assert "The last row holds only spaces and was left out." in loaded.warnings
    assert "The last 2 rows" in read(workbook(("S", [["a"], [1], [" "], [" "]]))).warnings


def test_errors_of_formulas_are_found_in_large_sheets() -> None:
    cells = b"".join(b'<c r="A%d" t="n"><v>1</v></c>' % row for row in range(200_000))
    error = b'<x:c r="B7" s="1" t="e"><x:f ca="1">1/0</x:f><x:v>#DIV/0!</x:v></x:c>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "xl/workbook.xml", "<x:workbook><x:sheet name='A &amp; B' sheetId='1' r:id='rId9'/></x:workbook>"
        )
        archive.writestr("xl/_rels/workbook.xml.rels", '<Relationship Id="rId9" Target="worksheets/s.xml"/>')
        archive.writestr("xl/worksheets/s.xml", (cells + error) * 3)
    assert odd_cells(out, "A & B").errors == (ErrorCell("B7", "#DIV/0!"),) * 3


def test_a_damaged_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<nope")
    with pytest.raises(MalformedInput):
        read(out.getvalue())
