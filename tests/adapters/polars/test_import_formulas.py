"""Formulas of a sheet without a stored value are told of."""

import io
import zipfile
from typing import Any

import pytest
import xlsxwriter

from entrepot_adapters.polars.reading.sheet_errors import odd_cells
from tests.adapters.polars.test_import_csv import read
from tests.adapters.polars.workbooks import sheet as workbook

ADVICE = "open the file in a spreadsheet program and save it."


def sheet(cells: str) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", '<workbook><sheet name="S" sheetId="1" r:id="rId1"/></workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels", '<Relationship Id="rId1" Target="worksheets/s.xml"/>')
        archive.writestr("xl/worksheets/s.xml", cells)
    return out


def test_formulas_without_values_are_counted_and_the_first_is_named() -> None:
    rows = [[number, 2, f"=A{number}*2"] for number in range(2, 5)]
    loaded = read(workbook([["a", "b", "c"], *rows]))
    assert loaded.values("c") == [None] * 3
    assert loaded.imported.report.warnings == (
        f"3 formulas have no stored value and were read as null, the first in C2; {ADVICE}",
    )


def test_one_formula_without_a_value_is_told_of_as_one() -> None:
    loaded = read(workbook([["a", "b"], [1, "=A2"]]))
    assert f"The formula in B2 has no stored value and was read as null; {ADVICE}" in loaded.warnings


def test_formulas_with_values_are_read_without_a_word() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["a", "b"])
        page.write_row(1, 0, [1, "x"])
        text: Any = "1"  # which xlsxwriter says may be numbers only
        page.write_formula(2, 1, '=A2&""', None, text)
        page.write_formula(2, 0, "=A2+1", None, 2)
    loaded = read(out.getvalue())
    assert (loaded.values("a"), loaded.warnings) == ([1, 2], "")


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B7"><f>A1&lt;2</f></c>',
        '<c r="B7" s="1"><f>A1</f><v/></c>',
        '<c r="B7" s="1"><f>A1</f><v></v></c>',
        '<c r="B7"><f t="shared" si="0"/></c>',
        '<c r="B7"><f t="shared" si="0"/>\n<v />\n</c>',
        '<c r="B7" t="str"><f t="shared" ref="B7:B9" si="0">A1</f></c>',
        '<x:c r="B7"><x:f ca="1">A1</x:f><x:v/></x:c>',
    ],
)
def test_a_formula_without_a_value_may_be_written_in_many_ways(cell: str) -> None:
    others = '<c r="A1"><v>1</v></c><c r="A2"><f>A1</f><v>1</v></c><c r="A3" t="str"><f>A1</f><v></v></c><c r="A4"/>'
    found = odd_cells(sheet(others * 30_000 + cell + others), "S")
    assert (found.unknown, found.first_unknown, found.errors) == (1, "B7", ())
