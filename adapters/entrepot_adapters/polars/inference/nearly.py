"""Tells which columns of text would be numbers or dates but for a few values."""

from collections.abc import Sequence

import polars as pl
from attrs import evolve

from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.inference.dates import ISO_DATE
from entrepot_adapters.polars.inference.numbers import NUMBER
from entrepot_adapters.polars.inference.readings import TEXT, Reading

_FEW = 0.1
"""The largest share of values that are an exception, rather than a sign that the column is of text."""
_AT_ONCE = 64
_KINDS = (NUMBER, ISO_DATE)


def nearly(sample: pl.DataFrame, columns: Sequence[Column]) -> list[Column]:
    """Remark on columns that stay text because of a few values.

    Args:
        sample: Rows with the raw columns.
        columns: Columns that were guessed by these rows.
    """
    texts = [column for column in columns if column.candidates == (TEXT,) and column.remark is None]
    remarks: dict[str, str] = {}
    for start in range(0, len(texts), _AT_ONCE):
        group = texts[start : start + _AT_ONCE]
        asked = [test for column in group for kind in _KINDS for test in _tests(column, kind)]
        found = sample.lazy().select(asked).collect().row(0, named=True)
        for column in group:
            for kind in _KINDS:
                bad, count, odd = (found[f"{column.raw}:{kind.type}:{name}"] for name in ("bad", "count", "odd"))
                if 0 < bad <= max(1, _FEW * count) and bad < count - 1:
                    remarks[column.raw] = remark(odd, kind)
    return [evolve(column, remark=remarks.get(column.raw, column.remark)) for column in columns]


def remark(odd: str, kind: Reading) -> str:
    """Why a column stays text, and what can be done."""
    return f"stays text, as {odd[:40]!r} is no {kind.type}; name it as null (option null_values), or ask for that type."


def _tests(column: Column, kind: Reading) -> list[pl.Expr]:
    values = pl.col(column.raw).filter(
        pl.col(column.raw).is_not_null() & ~pl.col(column.raw).is_in(sorted(column.tokens))
    )
    fits = kind.fits(values).fill_null(value=False)
    name = f"{column.raw}:{kind.type}"
    return [
        (~fits).sum().alias(f"{name}:bad"),
        values.len().alias(f"{name}:count"),
        values.filter(~fits).first().alias(f"{name}:odd"),
    ]
