"""Reading text as numbers that have one unit behind them in the whole column, such as ``5 kg``.

They are texts unless a type is asked for, as amounts are.
"""

import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.inference.figures import (
    DIGITS,
    MINUS,
    MINUSES,
    NUMBERS,
    ONES,
    WHOLE,
    signed,
    told,
    unit_of,
)
from entrepot_adapters.polars.inference.readings import Reading, looking_like, recognised

_UNIT = r"[\p{L}°][\p{L}°²³/·]{0,11}\.?"
_MEASURE = rf"^(?:[+]|{MINUS})?{DIGITS}\s?{_UNIT}$"
_BEHIND = rf"\s?{_UNIT}$"
_SHAPES = looking_like(rf"[{MINUSES}+]?{ONES}(?:[^\W\d_]|[°²³/·]){{1,12}}\.?")

_NUMBERS = "numbers, without the unit behind them"


def _measures(base: Reading) -> Reading:
    """Read numbers that have one unit: those of another than most have do not fit, and neither do those of none."""
    valid, doubts = base.valid, base.doubts

    def bare(column: pl.Expr) -> pl.Expr:
        return column.str.replace(_BEHIND, "").str.strip_chars(f"+{MINUSES}")

    def made(column: pl.Expr) -> pl.Expr:
        return pl.when(column.str.contains(_MEASURE)).then(signed(column, base.value(bare(column))))

    def is_valid(column: pl.Expr, value: pl.Expr) -> pl.Expr:
        unit = unit_of(column, value)
        is_unit = unit == unit.drop_nulls().mode().min()
        return is_unit if valid is None else is_unit & valid(bare(column), value.abs())

    def is_doubtful(column: pl.Expr, value: pl.Expr) -> pl.Expr:
        unit = unit_of(column, value)
        are_several = unit.min() != unit.max()
        return are_several if doubts is None else are_several | doubts(bare(column), value)

    return replace(told(base, _NUMBERS), value=made, shapes=_SHAPES, valid=is_valid, doubts=is_doubtful)


MEASURES = tuple(map(_measures, NUMBERS))
WHOLE_MEASURES = tuple(map(_measures, WHOLE))


def _texts(column: pl.Expr) -> pl.Expr:
    unit = unit_of(column, pl.when(column.str.contains(_MEASURE)).then(column))
    return unit == unit.drop_nulls().first()


WITH_ONE_UNIT = recognised(
    _texts,
    _SHAPES[0].pattern,
    "holds numbers with one unit behind them, and stays text; ask for the type number to read them without it "
    "(option types).",
)
"""Recognises them where no type is asked for."""
