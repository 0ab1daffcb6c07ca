"""Tells a last row of totals: it stands among the rows of a table, and would be counted with them."""

import re
from collections.abc import Mapping, Sequence
from math import isclose

import polars as pl
import polars.selectors as cs

_LABEL = re.compile(
    r"\b(?:(?:sub|grand)?totals?|totale|totaal|total[ei]s|sums?|\w*summe|gesamt\w*|insgesamt|somme|suma|razem)\b",
    re.IGNORECASE,
)
_LEAST_ROWS = 2
"""Rows above a total; of a single one it would be a copy."""
_LEAST_SUMS = 2
"""Sums that show a row to hold totals where no label says so."""
_MOST_LEVELS = 3
"""Rows, their subtotals, and the subtotals of these."""
_SOME = 3
"""How many columns are named."""


def is_label(text: str) -> bool:
    """Whether a text is what people write before totals."""
    return _LABEL.search(text) is not None


def told_of_total(rows: pl.LazyFrame) -> list[str]:
    """Say that the last row holds totals, if its label says so, or it has none, and it holds sums of those above it.

    Args:
        rows: The columns of a table, in order.
    """
    last = rows.tail(1).collect()
    if not last.height:
        return []
    values = {name: value for name, value in last.row(0, named=True).items() if value not in {None, ""}}
    label = next((value for value in values.values() if isinstance(value, str)), None)
    numbers = [name for name in last.select(cs.numeric()).columns if values.get(name)]
    is_bare = len(values) == len(numbers) >= _LEAST_SUMS and last.columns[0] not in values
    if not numbers or not (is_bare if label is None else is_label(label)):
        return []
    sums = _sums_above(rows, numbers)
    level, held = _held(sums, values, most=1 if label is None else _MOST_LEVELS)
    if not held or (label is None and len(held) < len(numbers)):
        return []
    called = "" if label is None else f" ({label!r})"
    verb = "is the sum" if len(held) == 1 else "are the sums"
    found = f"The last row{called} looks like a total: {_listed(held)} {verb} of the rows above"
    if level > 1:
        return [f"{found}, without subtotals among these. All are in the table; remove those that should not count."]
    return [f"{found}. It is in the table; remove it if it should not count."]


def _held(sums: Mapping[str, float], values: Mapping[str, float], most: int) -> tuple[int, list[str]]:
    """How often the rows above hold a total, once or again as subtotals, and that of which columns."""
    for level in range(1, most + 1):
        held = [name for name, above in sums.items() if isclose(above, level * values[name])]
        if held:
            return level, held
    return 0, []


def _sums_above(rows: pl.LazyFrame, columns: Sequence[str]) -> dict[str, float]:
    """The sums of columns without their last value; of those that have values enough."""
    count = rows.select(pl.len()).collect().item()
    above = rows.slice(0, count - 1).select(columns)
    looks = [above.select(pl.all().cast(pl.Float64).sum()), above.select(pl.all().count())]
    sums, counts = pl.collect_all(looks, engine="streaming")  # in memory that is flat in the rows
    found = zip(columns, sums.row(0), counts.row(0), strict=True)
    return {name: total for name, total, values in found if values >= _LEAST_ROWS}


def _listed(names: Sequence[str]) -> str:
    """Some names."""
    return ", ".join(map(repr, names[:_SOME])) + (", …" if len(names) > _SOME else "")
