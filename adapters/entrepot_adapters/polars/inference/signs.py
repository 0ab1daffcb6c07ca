"""Reading text as numbers whose signs are not written as programs write them: ``+5``, ``−5``, ``5.50-``."""

import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.inference.figures import PLAIN_WHOLE, plain, signed
from entrepot_adapters.polars.inference.grouped import (
    FRACTIONS,
    WHOLE_WITH_APOSTROPHES,
    WHOLE_WITH_COMMAS,
    WHOLE_WITH_POINTS,
    WHOLE_WITH_SPACES,
)
from entrepot_adapters.polars.inference.numbers import INTEGER, NUMBER
from entrepot_adapters.polars.inference.readings import Reading, Sense, Test, looking_like, recognised

_MINUSES = "-\N{MINUS SIGN}"
_MINUS = f"[{_MINUSES}]"
_DECIMALS = r"(?:[0-9].*)?[.,][0-9]+"
_NUMBER = rf"{_MINUS}?(?:[0-9](?:.*[0-9])?|{_DECIMALS})|{_DECIMALS}{_MINUS}"
"""How a minus may stand about a number. One behind is certain where decimals stand before it: ``5-`` is a grade."""
_PLUS = f"[+]{_DECIMALS}"
_WHOLE_PLUS = "[+](?:0|[1-9][0-9]{0,5})"
"""A whole number with a plus, too short for the number of a telephone."""
_COMMA_PLUS = rf"[+](?:[0-9.]*,[0-9.,]*|[0-9]*\.)[0-9]+|{_WHOLE_PLUS}"
"""Also one with a comma or a single point; ``+47.123.456`` may be a telephone's."""

_SHAPES = looking_like(rf"[{_MINUSES}+]?[.,]?1[1.,'’\s]*(?:e[+-]?1+)?{_MINUS}?")
_SIGNS = "'+', '\N{MINUS SIGN}' and a minus behind them are signs"


def _signed(base: Reading, plus: str = _PLUS, signs: str = _MINUSES) -> Reading:
    """Read numbers with signs.

    Args:
        base: How what stands between them is read.
        plus: How numbers with a plus are written.
        signs: What is taken off before the base reads the rest.
    """

    def bare(column: pl.Expr) -> pl.Expr:
        return column.str.strip_chars(signs)

    def of_bare(test: Test | None) -> Test | None:
        return None if test is None else lambda column, value: test(bare(column), value.abs())

    return replace(
        base,
        value=lambda column: pl.when(column.str.contains(f"^(?:{_NUMBER}|{plus})$")).then(
            signed(column, base.value(bare(column)))
        ),
        shapes=_SHAPES,
        valid=of_bare(base.valid),
        doubts=of_bare(base.doubts),
        remark=f"{base.remark[:-1] if base.remark else 'was read as numbers'}; {_SIGNS}.",
    )


def _with_commas(base: Reading) -> Reading:
    """Read numbers with commas: ``+1,234`` may be thousands as well as decimals."""
    return _signed(base, _COMMA_PLUS, "+" + _MINUSES)


def _without_marks(base: Reading) -> Reading:
    return replace(_signed(base, f"{_PLUS}|{_WHOLE_PLUS}", "+" + _MINUSES), sense=Sense.SIGN)


_PLAIN = _without_marks(plain(NUMBER))
_CODE = recognised(
    lambda column: _PLAIN.fits(column) & ~column.str.contains(_MINUS),
    _SHAPES[0].pattern,
    "holds digits behind a plus; it stays text.",
    Sense.PREFIX,
)
"""Recognises what may be codes, such as those of countries (``+47``).

A minus shows that the column holds numbers.
"""

_WHOLE_WITH_POINTS = replace(WHOLE_WITH_POINTS, sense=Sense.DECIMALS)
"""What ``−1.234`` could be beside a decimal; of ``1.234``, other columns tell whether it is."""

SIGNED = (
    _without_marks(plain(INTEGER, PLAIN_WHOLE)),
    _with_commas(WHOLE_WITH_COMMAS),
    *map(_signed, (_WHOLE_WITH_POINTS, WHOLE_WITH_SPACES, WHOLE_WITH_APOSTROPHES)),
    _PLAIN,
    *map(_with_commas, FRACTIONS[:2]),
    *map(_signed, FRACTIONS[2:]),
    _CODE,
)
"""Tried after numbers with signs as programs write them."""
