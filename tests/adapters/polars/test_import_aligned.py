"""Tables whose columns are told by where they stand in lines."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.adapters.polars.test_import_csv import read
from tests.contracts.loading import Loaded

CITIES = ("Rome", "New York", "Los Angeles", "", "Köln", "Rio de Janeiro")
NAMES = ("name", "age", "city", "amount")
TOLD = "Columns were told by where they stand in lines, which are aligned."


def lines_of(rows: Sequence[Sequence[str]], right: Sequence[bool], gap: int) -> list[str]:
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    places = list(zip(widths, right, strict=True))
    return [
        (" " * gap)
        .join(
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, (width, is_right) in zip(row, places, strict=True)
        )
        .rstrip()
        for row in rows
    ]


def people(count: int) -> list[tuple[str, str, str, str]]:
    return [(f"Anna Lee {n}", str(n), CITIES[n % len(CITIES)], f"{n * 1.5:.2f}") for n in range(count)]


def table(count: int, gap: int = 1) -> list[str]:
    return lines_of([NAMES, *people(count)], [False, True, False, True], gap)


def values(loaded: Loaded) -> list[tuple[object, ...]]:
    return loaded.data.rows()


def expected(count: int) -> list[tuple[object, ...]]:
    return [(name, int(age), city or None, float(amount)) for name, age, city, amount in people(count)]


@pytest.mark.parametrize("gap", [1, 2, 5])
@pytest.mark.parametrize("count", [8, 100, 3000])
def test_cells_with_spaces_and_without_anything_are_told_apart(count: int, gap: int) -> None:
    loaded = read("\n".join([*table(count, gap), ""]))
    assert loaded.types == {"name": "string", "age": "integer", "city": "string", "amount": "number"}
    assert values(loaded) == expected(count)
    assert TOLD in loaded.imported.report.warnings


def test_rulers_and_counts_of_rows_are_left_out() -> None:
    names, *rows = table(20)
    ruler = "".join(
        "-" if any(line[place : place + 1].strip() for line in rows) else " " for place in range(len(rows[-1]))
    )
    spans = [ruler]
    loaded = read("\r\n".join([names, *spans, *rows, "", "(20 rows affected)", ""]))
    assert values(loaded) == expected(20)
    assert any(
        "2 lines that rule the table, or count its rows, were left out" in one
        for one in loaded.imported.report.warnings
    )


def test_the_numbers_of_rows_as_pandas_prints_them_are_a_column() -> None:
    loaded = read(
        "\n".join(["    name    n", *(f"{number:<3} the {number:<3} {number % 7}" for number in range(50)), ""])
    )
    assert loaded.data.columns == ["column_1", "name", "n"]
    assert values(loaded) == [(number, f"the {number}", number % 7) for number in range(50)]


WORD = st.text("abcdefgäßñ", min_size=1, max_size=8)
TEXT = st.lists(WORD, max_size=3).map(" ".join)


@given(st.data())
def test_any_such_table_is_found(data: st.DataObject) -> None:
    width = data.draw(st.integers(1, 4))
    texts = data.draw(st.lists(st.tuples(*[TEXT] * width), min_size=8, max_size=30))
    rows = [(*(f"x{cell}" for cell in row), str(number)) for number, row in enumerate(texts)]
    names = tuple(f"column{number}" for number in range(width + 1))
    right = data.draw(st.lists(st.booleans(), min_size=width, max_size=width))
    loaded = read(
        "\n".join([*lines_of([names, *rows], [*right, True], 3), ""]), types=dict.fromkeys(names[:-1], "string")
    )
    assert values(loaded) == [(*row[:-1], int(row[-1])) for row in rows]


def test_a_number_may_be_wider_below_the_first_rows() -> None:
    rows = [(str(number), f"the {number}", "5") for number in range(12_000)]
    loaded = read("\n".join([*lines_of([("id", "text", "n"), *rows], [True, False, True], 1), ""]))
    assert (loaded.data["id"].to_list(), loaded.types["id"]) == (list(range(12_000)), "integer")


@pytest.mark.parametrize(
    "lines",
    [
        ["Dear reader,", *(f"this is line {number} of a text that is no table at all" for number in range(20))],
        ["notes", *(f"- item {number}" for number in range(20))],
        ["word", *(f"w{number}" for number in range(20))],
        ["2024-01-01 10:00:00 INFO started it", *(f"2024-01-01 10:00:{n} INFO did so {n}" for n in range(10, 40))],
        ["a few", *(f"{number} x" for number in range(3))],
    ],
)
def test_other_lines_are_one_column_or_what_they_were(lines: list[str]) -> None:
    assert TOLD not in read("\n".join([*lines, ""])).imported.report.warnings


def test_lines_that_are_not_aligned_further_down_leave_it_one_column() -> None:
    loaded = read("\n".join([*table(1200, 2), *("x" * 60 for _ in range(90)), ""]))
    assert (len(loaded.data.columns), loaded.data.height) == (1, 1290)


def test_blank_lines_beside_columns_of_spaces_are_read() -> None:
    lines = ["w  id   amount", *(f"ab {number:3} {number * 10:8}" for number in range(20))]
    loaded = read("\n".join([*lines, "", "end of the report of this bank", ""]))
    assert values(loaded)[:20] == [("ab", number, number * 10) for number in range(20)]


@pytest.mark.parametrize(
    ("names", "row"),
    [
        ("time temp hum", "10:{0:02}:00   21.5   4{0}"),
        ("date value flag", "2024-01-{0}    {0}.5    ok"),
        ("aa b cccc", "{0} 2000 {0}"),
        ("year month value", "2024     {0:2}     {0}.25"),
    ],
)
def test_names_that_stand_beside_their_columns_name_one_each(names: str, row: str) -> None:
    loaded = read("\n".join([names, *(row.format(number) for number in range(9, 29)), ""]))
    assert TOLD not in loaded.imported.report.warnings
    assert loaded.data.columns == names.split()


def test_a_text_that_is_longer_below_the_first_rows_is_not_cut() -> None:
    texts = ["Ann Lee", "Bob"] * 600 + ["Jonathan Smith", "Jo Li", "Al", "Anna Maria Lopez Diaz"] * 20
    rows = [(text, "Rome", str(number % 10)) for number, text in enumerate(texts)]
    names = ("person", "city", "n")
    loaded = read("\n".join([*lines_of([names, *rows], [False, False, True], 2), ""]))
    assert values(loaded) == [(text, "Rome", number % 10) for number, text in enumerate(texts)]
    assert not loaded.imported.report.repaired


def test_a_line_whose_columns_can_not_be_told_apart_is_not_cut_somewhere() -> None:
    names = ("id   person               city",)
    rows = [f"{n:<4} {('Bo', 'Ann Lee')[n % 2]:<20} Rome" for n in range(1200)]
    odd = "7    Anna Maria Lopezydiaz Rome"
    loaded = read("\n".join([*names, *rows, odd, *rows, ""]))
    assert loaded.data.columns == ["id", "person", "city"]
    report = loaded.imported.report
    assert [flaw.line for flaw in (*report.repairs, *report.rejects)] == [1202]
    assert loaded.data["city"].drop_nulls().unique().to_list() == ["Rome"]
