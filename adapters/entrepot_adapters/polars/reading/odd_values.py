"""Refuses a file in which something stands that can't be kept, by the first row that has it."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import polars as pl

from entrepot_core.errors import MalformedInput


class Odd(NamedTuple):
    """Something that can't be kept.

    Attributes:
        place: In which column it may stand.
        column: What that is called.
        test: Whether a row has it.
        reason: Why it is refused.
        shown: What a number stands for that is it, where numbers are.
    """

    place: int
    column: str
    test: pl.Expr
    reason: str
    shown: Callable[[int], str] | None = None


def refuse(frames: Iterable[pl.LazyFrame], odds: Callable[[Sequence[pl.DataType]], Iterable[Odd]]) -> None:
    """Refuse what can't be kept.

    Args:
        frames: The rows one after the other.
        odds: What can't be kept, in columns of some types.

    Raises:
        MalformedInput: Something of that stands in a row.
    """
    before = 0
    for frame in frames:
        looked_for = list(odds(frame.collect_schema().dtypes()))
        tests = [odd.test.any().alias(str(number)) for number, odd in enumerate(looked_for)]
        rows, *found = frame.select(pl.len().alias("rows"), *tests).collect(engine="streaming").row(0)
        if True in found:
            raise _refused(frame, looked_for[found.index(True)], before)
        before += rows


def _refused(frame: pl.LazyFrame, odd: Odd, before: int) -> MalformedInput:
    value = (pl.nth(odd.place) if odd.shown else pl.lit(None)).alias("value")
    bad = frame.select(value, odd.test.alias("test")).with_row_index("row", offset=before + 1).filter("test").head(1)
    row, number, _ = bad.collect(engine="streaming").row(0)
    shown = odd.shown(number) if odd.shown and isinstance(number, int) else None  # where it is not within others
    return MalformedInput(reason=odd.reason, row=row, column=odd.column, value=shown)
