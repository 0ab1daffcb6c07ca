"""How a file is read: what the caller asks for, and what was found."""

import codecs
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from entrepot_core.errors import InvalidOption
from entrepot_core.formats import Compression
from entrepot_core.schema import FieldType

Stage = Literal["upload", "fetch", "unpack", "import", "profile", "images"]
"""The parts of landing a file, in their order; a file is either uploaded or fetched, and few are packed,
and few have images."""

Report = Callable[[Stage, int, int | None], None]
"""Takes progress: the stage, what is done of it, and its total if known (bytes; for ``profile``, columns;
for ``images``, images)."""

OnError = Literal["repair", "reject", "quarantine"]
"""What to do with rows that don't fit: mend what can be and set the others aside, refuse the file, or set all aside."""

DateOrder = Literal["day_first", "month_first"]
"""How dates are read that could be either way round, as ``03/04/2024``."""

DecimalMark = Literal[".", ","]
"""What stands before decimals."""

LineEnd = Literal["lf", "crlf", "cr", "mixed"]

SHOWN_FLAWS = 100
"""How many rows that were mended, or set aside, a report names one by one."""

NO_ENCODINGS = frozenset({
    "charmap", "idna", "mbcs", "oem", "punycode", "raw_unicode_escape", "undefined", "unicode_escape",
})  # fmt: skip
"""What Python takes for encodings, by their modules, but no file is in: for names of hosts, for source code, for what
a system happens to use."""

_NAMED_BY_HABIT = frozenset({"utf-8", "ascii", "iso8859-1"})
"""What programs call any text, whatever it is in."""

_LONGEST_MARK = 2
_MOST_HEADER_ROWS = 10


def no_report(stage: Stage, done: int, total: int | None) -> None:
    """Ignore progress."""


_TAKING_ROWS = {
    "skip_lines": "Lines before the table were skipped",
    "header_rows": "Rows were taken for the names of columns",
}


