"""The tables of sheets as people make them: a title, labels with values, two rows of names, a few rows, totals."""

from datetime import date
from typing import Any

import pytest

from tests.adapters.polars.test_import_csv import read
from tests.adapters.polars.workbooks import Cells, sheet

NAMES = ["Product", "Units", "Price", "Sum"]
DAY = date(2024, 1, 31)


def rows(count: int) -> list[list[Any]]:
    return [[f"P{number}", number, number * 1.5, number * 2.5] for number in range(1, count + 1)]


@pytest.mark.parametrize("count", [1, 2, 3, 5])
@pytest.mark.parametrize(
    ("above", "merged"),
    [
        ([["Sales 2024"], []], "A1:D1"),
        ([["Sales 2024"]], "A1:D1"),
        ([["Sales 2024"]], None),
        ([["Sales 2024"], ["Department North"], []], "A1:D1 A2:D2"),
        ([["Sales 2024"], ["Department North"]], "A1:D1 A2:D2"),
        ([["Sales 2024"], ["Created:", DAY], ["By:", "Ann"], []], "A1:D1"),
        ([["Sales 2024"], ["Created:", DAY], ["By:", "Ann"]], None),
        ([["Sales 2024"], ["a:", DAY], ["b:", "Ann"], ["c:", 1], ["d:", 2], ["e:", "f"], []], "A1:D1"),
        ([["Created:", DAY], ["By:", "Ann"], []], None),
        ([["Sales 2024"], ["Balance:", 5.5, "EUR"], []], None),
        ([["Sales 2024", None, None, DAY], []], None),
        ([["Sales 2024", None, None, DAY]], None),
        ([[], ["Sales 2024"], [], []], None),
    ],
)
def test_a_title_and_labels_are_left_out_above_few_rows(above: Cells, merged: str | None, count: int) -> None:
    loaded = read(sheet([*above, NAMES, *rows(count)], merged=merged))
    assert (loaded.data.columns, loaded.data.height) == (NAMES, count)
    assert loaded.imported.report.skipped_lines == len(above)
    assert loaded.types == {"Product": "string", "Units": "integer", "Price": "number", "Sum": "number"}


def test_labels_are_told_with_their_values() -> None:
    loaded = read(sheet([["Sales"], ["By:", "Ann"], [], NAMES, *rows(2)]))
    assert loaded.imported.report.warnings == ("2 lines before the table were left out: 'Sales', 'By: Ann'.",)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_title_that_is_merged_over_both_columns_is_none_of_a_table_of_words(count: int) -> None:
    words = [["Name", "City"], *([f"Ann {number}", "Rome"] for number in range(count))]
    for above in ([["Members"]], [["Members"], []]):
        loaded = read(sheet([*above, *words], merged="A1:B1"))
        assert (loaded.data.columns, loaded.data.height) == (["Name", "City"], count)


UPPER = ["Product", "2023", None, "2024", None]
LOWER = [None, "Units", "Price", "Units", "Price"]
JOINED = ["Product", "2023 Units", "2023 Price", "2024 Units", "2024 Price"]


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("title", [[], [["Sales"], []], [["Sales"]]])
@pytest.mark.parametrize("year", [str, int])
def test_names_that_are_merged_over_rows_show_how_many_name_the_columns(title: Cells, year: type, count: int) -> None:
    upper = [year(name) if name and name.isdigit() else name for name in UPPER]
    table = [[f"P{number}", number, 1.5, number, 2.5] for number in range(count)]
    first = len(title) + 1
    merged = f"A{first}:A{first + 1} B{first}:C{first} D{first}:E{first}" + (" A1:E1" if title else "")
    loaded = read(sheet([*title, upper, LOWER, *table], merged=merged))
    assert (loaded.data.columns, loaded.data.height) == (JOINED, count)


def test_so_they_do_above_words() -> None:
    upper, lower = ["Name", "Address", None], [None, "City", "Street"]
    loaded = read(sheet([upper, lower, ["Ann", "Rome", "Via A"], ["Bob", "Oslo", "B gate"]], merged="A1:A2 B1:C1"))
    assert (loaded.data.columns, loaded.data.height) == (["Name", "Address City", "Address Street"], 2)


def test_blank_cells_that_are_merged_with_names_above_are_no_row() -> None:
    loaded = read(sheet([NAMES, [], *rows(2)], merged="A1:A2 B1:B2 C1:C2 D1:D2"))
    assert (loaded.data.columns, loaded.data.height) == (NAMES, 2)
    assert read(sheet([NAMES, [], *rows(2)])).data.height == 3


@pytest.mark.parametrize(
    ("table", "merged"),
    [
        ([["Name", "Address", None], ["Ann", "Rome", "Via A"], ["Bob", "Oslo", "B gate"]], "B1:C1"),
        ([["Name", "City", "Street"], ["Ann", "Rome", "Via A"], [None, "Oslo", "B gate"]], "A2:A3"),
        ([["Name", None, "Street"], ["Ann", "Rome", "Via A"]], "A1:A2"),  # it would leave no row
        ([["Name", None, "n"], ["Ann", "Rome", 3], [None, "Oslo", 4]], "A1:A2"),
    ],
)
def test_other_cells_that_are_merged_show_nothing(table: Cells, merged: str) -> None:
    loaded = read(sheet(table, merged=merged))
    assert (loaded.imported.report.header_rows, loaded.data.height) == (1, len(table) - 1)


@pytest.mark.parametrize(
    "table",
    [
        [["name", "sold"], ["x", 1], ["y", 2], [], ["a", "b", "c", "d"], ["x", 1, 2, 3]],
        [["name", "mail"], ["Ann", "a@b"], ["Bob", "b@b"], [], ["a", "b", "c", "d"], ["x", 1, 2, 3]],
        [[2024], ["a", "b"], [1, 2]],
        [["Student", "Grades", None], ["Name", "Math", "Art"], ["Ann", 1, 2]],
    ],
)
def test_what_may_be_a_table_of_its_own_is_the_table(table: Cells) -> None:
    loaded = read(sheet(table))
    assert loaded.imported.report.skipped_lines == 0
    below = table.index([]) if [] in table else len(table)  # what stands there is another one
    assert loaded.data.height == below - 1
