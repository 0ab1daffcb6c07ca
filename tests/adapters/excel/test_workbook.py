"""The workbook around the values: sheets, names, layout, properties."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from entrepot_adapters.excel import ExcelWorkbooks, limits
from entrepot_adapters.excel.names import column_letters, sheet_name
from entrepot_core.errors import NotRepresentable
from entrepot_core.schema import Schema
from tests.adapters.excel.reading import CREATED, calamine, openpyxl_columns, openpyxl_sheets, written


def test_the_header_is_frozen_filtered_and_repeated_in_print() -> None:
    sheet = openpyxl_sheets(written(pl.DataFrame({"a": [1, 2], "b": ["x", "y"]})))[0]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet["A1"].font.bold
    assert not sheet["A2"].font.bold


def test_readers_that_trust_a_stated_size_see_all_rows() -> None:
    book = openpyxl.load_workbook(written(pl.DataFrame({"a": range(9), "b": range(9)})), read_only=True)
    assert [len(list(row)) for row in book.worksheets[0].iter_rows()] == [2] * 10


def test_columns_are_as_wide_as_their_values_within_reason() -> None:
    frame = pl.DataFrame({"id": [1], "name": ["x" * 30], "text": ["x" * 500], "a rather long header": [1]})
    sheet = openpyxl_sheets(written(frame))[0]
    widths = [round(sheet.column_dimensions[letter].width) for letter in "ABCD"]
    assert widths == [9, 33, 61, 24]


def test_dates_and_times_have_room_and_keep_a_distance_from_the_next_column() -> None:
    moment = datetime(2024, 12, 28, 20, 48, 58, 888_000)  # noqa: DTZ001 - cells have no zone
    frame = pl.DataFrame({
        "d": [moment.date()], "a": ["x"], "t": [moment.replace(microsecond=0)], "b": [1], "f": [moment], "c": [1.5],
        "clock": [moment.time()], "e": ["x"], "span": [timedelta(hours=30)], "g": ["x"],
    })  # fmt: skip
    sheet = openpyxl_sheets(written(frame))[0]
    widths = {name: sheet.column_dimensions[column_letters(at)].width for at, name in enumerate(frame.columns)}
    shown = {"d": "2024-12-28", "t": "2024-12-28 20:48:58", "f": str(moment)[:-3], "clock": "20:48:58.888"}
    shown["span"] = "30:00:00"
    for cell, column in zip(sheet[2], frame.columns, strict=True):
        if column in shown:
            assert (cell.alignment.horizontal, cell.alignment.indent) == ("right", 1)
            assert widths[column] >= len(shown[column]) + 2
        else:
            assert (cell.alignment.horizontal, cell.alignment.indent) == (None, 0)


def test_title_author_and_time_are_in_the_properties() -> None:
    properties = openpyxl.load_workbook(written(pl.DataFrame({"a": [1]}), title="Cars & <trucks>\x01")).properties
    assert properties.title == "Cars & <trucks>"
    assert properties.creator == "Entrepot"
    assert properties.created == CREATED.replace(tzinfo=None)


def test_the_same_table_gives_the_same_bytes() -> None:
    frame = pl.DataFrame({"a": range(100_000), "b": ["x"] * 100_000})
    assert written(frame).getvalue() == written(frame).getvalue()


@pytest.mark.parametrize("batches", [[], [pl.DataFrame(schema={"a": pl.Int64, "": pl.String})]])
def test_a_table_without_rows_is_a_header(batches: list[pl.DataFrame]) -> None:
    sheet = openpyxl_sheets(written(*batches, names=["a", ""]))[0]
    assert [cell.value for cell in sheet[1]] == ["a", ""]
    assert sheet.max_row == 1


def test_a_table_without_columns_is_an_empty_sheet() -> None:
    assert openpyxl_sheets(written())[0].max_row == 1


def test_any_name_can_be_a_header() -> None:
    names = ["*", "^a.*$", "row number", "_x0041_", "=1", " a ", "é日本", "a\r\nb", "0", "1", "<&>"]
    frame = pl.DataFrame({name: [at] for at, name in enumerate(names)})
    assert openpyxl_columns(written(frame)) == {name: [at] for at, name in enumerate(names)}


def test_more_columns_than_a_sheet_has_are_refused() -> None:
    schema = {f"c{at}": pl.Int8 for at in range(limits.COLUMNS + 1)}
    with pytest.raises(NotRepresentable, match="16,385 columns") as raised:
        written(pl.DataFrame([[1]] * len(schema), schema=schema))
    assert raised.value.format == "Excel"


@pytest.mark.heavy
def test_as_many_columns_as_a_sheet_has_are_written() -> None:
    frame = pl.DataFrame({f"c{at}": [at, None] for at in range(limits.COLUMNS)})
    sheet = openpyxl_sheets(written(frame))[0]
    assert sheet["XFD2"].value == limits.COLUMNS - 1


def test_column_letters() -> None:
    assert [column_letters(at) for at in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


@pytest.mark.parametrize(
    ("title", "number", "name"),
    [
        ("Cars", 1, "Cars"),
        ("Cars", 12, "Cars (12)"),
        ("a/b\\c:d*e?f[g]h", 1, "a b c d e f g h"),
        ("'quoted'", 1, "quoted"),
        ("", 1, "Data"),
        ("???", 2, "Data (2)"),
        ("History", 1, "Data History"),
        ("x" * 40, 1, "x" * 31),
        ("x" * 40, 2, "x" * 27 + " (2)"),
        ("x" * 26 + " yz", 2, "x" * 26 + " (2)"),
        ("😀" * 20, 1, "😀" * 15),
        ("日本語\x00\n", 1, "日本語"),
    ],
)
def test_sheet_names_are_legal(title: str, number: int, name: str) -> None:
    assert sheet_name(title, number) == name


def test_the_sheet_of_notes_takes_no_name_twice() -> None:
    long = pl.DataFrame({"a": ["x" * 40_000]})
    assert [sheet.title for sheet in openpyxl_sheets(written(long, title="NOTES"))] == ["NOTES", "Notes 2"]


@pytest.mark.parametrize("rows", [2, 3, 4, 6, 7])
@pytest.mark.parametrize("size", [1, 2, 3, 10])
def test_rows_that_fill_a_sheet_go_on_on_the_next(rows: int, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROWS", 4)
    monkeypatch.setattr(limits, "TEXT", 100)
    frame = pl.DataFrame({"n": range(rows), "s": ["x" * 101] * rows})
    every = openpyxl_sheets(written(*frame.iter_slices(size), title="Big"))
    sheets, notes = every[: len(every) // 2], every[len(every) // 2 :]
    assert [sheet.title for sheet in sheets] == ["Big", "Big (2)", "Big (3)"][: -(-rows // 3)]
    found = [row[0] for sheet in sheets for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert found == list(range(rows))
    assert all(sheet["A1"].value == "n" for sheet in sheets)
    assert [sheet.auto_filter.ref for sheet in sheets] == [f"A1:B{sheet.max_row}" for sheet in sheets]
    cut = [row[:2] for sheet in notes for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert cut == [(sheets[at // 3].title, f"B{at % 3 + 2}") for at in range(rows)]


def test_more_than_a_million_rows_span_two_sheets() -> None:
    frame = pl.DataFrame({"n": pl.int_range(1_100_000, eager=True)}).with_columns(text=pl.format("row {}", "n"))
    file = written(*frame.iter_slices(131_072))
    first, second = calamine(file), calamine(file, 2)
    assert (first.height, second.height) == (1_048_575, 51_425)
    assert pl.concat([first, second]).equals(frame)


def test_any_arrow_stream_is_a_batch() -> None:
    class Stream:
        def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
            return pl.DataFrame({"a": [1, 2]}).__arrow_c_stream__(requested_schema)

    out = io.BytesIO()
    ExcelWorkbooks().write([Stream(), Stream()], Schema(()), out, title="x", created=CREATED)
    assert openpyxl_columns(out) == {"a": [1, 2, 1, 2]}


def test_the_file_is_recognised_as_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(written(pl.DataFrame({"a": [1]})).getvalue())
    names = zipfile.ZipFile(path).namelist()
    assert names[:2] == ["_rels/.rels", "docProps/core.xml"]
    assert len(names) == len(set(names))


def test_an_error_in_the_batches_comes_through() -> None:
    def batches() -> Iterator[pl.DataFrame]:
        yield pl.DataFrame({"a": [1]})
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        ExcelWorkbooks().write(batches(), Schema(()), io.BytesIO(), title="x", created=CREATED)
