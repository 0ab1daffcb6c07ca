"""Parameters that several commands share."""

import re
from dataclasses import dataclass, field
from typing import Annotated, TypeAlias

from cyclopts import Parameter
from cyclopts.validators import Number

from entrepot.cli.failing import Misused
from entrepot.library.options import field_type
from entrepot_core.dialect import DateOrder, DecimalMark, ImportOptions, OnError
from entrepot_core.intervals import read_interval
from entrepot_core.rows.lists import left_unquoted, read_names
from entrepot_core.rows.query import RowFilter, RowQuery
from entrepot_core.schema import FieldType

Ref: TypeAlias = Annotated[str, Parameter(name="dataset", help="Its name or id.")]
Version: TypeAlias = Annotated[int | None, Parameter(help="A version's number; by default the newest.")]
Columns: TypeAlias = Annotated[str | None, Parameter(help="Only these, as a,b (a name with a comma in double quotes).")]
_WHERE = (
    "COLUMN=VALUE or COLUMN__OP=VALUE; repeatable, all have to hold. OP is not, gt, gte, lt, lte, in, notin, contains, "
    "notcontains, startswith, endswith, like, date, isnull or notnull."
)
Filters: TypeAlias = Annotated[list[str] | None, Parameter(negative=(), allow_leading_hyphen=True, help=_WHERE)]
Output: TypeAlias = Annotated[str | None, Parameter(name=["--output", "-o"], allow_leading_hyphen=True)]
_FILTER = re.compile(r'(?P<key>"(?:[^"]|"")*"(?:__[a-z]+)?|[^=]*)=(?P<value>.*)', re.DOTALL)
_ESCAPES = {"\\t": "\t", "tab": "\t"}
Port: TypeAlias = Annotated[int | None, Parameter(validator=Number(gte=0, lte=65_535))]
Wait: TypeAlias = Annotated[bool, Parameter(name="--wait", negative="--no-wait")]
Tags: TypeAlias = Annotated[list[str] | None, Parameter(negative=())]
_IMAGE = "A column that holds images, by their URLs; repeatable."
ImageColumns: TypeAlias = Annotated[list[str] | None, Parameter(name="--image", negative=(), help=_IMAGE)]
_PUBLISH = "Serve it as a collection under its name, for web pages and apps."
Publish: TypeAlias = Annotated[bool | None, Parameter(name="--publish", negative="--no-publish", help=_PUBLISH)]
_REFRESH = "How often a server fetches its URL again, as 15m, 1h or 7d; or none."
Refresh: TypeAlias = Annotated[str | None, Parameter(help=_REFRESH)]


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
    """Rows that don't fit: repair or set aside (so does add), reject the file (so do append, update), or quarantine."""
    sheet: str | None = None
    """The workbook's sheet."""
    type: Annotated[list[str], Parameter(negative=())] = field(default_factory=list[str])
    """COLUMN=TYPE, repeatable; *=string for all others."""
    null: Annotated[list[str], Parameter(negative=(), allow_leading_hyphen=True)] = field(default_factory=list[str])
    """A text that means null, repeatable."""
    date_order: DateOrder | None = None
    """Which comes first in dates such as 03/04/2024, in columns whose values could be either way round."""
    decimal: DecimalMark | None = None
    """What stands before decimals in numbers such as 1,234 or 1.234, in columns that could be meant either way."""

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
            date_order=self.date_order,
            decimal=self.decimal,
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


@Parameter(name="*")
@dataclass(frozen=True)
class Shown:
    """How a dataset is shown: as a collection, with images, of a source that changes."""

    image: ImageColumns = None
    publish: Publish = None
    refresh: Refresh = None

    @property
    def images(self) -> tuple[str, ...] | None:
        """The columns that are said to hold images; an empty text is none."""
        return None if self.image is None else tuple(name for name in self.image if name)

    @property
    def seconds(self) -> int | None:
        """How often its source is to be fetched again, in seconds.

        Raises:
            InvalidOption: That is no interval.
        """
        return None if self.refresh is None else read_interval("refresh", self.refresh)


AS_IT_IS = Shown()
"""Nothing is said."""


@Parameter(name="*")
@dataclass(frozen=True)
class Which:
    """Which rows; all of what is said has to hold."""

    where: Filters = None
    any_of: Annotated[list[str] | None, Parameter(name=["--any-of", "--or"], negative=())] = None
    """Filters of which one has to hold, as "(price__lt.5,doors.3)"; repeatable."""
    q: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None
    """Words that stand in some column of text, whatever their case."""

    def filter(self) -> RowFilter:
        """What is said, split up."""
        return RowFilter(tuple(map(_filter, self.where or ())), tuple(self.any_of or ()), self.q)


@Parameter(name="*")
@dataclass(frozen=True)
class Selected(Which):
    """Which rows and columns, in which order."""

    columns: Columns = None
    sort: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None
    """Columns to sort by, as a,-b: the minus is for descending; nulls come last."""
    offset: int = 0
    """How many rows to skip."""

    def query(self, limit: int | None, cursor: str | None = None) -> RowQuery:
        """What is said, split up."""
        rows = self.filter()
        return RowQuery(
            where=rows.where,
            any_of=rows.any_of,
            q=rows.q,
            columns=names_of(self.columns),
            sort=() if self.sort is None else read_names(self.sort, "sort"),
            limit=limit,
            offset=self.offset,
            cursor=cursor,
        )


ALL_ROWS = Which()
EVERYTHING = Selected()
"""Nothing is said: all rows and columns, as they are stored."""


def _filter(text: str) -> tuple[str, str]:
    found = _FILTER.fullmatch(text)
    if found is None or not found["key"]:
        raise Misused(f"--where {text}: give a column and a value, as price__gt=10.")
    return left_unquoted(found["key"]), found["value"]
