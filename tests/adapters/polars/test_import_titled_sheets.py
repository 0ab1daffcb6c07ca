"""A title above the table of a sheet is found, and told; a table without one is read as it stands."""

import io
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.polars.test_import_csv import read
from tests.adapters.polars.workbooks import Cells, sheet
from tests.contracts.loading import Loaded

TABLE: list[list[Any]] = [
    ["name", "sold", "price", "day"],
    ["x", 3, 1.5, date(2024, 1, 31)],
    ["y", 4, None, date(2024, 2, 1)],
    [None, 5, 2.5, None],
]
ROWS = [tuple(row) for row in TABLE[1:]]
WORDS = [["name", "city", "street"], ["Ann", "Rome", "Via A"], ["Bob", "Oslo", "B gate"], ["Cid", "Rome", "Via C"]]


def merged_sheet(title: str, rows: Cells) -> bytes:
    """A sheet with a title over all columns of a table, as xlsxwriter writes it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        active = book.add_worksheet()
        active.merge_range(0, 0, 0, len(rows[0]) - 1, title)
        for number, row in enumerate(rows, 1):
            active.write_row(number, 0, row)
    return out.getvalue()


def is_whole(loaded: Loaded) -> bool:
    return (loaded.data.columns, loaded.data.rows()) == (TABLE[0], ROWS)


@pytest.mark.parametrize(
    ("above", "told"),
    [
        ([["Sales 2024"]], "1 line before the table was left out: 'Sales 2024'."),
        ([["Sales 2024"], []], "1 line before the table was left out: 'Sales 2024'."),
        ([[], ["Sales 2024"], [], []], "1 line before the table was left out: 'Sales 2024'."),
        ([["Sales"], ["Source: x"]], "2 lines before the table were left out: 'Sales', 'Source: x'."),
        ([["Sales"], [], ["Source: x"], []], "2 lines before the table were left out: 'Sales', 'Source: x'."),
        ([["Sales"], [date(2024, 1, 1)]], "2 lines before the table were left out: 'Sales', '2024-01-01 00:00:00'."),
        ([[None, "Sales"], []], "1 line before the table was left out: 'Sales'."),
    ],
)
def test_a_title_above_a_table_is_left_out_and_told(above: Cells, told: str) -> None:
    loaded = read(sheet([*above, *TABLE]))
    assert is_whole(loaded)
    assert loaded.imported.report.warnings == (told,)
    assert loaded.imported.report.skipped_lines == len(above)


def test_a_merged_title_is_one_too() -> None:
    assert is_whole(read(sheet([["Sales 2024"], *TABLE], merged="A1:D1")))
    assert is_whole(read(merged_sheet("Sales 2024", TABLE)))


def test_a_title_may_stand_beside_the_columns_of_the_table() -> None:
    assert is_whole(read(sheet([["Sales 2024"], [], *([None, None, *row] for row in TABLE)])))
    assert is_whole(read(sheet([[None] * 7 + ["Sales 2024"], [], *TABLE])))


def test_years_above_numbers_are_names() -> None:
    loaded = read(sheet([["People"], ["region", 2022, 2023], ["north", 10, 20], ["south", 30, 40]]))
    assert loaded.data.columns == ["region", "2022", "2023"]
    assert loaded.data.rows() == [("north", 10, 20), ("south", 30, 40)]


def test_a_title_of_a_table_of_words_is_known_by_the_blank_row_below() -> None:
    loaded = read(sheet([["Members"], [], *WORDS]))
    assert (loaded.data.columns, loaded.data.height) == (WORDS[0], 3)


def test_a_title_of_a_table_of_words_is_known_by_being_merged() -> None:
    for titled in (merged_sheet("Members", WORDS), sheet([["Members"], *WORDS], merged="A1:C1")):
        loaded = read(titled)
        assert (loaded.data.columns, loaded.data.height) == (WORDS[0], 3)
        assert loaded.warnings == "1 line before the table was left out: 'Members'."


@pytest.mark.parametrize("merged", ["A1:B1", "A1:A3", "A2:C2", "A4:C4"])
def test_other_cells_that_are_merged_are_no_title(merged: str) -> None:
    assert read(sheet([["Members"], *WORDS], merged=merged)).data.columns[0] == "Members"


def test_a_label_and_a_value_may_stand_between_a_title_and_a_blank_row() -> None:
    loaded = read(sheet([["Sales"], ["From:", date(2024, 1, 1)], [], ["By:", "x"], [], *TABLE]))
    assert is_whole(loaded)
    told = "3 lines before the table were left out: 'Sales', 'From: 2024-01-01 00:00:00', 'By: x'."
    assert loaded.imported.report.warnings == (told,)


def test_so_it_may_above_a_table_of_three_columns() -> None:
    loaded = read(sheet([["Report"], [], ["From", "Rome"], ["To", "Oslo"], [], *WORDS]))
    assert (loaded.data.columns, loaded.data.height) == (WORDS[0], 3)


NAMES = [[name] for name in ("ann", "bob", "cy", "dan", "eve", "fay", "guy", "hal", "ida", "jon")]


@pytest.mark.parametrize(
    "rows",
    [
        [["Name"], *NAMES, [], ["Signed by", "The boss"], ["Date", "2024-05-01"]],
        [["Email"], *NAMES, [], ["Key", "Meaning"], ["a", "active"], ["b", "blocked"]],
        [["Name"], *NAMES, ["Status", "Count"], ["ok", 188], ["bad", 2]],
        [["Name"], *NAMES[:3], [], *([*name, "ill"] for name in NAMES)],
        [["Name"], [], ["ann", "paris"], ["bob", "rome"], ["cy", "oslo"]],
        [["Config"], [], ["host", "h1"], ["port", "80"], ["user", "me"]],
    ],
)
def test_a_column_with_a_block_below_it_is_no_title(rows: list[list[Any]]) -> None:
    loaded = read(sheet(rows))
    assert loaded.data.columns[0] == rows[0][0]
    assert loaded.imported.report.skipped_lines == 0


def test_options_say_where_the_table_begins() -> None:
    titled = sheet([["Sales 2024"], [], *TABLE])
    assert is_whole(read(titled, skip_lines=2))
    assert read(titled, skip_lines=0).data.columns[0] == "Sales 2024"
    assert is_whole(read(titled, header=True))
    bare = read(titled, header=False)
    assert (bare.imported.rows, bare.values("column_1")[:3]) == (6, ["Sales 2024", None, "name"])
    assert is_whole(read(titled, header_rows=1))


@pytest.mark.parametrize(
    "rows",
    [
        [["name"], ["x"], ["y"]],
        [["name"], [], ["x"], ["y"]],
        [["n"], [1], [2]],
        [["name"], ["x"], ["y", "a note"], ["z"], ["w"]],
        [["name", None, None], ["x", "y", "z"], ["u", "v", "w"]],  # but one column has a name
        [["id", None], [1, 2.5], [3, 4.5]],
        [["id", None], [1, "on request"], [2, 4.5], [3, 5.5]],
        [[None, "value"], [0, 1.2], [1, 3.4]],  # the index has none, as in a sheet of pandas
        [[None, "value"], ["a", 1.2], ["b", 3.4]],
        [[None, "value"], [], ["a", 1.2], ["b", 3.4]],
        [["group", "item"], ["a", "x"], [None, "y"], [None, "z"], [None, "w"]],
        [["Sales", "of 2024", "and before"], ["name", "sold", "day"], ["x", 1, 2]],  # too wide to be a title
        [["Report"], ["a", "b"], ["c", "d"], [], ["e", "f", "g"]],
        [["Report"], ["From", "Rome"], ["To", "Oslo"], WORDS[0], *WORDS[1:]],
        [["name", "sold"], ["x", 1], [], ["a", "b", "c", "d"], ["x", 1, 2, 3]],
        [["pair"], ["a", "b"], ["c", "d"], ["e", "f"], [], ["a", "b", "c", "d"], ["x", 1, 2, 3]],
        [["firm", None, None], ["A", 2001, 2002], ["B", 1999, 2005]],
        [["firm", None, None], [2000, 2001, 10], [2000, 2001, 20]],
        [["firm", None], [], [1, "x"], ["a", None], [2, "y"]],
        [[2024], ["a", "b"], [1, 2]],
        [["Sales"], ["a", "b"]],
        [["Sales"], [], ["a", "b"]],
    ],
)
def test_what_may_be_no_title_is_the_first_row(rows: Cells) -> None:
    loaded = read(sheet(rows))
    names = [str(cell) for cell in rows[0] if cell is not None]
    assert [name for name in loaded.data.columns if not name.startswith("column_")] == names
    aside = len(rows) - rows.index([]) if loaded.imported.report.rejected else 0  # another table, below a blank row
    assert loaded.imported.rows == len(rows) - 1 - aside
    assert "before the table" not in loaded.warnings


def test_what_may_be_a_title_is_told() -> None:
    doubt = (
        "The first row holds a single cell and was taken for the header; if it is a title, say how many lines to skip"
    )
    assert doubt in read(sheet([["Members"], *WORDS])).warnings
    assert doubt not in read(sheet([["Members"], *WORDS]), skip_lines=0).warnings
    assert doubt not in read(sheet([["name"], ["x"], ["y"]])).warnings


CELL = st.one_of(st.none(), st.integers(0, 3000), st.sampled_from(["a", "b c", "12", "x, y"]), st.dates())


@st.composite
def tables(draw: st.DrawFn) -> list[list[Any]]:
    width = draw(st.integers(1, 4))
    names = draw(st.lists(st.sampled_from("pqrstuvw"), min_size=width, max_size=width, unique=True))
    rows = draw(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=12))
    return [[*names], *rows, [7] * width]


@settings(max_examples=60, deadline=None)
@given(tables(), st.integers(1, 3), st.integers(1, 3))
def test_a_table_without_a_title_is_read_whole(table: list[list[Any]], row: int, column: int) -> None:
    loaded, plain = read(sheet(table, row, column)), read(sheet(table), skip_lines=0)
    assert loaded.data.equals(plain.data)
    assert (loaded.data.columns, loaded.imported.rows) == (table[0], len(table) - 1)
    assert loaded.warnings == plain.warnings


@settings(max_examples=60, deadline=None)
@given(st.lists(CELL, min_size=3, max_size=3), tables())
def test_no_row_is_lost_below_a_header_with_a_single_name(row: list[Any], table: list[list[Any]]) -> None:
    rows = [["id"], [8, *row], *([9, *cells] for cells in table[1:])]
    assert read(sheet(rows)).imported.rows == len(rows) - 1


@pytest.mark.parametrize(
    ("row", "skipped", "told"),
    [(1, 2, ["Sales 2024 5"]), (3, 4, ["Sales 2024 5"]), (3, 2, []), (1, 0, [])],
)
def test_rows_that_were_to_be_skipped_are_told(row: int, skipped: int, told: list[str]) -> None:
    loaded = read(sheet([["Sales 2024", 5], [], *TABLE], row), skip_lines=skipped)
    said = [one for one in loaded.imported.report.warnings if "before the table" in one]
    assert said == [f"1 line before the table was left out (option skip_lines): {one!r}." for one in told]
