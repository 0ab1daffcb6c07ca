"""What was handed in, or wished for, can't be taken as it is."""

from typing import ClassVar

from entrepot_core.errors.tree import Refused
from entrepot_core.meant import did_you_mean

_SHOWN = 20
"""How many columns a message names at the most."""


class InvalidName(Refused):
    """A dataset can't be called this.

    >>> print(InvalidName(name="My cars", reason="a name has no spaces"))
    'My cars' can't be a dataset's name: a name has no spaces.
    """

    name: str
    reason: str
    code: ClassVar[str] = "invalid_name"

    def __str__(self) -> str:
        return f"{self.name!r} can't be a dataset's name: {self.reason}."


class InvalidOption(Refused):
    """An option or parameter has a value it can't have.

    >>> print(InvalidOption(option="bins", value="0", reason="give 1 or more"))
    bins='0': give 1 or more.
    """

    option: str
    value: str
    reason: str
    code: ClassVar[str] = "invalid_option"

    def __str__(self) -> str:
        return f"{self.option}={self.value!r}: {self.reason}."


class InvalidCursor(Refused):
    """A paging cursor that is not of this list.

    >>> print(InvalidCursor(cursor="abc"))
    'abc' is no cursor here: each is of one list, its filters, order and version. Start again without a cursor.
    """

    cursor: str
    code: ClassVar[str] = "invalid_cursor"

    def __str__(self) -> str:
        reason = "each is of one list, its filters, order and version"
        return f"{self.cursor!r} is no cursor here: {reason}. Start again without a cursor."


class UnknownColumn(Refused):
    """The dataset has no column of this name.

    >>> print(UnknownColumn(column="prize", columns=["make", "price"]))
    There is no column 'prize'. Did you mean 'price'? The columns are: make, price.
    """

    column: str
    columns: list[str]
    code: ClassVar[str] = "unknown_column"

    def __str__(self) -> str:
        known = ", ".join(self.columns[:_SHOWN]) + (", …" if len(self.columns) > _SHOWN else "")
        return f"There is no column {self.column!r}. {did_you_mean(self.column, self.columns)}The columns are: {known}."


class EmptyInput(Refused):
    """The input has no content at all.

    >>> print(EmptyInput(file_name="cars.csv"))
    cars.csv is empty. A table needs at least a header.
    >>> print(EmptyInput(file_name="cars.csv", skipped=1_000))
    cars.csv has nothing below line 1,000, up to which lines are skipped (option skip_lines).
    """

    file_name: str | None = None
    skipped: int | None = None
    code: ClassVar[str] = "empty_input"

    def __str__(self) -> str:
        name = self.file_name or "The input"
        if self.skipped:
            return f"{name} has nothing below line {self.skipped:,}, up to which lines are skipped (option skip_lines)."
        return f"{name} is empty. A table needs at least a header."


class UnreadableInput(Refused):
    """The input is in no format that Entrepot reads.

    >>> print(UnreadableInput(reason="it is a picture", formats=["csv", "json"], file_name="cars.png"))
    Can't read cars.png: it is a picture. What can be read: csv, json.
    """

    reason: str
    formats: list[str]
    file_name: str | None = None
    code: ClassVar[str] = "unreadable_input"

    def __str__(self) -> str:
        what = self.file_name or "the input"
        return f"Can't read {what}: {self.reason}. What can be read: {', '.join(self.formats)}."


class UnknownFormat(Refused):
    """What was asked for can't be written in this format.

    >>> print(UnknownFormat(format="doc", formats=["pdf", "svg", "png"]))
    'doc' is not a format that can be used here. Use one of: pdf, svg, png.
    """

    format: str
    formats: list[str]
    code: ClassVar[str] = "unknown_format"

    def __str__(self) -> str:
        return f"{self.format!r} is not a format that can be used here. Use one of: {', '.join(self.formats)}."


class MalformedInput(Refused):
    """The input breaks the rules of its own format; nothing was stored.

    >>> print(MalformedInput(reason="not a number", row=17, column="price", value="cheap"))
    row 17, column price: not a number (found 'cheap')
    """

    reason: str
    line: int | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    code: ClassVar[str] = "malformed_input"

    def __str__(self) -> str:
        places = (("line", self.line), ("row", self.row), ("column", self.column))
        where = ", ".join(f"{name} {place}" for name, place in places if place is not None)
        what = f"{where}: {self.reason}" if where else self.reason
        return what if self.value is None else f"{what} (found {self.value!r})"


class LimitExceeded(Refused):
    """The input passes a limit of this store; ``limit`` is the setting's name.

    >>> print(LimitExceeded(limit="ENTREPOT_MAX_ROWS", allowed=1_000_000))
    The input passes ENTREPOT_MAX_ROWS = 1,000,000. Send less, or raise that setting.
    """

    limit: str
    allowed: int
    code: ClassVar[str] = "limit_exceeded"

    def __str__(self) -> str:
        return f"The input passes {self.limit} = {self.allowed:,}. Send less, or raise that setting."


class UploadTooLarge(LimitExceeded):
    """More bytes were sent than an upload may have.

    >>> print(UploadTooLarge(limit="ENTREPOT_MAX_UPLOAD_BYTES", allowed=10_000_000_000))
    The input passes ENTREPOT_MAX_UPLOAD_BYTES = 10,000,000,000. Send less, or raise that setting.
    """

    code: ClassVar[str] = "upload_too_large"


class NothingToPlot(Refused):
    """None of the columns is numeric and has values.

    >>> print(NothingToPlot(ref="notes"))
    None of the columns to draw of 'notes' is numeric and has values, so there is no histogram.
    """

    ref: str
    code: ClassVar[str] = "nothing_to_plot"

    def __str__(self) -> str:
        return f"None of the columns to draw of {self.ref!r} is numeric and has values, so there is no histogram."


class NotRepresentable(Refused):
    """The table can't be written in the format that was asked for without losing data.

    >>> print(NotRepresentable(format="xlsx", reason="a sheet has at most 16,384 columns."))
    This table does not fit into xlsx: a sheet has at most 16,384 columns.
    """

    format: str
    reason: str
    code: ClassVar[str] = "not_representable"

    def __str__(self) -> str:
        return f"This table does not fit into {self.format}: {self.reason}"


class ImportCrashed(Refused):
    """The import worker ended before it answered; nothing was stored.

    >>> print(ImportCrashed(reason="out of memory"))
    The import stopped: out of memory. Nothing was stored.
    """

    reason: str
    code: ClassVar[str] = "import_crashed"

    def __str__(self) -> str:
        return f"The import stopped: {self.reason}. Nothing was stored."
