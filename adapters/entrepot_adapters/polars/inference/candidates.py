"""Which readings a column may have, by some of its values."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from entrepot_adapters.polars.inference.amounts import AMOUNTS, PERCENTAGES, WHOLE_AMOUNTS, WITH_UNITS
from entrepot_adapters.polars.inference.grouped import (
    FRACTIONS,
    GROUPED,
    WHOLE_WITH_APOSTROPHES,
    WHOLE_WITH_COMMAS,
    WHOLE_WITH_POINTS,
    WHOLE_WITH_SPACES,
)
from entrepot_adapters.polars.inference.measures import MEASURES, WHOLE_MEASURES, WITH_ONE_UNIT
from entrepot_adapters.polars.inference.mixed_dates import DATES_ASKED, MOMENTS, TIMES_ASKED
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
from entrepot_adapters.polars.inference.signs import SIGNED
from entrepot_adapters.polars.inference.truths import TRUTHS
from entrepot_core.schema import FieldType

EVERY = (
    *(BOOLEAN, INTEGER, UNSIGNED, NUMBER, INEXACT),
    *GROUPED,
    *SIGNED,
    *MOMENTS,
    *WITH_UNITS,
    WITH_ONE_UNIT,
)
"""The readings of text in the order of preference; what fits none of them stays text."""

Frame = pl.DataFrame | pl.LazyFrame

_SOME = 500
"""Rows that rule out most readings which don't fit."""
_MANY = 4
"""More readings than that don't all fit."""

_ONES = str.maketrans("0123456789", "1" * 10)


def _of_type(kind: FieldType, readings: Iterable[Reading]) -> tuple[Reading, ...]:
    return tuple(reading for reading in readings if reading.type is kind)


_ASKED: dict[FieldType, tuple[Reading, ...]] = {
    FieldType.BOOLEAN: (ANY_BOOLEAN, *TRUTHS),
    FieldType.INTEGER: (
        ANY_INTEGER,
        ANY_UNSIGNED,
        WHOLE_WITH_COMMAS,
        WHOLE_WITH_POINTS,
        WHOLE_WITH_SPACES,
        WHOLE_WITH_APOSTROPHES,
        *_of_type(FieldType.INTEGER, SIGNED),
        *WHOLE_AMOUNTS,
        *WHOLE_MEASURES,
    ),
    FieldType.NUMBER: (
        *(ANY_NUMBER, *FRACTIONS),
        *_of_type(FieldType.NUMBER, SIGNED),
        *(*AMOUNTS, *PERCENTAGES, *MEASURES),
    ),
    FieldType.STRING: (TEXT,),
    FieldType.DATE: _of_type(FieldType.DATE, DATES_ASKED),
    FieldType.DATETIME: _of_type(FieldType.DATETIME, DATES_ASKED),
    FieldType.TIME: TIMES_ASKED,
}

_NO_CODES = {ANY_INTEGER: INTEGER, ANY_UNSIGNED: UNSIGNED, ANY_NUMBER: NUMBER}
"""The readings that take no code for a number, in place of those that do."""


def asked(kind: FieldType, *, is_held: bool = False) -> tuple[Reading, ...]:
    """The readings of text as the type a caller asks for; none if text can't be read as that.

    Args:
        kind: The type.
        is_held: Whether a column has been of this type so far, without anyone asking: what has a unit, or may be a
            code, is none of its numbers then, and integers may be numbers where there are decimals.
    """
    if not is_held:
        return _ASKED.get(kind, ())
    widened = _ASKED[FieldType.NUMBER] if kind is FieldType.INTEGER else ()
    readings = (_NO_CODES.get(reading, reading) for reading in (*_ASKED.get(kind, ()), *widened))
    return tuple(reading for reading in readings if reading.unit is None)


def shape_of(text: str) -> str:
    """What a text looks like: every digit in it is written as a 1."""
    return text.translate(_ONES)


