"""Reads files with polars, in this process."""

import tempfile
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from typing import BinaryIO

import msgspec
import polars as pl

from entrepot_adapters.disks import FULL
from entrepot_adapters.polars.profiling import profile
from entrepot_adapters.polars.reading.columnar import read_columnar
from entrepot_adapters.polars.reading.content import as_text, recognise
from entrepot_adapters.polars.reading.delimited import read_delimited
from entrepot_adapters.polars.reading.intake import Intake
from entrepot_adapters.polars.reading.json_reading import read_json
from entrepot_adapters.polars.reading.options import conventions
from entrepot_adapters.polars.reading.result import Read
from entrepot_adapters.polars.reading.unpacking import check_workbook, unpacked
from entrepot_adapters.polars.reading.workbook import read_workbook
from entrepot_core.dialect import Report
from entrepot_core.errors import DiskFull, MalformedInput
from entrepot_core.formats import Format
from entrepot_core.limits import Limits
from entrepot_core.ports.importer import Imported, ImportTask
from entrepot_core.profile import Profile
from entrepot_core.schema import Field, FieldType, Schema

Reader = Callable[[Intake], Read]

_READERS: dict[Format, Reader] = {
    Format.CSV: read_delimited,
    Format.TSV: read_delimited,
    Format.JSON: read_json,
    Format.NDJSON: read_json,
    Format.PARQUET: read_columnar,
    Format.ARROW: read_columnar,
    Format.XLSX: read_workbook,
}


class PolarsImporter(msgspec.Struct, frozen=True, kw_only=True):
    """An ``Importer`` that reads in this process, which it may bring down with a file made for that.

    Attributes:
        profile: Computes the statistics of the table.
        limits: What is read at the most.
    """

    profile: Callable[..., Profile] = profile
    limits: Limits = Limits()

    def prepare(self) -> None:
        """Do nothing: what there is to load was loaded with this."""

    def load(self, source: BinaryIO, table: BinaryIO, rejects: BinaryIO, task: ImportTask, report: Report) -> Imported:
        """Read a file; see ``Importer``."""
        with ExitStack() as stack, full_disks():
            scratch = lambda: stack.enter_context(tempfile.TemporaryFile())  # noqa: E731 - a word for it
            opened = unpacked(source, self.limits.decompressed_bytes, scratch, report)
            text = as_text(opened.file, task)
            found = recognise(opened.file, text)
            if found is Format.XLSX:
                check_workbook(opened.file, self.limits.decompressed_bytes)
            known = text if found.is_text_of_dates else task
            with _panics(found):
                read = _READERS[found](Intake(opened.file, table, rejects, known, found, self.limits, report, stack))
        schema = _schema(read)
        table.flush()
        table.seek(0)
        computed = self.profile([table], schema, dates_are_text=found.is_text_of_dates, report=report)
        shown = conventions(read.columns, task.usual)
        warnings = (*read.report.warnings, *_infinite(computed))
        told = msgspec.structs.replace(read.report, compression=opened.compression, warnings=warnings, **shown)
        return Imported(found.media_type, schema, read.written.rows, told, computed)


@contextmanager
def _panics(kind: Format) -> Generator[None]:
    """Tell a panic of polars, which no handler of errors sees and which would end a program, from a file's faults.

    Raises:
        MalformedInput: It panicked.
    """
    try:
        yield
    except pl.exceptions.PanicException as error:  # what it says is for programmers
        reason = f"this is no sound {kind} file, or it has columns of a type that can't be read"
        raise MalformedInput(reason=reason) from error


@contextmanager
def full_disks() -> Generator[None]:
    """Tell a full disk from other errors of the system.

    Raises:
        DiskFull: It is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull from error
        raise


def _schema(read: Read) -> Schema:
    columns = zip(read.columns, read.written.outcomes, strict=True)
    return Schema(tuple(Field(column.name, column.reading.type, outcome.nulls > 0) for column, outcome in columns))


def _infinite(profile: Profile) -> Generator[str]:
    """Say which columns hold infinite numbers: what is shown of them looks like nothing."""
    for column in profile.columns:
        ends = column.summary
        if column.type is FieldType.NUMBER and column.count and ends and None in (ends.min, ends.max):
            yield f"Column {column.name!r} holds infinite numbers, which rows and statistics show as null."
