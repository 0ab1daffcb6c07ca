"""Copies a table, row by row, into a file that polars reads."""

from entrepot_adapters.polars.landing import Misfit
from entrepot_adapters.polars.reading.delimited_file import DelimitedFile
from entrepot_adapters.polars.reading.intake import Intake
from entrepot_adapters.polars.reading.lines import Marks
from entrepot_adapters.polars.reading.pieces import Search
from entrepot_adapters.polars.reading.tolerant.faults import Fault
from entrepot_adapters.polars.reading.tolerant.ledger import Ledger
from entrepot_adapters.polars.reading.tolerant.tidying import Rows, Tidier

_PIECE = 1 << 20
_SHARE = 0.5
"""How much of an import's progress the copy is; the rest is reading it."""


def tidied_copy(tidier: Tidier, ledger: Ledger, intake: Intake) -> DelimitedFile:
    """Copy the rows of a file.

    Args:
        tidier: Reads them.
        ledger: Where what is mended and set aside is entered.
        intake: Where to make the copy, and whom to tell of progress.

    Raises:
        MalformedInput: A row does not fit, and the file is to be refused then.
        LimitExceeded: A cell or line is too long, or there are too many rows.
        SpareUsed: The last column is not empty.
    """
    made, size, text_size = intake.scratch(), intake.size, tidier.file.seek(0, 2)
    marks, search = Marks(), Search.of(tidier.dialect)
    rows = ends = held = written = 0
    pieces: list[bytes] = []

    def flush() -> None:
        nonlocal held, written
        piece = b"".join(pieces)
        made.write(piece)
        marks.add(search.look(piece, b""))
        written += held
        held = 0
        pieces.clear()
        intake.limits.check_rows(rows)
        intake.report("import", int(size * _SHARE * min(1.0, written / text_size)), size)

    for found in tidier.rows(ledger):
        pieces.append(found.text)
        held += len(found.text)
        ends += _ends(found)
        rows += found.number
        if held > _PIECE:
            flush()
    flush()
    dialect, width = tidier.dialect, tidier.layout.width
    return DelimitedFile(made, dialect.mark, dialect.quote, 0, width, rows, marks.content - ends, 0, already=_SHARE)


def _ends(rows: Rows) -> int:
    """How many bytes end the rows; several have no quotes, and with them no line feed in a cell."""
    if rows.number > 1:
        return rows.number + rows.text.count(b"\r\n")
    return len("\r\n") if rows.text.endswith(b"\r\n") else len("\n")


def line_of_row(tidier: Tidier, row: int) -> int | None:
    """The line on which a row of the table begins."""
    before = 0
    for found in tidier.rows(Ledger(tidier.layout.names)):
        if row <= before + found.number:
            return found.line + row - before - 1
        before += found.number
    return None


def as_fault(misfit: Misfit, number: int) -> Fault:
    """A value that is not of the type asked for, as what is wrong with its row."""
    fact = f"{misfit.value!r} is no {misfit.column.asked}, the type asked for"
    return Fault(fact, "ask for another type", None, number, misfit.value)
