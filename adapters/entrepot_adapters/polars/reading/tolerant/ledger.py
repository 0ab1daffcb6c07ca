"""The account of an import's rows: which were mended, and which set aside."""

import csv
import io
from collections.abc import Sequence
from typing import IO

from entrepot_adapters.polars.reading.tolerant.faults import Fault, shown
from entrepot_adapters.polars.reading.tolerant.records import Record
from entrepot_core.dialect import SHOWN_FLAWS, Flaw

_HEADER = ("line", "reason", "text")


class Ledger:
    """Counts rows, names the first, and writes those that are set aside into a file.

    Attributes:
        repaired: How many rows were mended.
        rejected: How many were set aside.
        repairs: The first that were mended.
        rejects: The first that were set aside.
    """

    def __init__(self, names: Sequence[str], file: IO[bytes] | None = None) -> None:
        """Begin an account; what the file holds is gone.

        Args:
            names: The columns' names.
            file: Where rows that are set aside go to, as CSV: ``line,reason,text``; nowhere by default.
        """
        self.repaired = 0
        self.rejected = 0
        self.repairs: list[Flaw] = []
        self.rejects: list[Flaw] = []
        self._names = names
        self._file = file
        if file is not None:
            file.seek(0)
            file.truncate()

    def mended(self, line: int, row: int, faults: Sequence[Fault]) -> None:
        """Enter a row that was mended."""
        self.repaired += 1
        if len(self.repairs) < SHOWN_FLAWS:
            self.repairs.append(self._flaw(line, row, faults))

    def set_aside(self, record: Record, faults: Sequence[Fault]) -> None:
        """Enter a row that is not in the table."""
        self.rejected += 1
        flaw = self._flaw(record.line, None, faults)
        if len(self.rejects) < SHOWN_FLAWS:
            self.rejects.append(
                flaw if flaw.value is not None else Flaw(flaw.detail, flaw.line, value=shown(record.body))
            )
        if self._file is not None:
            heads = [_HEADER] if self.rejected == 1 else []
            text = record.body.decode("utf-8", "replace")
            self._file.write(_csv([*heads, (record.line, flaw.detail, text)]))

    def _flaw(self, line: int, row: int | None, faults: Sequence[Fault]) -> Flaw:
        first = faults[0]
        column = None if first.column is None else self._names[first.column]
        return Flaw("; ".join(fault.detail for fault in faults), line, row, column, first.value)


def _csv(rows: Sequence[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
