"""What stands at the end of a table: notes and totals below it are set aside, and a last row of totals is told."""

from collections.abc import Sequence

import pytest

from tests.adapters.polars import exports
from tests.adapters.polars.exports import Export
from tests.adapters.polars.test_import_csv import read
from tests.adapters.polars.workbooks import Cells, sheet
from tests.contracts.loading import Loaded

DATED = [f"2024-01-{day};x;{day}" for day in range(10, 20)]
NAMED = [f"x{day};y;{day}" for day in range(10, 20)]


def set_aside(loaded: Loaded) -> list[tuple[int | None, str]]:
    return [(flaw.line, flaw.detail) for flaw in loaded.imported.report.rejects]


def totals_told(loaded: Loaded) -> list[str]:
    return [one for one in loaded.imported.report.warnings if "looks like a total" in one]


@pytest.mark.parametrize("rows", [3, 20, 60, 80])
@pytest.mark.parametrize("export", [exports.GENESIS, exports.GENESIS_OF_FOUR])
def test_notes_with_as_many_delimiters_as_rows_are_set_aside(export: Export, rows: int) -> None:
    loaded = read(export.text(rows, is_padded=True))
    assert (loaded.data.columns, loaded.data.height) == (export.names, rows)
    first = len(export.above) + len(export.header) + rows + 1
    assert set_aside(loaded) == [(line, "this is a note below the table") for line in range(first, first + 3)]
    assert "© Statistisches Bundesamt" in loaded.rejects.decode()


def test_below_a_row_of_empty_cells_they_are_notes_where_the_first_column_has_words_too() -> None:
    loaded = read("\n".join(["name;city;n", *NAMED, ";;", "Source: the office;;", ";;", "As of May;;", ""]))
    assert loaded.data.height == 10
    empty = "this is an empty row, with notes below the table after it"
    note = "this is a note below the table"
    assert set_aside(loaded) == [(12, empty), (13, note), (14, empty), (15, note)]


def test_below_a_blank_line_likewise() -> None:
    loaded = read("\n".join(["name;city;n", *NAMED, "", "Source: the office;;", "As of May;;", ""]))
    assert (loaded.data.height, loaded.imported.report.rejected) == (10, 2)


def test_such_notes_are_found_at_the_end_of_a_long_file() -> None:
    rows = [f"{number};some text of a row;{number}" for number in range(5000)]
    loaded = read("\n".join(["id;text;n", *rows, "Source: the office;;", "As of May;;", ""]))
    assert (loaded.data.height, loaded.types["id"]) == (5000, "integer")
    assert [line for line, _ in set_aside(loaded)] == [5002, 5003]


def test_a_row_like_a_note_that_stands_among_others_too_is_one_of_them() -> None:
    loaded = read("\n".join(["id;text;n", "Source;;", *(f"{number};x;1" for number in range(40)), "Source;;", ""]))
    assert (loaded.data.height, loaded.imported.report.rejected) == (41, 1)


@pytest.mark.parametrize(
    "end",
    [
        ["Source: the office;;"],  # the first column holds words
        ["", "Source: the office;z;"],
        [";;", ";;"],  # nothing is said below
    ],
)
def test_what_may_be_no_note_is_a_row(end: Sequence[str]) -> None:
    loaded = read("\n".join(["name;city;n", *NAMED, *end, ""]))
    assert loaded.data.height == 10 + len([line for line in end if line])
    assert loaded.imported.report.rejected == 0


def test_rows_without_more_than_a_first_cell_are_rows_where_others_are_such_too() -> None:
    loaded = read("\n".join(["name;city;n", "a;;", *NAMED, "", "b;;", ""]))
    assert (loaded.data.height, loaded.imported.report.rejected) == (12, 0)


def test_a_short_row_below_dates_that_begins_with_words_is_a_note() -> None:
    loaded = read("\n".join(["day;what;n;unit;by", *(f"{row};m;z" for row in DATED), "Old balance;5", ""]))
    assert (loaded.data.height, loaded.types["day"]) == (10, "date")
    assert set_aside(loaded) == [(12, "this is a note below the table")]
    short = read(
        "\n".join(["day;what;n;unit;by", *(f"{row};m;z" for row in DATED), "Old balance;5", "2024-02-01;x", ""])
    )
    assert (short.data.height, short.imported.report.repaired) == (12, 2)


