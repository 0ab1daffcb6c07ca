"""Tables drawn with lines, as terminals, Markdown and SAP's lists have them."""

from collections.abc import Callable, Sequence
from io import StringIO

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich import box
from rich.console import Console
from rich.table import Table

from tests.adapters.polars.test_import_csv import read
from tests.contracts.loading import Loaded

Rows = Sequence[Sequence[str]]

NAMES = ("id", "name", "amount")


def widths(rows: Rows) -> list[int]:
    return [max(map(len, cells)) for cells in zip(*rows, strict=True)]


def padded(rows: Rows) -> list[list[str]]:
    sizes = widths(rows)
    return [[cell.rjust(size) for cell, size in zip(row, sizes, strict=True)] for row in rows]


def psql(rows: Rows) -> str:
    names, *others = (f" {' | '.join(row)} " for row in padded(rows))
    ruler = "+".join("-" * (size + 2) for size in widths(rows))
    return "\n".join([names, ruler, *others, f"({len(others)} rows)", "", ""])


def mysql(rows: Rows) -> str:
    names, *others = (f"| {' | '.join(row)} |" for row in padded(rows))
    ruler = f"+{'+'.join('-' * (size + 2) for size in widths(rows))}+"
    return "\n".join([ruler, names, ruler, *others, ruler, ""])


def markdown(rows: Rows) -> str:
    escaped = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    names, *others = (f"| {' | '.join(row)} |" for row in escaped)
    return "\n".join(["# Accounts", "", names, f"|{' :--- |' * len(rows[0])}", *others, ""])


def sap(rows: Rows) -> str:
    names, *others = (f"|{'|'.join(row)}|" for row in padded(rows))
    ruler = "-" * len(names)
    return "\r\n".join(["01.01.2024   List", "", ruler, names, ruler, *others, ruler, ""])


def boxed(rows: Rows) -> str:
    table = Table(*rows[0], box=box.HEAVY_HEAD)
    for row in rows[1:]:
        table.add_row(*row)
    out = StringIO()
    Console(file=out, width=1000, markup=False, emoji=False).print(table)
    return out.getvalue()


DRAWINGS = [psql, mysql, markdown, sap, boxed]
Draw = Callable[[Rows], str]


def noted(loaded: Loaded) -> list[str]:
    return [one for one in loaded.imported.report.warnings if "rule" in one]


@pytest.mark.parametrize("draw", DRAWINGS)
def test_a_table_drawn_with_lines_is_read_without_them(draw: Draw) -> None:
    rows = [(str(number), f'the "{number}"', f"{number}.50") for number in range(1, 30)]
    loaded = read(draw([NAMES, *rows]))
    assert loaded.types == {"id": "integer", "name": "string", "amount": "number"}
    assert loaded.data.rows() == [(int(number), name, float(amount)) for number, name, amount in rows]
    assert len(noted(loaded)) == 1
    assert "left out" in noted(loaded)[0]
    assert "Spaces beside delimiters were taken for no part of the cells." in loaded.imported.report.warnings


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters='|│┃║\\"'), min_size=1)


@pytest.mark.parametrize("draw", [psql, mysql, markdown, sap])
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=3, max_size=20))
def test_cells_of_any_text_stay_as_they_are(draw: Draw, rows: list[tuple[str, str]]) -> None:
    loaded = read(
        draw([("key", "left", "right"), *((f"k{place}", *row) for place, row in enumerate(rows))]),
        types={"left": "string", "right": "string"},
    )
    assert loaded.data["left"].to_list() == [left for left, _ in rows]
    assert loaded.data["right"].to_list() == [right for _, right in rows]


def test_missing_cells_are_null_and_those_of_other_lines_keep_their_numbers() -> None:
    loaded = read(" id | name \n----+------\n  1 | a\n    | b\n  3 |\n  4 | c | d\n")
    assert loaded.data.rows() == [(1, "a"), (None, "b"), (3, None), (4, "c|d")]
    assert [flaw.line for flaw in loaded.imported.report.repairs] == [6]


def test_a_bar_behind_a_backslash_is_part_of_a_cell() -> None:
    loaded = read("| a | b |\n|---|---|\n| x\\|y | 1 |\n| z | 2 |\n")
    assert loaded.data.rows() == [("x|y", 1), ("z", 2)]


