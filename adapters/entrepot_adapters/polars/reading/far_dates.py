"""Refuses dates that can be stored as they come, but that nobody could read again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import msgspec
import polars as pl

from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.members import members
from entrepot_adapters.polars.writing import Written
from entrepot_core.errors import MalformedInput

MOST_DAYS = 95_000_000
"""Days before and after 1970 that polars makes a date of: to the year 262,000."""

TOO_FAR = "a date is past the year 262,000, such as infinity; make it null, or another"

_IN_A_DAY = {"ms": 86_400_000, "us": 86_400_000_000}
"""Of what is not here all can be read: nanoseconds reach to the year 2262."""


class FarDates(msgspec.Struct, frozen=True):
    """What to measure while columns are written, and to check then, so that each of their dates can be read.

    Attributes:
        tests: The columns that hold dates, also within others, and whether one of these is too far away.
    """

    tests: Mapping[Column, pl.Expr]

    @classmethod
    def of(cls, columns: Sequence[Column], dtypes: Sequence[pl.DataType]) -> "FarDates":
        """Those of columns whose raw values are of these types."""
        pairs = ((one, list(_tests(pl.col(one.raw), dtype))) for one, dtype in zip(columns, dtypes, strict=True))
        return cls({column: pl.any_horizontal(tests) for column, tests in pairs if tests})

    def measures(self, _: Sequence[Column]) -> dict[str, pl.Expr]:
        """Whether each column of dates has one that is too far away."""
        return {_name(column): test for column, test in self.tests.items()}

    def check(self, written: Written) -> None:
        """Refuse a table by what was measured.

        Raises:
            MalformedInput: A column has such a date.
        """
        for column in self.tests:
            if written.measures[_name(column)]:
                raise MalformedInput(reason=TOO_FAR, column=column.name)


def _name(column: Column) -> str:
    return f"far:{column.raw}"


def _tests(values: pl.Expr, dtype: pl.DataType) -> Iterator[pl.Expr]:
    if (most := _most(dtype)) is not None:
        yield _is_far(values, most)
    elif isinstance(dtype, pl.List | pl.Array):
        yield from _tests(values.explode(), cast("pl.DataType", dtype.inner))
    elif isinstance(dtype, pl.Map):  # whose keys are texts
        yield from _tests(values.map.entries().explode().struct.field("value"), cast("pl.DataType", dtype.value))
    elif isinstance(dtype, pl.Struct):
        for member, kind in members(values, dtype):
            yield from _tests(member, kind)


def _most(dtype: pl.DataType) -> int | None:
    """The greatest number that may stand for a date of a type; none where all may."""
    if isinstance(dtype, pl.Date):
        return MOST_DAYS
    if isinstance(dtype, pl.Datetime) and dtype.time_unit in _IN_A_DAY:
        return MOST_DAYS * _IN_A_DAY[dtype.time_unit]
    return None


def _is_far(values: pl.Expr, most: int) -> pl.Expr:
    numbers = values.to_physical()
    return (numbers.min() < -most) | (numbers.max() > most)
