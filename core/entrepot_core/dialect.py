"""How a file is read: what the caller asks for, and what was found."""

from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

from entrepot_core.errors import InvalidOption
from entrepot_core.formats import Compression
from entrepot_core.schema import FieldType

Stage = Literal["upload", "fetch", "unpack", "import", "profile"]
"""The parts of landing a file, in their order; a file is either uploaded or fetched, and few are packed."""

Report = Callable[[Stage, int, int | None], None]
"""Takes progress: the stage, what is done of it, and its total if known (bytes; for ``profile``, columns)."""

TypeChanges = Mapping[str, FieldType | None]
"""Column to the type it is to have, or to none where that is to be found by looking again."""

_LONGEST_MARK = 2


def no_report(stage: Stage, done: int, total: int | None) -> None:
    """Ignore progress."""


class ImportOptions(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a caller says about a file; what it leaves out is found by looking.

    Attributes:
        encoding: The text's encoding, a name Python knows.
        delimiter: What stands between two cells of a text file, 1 or 2 characters.
        quote: The character around cells that hold a delimiter.
        header: Whether the first row names the columns.
        sheet: The workbook's sheet to read, by name.
        types: Column to type; the column ``*`` stands for all others.
        null_values: Texts that mean null, besides the empty field.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header: bool | None = None
    sheet: str | None = None
    types: dict[str, FieldType] = {}
    null_values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.delimiter is not None and not 1 <= len(self.delimiter) <= _LONGEST_MARK:
            raise InvalidOption(option="delimiter", value=self.delimiter, reason="give one or two characters")
        if self.quote is not None and len(self.quote) != 1:
            raise InvalidOption(option="quote", value=self.quote, reason="give one character")
        if self.encoding is not None:
            _check_encoding(self.encoding)

    def over(self, before: "ImportOptions") -> "ImportOptions":
        """These options, and those of ``before`` where these say nothing."""
        return msgspec.structs.replace(
            before,
            **{name: value for name in self.__struct_fields__ if (value := getattr(self, name)) not in (None, {}, ())},
        )


def _check_encoding(name: str) -> None:
    try:
        "text".encode(name)
    except (LookupError, ValueError) as error:
        reason = "no such text encoding; use a name like utf-8, cp1252 or utf-16"
        raise InvalidOption(option="encoding", value=name, reason=reason) from error


class ImportReport(msgspec.Struct, frozen=True):
    """How a file was read, and what was changed on the way in.

    Attributes:
        encoding: The text's encoding; like the next three, null where the format has none.
        delimiter: What stood between two cells.
        quote: The character around cells.
        header: Whether the first row named the columns.
        repaired: Cells that were mended.
        rejected: Rows that were set aside.
        warnings: What a person should know, in sentences.
        compression: How the file was packed.
        source_url: Where it was fetched from, without password, token or signature.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header: bool | None = None
    repaired: int = 0
    rejected: int = 0
    warnings: tuple[str, ...] = ()
    compression: Compression | None = None
    source_url: str | None = None
