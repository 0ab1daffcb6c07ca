"""What is wrong with a delimited file that can't be read as it stands, and what can be left out of it."""

from typing import IO

from entrepot_adapters.polars.reading.dialect import Dialect, Record
from entrepot_adapters.polars.reading.intake import Scratch
from entrepot_core.errors import MalformedInput


def without_blank_lines(file: IO[bytes], dialect: Dialect, width: int, scratch: Scratch) -> IO[bytes]:
    """Copy a file without its blank lines, which are no rows where rows have several cells.

    Raises:
        MalformedInput: The file has another fault, which is named with its place.
    """
    made = scratch()
    is_changed = False
    row = 0 if dialect.header else 1
    for record in dialect.records(file):
        if _is_blank(record) and width > 1:
            is_changed = True
            continue
        _check(record, row, dialect, width)
        row += 1
        made.write(record.text)
    if not is_changed:
        raise MalformedInput(reason="the rows can't be told apart; check its quotes and line ends")
    return made


def line_of_row(file: IO[bytes], dialect: Dialect, row: int) -> int | None:
    """The line on which a row begins, counted from 1 after the header; None if the file is odd before it."""
    try:
        for number, record in enumerate(dialect.records(file), start=0 if dialect.header else 1):
            if number == row:
                return record.line
    except MalformedInput:
        return None
    return None


def _is_blank(record: Record) -> bool:
    return not record.text.strip()


def _check(record: Record, row: int, dialect: Dialect, width: int) -> None:
    cells = record.cells
    if len(cells) != width:
        advice = f"quote cells that hold {dialect.delimiter!r}, or say what the delimiter is"
        reason = f"this row has {len(cells)} cells where the first has {width}; {advice}"
        raise MalformedInput(reason=reason, line=record.line, row=row or None)
    text = record.text.decode()
    for cell in cells:
        if dialect.quote in cell and cell in text:
            reason = f"a quote ({dialect.quote}) stands inside a cell; put the cell in quotes and double those inside"
            raise MalformedInput(reason=reason, line=record.line, row=row or None, value=cell)
