"""Lines that tell of a table stand above it in what banks and offices write: the table is found, and they are told."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.polars import exports
from tests.adapters.polars.exports import Export
from tests.adapters.polars.test_import_csv import read

EXPORTS = {name: one for name, one in vars(exports).items() if isinstance(one, Export)}
FEW = EXPORTS.keys() - {"BANK_OF_AMERICA", "GENESIS", "GENESIS_OF_FOUR", "LOGGER", "LINKEDIN"}
"""Those whose tables are known by a row alone."""

PADDED = EXPORTS.keys() - {"GENESIS", "GENESIS_OF_FOUR", "LINKEDIN", "LOGGER", "NOAA", "VOLKSBANK"}


@pytest.mark.parametrize("rows", [5, 20, 60])
@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_the_table_below_is_found(name: str, rows: int) -> None:
    loaded = read(EXPORTS[name].text(rows))
    assert (loaded.data.columns, loaded.data.height) == (EXPORTS[name].names, rows)


@pytest.mark.parametrize("rows", [1, 2, 3])
@pytest.mark.parametrize("name", sorted(FEW))
def test_so_it_is_where_it_has_few_rows(name: str, rows: int) -> None:
    loaded = read(EXPORTS[name].text(rows))
    assert (loaded.data.columns, loaded.data.height) == (EXPORTS[name].names, rows)


@pytest.mark.parametrize("rows", [3, 20, 60])
@pytest.mark.parametrize("name", sorted(PADDED))
def test_so_it_is_where_all_lines_have_as_many_delimiters(name: str, rows: int) -> None:
    loaded = read(EXPORTS[name].text(rows, is_padded=True))
    assert (loaded.data.columns, loaded.data.height) == (EXPORTS[name].names, rows)


@pytest.mark.parametrize("is_padded", [False, True])
def test_labels_that_stand_above_numbers_as_names_do_are_none(*, is_padded: bool) -> None:
    lines = ["Report", "By;Ann", "Pages;5", "Until;31.01.2024", ""]
    above = [line + ";" * (3 - line.count(";")) for line in lines] if is_padded else lines
    rows = [f"A{number};{number};{number},5;x" for number in range(40)]
    loaded = read("\n".join([*above, "Was;Menge;Preis;Art", *rows, ""]))
    assert (loaded.data.columns, loaded.data.height) == (["Was", "Menge", "Preis", "Art"], 40)


@pytest.mark.parametrize("rows", [3, 40])
@pytest.mark.parametrize("blank", ["", ";"])
def test_labels_may_be_as_wide_as_a_table_below_a_blank_line_that_begins_with_values(blank: str, rows: int) -> None:
    below = [f"{1 + number % 28:02}.01.2024;{number},5" for number in range(rows)]
    loaded = read("\n".join(["Station;Hohenpeißenberg", "Höhe;977", blank, "Datum;Temp", *below, ""]))
    assert (loaded.types, loaded.data.height) == ({"Datum": "date", "Temp": "number"}, rows)
    told = "2 lines before the table were left out: 'Station;Hohenpeißenberg', 'Höhe;977'."
    assert told in loaded.imported.report.warnings


def test_groups_of_rows_with_titles_of_their_own_are_no_labels() -> None:
    first = ["Name;Value", "North;Q1", "a;1", "b;2", ""]
    loaded = read("\n".join([*first, "South;Q1", *(f"c{number};{number}" for number in range(20)), ""]))
    assert (loaded.data.columns, loaded.data.height) == (["Name", "Value"], 24)


@pytest.mark.parametrize("is_padded", [False, True])
def test_the_lines_above_are_told(*, is_padded: bool) -> None:
    loaded = read(exports.REPORT.text(4, is_padded=is_padded))
    told = "3 lines before the table were left out: 'Umsatzübersicht 2024', 'Erstellt am;31.01.2024', 'Filiale;Nord'."
    assert told in loaded.imported.report.warnings
    assert loaded.imported.report.skipped_lines == 4
    assert loaded.types == {
        "Monat": "string", "Artikel": "string", "Menge": "integer", "Preis": "number", "Betrag": "number",
    }  # fmt: skip


def test_a_title_over_two_rows_of_names_is_none_of_them() -> None:
    rows = [f"R{number};{number};{number},5;3;4,5" for number in range(10, 20)]
    loaded = read("\n".join(["Umsatz;;;;", "2024;;;;", "Region;Nord;;Süd;", ";Menge;Preis;Menge;Preis", *rows, ""]))
    assert loaded.data.columns == ["Region", "Nord Menge", "Nord Preis", "Süd Menge", "Süd Preis"]
    assert (loaded.data.height, loaded.imported.report.header_rows) == (10, 2)


def test_a_second_row_of_names_may_begin_blank_above_dates() -> None:
    rows = [f"2024-01-{number};{number};{number}.5" for number in range(10, 20)]
    loaded = read("\n".join(["Datum;Nord;", ";Menge;Preis", *rows, ""]))
    assert (loaded.data.columns, loaded.data.height) == (["Datum", "Nord Menge", "Nord Preis"], 10)


def test_years_with_spaces_behind_them_are_names() -> None:
    loaded = read("unit,geo\\time\t2019 \t2020 \nNR,AT\t8858775 \t8901064 \nNR,BE\t11455519 \t11522440 \n")
    assert loaded.data.columns == ["unit,geo\\time", "2019 ", "2020 "]
    assert loaded.data.height == 2


@pytest.mark.parametrize("years", ["1990,2000,2014,2015", "2020,2015,2010,2005"])
@pytest.mark.parametrize("names", ["Land,Code,", ",,"])
def test_years_with_others_between_them_are_names_above_numbers(names: str, years: str) -> None:
    rows = [f"Land {number},L{number},{number}.5,{number},3,9" for number in range(10, 16)]
    loaded = read("\n".join([names + years, *rows, ""]))
    assert (loaded.data.columns[2:], loaded.data.height) == (years.split(","), 6)
    lives = ["A,1901,1922,1980", "B,1822,1850,1877", "C,1931,1960,1999"]
    assert read("\n".join([*lives, ""])).data.height == 3


def test_a_row_of_empty_cells_names_nothing() -> None:
    loaded = read('Titel;;\n;;\nRegion:;Nord;\n;"";\nWas;Wer;n\nx;y;1\nz;y;2\nu;y;3\n')
    assert (loaded.data.columns, loaded.data.height) == (["Was", "Wer", "n"], 3)
    assert read(";;\nWas;Wer;n\nx;y;1\n").data.columns == ["Was", "Wer", "n"]


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        (["a,b", "1,2", "3,4", "", "x,y,z", "5,6,7"], 2),
        (["name,mail", *(f"ann{number},a@b{number}" for number in range(8)), "", "a,b,c,d", "x,1,2,3"], 8),
        (["name,count", "a,1", "b,2", "c,3", "", "x,y,z", "k,6,7", "l,8,9"], 3),
        (["name,,", "a,1,2", "b,3,4", "c,5,6"], 3),
        (["id,name,,", "1,a,2,3", "2,b,4,5"], 2),
        (["name,score,grade", "Ann,absent,", "Bob,7,3", "Cid,8,2", "Dan,9,1"], 4),
        (["id,a,b,c", "1,,,", "2,,,", "", "x,y,z,w", "3,4,5,6"], 4),
        (["name;Q1;Q2", "R;;", ";;", "S;1;2", "T;3;4"], 4),
        (["Student;Grades;;", "Name;Math;Art;Music", "Ann;1;2;3", "Bob;2;3;4", "Cid;3;4;5"], 3),
        (["Region;;;", ";Q1;Q2;Q3", "Nord;1;2;3", "Süd;4;5;6", "West;7;8;9"], 3),
        ([",person,,club", "id,name,city,joined", *(f"{number},x,y,2024-01-{number}" for number in range(10, 20))], 10),
    ],
)
def test_what_may_be_no_such_line_is_in_the_table(lines: Sequence[str], rows: int) -> None:
    loaded = read("\n".join([*lines, ""]))
    assert loaded.imported.report.skipped_lines == 0
    assert loaded.data.height == rows


@pytest.mark.parametrize(
    ("above", "told"),
    [
        ("Report\n\nby;Ann\n", "2 lines before the table were left out (option skip_lines): 'Report', 'by;Ann'."),
        ("Report\r\rby\r", "2 lines before the table were left out (option skip_lines): 'Report', 'by'."),
        ("\ufeffReport\n\n\n", "1 line before the table was left out (option skip_lines): 'Report'."),
        ("\n\n\n", None),
    ],
)
def test_lines_that_were_to_be_skipped_are_told(above: str, told: str | None) -> None:
    end = "\r" if "\r" in above else "\n"
    loaded = read(above + end.join(["a,b", "1,2", ""]), skip_lines=3)
    assert loaded.data.columns == ["a", "b"]
    assert [one for one in loaded.imported.report.warnings if "before the table" in one] == ([told] if told else [])


@pytest.mark.parametrize(
    ("rows", "unnamed"),
    [
        (["Ann,5", "Bob,6,b", "Cid,7,c,extra,e", "Dan,8,d,extra,e"], 2),
        (["4,1", "5,2,2024-01-01,x"], 1),
        (["Ann,5,a", "Bob,n/a", "Cid,7,c,x", "Dan,8,d,x", "Eve,9,e,x", "Fay,1"], 1),
    ],
)
def test_names_above_short_rows_are_no_lines_before_longer_ones(rows: list[str], unnamed: int) -> None:
    loaded = read("\n".join(["name,score,note", *rows, ""]))
    others = [f"column_{4 + number}" for number in range(unnamed)]
    assert loaded.data.columns == ["name", "score", "note", *others]
    assert (loaded.data.height, loaded.imported.report.skipped_lines) == (len(rows), 0)


def test_a_pair_above_the_names_of_a_longer_table_is_still_before_it() -> None:
    loaded = read("Setting,Value\nGain,5\nSample,A,B\ns1,1,2\ns2,3,4\ns3,5,6\n")
    assert (loaded.data.columns, loaded.data.height) == (["Sample", "A", "B"], 3)


CELL = st.sampled_from(["", "", "word", "two words", "12", "3.5", "2024-01-31", "label:", "n/a", "true", "2021"])


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(2, 5))
def test_a_row_that_names_all_columns_is_the_first(data: st.DataObject, width: int) -> None:
    names = data.draw(st.lists(st.sampled_from(["id", "name", "a b", "Total", "x:"]), min_size=width, max_size=width))
    rows = data.draw(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=12))
    blank = data.draw(st.integers(0, len(rows)))
    lines = [";".join(row) for row in (names, *rows)]
    report = read("\n".join([*lines[: blank + 1], "", *lines[blank + 1 :], ""]), delimiter=";").imported.report
    assert report.skipped_lines == 0