def test_a_total_below_its_ruler_is_none_of_the_rows() -> None:
    rows = [f"|{number:06}|Power|{number * 2:>8}|" for number in range(1, 21)]
    ruler = "-" * len(rows[0])
    loaded = read(
        "\n".join([ruler, "|Acct  |Text |  Amount|", ruler, *rows, ruler, "|Total |     |     420|", ruler, ""])
    )
    assert (loaded.data.height, loaded.data["Amount"].sum()) == (20, 420)
    assert loaded.imported.report.rejected == 1


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_dashes_below_names_are_left_out_as_sqlcmd_writes_them(mark: str) -> None:
    lines = ["id,name,at", "--,----,----------", "1,one,2024-01-01", '2,"t,wo",2024-01-02', "", "(2 rows affected)", ""]
    loaded = read(
        "\n".join(
            line.replace(",", mark) if "wo" not in line else f'2{mark}"t{mark}wo"{mark}2024-01-02' for line in lines
        )
    )
    assert loaded.types == {"id": "integer", "name": "string", "at": "date"}
    assert loaded.data["name"].to_list() == ["one", f"t{mark}wo"]


@pytest.mark.parametrize(
    "text",
    [
        "a|b\n1|---\n2|x\n3|---\n",
        "a,b\n-,-\n1,2\n3,4\n",
        "name\n---\nAnna\nBo\n",
        "a;b\n1;2\n---;---\n3;4\n",
        "# Title\n=======\n\na,b\n1,2\n3,4\n",
        "a|b|c\n-----\n1|2\n3|4\n",
    ],
)
def test_other_dashes_are_left_where_they_are(text: str) -> None:
    assert noted(read(text)) == []


def test_lines_of_a_drawing_may_be_longer_than_memory_should_hold() -> None:
    long = "x" * (1 << 21)
    loaded = read(f"| a | b |\n|---|---|\n| 1 | y |\n| 2 | {long} |\n| 3 | z |\n")
    assert loaded.data.rows() == [(1, "y"), (2, long), (3, "z")]


def test_a_drawing_in_another_encoding_is_read() -> None:
    text = psql([("id", "city"), *((str(number), "Köln") for number in range(5))])
    assert read(text.encode("cp1252")).data["city"].to_list() == ["Köln"] * 5
    assert read(text.encode("utf-16")).data["city"].to_list() == ["Köln"] * 5
    assert read(text.encode("utf-8-sig")).data.columns == ["id", "city"]


def test_frames_as_polars_prints_them_are_read() -> None:
    with pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
        printed = str(pl.DataFrame({"id": range(12), "name": [f"n{number}" for number in range(12)]}))
    loaded = read(printed)
    assert loaded.data.rows() == [(number, f"n{number}") for number in range(12)]


def test_a_drawing_of_one_column_has_no_row_for_its_last_ruler() -> None:
    assert read("+----+\n| id |\n+----+\n|  1 |\n|  2 |\n|  3 |\n+----+\n\n").data.rows() == [(1,), (2,), (3,)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "a|b|c\n1|x|y\n---|---|---\n4|5|6\n7|8|9\n",
            [(1, "x", "y"), (None, "---", "---"), (4, "5", "6"), (7, "8", "9")],
        ),
        (" a   | b   \n-----+-----\n x   | y\n --- | ===\n     | ---\n", [("x", "y"), ("---", "==="), (None, "---")]),
        (
            "+-----+-----+\n| a   | b   |\n+-----+-----+\n| x   | y   |\n| --- | --- |\n+-----+-----+\n",
            [("x", "y"), ("---", "---")],
        ),
        ("| a | b |\n|---|---|\n| x | y |\n|---|---|\n| z | w |\n", [("x", "y"), ("---", "---"), ("z", "w")]),
    ],
)
def test_dashes_in_cells_are_no_rulers(text: str, rows: list[tuple[object, ...]]) -> None:
    assert read(text).data.rows() == rows


def test_a_backslash_escapes_a_bar_in_markdown_only() -> None:
    loaded = read("-----------\n|Dir|Text |\n-----------\n|C:\\|a\\b  |\n|D:\\|x    |\n-----------\n")
    assert loaded.data.rows() == [("C:\\", "a\\b"), ("D:\\", "x")]
