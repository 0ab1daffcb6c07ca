"""A workbook's table is read alike wherever it stands on its sheet."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from entrepot_core.errors import EmptyInput
from tests.adapters.polars.test_import_csv import read
from tests.adapters.polars.workbooks import sheet
from tests.contracts.loading import Loaded

TABLE: list[list[Any]] = [
    ["name", "sold", "price", "day", "mixed"],
    ["x", True, 1.5, date(2024, 1, 31), False],
    ["y", False, "n/a", date(2024, 2, 1), 7],
    ["z", None, 3, None, True],
]
ROWS = [
    ("x", True, 1.5, date(2024, 1, 31), "false"),
    ("y", False, None, date(2024, 2, 1), "7"),
    ("z", None, 3.0, None, "true"),
]


def is_whole(loaded: Loaded) -> bool:
    return (loaded.data.columns, loaded.data.rows()) == (TABLE[0], ROWS)


@pytest.mark.parametrize("column", [1, 2, 5])
@pytest.mark.parametrize("row", [1, 2, 4, 1_500])
def test_a_table_may_begin_anywhere(row: int, column: int) -> None:
    loaded = read(sheet(TABLE, row, column))
    assert is_whole(loaded)
    lost, mixed = loaded.imported.report.warnings
    assert lost == "Column 'price': 'n/a' was read as null."
    assert "Column 'mixed' stays text, as '7' is no boolean" in mixed


def test_without_a_header_blank_rows_above_are_no_rows() -> None:
    loaded = read(sheet(TABLE, 4, 2), header=False)
    assert (loaded.imported.rows, loaded.data.row(0)) == (4, tuple(TABLE[0]))


@pytest.mark.parametrize("skipped", [1, 2])
def test_rows_above_a_table_can_be_skipped(skipped: int) -> None:
    loaded = read(sheet([["Report 2024"], [], [], *TABLE]), skip_lines=skipped)
    assert is_whole(loaded)


def test_a_sheet_of_which_all_rows_are_skipped_is_empty() -> None:
    for skipped in (4, 100):
        with pytest.raises(EmptyInput):
            read(sheet(TABLE), skip_lines=skipped)


@pytest.mark.parametrize("row", [1, 4])
def test_a_sheet_of_numbers_alone_loses_no_row_to_names(row: int) -> None:
    cells: list[list[Any]] = [[1, 2.5, date(2024, 1, 31)], [3, 4.5, date(2024, 2, 1)], [5, 6.5, None]]
    loaded = read(sheet(cells, row, 2))
    assert loaded.data.rows() == [tuple(one) for one in cells]
    assert loaded.imported.report.header is False
    assert "The first row looks like all others" in loaded.warnings
    assert read(sheet(cells, row, 2), header=True).imported.rows == 2


@pytest.mark.parametrize(
    "names", [["a", 1, 2], [2022, 2023, 2024], ["x", "y", "z"], [None, "b", None], ["1", "2", "c"], [True, 1, "z"]]
)
def test_a_first_row_with_a_word_or_with_years_names_the_columns(names: list[object]) -> None:
    assert read(sheet([names, [1, 2, 3], [4, 5, 6]])).data.rows() == [(1, 2, 3), (4, 5, 6)]


def test_a_sheet_of_one_row_is_names() -> None:
    assert read(sheet([[1, 2, 3]])).imported.rows == 0


GROUPED: list[list[Any]] = [
    [None, "2023", None, "2024", None],
    ["product", "sold", "returned", "sold", "returned"],
    ["tea", 5, 1, 7, 0],
    ["coffee", 9, 0, 8, 1],
    ["milk", 3, None, 4, 2],
]


@pytest.mark.parametrize("title", [[], ["Sales of the shop"]])
@pytest.mark.parametrize("blanks", [0, 2])
def test_two_rows_that_name_columns_of_numbers_are_joined(title: list[Any], blanks: int) -> None:
    rows = [title, [], *GROUPED[:1], *[[]] * blanks, *GROUPED[1:]]
    loaded = read(sheet(rows, 2, 2), **({"skip_lines": 3} if title else {}))
    assert loaded.data.columns == ["product", "2023 sold", "2023 returned", "2024 sold", "2024 returned"]
    assert loaded.data.row(1) == ("coffee", 9, 0, 8, 1)
    assert (loaded.imported.report.header_rows, loaded.imported.rows) == (2, 3)
    assert "The first 2 rows name the columns (option header_rows)" in loaded.warnings


def test_how_many_rows_name_the_columns_can_be_said() -> None:
    words = [["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"]]
    assert read(sheet(words)).data.columns == ["a", "b"]
    loaded = read(sheet(words), header_rows=2)
    assert (loaded.data.columns, loaded.imported.rows, loaded.warnings) == (["a c", "b d"], 2, "")
    assert read(sheet(words), header_rows=0).imported.rows == 4
    assert read(sheet(words), header_rows=4).imported.rows == 0
    assert read(sheet(GROUPED), header_rows=1).types["2023"] == "string"


def test_units_below_names_are_part_of_them_and_words_below_words_are_not() -> None:
    units: list[list[Any]] = [["item", "weight", "length"], ["", "kg", "m"], *(["x", n + 0.5, n] for n in range(3))]
    assert read(sheet(units)).data.columns == ["item", "weight kg", "length m"]
    words: list[list[Any]] = [["item", "colour", "n"], ["x", "red", "few"], *(["y", "blue", n] for n in range(3))]
    assert read(sheet(words)).imported.rows == 4


def test_the_sheets_that_were_not_read_are_named() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for name in ("a", "b", "c", "d", "e"):
        book.create_sheet(name).append([name, "n"])
    book.save(out)
    told = "Only the sheet 'a' was read; to read another, name it (option sheet): 'Sheet', 'b', 'c', …."
    assert told in read(out.getvalue()).warnings
    assert read(out.getvalue(), sheet="b").warnings == ""


@pytest.mark.parametrize("above", [[[" "]], [[" ", "  "], [], [" "]]])
@pytest.mark.parametrize("names", [[["a", "b"]], []])
def test_spaces_above_a_table_name_nothing(above: list[list[str]], names: list[list[str]]) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:  # openpyxl writes no cells of spaces alone
        active = book.add_worksheet()
        for number, cells in enumerate([*above, *names, [1, 2], [3, 4]]):
            active.write_row(number, 0, cells)
    loaded = read(out.getvalue())
    assert loaded.data.rows() == [(1, 2), (3, 4)]
    assert loaded.data.columns == (names[0] if names else ["column_1", "column_2"])


@pytest.mark.parametrize(
    ("first", "is_told"), [([1, "Ann", 0.5], True), (["id", "name", "rate"], False), (["Eve", "Ann", "x"], False)]
)
def test_a_first_row_of_data_that_is_taken_for_names_is_told(first: list[object], *, is_told: bool) -> None:
    loaded = read(sheet([first, [2, "Bob", 1.5], [3, "Cid", 2.5], [4, "Dan", 3.5]]))
    assert (loaded.data.columns, loaded.imported.rows) == (list(map(str, first)), 3)
    assert ("looks like all others, but was taken for the names" in loaded.warnings) == is_told
    bare = read(sheet([first, [2, "Bob", 1.5], [3, "Cid", 2.5], [4, "Dan", 3.5]]), header=False)
    assert (bare.imported.rows, "looks like" in bare.warnings) == (4, False)
