"""A workbook's table is read alike wherever it stands on its sheet."""

from datetime import date
from typing import Any

import pytest

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
    assert lost == "Column 'price': 1 cell of text ('n/a') was read as null."
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
