"""What reading a file comes to, whatever its format."""

import msgspec

from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.writing import Written
from entrepot_core.dialect import ImportReport


class Read(msgspec.Struct, frozen=True):
    """A file that was read into a table.

    Attributes:
        columns: Its columns, as they were read.
        written: What was written.
        report: How it was read.
    """

    columns: tuple[Column, ...]
    written: Written
    report: ImportReport
