"""Finds values that polars would make null, or others, without a word, by the numbers that files store for them."""

from collections.abc import Callable, Iterator, Sequence
from typing import cast

import msgspec
import polars as pl

from entrepot_adapters.polars.members import members
from entrepot_adapters.polars.reading.far_dates import MOST_DAYS, TOO_FAR
from entrepot_adapters.polars.reading.odd_values import Odd

_SECONDS_OF_A_DAY = 86_400
_MOST = (1 << 63) - 1
_OUTSIDE = (
    "a time is outside a day, from 00:00:00 to before 24:00:00; make it null or another, or write durations or text"
)
_TOO_LONG = "a duration has more than 292 million years; make it null, or another"


class Range(msgspec.Struct, frozen=True):
    """Which numbers stand for values.

    Attributes:
        least: The smallest.
        most: The greatest.
        reason: Why others are refused.
        shown: What others stand for.
    """

    least: int
    most: int
    reason: str
    shown: Callable[[int], str]


class Ranged(msgspec.Struct, frozen=True):
    """A column that is read as the numbers that are stored.

    Attributes:
        name: What it is called.
        ranges: Those of its parts that hold values, in the order in which these stand; None where all numbers do.
    """

    name: str
    ranges: tuple[Range | None, ...]


def times(unit: int) -> Range:
    """Times of a day, in parts of a second."""

    def shown(number: int) -> str:
        seconds, part = divmod(abs(number), unit)
        whole = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        digits = len(str(unit)) - 1
        return f"{'-' if number < 0 else ''}{whole}{f'.{part:0{digits}}' if part else ''}"

    return Range(0, _SECONDS_OF_A_DAY * unit - 1, _OUTSIDE, shown)


MOMENTS = Range(
    -MOST_DAYS * _SECONDS_OF_A_DAY, MOST_DAYS * _SECONDS_OF_A_DAY, TOO_FAR, lambda number: f"{number} s since 1970"
)
"""Seconds since 1970, which polars multiplies by a thousand."""

DURATIONS = Range(-(_MOST // 1000), _MOST // 1000, _TOO_LONG, lambda number: f"{number} s")
"""Seconds, which polars multiplies by a thousand."""


def outside(columns: Sequence[Ranged], dtypes: Sequence[pl.DataType]) -> Iterator[Odd]:
    """The numbers to look for that are outside a range, in columns of some types."""
    for place, (dtype, column) in enumerate(zip(dtypes, columns, strict=True)):
        for one, test in _within(pl.nth(place), dtype, iter(column.ranges)):
            yield Odd(place, column.name, test, one.reason, one.shown)


def _within(values: pl.Expr, dtype: pl.DataType, ranges: Iterator[Range | None]) -> Iterator[tuple[Range, pl.Expr]]:
    if isinstance(dtype, pl.Struct):
        for member, kind in members(values, dtype):
            yield from _within(member, kind, ranges)
    elif lists := _lists(values, dtype):
        for items, inner in lists:
            for one, test in _within(pl.element(), cast("pl.DataType", inner), ranges):
                yield one, items.list.eval(test).list.any()
    elif (found := next(ranges, None)) is not None:
        yield found, (values < found.least) | (values > found.most)


def _lists(values: pl.Expr, dtype: pl.DataType) -> list[tuple[pl.Expr, object]]:
    """The lists that hold what is within a value, and the types of their items."""
    match dtype:
        case pl.List():
            return [(values, dtype.inner)]
        case pl.Array():
            return [(values.arr.to_list(), dtype.inner)]
        case pl.Map():
            return [(values.map.keys(), dtype.key), (values.map.values(), dtype.value)]
        case _:
            return []
