"""Reading text as numbers with a unit: amounts of money, and percentages.

They are texts unless a type is asked for: without their unit they say something else.
"""

import re

import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.inference.grouped import (
    FRACTIONS,
    WHOLE_WITH_APOSTROPHES,
    WHOLE_WITH_COMMAS,
    WHOLE_WITH_POINTS,
    WHOLE_WITH_SPACES,
)
from entrepot_adapters.polars.inference.numbers import ANY_INTEGER, ANY_NUMBER
from entrepot_adapters.polars.inference.readings import Reading, recognised

_CODES = (
    *("AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR", "GBP", "HKD"),
    *("HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KRW", "MAD", "MXN", "MYR", "NGN", "NOK", "NZD", "PEN", "PHP", "PKR"),
    *("PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "VND", "ZAR"),
)
"""The codes (ISO 4217) of the currencies that are traded most."""
_WORDS = ("kr", "zł", "Kč", "Ft", "Rs")
_CURRENCY = rf"(?:[A-Z]{{0,2}}[$¢-¥฿₠-⃀﷼]|{'|'.join(_CODES)}|(?:kr|Rs)\.|{'|'.join(_WORDS)})"
_DOTTED = r"(?:kr|Rs)\."
_PERCENT = "%"

_DIGITS = r"[.,]?[0-9](?:[0-9.,'’\s]*[0-9])?"
"""A number with marks, roughly: how it is read tells which of them it may have."""
_AROUND = "".join({*"+-()% \t\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}", *"".join((*_CODES, *_WORDS))})
_SYMBOLS = "".join(map(chr, (0x24, *range(0xA2, 0xA6), 0xE3F, *range(0x20A0, 0x20C1), 0xFDFC)))
_IS_NEGATIVE = r"^[^0-9]*[-(]|-$"


def _with_unit(unit: str) -> str:
    """A number with a unit in front of it or behind; a minus, or parentheses that mean one, stand around either."""
    front = rf"[-+]?{unit}\s?{_DIGITS}|{unit}\s?(?:[-+]{_DIGITS}|{_DIGITS}-|\({_DIGITS}\))|\({unit}\s?{_DIGITS}\)"
    behind = rf"(?:[-+]?{_DIGITS}|\({_DIGITS}\))\s?{unit}|\({_DIGITS}\s?{unit}\)"
    return f"(?:{front}|{behind})"


_BARE = rf"(?:[-+]?{_DIGITS}|{_DIGITS}-|\({_DIGITS}\))"
_AMOUNT, _PERCENTAGE = f"(?:{_with_unit(_CURRENCY)}|{_BARE})", _with_unit(_PERCENT)

_ONES = r"[.,]?1[1.,'’\s]*"
_LIKE_AMOUNT = rf"[-+(]*(?:[^\W\d_]{{0,3}}[^\w,.]?\.?\s?[-+(]*)?{_ONES}[-)]*\s?[^\W\d_]{{0,3}}[^\w,.]?\.?\)?"
_LIKE_PERCENTAGE = rf"[-+(%\s]*{_ONES}[-)%\s]*"
"""What such texts look like, roughly, which is quick to compile."""
_AMOUNT_SHAPES, _PERCENTAGE_SHAPES = (re.compile(_LIKE_AMOUNT),), (re.compile(_LIKE_PERCENTAGE),)

_AMOUNTS = "amounts, without their currency; parentheses are a minus"
_FRACTIONS = "percentages, as fractions: 12% is 0.12"

_PLAIN = r"^(?:[0-9]+|[0-9]*\.(?:[0-9]{1,2}|[0-9]{4,}))(?:e-2)?$"
"""Digits without marks; not with three decimals, for their point could stand between thousands."""


def _plain(base: Reading, pattern: str) -> Reading:
    return replace(base, value=lambda column: pl.when(column.str.contains(pattern)).then(base.value(column)))


_NUMBERS = (_plain(ANY_NUMBER, _PLAIN), *FRACTIONS)
_WHOLE = (
    _plain(ANY_INTEGER, "^[0-9]+$"),
    WHOLE_WITH_COMMAS,
    WHOLE_WITH_POINTS,
    WHOLE_WITH_SPACES,
    WHOLE_WITH_APOSTROPHES,
)


def _bare(column: pl.Expr) -> pl.Expr:
    """The digits with their marks."""
    return column.str.replace(_DOTTED, "").str.strip_chars(_AROUND + _SYMBOLS)


def _signed(column: pl.Expr, value: pl.Expr) -> pl.Expr:
    return pl.when(column.str.contains(_IS_NEGATIVE)).then(-value).otherwise(value)


def _currency(column: pl.Expr) -> pl.Expr:
    return column.str.extract(f"({_CURRENCY})", 1)


def _amounts(base: Reading) -> Reading:
    """Read amounts of one currency: those of another than most are in do not fit, those without any do."""
    valid, doubts = base.valid, base.doubts

    def made(column: pl.Expr) -> pl.Expr:
        return pl.when(column.str.contains(f"^{_AMOUNT}$")).then(_signed(column, base.value(_bare(column))))

    def is_valid(column: pl.Expr, value: pl.Expr) -> pl.Expr:
        unit = _currency(column)
        is_one = unit.is_null() | (unit == unit.drop_nulls().mode().min())
        return is_one if valid is None else is_one & valid(_bare(column), value.abs())

    def is_doubtful(column: pl.Expr, value: pl.Expr) -> pl.Expr:
        unit = _currency(column)
        are_several = unit.min() != unit.max()
        return are_several if doubts is None else are_several | doubts(_bare(column), value)

    return replace(_told(base, _AMOUNTS), value=made, shapes=_AMOUNT_SHAPES, valid=is_valid, doubts=is_doubtful)


def _percentages(base: Reading) -> Reading:
    """Read percentages as fractions."""

    def made(column: pl.Expr) -> pl.Expr:
        hundredths = base.value(_bare(column) + "e-2")  # to divide would round a second time
        return pl.when(column.str.contains(f"^{_PERCENTAGE}$")).then(_signed(column, hundredths))

    return replace(_told(base, _FRACTIONS), value=made, shapes=_PERCENTAGE_SHAPES, valid=None, doubts=None)


def _told(base: Reading, unit: str) -> Reading:
    remark = f"was read as {unit}." if base.remark is None else f"{base.remark[:-1]}; they are {unit}."
    return replace(base, remark=remark, unit=unit)


AMOUNTS = tuple(map(_amounts, _NUMBERS))
WHOLE_AMOUNTS = tuple(map(_amounts, _WHOLE))
PERCENTAGES = tuple(map(_percentages, _NUMBERS))


def _kept(pattern: str, shape: str, remark: str) -> Reading:
    return recognised(lambda column: column.str.contains(f"^{pattern}$"), shape, f"{remark} (option types).")


WITH_UNITS = (
    _kept(
        _with_unit(_CURRENCY),
        _LIKE_AMOUNT,
        "holds amounts of a currency, and stays text; ask for the type number to read them without it",
    ),
    _kept(
        _PERCENTAGE,
        _LIKE_PERCENTAGE,
        "holds percentages, and stays text; ask for the type number to read them as fractions",
    ),
)
"""Recognise them where no type is asked for."""
