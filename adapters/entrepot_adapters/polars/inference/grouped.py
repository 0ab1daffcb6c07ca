"""Reading text as numbers with marks between thousands, or with a comma before decimals."""

import re

import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.inference.numbers import are_large, loses_digits
from entrepot_adapters.polars.inference.readings import Reading, Sense, recognised
from entrepot_core.schema import FieldType

SPACES = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{FIGURE SPACE}"
"""What may stand between thousands."""
_SPACES = f"[{SPACES}]"
_APOSTROPHES = "['\N{RIGHT SINGLE QUOTATION MARK}]"
_COMMAS, _POINTS = ",", r"\."

_SAID = {
    _SPACES: "spaces between thousands",
    _APOSTROPHES: "apostrophes between thousands",
    _COMMAS: "commas between thousands",
    _POINTS: "points between thousands",
}


def _whole(mark: str) -> str:
    """A whole number without leading zeros, in groups of three digits or in none."""
    return rf"(?:[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{3}})+|0|[1-9][0-9]*)"


def _digits(column: pl.Expr, mark: str) -> pl.Expr:
    return column.str.replace_all(mark, "")


def _integers(mark: str, sense: Sense | None, point: str | None) -> Reading:
    pattern = f"-?{_whole(mark)}"
    return Reading(
        FieldType.INTEGER,
        lambda column: pl.when(column.str.contains(f"^{pattern}$")).then(
            _digits(column, mark).cast(pl.Int64, strict=False)
        ),
        (re.compile(pattern),),
        sense=sense,
        point=point,
        remark=f"was read as whole numbers with {_SAID[mark]}.",
    )


def _numbers(mark: str, point: str, sense: Sense | None) -> Reading:
    """Floats; a plus may only stand before decimals, as without them it may begin a telephone's number."""
    exponent = "(?:[eE][+-]?[0-9]{1,3})?"
    pattern = rf"(?:-?{_whole(mark)}{exponent}|[+-]?{_whole(mark)}[{point}][0-9]+{exponent})"

    def plain(column: pl.Expr) -> pl.Expr:
        digits = _digits(column, mark)
        return digits if point == "." else digits.str.replace(point, ".", literal=True)

    named = "a comma before decimals" if point == "," else "a point before decimals"
    return Reading(
        FieldType.NUMBER,
        lambda column: pl.when(column.str.contains(f"^{pattern}$")).then(plain(column).cast(pl.Float64, strict=False)),
        (re.compile(pattern),),
        valid=lambda column, value: ~loses_digits(plain(column), value),
        doubts=lambda _, value: are_large(value),
        sense=sense,
        point=point,
        remark=f"was read as numbers with {named}, and with {_SAID[mark]} where there are such.",
    )


WHOLE_WITH_COMMAS = _integers(_COMMAS, Sense.THOUSANDS, ".")
WHOLE_WITH_POINTS = _integers(_POINTS, Sense.GROUPS, ",")
NUMBER_WITH_POINTS = replace(
    WHOLE_WITH_POINTS,
    type=FieldType.NUMBER,
    value=lambda column: WHOLE_WITH_POINTS.value(column).cast(pl.Float64),
)
WHOLE_WITH_SPACES = _integers(_SPACES, Sense.GROUPS, None)
WHOLE_WITH_APOSTROPHES = _integers(_APOSTROPHES, None, None)

FRACTIONS = (
    _numbers(_COMMAS, ".", Sense.THOUSANDS),
    _numbers(_POINTS, ",", Sense.DECIMALS),
    _numbers(_SPACES, ",", Sense.DECIMALS),
    _numbers(_SPACES, ".", Sense.GROUPS),
    _numbers(_APOSTROPHES, ".", None),
    _numbers(_APOSTROPHES, ",", Sense.DECIMALS),
)

_CODE = rf"(?:[1-9][0-9]{{0,2}}(?:{_SPACES}[0-9]{{3}}){{2,}}|[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}}){{2,}}|[1-9][0-9]{{6,}})"

CODE = recognised(
    lambda column: column.str.contains(f"^{_CODE}$"),
    _CODE,
    "holds groups of digits that could be numbers or codes, such as telephone numbers; it stays text.",
    Sense.CODE,
)
"""Recognises what may be a telephone's number or an address: seven digits or more, in groups, in every value.

A shorter value, or one with decimals, shows that the column holds numbers.
"""

GROUPED = (
    WHOLE_WITH_COMMAS,
    WHOLE_WITH_POINTS,
    WHOLE_WITH_SPACES,
    WHOLE_WITH_APOSTROPHES,
    *FRACTIONS,
    CODE,
)
"""Tried after plain numbers, which ``1.234`` is."""