class ImportOptions(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a caller says about a file; what it leaves out is found by looking.

    Attributes:
        encoding: The text's encoding, a name Python knows.
        delimiter: What stands between two cells of a text file, 1 or 2 characters.
        quote: The character around cells that hold a delimiter.
        escape: The character before a quote that is part of a cell; the quote itself where it is doubled.
        header: Whether the first row names the columns.
        header_rows: How many rows name the columns; their texts are joined.
        skip_lines: How many lines stand before the table.
        on_error: What to do with rows that don't fit the others: ``repair`` them where that can be done by a clear
            rule and set the others aside (the default), ``reject`` the file, or ``quarantine`` all of them.
        sheet: The workbook's sheet to read, by name.
        types: Column to type; the column ``*`` stands for all others.
        null_values: Texts that mean null, besides the empty field.
        date_order: How dates such as ``03/04/2024`` are read, in columns whose values could be either way round.
        decimal: What stands before decimals in numbers such as ``1,234`` and ``1.234``, in columns whose values could
            be meant either way.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    header: bool | None = None
    header_rows: int | None = None
    skip_lines: int | None = None
    on_error: OnError | None = None
    sheet: str | None = None
    types: dict[str, FieldType] = {}
    null_values: tuple[str, ...] = ()
    date_order: DateOrder | None = None
    decimal: DecimalMark | None = None

    def __post_init__(self) -> None:
        if self.delimiter is not None and not 1 <= len(self.delimiter) <= _LONGEST_MARK:
            raise InvalidOption(option="delimiter", value=self.delimiter, reason="give one or two characters")
        if self.quote is not None and len(self.quote) != 1:
            raise InvalidOption(option="quote", value=self.quote, reason="give one character")
        if self.escape is not None and (len(self.escape) != 1 or not self.escape.isascii()):
            raise InvalidOption(option="escape", value=self.escape, reason="give one ASCII character")
        _check_number("header_rows", self.header_rows, _MOST_HEADER_ROWS)
        _check_number("skip_lines", self.skip_lines, None)
        if self.encoding is not None:
            _check_encoding(self.encoding)

    def over(self, before: "ImportOptions") -> "ImportOptions":
        """These options, and those of ``before`` where these say nothing."""
        return msgspec.structs.replace(
            before,
            **{name: value for name in self.__struct_fields__ if (value := getattr(self, name)) not in (None, {}, ())},
        )

    def kept_of(self, before: "ImportOptions") -> list[str]:
        """Say which options of ``before`` hold on that may take rows of another file for no rows."""
        return [
            f"{what} ({value}), as in the version before; say if that is otherwise in this file (option {name})."
            for name, what in _TAKING_ROWS.items()
            if getattr(self, name) is None and (value := getattr(before, name))
        ]


def _check_number(option: str, number: int | None, most: int | None) -> None:
    if number is not None and (number < 0 or (most is not None and number > most)):
        to = "or more" if most is None else f"to {most}"
        raise InvalidOption(option=option, value=str(number), reason=f"give a whole number, 0 {to}")


def _check_encoding(name: str) -> None:
    reason = "no such text encoding; use a name like utf-8, cp1252 or utf-16"
    try:
        "text".encode(name)
        found = codecs.lookup(name).name
    except (LookupError, ValueError) as error:
        raise InvalidOption(option="encoding", value=name, reason=reason) from error
    if found.replace("-", "_") in NO_ENCODINGS:
        raise InvalidOption(option="encoding", value=name, reason=reason)


def declared_encoding(charset: str) -> str | None:
    """The encoding that a media type's charset tells.

    >>> declared_encoding("Shift_JIS"), declared_encoding("UTF-8"), declared_encoding("bogus")
    ('shift_jis', None, None)

    Returns:
        Its name in Python; none where it is unknown, or one that many programs name by habit.
    """
    try:
        _check_encoding(charset)
    except InvalidOption:
        return None
    found = codecs.lookup(charset).name
    return None if found in _NAMED_BY_HABIT else found


class TypeChanges(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a file is to be read again.

    Attributes:
        types: Column to the type it is to have, or to none where that is to be found by looking again.
        date_order: How dates such as ``03/04/2024`` are read; by default as before.
        decimal: What stands before decimals in numbers such as ``1,234``; by default as before.
        null_values: Texts that mean null, in place of those that did before; by default these.
    """

    types: dict[str, FieldType | None] = {}
    date_order: DateOrder | None = None
    decimal: DecimalMark | None = None
    null_values: tuple[str, ...] = ()

    def over(self, before: ImportOptions) -> ImportOptions:
        """The options that a file was read with, so changed."""
        said = ImportOptions(date_order=self.date_order, decimal=self.decimal, null_values=self.null_values).over(
            before
        )
        types = {column: kind for column, kind in {**before.types, **self.types}.items() if kind is not None}
        return msgspec.structs.replace(said, types=types)


class Flaw(msgspec.Struct, frozen=True, omit_defaults=True):
    """A row that was mended, or set aside.

    Attributes:
        detail: What was wrong, and what was done.
        line: The line of the file on which the row begins.
        row: The row's number in the table; null where it is not in there.
        column: The column, where one is concerned.
        value: What stood there, perhaps cut.
    """

    detail: str
    line: int | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None


class ImagesReport(msgspec.Struct, frozen=True):
    """What became of the images that the cells of a table name.

    Attributes:
        stored: Of how many cells the image is there.
        failed: Of how many it can't be had.
        pending: Of how many it has not been asked for yet.
        failures: The first of those that failed: row, column, the cell's text as value, and the reason as detail.
    """

    stored: int = 0
    failed: int = 0
    pending: int = 0
    failures: tuple[Flaw, ...] = ()


class ImportReport(msgspec.Struct, frozen=True):
    """How a file was read, and what was changed on the way in.

    Attributes:
        encoding: The text's encoding; like the next seven, null where the format has none.
        delimiter: What stood between two cells.
        quote: The character around cells.
        header: Whether the first row named the columns.
        escape: The character before a quote that is part of a cell; the quote itself where it is doubled.
        line_end: How lines ended: ``lf``, ``crlf``, ``cr`` or ``mixed``.
        skipped_lines: How many lines before the table were left out.
        header_rows: How many rows named the columns.
        repaired: Rows that were mended.
        rejected: Rows that were set aside.
        warnings: What a person should know, in sentences.
        compression: How the file was packed.
        source_url: Where it was fetched from, without password, token or signature.
        repairs: The first of the rows that were mended.
        rejects: The first of the rows that were set aside.
        images: What became of images, as of now; null where no column holds any.
        date_order: What comes first in dates, where they show it, or those of versions before.
        decimal: What stands before decimals, where a comma in numbers shows it, or in those of versions before.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header: bool | None = None
    escape: str | None = None
    line_end: LineEnd | None = None
    skipped_lines: int | None = None
    header_rows: int | None = None
    repaired: int = 0
    rejected: int = 0
    warnings: tuple[str, ...] = ()
    compression: Compression | None = None
    source_url: str | None = None
    repairs: tuple[Flaw, ...] = ()
    rejects: tuple[Flaw, ...] = ()
    images: ImagesReport | None = None
    date_order: DateOrder | None = None
    decimal: DecimalMark | None = None

    def noting(self, warnings: Sequence[str]) -> "ImportReport":
        """The report with more that a person should know."""
        return msgspec.structs.replace(self, warnings=(*warnings, *self.warnings))

    @property
    def conventions(self) -> ImportOptions:
        """How what belongs to the same dataset is to be read, where neither somebody nor its values tell."""
        return ImportOptions(date_order=self.date_order, decimal=self.decimal)
