"""What reading a file comes to, whatever its format."""

from attrs import frozen

from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.writing import Written
from entrepot_core.dialect import ImportReport
from entrepot_core.formats import Format


@frozen
class Read:
    """A file that was read into a table.

    Attributes:
        format: What it was.
        columns: Its columns, as they were read.
        written: What was written.
        report: How it was read.
    """

    format: Format
    columns: tuple[Column, ...]
    written: Written
    report: ImportReport
