"""Parameters that several commands share."""

from dataclasses import dataclass, field
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from entrepot.cli.failing import Misused
from entrepot.library.options import field_type
from entrepot_core.dialect import ImportOptions, OnError
from entrepot_core.rows.lists import read_names
from entrepot_core.schema import FieldType

Ref: TypeAlias = Annotated[str, Parameter(name="dataset", help="Its name or id.")]
Version: TypeAlias = Annotated[int | None, Parameter(help="A version's number; by default the newest.")]
Columns: TypeAlias = Annotated[str | None, Parameter(help="Only these, as a,b (a name with a comma in double quotes).")]
Output: TypeAlias = Annotated[str | None, Parameter(name=["--output", "-o"], allow_leading_hyphen=True)]
_ESCAPES = {"\\t": "\t", "tab": "\t"}
Wait: TypeAlias = Annotated[bool, Parameter(name="--wait", negative="--no-wait")]
Tags: TypeAlias = Annotated[list[str] | None, Parameter(negative=())]


@Parameter(name="*")
@dataclass(frozen=True)
class Reading:
    """How a file is to be read; what is left out is found by looking."""

    delimiter: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None
    r"""What stands between two cells; \t or tab for a tab."""
    encoding: str | None = None
    """The text's encoding, as utf-8 or cp1252."""
    quote: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None
    """The character around cells that hold a delimiter."""
    escape: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None
    """The character before a quote that is part of a cell; the quote itself where it is doubled."""
    header: bool | None = None
    """Whether the first row names the columns."""
    header_rows: int | None = None
    """How many rows name the columns."""
    skip_lines: int | None = None
    """How many lines stand before the table."""
    on_error: OnError | None = None
    """Rows that don't fit: repair or set aside (the default), reject the file, or quarantine all of them."""
    sheet: str | None = None
    """The workbook's sheet."""
    type: Annotated[list[str], Parameter(negative=())] = field(default_factory=list[str])
    """COLUMN=TYPE, repeatable; *=string for all others."""
    null: Annotated[list[str], Parameter(negative=(), allow_leading_hyphen=True)] = field(default_factory=list[str])
    """A text that means null, repeatable."""

    def options(self) -> ImportOptions:
        """What is said, checked."""
        return ImportOptions(
            encoding=self.encoding,
            delimiter=_ESCAPES.get(self.delimiter, self.delimiter) if self.delimiter else None,
            quote=self.quote,
            escape=self.escape,
            header=self.header,
            header_rows=self.header_rows,
            skip_lines=self.skip_lines,
            on_error=self.on_error,
            sheet=self.sheet,
            types=dict(_typed(text) for text in self.type),
            null_values=tuple(self.null),
        )


AS_FOUND = Reading()
"""Nothing is said: all is found by looking."""


def _typed(text: str, option: str = "--type") -> tuple[str, FieldType]:
    column, equals, kind = text.rpartition("=")
    if not equals:
        raise Misused(f"{option} {text}: give a column and its type, as price=number.")
    return column, field_type(kind)


def retyped(text: str) -> tuple[str, FieldType | None]:
    """A column and the type it is to have, or none where that is to be found by looking again."""
    column, _, kind = text.rpartition("=")
    return (column, None) if column and kind == "auto" else _typed(text, "--set")


def names_of(columns: str | None) -> tuple[str, ...] | None:
    """The columns that were named, if any were."""
    return None if columns is None else read_names(columns)
