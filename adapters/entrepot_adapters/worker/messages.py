"""What the parent and the worker say to each other: JSON, one message a line."""

from typing import Any

import msgspec

from entrepot_core.dialect import Stage
from entrepot_core.errors import EntrepotError, ImportCrashed, every_error
from entrepot_core.ports.importer import Imported, ImportTask


class Job(msgspec.Struct, frozen=True):
    """What the worker is to do; the first and only thing it is told.

    Attributes:
        source: The file descriptor to read from.
        table: The file descriptor to write the table to.
        rejects: The file descriptor to write the rows to that are set aside.
        parent: The process that waits for it.
        task: What is known of the file.
        max_columns: The most columns of a table.
        max_rows: The most rows, or any number.
        max_cell_bytes: The most bytes of a cell of a text file.
    """

    source: int
    table: int
    rejects: int
    parent: int
    task: ImportTask
    max_columns: int
    max_rows: int | None
    max_cell_bytes: int


class Advanced(msgspec.Struct, frozen=True, tag="advanced"):
    """The worker has come further."""

    stage: Stage
    done: int
    total: int | None


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """The worker is done; the table is written."""

    imported: Imported


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The worker refused the file, or met some other fact of the core."""

    code: str
    fields: dict[str, Any]

    def error(self) -> EntrepotError:
        """The error that the worker raised."""
        kind = next((one for one in every_error() if one.code == self.code), None)
        if kind is None:
            return ImportCrashed(reason=f"the worker says {self.code!r}, which is unknown here")
        return msgspec.convert(self.fields, kind)


Message = Advanced | Finished | Failed
