"""Ways to read a column: how a value is made of what stands in the file, and when that is right."""

import re
from collections.abc import Callable
from enum import Enum
from functools import cache

import msgspec
import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.inference.tokens import NULL_TOKENS, PANDAS_TOKENS
from entrepot_core.schema import FieldType

Make = Callable[[pl.Expr], pl.Expr]
Test = Callable[[pl.Expr, pl.Expr], pl.Expr]


class Sense(Enum):
    """What a text means that could mean something else as well.

    A column is read only where one sense fits all of its values; in two of them it stays text.
    """

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    THOUSANDS = "a comma between thousands"
    DECIMALS = "a comma before decimals"
    GROUPS = "digits in groups of a number"
    CODE = "digits in groups of a code"
    SIGN = "a plus that is a sign"
    PREFIX = "a plus that is a part of a code"

    @property
    def rival(self) -> "Sense":
        """What the same text could mean as well."""
        return _RIVALS[self]


_RIVALS = {
    Sense.DAY_FIRST: Sense.MONTH_FIRST,
    Sense.MONTH_FIRST: Sense.DAY_FIRST,
    Sense.THOUSANDS: Sense.DECIMALS,
    Sense.DECIMALS: Sense.THOUSANDS,
    Sense.GROUPS: Sense.CODE,
    Sense.CODE: Sense.GROUPS,
    Sense.SIGN: Sense.PREFIX,
    Sense.PREFIX: Sense.SIGN,
}


class Reading(msgspec.Struct, frozen=True, eq=False):
    """One way to read a column.

    Attributes:
        type: What the values are.
        value: Makes values of the column; null where that can't be done.
        shapes: What a text looks like that may be read so, every digit in it written as a 1: as one of these.
        valid: Tells, from the column and its values, which values are read right; by default those that are not null.
        doubts: A cheap test, of all values together, whether some may be invalid; by default none is in doubt.
        is_lossless: Whether every value can be read, so that there is nothing to check.
        is_document: Whether the values are texts that hold JSON documents.
        sense: How it takes texts that could mean something else as well.
        point: What stands before decimals in the file that such values are in, as far as they show it.
        remark: What a person should know of a column that is read so.
        unit: What its values are, where they have lost a unit that nothing else shows; the remark says it too.
        is_stripped: Whether spaces around the values are passed over, or can't be there.
    """

    type: FieldType
    value: Make
    shapes: tuple[re.Pattern[str], ...] = ()
    valid: Test | None = None
    doubts: Test | None = None
    is_lossless: bool = False
    is_document: bool = False
    sense: Sense | None = None
    point: str | None = None
    remark: str | None = None
    unit: str | None = None
    is_stripped: bool = False

    @property
    def leaves_text(self) -> bool:
        """Whether it only recognises texts that are to stay as they are, and says why."""
        return self.type is FieldType.STRING and self.remark is not None

    def may_read(self, shape: str) -> bool:
        """Whether a text may be read so, by what it looks like."""
        for one in self.shapes:  # noqa: SIM110 - a generator takes longer than most looks
            if one.fullmatch(shape):
                return True
        return False

    def fits(self, column: pl.Expr) -> pl.Expr:
        """Whether a value is read right."""
        value = self.value(column)
        made = value.is_not_null()
        return made if self.valid is None else made & self.valid(column, value)

    def checked(self, column: pl.Expr) -> pl.Expr:
        """The values that are read right; the others are null."""
        return pl.when(self.fits(column)).then(self.value(column))

    def trusted(self) -> "Reading":
        """The same, known to be right for the whole column, so that doubts need no further look."""
        return replace(self, doubts=None)


def lengths_of(column: pl.Expr, value: pl.Expr) -> pl.Expr:
    """How many bytes the texts have that there are values of."""
    return pl.when(value.is_not_null()).then(column.str.len_bytes())


def as_is(type: FieldType, *, is_document: bool = False) -> Reading:  # noqa: A002 - the field of this name
    """Take the values as they are."""
    return Reading(type, lambda column: column, is_lossless=True, is_document=is_document)


@cache
def looking_like(pattern: str) -> tuple[re.Pattern[str]]:
    """What texts look like, the same for all readings of such texts; in small letters or capital ones."""
    return (re.compile(pattern, re.IGNORECASE),)


def recognised(texts: Make, shape: str, remark: str, sense: Sense | None = None) -> Reading:
    """Tell texts that stay as they are from others, to say why; those that stand for null elsewhere stay too.

    Args:
        texts: Whether a value is such a text.
        shape: What they look like, every digit in them written as a 1.
        remark: Why they stay text.
        sense: How they are taken.
    """
    return Reading(
        FieldType.STRING,
        lambda column: pl.when(texts(column) | column.is_in(sorted(NULL_TOKENS))).then(column),
        looking_like(shape),
        remark=remark,
        sense=sense,
    )


TEXT = as_is(FieldType.STRING)
"""Takes every text as it stands."""

NOTHING = Reading(
    FieldType.STRING,
    lambda column: pl.when(column.is_in([])).then(column),
    doubts=lambda column, _: (~column.is_in(sorted(PANDAS_TOKENS))).any(),
)
"""Reads a column in which no value has been seen yet, as all null.

Where only texts stand that mean null among numbers, those that pandas takes for missing do so here too; others don't.
"""


def prepared(reading: Reading, prepare: Make) -> Reading:
    """The same for texts that are made ready for it first."""

    def test(inner: Test | None) -> Test | None:
        return None if inner is None else lambda column, value: inner(prepare(column), value)

    return replace(
        reading,
        value=lambda column: reading.value(prepare(column)),
        valid=test(reading.valid),
        doubts=test(reading.doubts),
    )


def stripped(reading: Reading) -> Reading:
    """The same for values with spaces around them."""
    if reading.is_stripped:
        return reading
    return replace(prepared(reading, lambda column: column.str.strip_chars(" \t")), is_stripped=True)
