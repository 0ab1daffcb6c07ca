"""Refuses a sheet with cells so far apart that its reader, which makes room for all between them, ends the program."""

import re
from typing import IO

from entrepot_adapters.polars.reading.sheet_parts import cells_of, chunks_of, column_number
from entrepot_core.errors import MalformedInput

_MANY = 1 << 26
"""Cells for which there is room: they take 32 bytes each."""

_SPARSE = 16
"""Of more cells, one in so many has to hold something."""

_EXTENT = re.compile(rb"""<(?:\w+:)?dimension\b[^>]*\sref=["']([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)["']""")
_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\sr=["']([A-Z]+)([0-9]+)["'](?:[^>]*[^>/])?>""")
"""A cell that is not empty."""


def check_extent(file: IO[bytes], sheet: str) -> None:
    """Look whether the cells of a sheet of an ``.xlsx`` file lie together, where the sheet says that it is large.

    Raises:
        MalformedInput: They don't.
    """
    said = _EXTENT.search(next(chunks_of(file, sheet), b""))
    if said is None or _area([said[1], said[3]], [int(said[2]), int(said[4])]) <= _MANY:
        return
    columns, rows, count = set[bytes](), list[int](), 0
    for cells in cells_of(file, sheet):
        found = _CELL.findall(cells)
        count += len(found)
        columns.update(column for column, _ in found)
        rows = _ends([*rows, *(int(row) for _, row in found)])
    if _area(list(columns), rows) > max(_MANY, _SPARSE * count):
        last = max(columns, key=column_number).decode()
        reason = f"the cells of sheet {sheet!r} reach to column {last} and row {rows[-1]:,}, and nearly all are empty"
        raise MalformedInput(reason=f"{reason}; remove those far away, or copy the table to a sheet of its own")


def _ends(numbers: list[int]) -> list[int]:
    return [min(numbers), max(numbers)] if numbers else []


def _area(columns: list[bytes], rows: list[int]) -> int:
    """How many cells there are from the first to the last column and row."""
    width, height = _ends([column_number(column) for column in columns]), _ends(rows)
    return (width[1] - width[0] + 1) * (height[1] - height[0] + 1) if width and height else 0
