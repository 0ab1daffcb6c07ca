"""Makes documents for people: workbooks and charts."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import BinaryIO, Protocol

from entrepot_core.formats import Format
from entrepot_core.ports.tables import ArrowTable
from entrepot_core.profile import Histogram
from entrepot_core.schema import Schema


class Workbooks(Protocol):
    """Writes Excel workbooks."""

    def write(
        self, batches: Iterable[ArrowTable], schema: Schema, out: BinaryIO, *, title: str, created: datetime
    ) -> None:
        """Write a table as an ``.xlsx`` workbook into ``out`` (seekable, empty), in memory flat in its rows.

        The header is frozen and filtered. Past 1,048,576 rows the table goes on on further sheets. Text too long
        for a cell is cut and marked, and listed on a sheet of notes. Its properties tell when the table was
        ``created`` (UTC), and nothing when it was written: the same table gives the same bytes.

        Raises:
            NotRepresentable: It has more columns than a sheet.
        """
        ...


class Charts(Protocol):
    """Draws charts."""

    def histograms(self, histograms: Mapping[str, Histogram], format: Format, out: BinaryIO, *, title: str) -> None:
        """Draw one titled histogram for each column, in order, into ``out``: PDF in pages, SVG and PNG as one sheet."""
        ...
