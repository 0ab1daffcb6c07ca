"""One file on its way into a table."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from typing import IO, BinaryIO

import msgspec

from entrepot_core.dialect import ImportOptions, Report
from entrepot_core.formats import Format
from entrepot_core.limits import Limits
from entrepot_core.ports.importer import ImportTask

Scratch = Callable[[], IO[bytes]]
"""Makes a temporary file, which is gone when the import is over."""


class Intake(msgspec.Struct, frozen=True):
    """A file to read, and where to.

    Attributes:
        source: The file.
        table: Where to write.
        rejects: Where to write the rows that are set aside.
        task: What is known of the file.
        kind: What it is.
        limits: How large the table may be.
        report: Told of progress.
        stack: Closes what the import has opened.
    """

    source: BinaryIO
    table: BinaryIO
    rejects: BinaryIO
    task: ImportTask
    kind: Format
    limits: Limits
    report: Report
    stack: ExitStack

    @property
    def options(self) -> ImportOptions:
        """What the caller says about the file."""
        return self.task.options

    @property
    def size(self) -> int:
        """The file's bytes."""
        return self.source.seek(0, 2)

    def scratch(self) -> IO[bytes]:
        """Make a temporary file, which is gone when the import is over."""
        return self.stack.enter_context(tempfile.TemporaryFile())