def plausible(values: Iterable[str], among: Sequence[Reading]) -> tuple[Reading, ...]:
    """The readings that no value rules out by what it looks like; quick and rough."""
    bare = {value: value.strip(" \t") for value in values}
    candidates = tuple(among)
    for shape in set(map(shape_of, bare.values())):
        looks = {id(reading.shapes): reading for reading in candidates}  # what many have is looked at once
        alike = {key for key, reading in looks.items() if reading.may_read(shape)}
        candidates = tuple(reading for reading in candidates if id(reading.shapes) in alike)
        if not candidates:
            break
    is_padded = any(value != text for value, text in bare.items())
    return tuple(map(stripped, candidates)) if is_padded else candidates


def narrow(
    frame: Frame, candidates: Mapping[str, Sequence[Reading]], tokens: frozenset[str]
) -> dict[str, tuple[Reading, ...]]:
    """Keep the readings that fit every value of their column, in one pass, or two where a few rows rule most out.

    Args:
        frame: Columns of strings.
        candidates: The readings to test, by column.
        tokens: Texts that may stand for null.
    """
    if isinstance(frame, pl.DataFrame) and len(frame) > _SOME and _are_many(candidates):
        candidates = narrow(frame.head(_SOME), candidates, tokens)
    tests = [
        _suits(name, reading, tokens).all().alias(f"{name}:{number}")
        for name, readings in candidates.items()
        for number, reading in enumerate(readings)
    ]
    if not tests:
        return dict.fromkeys(candidates, ())
    is_small = isinstance(frame, pl.DataFrame)  # a few rows, which the streaming engine would not share out
    passed = frame.lazy().select(tests).collect(engine="in-memory" if is_small else "streaming").row(0, named=True)
    return {
        name: tuple(reading for number, reading in enumerate(readings) if passed[f"{name}:{number}"])
        for name, readings in candidates.items()
    }


def nearest(
    frame: pl.LazyFrame, candidates: Mapping[str, Sequence[Reading]], tokens: frozenset[str]
) -> dict[str, tuple[Reading, ...]]:
    """Keep the readings that fit the most values of their column, the first where none fits any; see ``narrow``."""
    tests = [
        pl.concat_list(
            [
                (~_is_missing(pl.col(name), tokens)).sum(),
                *((~_suits(name, reading, tokens).fill_null(value=False)).sum() for reading in readings),
            ]
        ).alias(name)
        for name, readings in candidates.items()
    ]
    counted = frame.select(tests).collect(engine="streaming").row(0, named=True)
    found: dict[str, tuple[Reading, ...]] = {}
    for name, readings in candidates.items():
        values, *failures = counted[name]
        least = min(failures)
        best = tuple(reading for reading, count in zip(readings, failures, strict=True) if count == least)
        found[name] = best if least < values else best[:1]
    return found


def _suits(name: str, reading: Reading, tokens: frozenset[str]) -> pl.Expr:
    """Whether a value of a column is read right, or is none."""
    return reading.fits(pl.col(name)) | _is_missing(pl.col(name), tokens)


def _are_many(candidates: Mapping[str, Sequence[Reading]]) -> bool:
    return any(len(readings) > _MANY for readings in candidates.values())


def _is_missing(column: pl.Expr, tokens: frozenset[str]) -> pl.Expr:
    return column.is_null() | column.is_in(sorted(tokens)) if tokens else column.is_null()


def first_values(column: pl.Series, tokens: frozenset[str], count: int) -> list[str]:
    """The first values of a column that are neither null nor a text for null."""
    values = column.drop_nulls()
    some = [value for value in values.head(count) if value not in tokens]
    return some or values.filter(~values.is_in(sorted(tokens))).head(count).to_list()


def some_values(frame: pl.LazyFrame, columns: Sequence[str], tokens: frozenset[str]) -> dict[str, list[str]]:
    """The least and the greatest value of each column that is neither null nor a text for null."""
    known = {name: pl.col(name).filter(~_is_missing(pl.col(name), tokens)) for name in columns}
    ends = [
        end for name, value in known.items() for end in (value.min().alias(f"<{name}"), value.max().alias(f">{name}"))
    ]
    found = frame.select(ends).collect(engine="streaming").row(0, named=True)
    return {name: [] if found[f"<{name}"] is None else [found[f"<{name}"], found[f">{name}"]] for name in columns}
