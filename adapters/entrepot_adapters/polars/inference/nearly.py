"""Tells which columns of text would be booleans, numbers, dates or times but for a few values."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.inference.candidates import shape_of
from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.inference.local_dates import IN_ONE_ORDER
from entrepot_adapters.polars.inference.mixed_dates import MOMENTS
from entrepot_adapters.polars.inference.numbers import BOOLEAN, CODE, INTEGER, NUMBER
from entrepot_adapters.polars.inference.readings import TEXT, Reading, Sense
from entrepot_core.schema import FieldType

_FEW = 0.1
"""The largest share of values that are an exception, rather than a sign that the column is of text."""
_AT_ONCE = 64
_LOOKED_AT = 5
"""Values at the beginning of a column, and as many from all over it, half of which have to look like a kind."""

_KINDS = (NUMBER, BOOLEAN, *(reading for reading in MOMENTS if not reading.leaves_text))
_CORRECT = "correct it in the file"
_NUMBERS = {FieldType.INTEGER, FieldType.NUMBER}
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
                remarks[column.raw] = remark(each["odd"], kind, sets_aside=column.sets_aside)
    remarks |= _of_both_orders(sample, [column for column in texts if column.raw not in remarks])
    return [replace(column, remark=remarks.get(column.raw, column.remark)) for column in columns]


def are_few(bad: int, count: int) -> bool:
    """Whether so many bad values are an exception."""
    return bad <= max(1, _FEW * count) and bad < count - 1


def _likely(values: pl.Series, column: Column) -> list[Reading]:
    """The kind that the values look like, and the one that takes dates the other way round.

    Of several kinds it is the first that most values look like: to try each takes long where columns are many.
    """
    values = values.drop_nulls()
    some = (*values.head(_LOOKED_AT), *values.gather_every(max(1, -(-len(values) // _LOOKED_AT))))
    shapes = Counter(shape_of(value) for value in some if value not in column.tokens)
    looks = {
        kind: sum(number for shape, number in shapes.items() if kind.may_read(shape))
        for kind in _KINDS
        if kind in column.among
    }
    most = max(looks.values(), default=0)
    if not most or 2 * most < shapes.total():
        return []
    best, *others = (kind for kind, count in looks.items() if count == most)
    rivals = [kind for kind in others if best.sense in _ORDERS and kind.sense is best.sense.rival]
    return [best, *rivals[:1]]


def _found(sample: pl.DataFrame, tests: Sequence[pl.Expr]) -> list[dict[str, Any]]:
    """What comes of tests, each of which gives a struct."""
    numbered = [test.alias(str(number)) for number, test in enumerate(tests)]
    return list(sample.select(numbered).row(0)) if tests else []


def remark(odd: str, kind: Reading, *, sets_aside: bool = False) -> str:
    """Why a column stays text, and what can be done.

    Args:
        odd: A value that is not of the kind.
        kind: What most values are.
        sets_aside: Whether a few rows with such values are set aside where the type is asked for.
    """
    if (loss := lost(odd, kind)) is not None:
        return loss
    shown = repr(odd[:40])
    first = "ask for that type (rows that don't fit are set aside if they are few)" if sets_aside else _CORRECT
    advice = f"{first}, or name it as null (option null_values)"
    if kind.sense in _ORDERS and _is_the_other_way(odd, kind):
        orders = f"{shown} has the {kind.sense.rival.value}, others the {kind.sense.value}"
        return f"stays text, as dates of both orders occur: {orders}; {advice}."
    return f"stays text, as {shown} is no {kind.type}; {advice}."


def lost(odd: str, kind: Reading) -> str | None:
    """Why a column stays text, if a text could be read as a number, but is a code that the number would change."""
    if kind.type not in _NUMBERS or not NUMBER.may_read(shape_of(odd)) or not re.match(CODE, odd):
        return None
    zeros = len(odd) - len(odd.lstrip("0"))
    sign = "plus" if odd.startswith("+") else "first zeros" if zeros > 1 else "first zero"
    return f"stays text, as {odd[:40]!r} would lose its {sign} as a number."


def exception(odd: Sequence[str], column: Column) -> str:
    """The same of a column whose reading, guessed by its first rows, made no values of some texts."""
    reading = column.reading
    kind = NUMBER if reading.shapes is INTEGER.shapes else reading  # 1.5 after whole numbers is not what is wrong
    text = next((text for text in odd if not kind.may_read(shape_of(text))), odd[0])
    return remark(text, kind, sets_aside=column.sets_aside)


def _of_both_orders(sample: pl.DataFrame, columns: Sequence[Column]) -> dict[str, str]:
    """Remarks on columns of dates of which many have the day first, and many the month."""
    local = [column for column in columns if any(kind.sense in _ORDERS for kind in _likely(sample[column.raw], column))]
    remarks: dict[str, str] = {}
    for column, found in zip(local, _found(sample, [_orders(column) for column in local]), strict=True):
        day, month = found["day"], found["month"]
        if day and month and are_few(found["bad"], found["count"]):
            orders = f"{day!r} has the day first, {month!r} the month first"
            remarks[column.raw] = f"stays text, as dates of both orders occur: {orders}."
    return remarks


def _orders(column: Column) -> pl.Expr:
    """How many values are no local dates, and the first of each order that are none of the other."""
    values = _values(column)
    day, month = (
        pl.any_horizontal([reading.fits(values).fill_null(value=False) for reading in IN_ONE_ORDER[sense]])
        for sense in (Sense.DAY_FIRST, Sense.MONTH_FIRST)
    )
    bad = (~(day | month)).sum().alias("bad")
    firsts = values.filter(day & ~month).first().alias("day"), values.filter(month & ~day).first().alias("month")
    return pl.struct(bad, values.len().alias("count"), *firsts)


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
    if kind is NUMBER:  # rather a code, which the type would change
        odd = pl.coalesce(values.filter(values.str.contains(CODE) & kind.value(values).is_not_null()).first(), odd)
    return pl.struct((~fits).sum().alias("bad"), values.len().alias("count"), odd.alias("odd"))


def _values(column: Column) -> pl.Expr:
    raw = pl.col(column.raw)
    return raw.filter(raw.is_not_null() & ~raw.is_in(sorted(column.tokens)))
