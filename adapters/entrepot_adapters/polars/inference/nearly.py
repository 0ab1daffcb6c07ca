"""Tells which columns of text would be booleans, numbers, dates or times but for a few values."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from attrs import evolve

from entrepot_adapters.polars.inference.candidates import shape_of
from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.inference.mixed_dates import MOMENTS
from entrepot_adapters.polars.inference.numbers import BOOLEAN, INTEGER, NUMBER
from entrepot_adapters.polars.inference.readings import TEXT, Reading, Sense

_FEW = 0.1
"""The largest share of values that are an exception, rather than a sign that the column is of text."""
_AT_ONCE = 64
_LOOKED_AT = 10
"""Values of a column, from all over it, of which half have to look like those of a kind."""

_KINDS = (NUMBER, BOOLEAN, *(reading for reading in MOMENTS if not reading.leaves_text))
_ORDERS = {Sense.DAY_FIRST, Sense.MONTH_FIRST}


def nearly(sample: pl.DataFrame, columns: Sequence[Column]) -> list[Column]:
    """Remark on columns that stay text because of a few values.

    Args:
        sample: Rows with the raw columns.
        columns: Columns that were guessed by these rows.
    """
    texts = [column for column in columns if column.candidates == (TEXT,) and column.remark is None]
    remarks: dict[str, str] = {}
    for start in range(0, len(texts), _AT_ONCE):
        pairs = [
            (column, kind) for column in texts[start : start + _AT_ONCE] for kind in _likely(sample[column.raw], column)
        ]
        made = _found(sample, [_made(*pair) for pair in pairs])
        near = [pair for pair, each in zip(pairs, made, strict=True) if are_few(**each)]
        fitting = zip(near, _found(sample, [_fitting(*pair) for pair in near]), strict=True)
        for (column, kind), each in sorted(fitting, key=lambda one: -one[1]["bad"]):  # the best one last
            if are_few(each["bad"], each["count"]) and each["bad"]:
                remarks[column.raw] = remark(each["odd"], kind)
    return [evolve(column, remark=remarks.get(column.raw, column.remark)) for column in columns]


def are_few(bad: int, count: int) -> bool:
    """Whether so many bad values are an exception."""
    return bad <= max(1, _FEW * count) and bad < count - 1


def _likely(values: pl.Series, column: Column) -> list[Reading]:
    """The kinds that the values look like."""
    values = values.drop_nulls()
    some = values.gather_every(max(1, -(-len(values) // _LOOKED_AT)))
    shapes = [shape_of(value) for value in some if value not in column.tokens]
    return [kind for kind in _KINDS if 2 * sum(map(kind.may_read, shapes)) >= len(shapes) > 0]


def _found(sample: pl.DataFrame, tests: Sequence[pl.Expr]) -> list[dict[str, Any]]:
    """What comes of tests, each of which gives a struct."""
    numbered = [test.alias(str(number)) for number, test in enumerate(tests)]
    return list(sample.select(numbered).row(0)) if tests else []


def remark(odd: str, kind: Reading) -> str:
    """Why a column stays text, and what can be done."""
    order = f" with the {kind.sense.value}" if kind.sense in _ORDERS and _is_the_other_way(odd, kind) else ""
    advice = "name it as null (option null_values), or ask for that type"
    return f"stays text, as {odd[:40]!r} is no {kind.type}{order}; {advice}."


def exception(odd: Sequence[str], reading: Reading) -> str:
    """The same of a column whose reading, guessed by its first rows, made no values of some texts."""
    kind = NUMBER if reading.shapes is INTEGER.shapes else reading  # 1.5 after whole numbers is not what is wrong
    return remark(next((text for text in odd if not kind.may_read(shape_of(text))), odd[0]), kind)


def _is_the_other_way(odd: str, kind: Reading) -> bool:
    """Whether a text is a date if its day and month are taken the other way round."""
    others = [one for one in _KINDS if kind.sense and one.sense is kind.sense.rival and one.may_read(shape_of(odd))]
    return any(pl.Series("odd", [odd]).to_frame().select(one.fits(pl.col("odd"))).item() for one in others)


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
