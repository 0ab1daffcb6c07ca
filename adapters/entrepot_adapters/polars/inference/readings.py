"""Ways to read a column: how a value is made of what stands in the file, and when that is right."""

import re
from collections.abc import Callable
from typing import Literal

import polars as pl
from attrs import evolve, frozen

from entrepot_core.schema import FieldType

NULL_TOKENS = frozenset(
    {
        "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
        "NULL", "NaN", "None", "n/a", "nan", "null",
    }
)  # fmt: skip
"""Texts that pandas' readers take for missing values (``pandas.read_csv``, ``na_values``)."""

Order = Literal["day", "month"]
Make = Callable[[pl.Expr], pl.Expr]
Test = Callable[[pl.Expr, pl.Expr], pl.Expr]

_NOTHING = re.compile("(?!)")


@frozen(eq=False)
class Reading:
    """One way to read a column.

    Attributes:
        type: What the values are.
        value: Makes values of the column; null where that can't be done.
        shape: What a text looks like that may be read so, every digit in it written as a 1; by default nothing.
        valid: Tells, from the column and its values, which values are read right; by default those that are not null.
        doubts: A cheap test that every invalid value fails, and perhaps some valid ones; by default none is in doubt.
        is_lossless: Whether every value can be read, so that there is nothing to check.
        is_document: Whether the values are texts that hold JSON documents.
        loses_digits: Whether it fits numbers that no type of numbers holds without a loss.
        order: What comes first in a date that could be read both ways.
        is_stripped: Whether spaces around the values are passed over, or can't be there.
    """

    type: FieldType
    value: Make
    shape: re.Pattern[str] = _NOTHING
    valid: Test | None = None
    doubts: Test | None = None
    is_lossless: bool = False
    is_document: bool = False
    loses_digits: bool = False
    order: Order | None = None
    is_stripped: bool = False

    def fits(self, column: pl.Expr) -> pl.Expr:
        """Whether a value is read right."""
        value = self.value(column)
        made = value.is_not_null()
        return made if self.valid is None else made & self.valid(column, value)

    def trusted(self) -> "Reading":
        """The same, known to be right for the whole column, so that doubts need no further look."""
        return evolve(self, doubts=None)


def as_is(type: FieldType, *, is_document: bool = False) -> Reading:  # noqa: A002 - the field of this name
    """Take the values as they are."""
    return Reading(type, lambda column: column, is_lossless=True, is_document=is_document)


TEXT = as_is(FieldType.STRING)
"""Takes every text as it stands."""

NOTHING = Reading(FieldType.STRING, lambda column: pl.when(column.is_in([])).then(column))
"""Reads a column in which no value has been seen yet, as all null."""


def stripped(reading: Reading) -> Reading:
    """The same for values with spaces around them."""
    if reading.is_stripped:
        return reading

    def strip(column: pl.Expr) -> pl.Expr:
        return column.str.strip_chars(" \t")

    def test(inner: Test | None) -> Test | None:
        return None if inner is None else lambda column, value: inner(strip(column), value)

    return evolve(
        reading,
        value=lambda column: reading.value(strip(column)),
        valid=test(reading.valid),
        doubts=test(reading.doubts),
        is_stripped=True,
    )
