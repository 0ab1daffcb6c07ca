"""Delimited files whose first lines are long: those of thousands of columns, or with long cells."""

import pytest

from entrepot_core.errors import MalformedInput
from tests.adapters.polars.test_import_csv import read, refusal

WIDE = 1_500
HEADER = ",".join(f"{'column name ' * 4}{number}" for number in range(WIDE)) + "\n"
ROW = ",".join(map(str, range(WIDE))) + "\n"


@pytest.mark.parametrize(
    ("before", "skipped"), [("", 0), ("Report of the year\n", 1), ("Report of the year\n\n", 2), ("sep=,\n", 1)]
)
def test_lines_before_a_header_of_many_columns_are_told_from_it(before: str, skipped: int) -> None:
    loaded = read(before + HEADER + ROW * 3)
    assert loaded.data.shape == (3, WIDE)
    assert loaded.data.columns[-1] == f"{'column name ' * 4}{WIDE - 1}"
    assert loaded.imported.report.skipped_lines == skipped


def test_the_first_of_long_rows_that_are_alike_is_no_header() -> None:
    row = ",".join(f"0.{number:036}" for number in range(WIDE)) + "\n"
    loaded = read(row * 3)
    assert (loaded.data.shape, loaded.imported.report.header) == ((3, WIDE), False)


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_commas_in_a_long_cell_do_not_mislead(delimiter: str) -> None:
    rows = f"y{delimiter}2\n" * 3
    loaded = read(f"a{delimiter}b\n{'x,' * 300_000}{delimiter}1\n{rows}")
    assert (loaded.data.shape, loaded.imported.report.delimiter) == ((4, 2), delimiter)


@pytest.mark.parametrize("rows", ["1,2,3\n" * 9, ""])
def test_a_first_line_that_is_too_long_to_be_seen_whole_is_refused(rows: str) -> None:
    error = refusal(f"a,{'x' * 3_000_000},b\n{rows}")
    assert (type(error), error.line) == (MalformedInput, 1)
    assert "more than 2 MB" in error.reason
