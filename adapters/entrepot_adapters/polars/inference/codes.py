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
_DECIMAL = r"^[0-9]+\.[0-9]+$"
_ADVICE = "if these are codes or versions, ask for the type string."


def told_of_codes(sample: pl.DataFrame, columns: Sequence[Column]) -> dict[str, str]:
    """What to remark on columns of numbers, by their raw names.

    Args:
        sample: Some rows of the raw columns.
        columns: Those to look at: such as are going to be read as plain numbers.
    """
    there = set(sample.columns)
    plain = [column.raw for column in columns if column.raw in there and _is_plain(column)]
    told = ((raw, _told(sample[raw].head(_SOME).drop_nulls())) for raw in plain[:_MOST])
    return {raw: remark for raw, remark in told if remark is not None}


def _is_plain(column: Column) -> bool:
    return column.asked is None and column.reading.shapes == NUMBER.shapes


def _told(values: pl.Series) -> str | None:
    decimals = values.filter(values.str.contains(_DECIMAL)).unique(maintain_order=True)
    if decimals.is_empty():
        is_power = bool(values.len()) and values.str.contains(_POWER).all()
        return f"was read as numbers, as {values[0]!r} may be written; {_ADVICE}" if is_power else None
    numbers = decimals.cast(pl.Float64)
    if numbers.n_unique() == numbers.len():
        return None
    one, other = decimals.filter(numbers == numbers.filter(numbers.is_duplicated())[0])[:2]
    return f"was read as numbers, of which {one!r} and {other!r} are one; {_ADVICE}"
