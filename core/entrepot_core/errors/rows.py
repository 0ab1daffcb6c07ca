"""What is wrong with a wish about rows."""

import json
from typing import ClassVar

import msgspec

from entrepot_core.errors.tree import Refused


class InvalidFilter(Refused):
    """A filter names an operator that isn't there, or a value that its column can't have.

    >>> print(InvalidFilter(filter="price__gt", value="cheap", reason="give a number"))
    price__gt='cheap': give a number.
    """

    filter: str
    value: str | None
    reason: str
    code: ClassVar[str] = "invalid_filter"

    def __str__(self) -> str:
        what = self.filter if self.value is None else f"{self.filter}={self.value!r}"
        return f"{what}: {self.reason}."


class CellError(msgspec.Struct, frozen=True):
    """What is wrong with one value of a row.

    >>> CellError(row=2, column="price", value="cheap", detail="give a number").row
    2

    Attributes:
        row: The row's place among those that were sent, from 1.
        column: Its column.
        value: The value; of a list, an object, or a number with too many digits, its JSON as text. Texts may be cut.
        detail: What is wrong, and what to give.
    """

    row: int
    column: str
    value: str | bool | int | float | None
    detail: str


class InvalidRows(Refused):
    """Rows that were to be written don't fit the dataset's columns; nothing was written.

    >>> print(InvalidRows(errors=[CellError(row=2, column="price", value="cheap", detail="give a number")]))
    row 2, column price: give a number (found 'cheap'). Nothing was written.
    """

    errors: list[CellError]
    code: ClassVar[str] = "invalid_rows"

    def __str__(self) -> str:
        first, more = self.errors[0], len(self.errors) - 1
        value = repr(first.value) if isinstance(first.value, str) else json.dumps(first.value)
        found = "" if first.value is None else f" (found {value})"
        others = f" And {more:,} more." if more else ""
        return f"row {first.row}, column {first.column}: {first.detail}{found}. Nothing was written.{others}"


class NoFilter(Refused):
    """Rows were to be removed, and nothing says which.

    >>> print(NoFilter())
    Say which rows to remove: by a filter, or by their numbers. To remove all, remove the dataset or replace it.
    """

    code: ClassVar[str] = "no_filter"

    def __str__(self) -> str:
        return (
            "Say which rows to remove: by a filter, or by their numbers. "
            "To remove all, remove the dataset or replace it."
        )
