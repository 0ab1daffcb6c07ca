"""Another table below the one of a sheet is set aside as in CSV, or told of; groups between blank rows stay whole."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from entrepot_core.errors import MalformedInput
from tests.adapters.polars.test_import_csv import read
from tests.adapters.polars.workbooks import sheet

Rows = list[list[Any]]

FIRST: Rows = [["A", "B"], *([number, number * 2] for number in range(20))]
SECOND: Rows = [["Zweite", "Tabelle", "X"], *([f"u{number}", "v", number] for number in range(5))]
ADVICE = "If it does, give each table a sheet of its own, or skip the rows above it (option skip_lines)."


def doubt(row: int, names: str) -> str:
    return (
        f"Row {row} stands below a blank one and may name the columns of another table ({names}); it is a row of this "
        f"one, as are those below. {ADVICE}"
    )


@pytest.mark.parametrize("blanks", [1, 3])
@pytest.mark.parametrize("row", [1, 5])
@pytest.mark.parametrize("column", [1, 3])
@pytest.mark.parametrize("title", [[], [["A title of the sheet"], []]])
def test_another_table_is_set_aside_with_the_words_for_csv(title: Rows, column: int, row: int, blanks: int) -> None:
    rows = [*title, *FIRST, *[[]] * blanks, *SECOND]
    loaded = read(sheet(rows, row, column), skip_lines=row - 1 + len(title))
    assert (loaded.data.columns, loaded.data.rows()) == (["A", "B"], [tuple(one) for one in FIRST[1:]])
    assert loaded.types == {"A": "integer", "B": "integer"}
    first = row + len(title) + len(FIRST) + blanks
    report = loaded.imported.report
    assert (report.rejected, report.rejects[0].line, len(report.rejects)) == (6, first, 6)
    assert report.rejects[0].detail == f"this belongs to another table, which begins in row {first}"
    assert report.warnings[-1] == "6 rows were set aside; the report lists the first, and the rejects hold all."
    assert "column_3" not in loaded.warnings
    header, *aside = csv.reader(io.StringIO(loaded.rejects.decode()))
    assert header == ["line", "reason", "text"]
    assert aside[0] == [str(first), report.rejects[0].detail, "Zweite,Tabelle,X"]
    assert aside[-1][::2] == [str(first + 5), "u4,v,4"]


def test_so_it_is_in_csv() -> None:
    loaded = read("\n".join(",".join(map(str, row)) for row in [*FIRST, [], *SECOND]))
    assert (loaded.data.height, loaded.imported.report.rejected) == (20, 6)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([["name", "mail"], ["Ann", "a@b"], ["Bob", "b@b"]], [["a", "b", "c", "d"], ["x", 1, 2, 3]]),
        ([["day", "n", "of"], *[[date(2024, 1, 31), 1, "x"]] * 3], [["Name", "Age"], ["Ann", 30], ["Bob", 40]]),
        (FIRST, [["x", "y", "z"], [1, 2, 3], [4, 5, 6], [], ["p", "q"], [1, 2]]),
        (FIRST, [["Region", "2023", "2024", "2025"], ["x", 1, 2, 3], ["y", 4, 5, 6]]),
        (FIRST, [["Region", "m", "k"], ["x", None, 3], ["y", 4, None], [], ["a note"], ["x", "see above"]]),
        ([["n", "a", "b"], [1, "x", "y"], [2, "x", "y"]], [["Name", "Age"], ["Ann", 30], [], ["Bob", "?", "x"]]),
        (FIRST, [["Name", "City", "Street"], ["Ann", "Rome", "Via A"], ["Bob", "Oslo", "B gate"]]),
    ],
)  # fmt: skip
def test_tables_of_other_columns_and_what_follows_them_are_set_aside(first: Rows, second: Rows) -> None:
    loaded = read(sheet([*first, [], *second]))
    assert loaded.data.rows() == [tuple(row) for row in first[1:]]
    assert loaded.imported.report.rejected == sum(map(bool, second))


def test_a_file_is_refused_for_it_where_rows_that_do_not_fit_are_to_be() -> None:
    content = sheet([*FIRST, [], *SECOND])
    with pytest.raises(MalformedInput) as caught:
        read(content, on_error="reject")
    assert "another table, which begins in row 23; give each table a sheet of its own" in caught.value.reason
    quarantined = read(content, on_error="quarantine")
    assert (quarantined.imported.rows, "on_error" in quarantined.warnings) == (20, False)
    assert "on_error" in read(sheet(FIRST), on_error="reject").warnings


@pytest.mark.parametrize(
    "groups",
    [
        [["x", 1, 2.5], [], ["y", 2, 3.5], ["z", 3, 4.5], [], ["w", 4, None]],
        [["North"], ["x", 1, 2.5], [], ["South"], ["y", 2, 3.5]],
        [["x", 1, 2.5], ["Sum", 1, 2.5], [], ["y", 2, 3.5], ["Sum", 2, 3.5]],
        [["x", 1, 2.5], [], ["y", "-", "n/a"], ["z", 3, 4.5]],
        [["x", 1, 2.5], [], ["Note: preliminary"], ["More: later", "by Ann"]],
        [["x", 1, 2.5], [], [None, None, None, "seen"], ["y", 2, 3.5]],
    ],
)
def test_groups_between_blank_rows_stay_whole(groups: Rows) -> None:
    loaded = read(sheet([["what", "n", "m"], *groups]))
    assert (loaded.imported.rows, loaded.imported.report.rejected, loaded.rejects) == (len(groups), 0, b"")
    assert "another table" not in loaded.warnings


@pytest.mark.parametrize(
    "groups",
    [
        [["Ann", "Rome"], [], ["Bob", "Oslo"], ["Eve", "Bonn"]],
        [["Ann", "Rome"], [], ["Bob", "Oslo", "moved"], ["Eve", "Bonn"]],
        [["Ann", 5], [], ["Bob", "x"], ["Eve", 7]],
    ],
)
def test_groups_of_words_stay_whole(groups: Rows) -> None:
    loaded = read(sheet([["Name", "City"], *groups]))
    assert (loaded.imported.rows, loaded.imported.report.rejected) == (len(groups), 0)


def test_a_group_of_which_the_numbers_are_others_stays() -> None:
    group = [["M-1", "Ann", "Rome", None], ["M-2", "Bob", "Oslo", None]]
    loaded = read(sheet([["ID", "Name", "City", "Remark"], *([n, "Eve", "Bonn", "x"] for n in range(5)), [], *group]))
    assert (loaded.imported.rows, loaded.imported.report.rejected) == (8, 0)
    assert doubt(8, "'M-1', 'Ann', 'Rome'") in loaded.warnings


@pytest.mark.parametrize(
    ("second", "names"),
    [
        ([["Region", "Sales"], ["x", "few"], ["y", "many"]], "'Region', 'Sales'"),
        ([["Region", "Sales"], [1, 2], [3, 4]], "'Region', 'Sales'"),
        ([["Zweite", "Tabelle", "X", "Y"], ["u", "v", 1, 2], [], [100, 200]], "'Zweite', 'Tabelle', 'X', …"),
        ([["Zweite", "Tabelle", "X"], ["u", "v", 1], [], ["A", "B"], [1, 2]], "'Zweite', 'Tabelle', 'X'"),
        ([["Group", "Fruits", "Ann"], [7, 8], [9, 10]], "'Group', 'Fruits', 'Ann'"),
        ([["Name", "City", "Street"], ["Ann", "Rome"], ["Bob", "Oslo"]], "'Name', 'City', 'Street'"),
        ([["Name", None, "n"], ["Ann", None, 3]], "'Name', 'n'"),
        ([["Name", "n"], ["Ann", 3, "x"]], "'Name', 'n'"),
        ([["x", "y", "z"], *([f"x{number}", "y", number] for number in range(21))], "'x', 'y', 'z'"),
    ],
)
def test_what_may_be_another_table_stays_and_is_told_of(second: Rows, names: str) -> None:
    loaded = read(sheet([*FIRST, [], *second]))
    assert (loaded.imported.rows, loaded.imported.report.rejected) == (21 + len(second), 0)
    assert doubt(23, names) in loaded.warnings


def test_the_other_one_is_read_by_skipping_the_first() -> None:
    assert read(sheet([*FIRST, [], *SECOND]), skip_lines=22).data.columns == ["Zweite", "Tabelle", "X"]


def test_no_other_table_is_looked_for_where_there_is_to_be_no_header() -> None:
    assert read(sheet([*FIRST, [], *SECOND]), header=False).imported.rows == 28


def test_the_header_again_begins_no_other_table() -> None:
    loaded = read(sheet([*FIRST, [], *FIRST[:4]]))
    assert (loaded.imported.rows, "another table" in loaded.warnings) == (25, False)


def test_columns_that_a_type_is_asked_for_are_those_of_the_table() -> None:
    loaded = read(sheet([*FIRST, [], *SECOND]), types={"A": "number", "*": "string"})
    assert loaded.types == {"A": "number", "B": "string"}
