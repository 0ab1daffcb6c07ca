"""Makes workbooks of one sheet."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl

Cells = Sequence[Sequence[Any]]


def sheet(rows: Cells, row: int = 1, column: int = 1, merged: str | None = None) -> bytes:
    """A workbook whose only sheet holds rows, from some row and column on; openpyxl stores no values of formulas.

    Ranges of cells that are merged are separated by spaces.
    """
    book = openpyxl.Workbook()
    active = book.active
    assert active is not None
    for number, cells in enumerate(rows, row):
        for place, cell in enumerate(cells, column):
            active.cell(number, place, cell)
    for cells_merged in merged.split() if merged else ():
        active.merge_cells(cells_merged)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
