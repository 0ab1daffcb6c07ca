"""Tells numbers that may be codes or versions: as numbers, some of them can't be told apart any more."""

from collections.abc import Sequence

import polars as pl

from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.inference.numbers import NUMBER

_SOME = 500
"""Values of a column that are looked at."""
_MOST = 200
"""Columns that are looked at."""
_POWER = "^[0-9]+[eE][0-9]+$"
_VERSION = r"^[0-9]+\.(?:0|[1-9][0-9]*)$"
"""A number in two parts that count for themselves: where a tenth follows on ninth, 1.10 is not 1.1.

Amounts and measures hardly ever have no ``1.05`` and no whole number among them, but both ``1.1`` and ``1.10``.
"""
_ADVICE = "if these are codes or versions, ask for the type string."


def told_of_codes(sample: pl.DataFrame, columns: Sequence[Column]) -> dict[str, str]:
    """What to remark on columns of numbers, by their raw names.

    Args:
        sample: Some rows of the raw columns.
        columns: Those to look at: such as are going to be read as plain numbers.
    """
    there = set(sample.columns)
    plain = [column for column in columns if column.raw in there and _is_plain(column)]
    told = ((column.raw, _told(_values(sample[column.raw], column.tokens))) for column in plain[:_MOST])
    return {raw: remark for raw, remark in told if remark is not None}


def _values(texts: pl.Series, tokens: frozenset[str]) -> pl.Series:
    some = texts.head(_SOME).drop_nulls()
    return some.filter(~some.is_in(sorted(tokens)))


def _is_plain(column: Column) -> bool:
    return column.asked is None and column.reading.shapes == NUMBER.shapes


def _told(values: pl.Series) -> str | None:
    if values.is_empty():
        return None
    if values.str.contains(_POWER).all():
        return f"was read as numbers, as {values[0]!r} may be written; {_ADVICE}"
    if not values.str.contains(_VERSION).all():
        return None
    firsts = values.filter(values.str.ends_with(".1"))
    both = firsts.filter((firsts + "0").is_in(values.implode()))
    return None if both.is_empty() else f"was read as numbers, of which {both[0]!r} and '{both[0]}0' are one; {_ADVICE}"
