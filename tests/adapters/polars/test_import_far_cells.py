"""Sheets with cells far from the table, for all between which the reader makes room."""

import io

import openpyxl
import pytest
from openpyxl.styles import Font

from entrepot_core.errors import MalformedInput
from tests.adapters.polars.test_import_csv import read, refusal


def workbook(**sheets: dict[str, object]) -> bytes:
    """A workbook of sheets with cells at places; those of which nothing is said are bold."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.worksheets[0])
    for name, cells in sheets.items():
        sheet = book.create_sheet(name)
        for place, value in cells.items():
            sheet[place] = value
            sheet[place].font = Font(bold=value is None)
    book.save(out)
    return out.getvalue()


TABLE: dict[str, object] = {"A1": "a", "B1": "b", "A2": 1, "B2": 2}


@pytest.mark.parametrize("place", ["XFD1048576", "AZZ100000", "ZZZ20000"])
def test_a_sheet_that_is_nearly_all_empty_is_refused_with_its_end(place: str) -> None:
    error = refusal(workbook(cars={**TABLE, place: "x"}))
    assert isinstance(error, MalformedInput)
    column, row = place.rstrip("0123456789"), int(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    assert f"'cars' reach to column {column} and row {row:,}" in error.reason
    assert "remove those far away" in error.reason


@pytest.mark.parametrize(("place", "shape"), [("A50000", (49_999, 2)), ("ZZ1", (1, 702)), ("D9", (8, 4))])
def test_a_cell_that_is_not_so_far_is_read(place: str, shape: tuple[int, int]) -> None:
    assert read(workbook(cars={**TABLE, place: "x"})).data.shape == shape


def test_a_far_cell_that_holds_nothing_is_none() -> None:
    assert read(workbook(cars={**TABLE, "XFD1048576": None})).data.rows() == [(1, 2)]


def test_a_sheet_that_is_not_read_may_have_one() -> None:
    book = workbook(cars=TABLE, other={"A1": 1, "XFD1048576": 2})
    assert read(book).data.rows() == [(1, 2)]
    assert "'other' reach to column XFD" in getattr(refusal(book, sheet="other"), "reason", "")
