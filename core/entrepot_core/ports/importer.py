"""Reads a file of any format into a typed table."""

from typing import BinaryIO, Protocol

import msgspec

from entrepot_core.dialect import ImportOptions, ImportReport, Report
from entrepot_core.formats import Format
from entrepot_core.profile import Profile
from entrepot_core.schema import Schema


class ImportTask(msgspec.Struct, frozen=True):
    """What is known of a file before it is read.

    Attributes:
        format: What its name or media type says it is; the content has the last word.
        file_name: Its base name, for error messages.
        options: What the caller says about it.
        usual: How dates and numbers were written in what belongs to the same dataset.
        encoding: What its sender says that a text is in: the default of the option.
        held: Columns whose types the options ask for as they had them: units in them are no part of numbers, and
            integers are numbers where there are decimals.
    """

    format: Format | None
    file_name: str | None
    options: ImportOptions
    usual: ImportOptions = ImportOptions()
    encoding: str | None = None
    held: tuple[str, ...] = ()


class Imported(msgspec.Struct, frozen=True):
    """What became of a file.

    Attributes:
        media_type: What the file was; of a packed one, what it held.
        schema: The structure of the table, ``_id`` apart.
        rows: How many rows it has.
        report: How it was read.
        profile: The table's statistics.
    """

    media_type: str
    schema: Schema
    rows: int
    report: ImportReport
    profile: Profile


class Importer(Protocol):
    """Reads files. One instance may be used by several threads at once."""

    def prepare(self) -> None:
        """Make ready what takes a while, and return at once: a file is on its way, though it may never come."""
        ...

    def load(self, source: BinaryIO, table: BinaryIO, rejects: BinaryIO, task: ImportTask, report: Report) -> Imported:
        """Read ``source`` and write it into ``table`` as Parquet, with an ``_id`` column from 1 in front.

        Rows that are set aside are written into ``rejects``, which stays empty where there are none.

        A file that is packed with gzip or zstd is unpacked first; what stands in it must not be packed again.

        Types hold for every value of the file. Memory does not grow with the number of rows. The files are
        seekable and stay open; ``source`` is read from its beginning, the others are empty at first. When this
        raises, what stands in them is worthless.

        ``report`` may raise, which stops the import and passes through. What was told may be told again, so that
        it is called every now and then while nothing is new.

        Raises:
            EmptyInput: There is nothing in it, not even a header.
            UnreadableInput: It is none of the formats that can be read.
            MalformedInput: It breaks the rules of its format, or a value does not fit the type asked for.
            InvalidOption: An option does not fit the file.
            UnknownColumn: ``options.types`` names a column that is not there.
            LimitExceeded: It passes a limit.
            ImportCrashed: The reading died, by a lack of memory say.
            SandboxUnavailable: It would not be as safe as it has to be.
        """
        ...
