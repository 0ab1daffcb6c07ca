"""Refuses dates that can be stored as they come, but that nobody could read again."""

from collections.abc import Mapping, Sequence

import polars as pl
from attrs import frozen

from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.writing import Written
from entrepot_core.errors import MalformedInput

_MOST_DAYS = 95_000_000
"""Days before and after 1970 that polars makes a date of: to the year 262,000."""

_IN_A_DAY = {"ms": 86_400_000, "us": 86_400_000_000}
"""Of what is not here all can be read: nanoseconds reach to the year 2262."""


@frozen
class FarDates:
    """What to measure while columns are written, and to check then, so that each of their dates can be read.

    Attributes:
        most: The columns of dates, and the greatest number that may stand for one.
    """

    most: Mapping[Column, int]

    @classmethod
    def of(cls, columns: Sequence[Column], dtypes: Sequence[pl.DataType]) -> "FarDates":
        """Those of columns whose raw values are of these types."""
        pairs = ((column, _most(dtype)) for column, dtype in zip(columns, dtypes, strict=True))
        return cls({column: most for column, most in pairs if most is not None})

    def measures(self, _: Sequence[Column]) -> dict[str, pl.Expr]:
        """Whether each column of dates has one that is too far away."""
        return {_name(column): _is_far(pl.col(column.raw), most) for column, most in self.most.items()}

    def check(self, written: Written) -> None:
        """Refuse a table by what was measured.

        Raises:
            MalformedInput: A column has such a date.
        """
        for column in self.most:
            if written.measures[_name(column)]:
                reason = "a date is past the year 262,000, such as infinity; make it null, or another"
                raise MalformedInput(reason=reason, column=column.name)


def _name(column: Column) -> str:
    return f"far:{column.raw}"


def _most(dtype: pl.DataType) -> int | None:
    """The greatest number that may stand for a date of a type; none where all may."""
    if isinstance(dtype, pl.Date):
        return _MOST_DAYS
    if isinstance(dtype, pl.Datetime) and dtype.time_unit in _IN_A_DAY:
        return _MOST_DAYS * _IN_A_DAY[dtype.time_unit]
    return None


def _is_far(values: pl.Expr, most: int) -> pl.Expr:
    numbers = values.to_physical()
    return (numbers.min() < -most) | (numbers.max() > most)
