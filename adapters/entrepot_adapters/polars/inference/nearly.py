"""Tells which columns of text would be numbers or dates but for a few values."""

from collections.abc import Sequence
from typing import Any

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
        pairs = [(column, kind) for column in texts[start : start + _AT_ONCE] for kind in _KINDS]
        made = _found(sample, [_made(*pair) for pair in pairs])
        near = [pair for pair, each in zip(pairs, made, strict=True) if _are_few(**each)]
        for (column, kind), each in zip(near, _found(sample, [_fitting(*pair) for pair in near]), strict=True):
            if _are_few(each["bad"], each["count"]) and each["bad"]:
                remarks[column.raw] = remark(each["odd"], kind)
    return [evolve(column, remark=remarks.get(column.raw, column.remark)) for column in columns]


def _are_few(bad: int, count: int) -> bool:
    """Whether so many bad values are an exception."""
    return bad <= max(1, _FEW * count) and bad < count - 1


def _found(sample: pl.DataFrame, tests: Sequence[pl.Expr]) -> list[dict[str, Any]]:
    """What comes of tests, each of which gives a struct."""
    numbered = [test.alias(str(number)) for number, test in enumerate(tests)]
    return list(sample.select(numbered).row(0)) if tests else []


def remark(odd: str, kind: Reading) -> str:
    """Why a column stays text, and what can be done."""
    return f"stays text, as {odd[:40]!r} is no {kind.type}; name it as null (option null_values), or ask for that type."


def _made(column: Column, kind: Reading) -> pl.Expr:
    """How many values the kind makes nothing of: a lower bound of those that don't fit, which costs much less."""
    values = _values(column)
    return pl.struct(kind.value(values).null_count().alias("bad"), values.len().alias("count"))


def _fitting(column: Column, kind: Reading) -> pl.Expr:
    """How many values don't fit, and the first of them."""
    values = _values(column)
    fits = kind.fits(values).fill_null(value=False)
    odd = values.filter(~fits).first()
    return pl.struct((~fits).sum().alias("bad"), values.len().alias("count"), odd.alias("odd"))


def _values(column: Column) -> pl.Expr:
    raw = pl.col(column.raw)
    return raw.filter(raw.is_not_null() & ~raw.is_in(sorted(column.tokens)))
