"""Which readings a column may have, by some of its values."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from entrepot_adapters.polars.inference.dates import DATES, TIMES
from entrepot_adapters.polars.inference.numbers import (
    ANY_BOOLEAN,
    ANY_INTEGER,
    ANY_NUMBER,
    ANY_UNSIGNED,
    BOOLEAN,
    INEXACT,
    INTEGER,
    NUMBER,
    UNSIGNED,
)
from entrepot_adapters.polars.inference.readings import TEXT, Reading, stripped
from entrepot_core.schema import FieldType

NUMBERS = (INTEGER, UNSIGNED, NUMBER, INEXACT)
MOMENTS = (*DATES, *TIMES)
EVERY = (BOOLEAN, *NUMBERS, *MOMENTS)
"""The readings of text in the order of preference; what fits none of them stays text."""

_ONES = str.maketrans("0123456789", "1" * 10)

_ASKED: dict[FieldType, tuple[Reading, ...]] = {
    FieldType.BOOLEAN: (ANY_BOOLEAN,),
    FieldType.INTEGER: (ANY_INTEGER, ANY_UNSIGNED),
    FieldType.NUMBER: (ANY_NUMBER,),
    FieldType.STRING: (TEXT,),
    FieldType.DATE: tuple(reading for reading in DATES if reading.type is FieldType.DATE),
    FieldType.DATETIME: tuple(reading for reading in DATES if reading.type is FieldType.DATETIME),
    FieldType.TIME: TIMES,
}


def asked(kind: FieldType) -> tuple[Reading, ...]:
    """The readings of text as the type a caller asks for; none if text can't be read as that."""
    readings = _ASKED.get(kind, ())
    return readings if kind is FieldType.STRING else (*readings, *map(stripped, readings))


def plausible(values: Iterable[str], among: Sequence[Reading]) -> tuple[Reading, ...]:
    """The readings that no value rules out by what it looks like; quick and rough."""
    padded = {value.strip(" \t"): value for value in values}
    candidates = tuple(among)
    for shape in {bare.translate(_ONES) for bare in padded}:
        candidates = tuple(reading for reading in candidates if reading.shape.fullmatch(shape))
        if not candidates:
            break
    is_padded = any(bare != value for bare, value in padded.items())
    return tuple(map(stripped, candidates)) if is_padded else candidates


def narrow(
    frame: pl.LazyFrame, candidates: Mapping[str, Sequence[Reading]], tokens: frozenset[str]
) -> dict[str, tuple[Reading, ...]]:
    """Keep the readings that fit every value of their column, in one streaming pass.

    Args:
        frame: Columns of strings.
        candidates: The readings to test, by column.
        tokens: Texts that may stand for null.
    """
    tests = [
        (reading.fits(pl.col(name)) | _is_missing(pl.col(name), tokens)).all().alias(f"{name}:{number}")
        for name, readings in candidates.items()
        for number, reading in enumerate(readings)
    ]
    if not tests:
        return dict.fromkeys(candidates, ())
    passed = frame.select(tests).collect(engine="streaming").row(0, named=True)
    return {
        name: tuple(reading for number, reading in enumerate(readings) if passed[f"{name}:{number}"])
        for name, readings in candidates.items()
    }


def _is_missing(column: pl.Expr, tokens: frozenset[str]) -> pl.Expr:
    return column.is_null() | column.is_in(sorted(tokens)) if tokens else column.is_null()


def first_values(column: pl.Series, tokens: frozenset[str], count: int) -> list[str]:
    """The first values of a column that are neither null nor a text for null."""
    values = column.drop_nulls()
    some = [value for value in values.head(count) if value not in tokens]
    return some or values.filter(~values.is_in(sorted(tokens))).head(count).to_list()


def some_values(frame: pl.LazyFrame, columns: Sequence[str], tokens: frozenset[str]) -> dict[str, str | None]:
    """A value of each column that is neither null nor a text for null, or none; the greatest, as that streams."""
    values = [pl.col(name).filter(~_is_missing(pl.col(name), tokens)).max() for name in columns]
    return dict(frame.select(values).collect(engine="streaming").row(0, named=True))