def test_short_rows_among_notes_are_notes_too() -> None:
    notes = ["", "Footnotes", '"1.";"In Germany, Berlin"', '"2.";"As of May"', "End"]
    loaded = read("\n".join(["name;city;n;m", *(f"{row};5" for row in NAMED), *notes, ""]))
    assert (loaded.data.height, [line for line, _ in set_aside(loaded)]) == (10, [13, 14, 15, 16])
    followed = read("\n".join(["name;city;n;m", *(f"{row};5" for row in NAMED), *notes, "z;y;1;5", ""]))
    assert (followed.data.height, followed.imported.report.rejected) == (15, 0)


@pytest.mark.parametrize("row", ["Total;;145", "Summe;;145,00"])
@pytest.mark.parametrize("blank", ["", ";;"])
def test_totals_below_a_blank_row_are_set_aside_where_their_label_is_no_value_of_its_column(
    row: str, blank: str
) -> None:
    loaded = read("\n".join(["day;what;n", *DATED, blank, row, ""]))
    assert (loaded.data.height, loaded.types["day"]) == (10, "date")
    assert (13, "this is a row of totals below the table") in set_aside(loaded)


def test_what_is_set_aside_at_the_end_is_in_the_table_where_no_row_may_be() -> None:
    loaded = read("\n".join(["day;what;n", *DATED, ";;", "Total;;145", ""]), on_error="reject")
    assert (loaded.data.height, loaded.imported.report.rejected) == (12, 0)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["x;1;2.5", "y;2;5", "Summe;3;7.5"], "('Summe') looks like a total: 'n', 'p' are the sums"),
        (["x;1;2.5", "y;2;5", "", "Total: all;3;7.5"], "('Total: all') looks like a total: 'n', 'p' are the sums"),
        (["x;1;2.5", "y;2;5", "Gesamtergebnis;3;3.75"], "('Gesamtergebnis') looks like a total: 'n' is the sum"),
        (["x;1;0.1", "y;2;0.2", "Grand Total;;0.3"], "('Grand Total') looks like a total: 'p' is the sum"),
        (["x;1;2.5", "y;2;5", ";3;7.5"], "The last row looks like a total: 'n', 'p' are the sums"),
    ],
)
def test_a_last_row_of_totals_is_told_and_kept(rows: Sequence[str], told: str) -> None:
    loaded = read("\n".join(["name;n;p", *rows, ""]))
    assert loaded.data.height == 3
    assert [told in one for one in totals_told(loaded)] == [True]


@pytest.mark.parametrize(
    "rows",
    [
        ["x;1;2", "y;2;5", "A Total;3;7", "z;5;1", "B Total;5;1", "Grand Total;8;8"],
        ["x;1;2", "A1 Total;1;2", "y;2;5", "A2 Total;2;5", "A Total;3;7", "Grand Total;3;7"],
    ],
)
def test_a_grand_total_of_rows_and_their_subtotals_is_told(rows: Sequence[str]) -> None:
    told = "('Grand Total') looks like a total: 'n', 'p' are the sums of the rows above, without subtotals among these"
    assert [told in one for one in totals_told(read("\n".join(["name;n;p", *rows, ""])))] == [True]


@pytest.mark.parametrize(
    "rows",
    [
        ["x;1;2.5", "y;5;12.5", ";3;7.5"],  # twice as much, and no label
        ["x;1;2.5", "y;2;5", "Total;4;8"],  # no sums
        ["x;1;2.5", "y;2;5", "z;3;7.5"],  # no label
        ["x;1;2.5", "Total;1;2.5"],  # no more than a copy
        ["Total;3;7.5", "x;1;2.5", "y;2;5"],
        ["x;1;2.5", "y;2;5", ";3;9"],  # no label, and not all are sums
        ["x;0;2.5", "y;0;5", "Total;0;"],
        ["Totalled;1;2.5", "y;2;5", "Totally;3;7.5"],
    ],
)
def test_another_last_row_is_not(rows: Sequence[str]) -> None:
    assert totals_told(read("\n".join(["name;n;p", *rows, ""]))) == []


def test_totals_above_another_table_are_told() -> None:
    rows = ["Organic,10,8", "Direct,5,4", ",15,12", "", "Day,Users", "1/1/24,15"]
    assert len(totals_told(read("\n".join(["Channel,Users,New", *rows, ""])))) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [["a", "n", "p"], ["x", 1, 2.5], ["y", 2, 5.5], ["Total", 3, 8]],
        [["Sales"], [], ["a", "n", "p"], ["x", 1, 2.5], ["y", 2, 5.5], [], ["Summe", 3, 8]],
        [["n", "a", "p"], [1, "x", 2.5], [2, "y", 5.5], ["Total", None, 8]],
    ],
)
def test_those_of_a_sheet_are_told(rows: Cells) -> None:
    assert len(totals_told(read(sheet(rows)))) == 1
