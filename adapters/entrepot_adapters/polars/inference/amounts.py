"""Reading text as amounts of money, and as percentages.

They are texts unless a type is asked for: without their unit they say something else.
"""

import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.inference.figures import (
    DIGITS,
    FIGURES,
    MINUS,
    MINUSES,
    NUMBERS,
    ONES,
    WHOLE,
    signed,
    told,
    unit_of,
)
from entrepot_adapters.polars.inference.grouped import FRACTIONS, SPACES
from entrepot_adapters.polars.inference.readings import Reading, looking_like, recognised

_CODES = (
    *("AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR", "GBP", "HKD"),
    *("HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KRW", "MAD", "MXN", "MYR", "NGN", "NOK", "NZD", "PEN", "PHP", "PKR"),
    *("PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "VND", "ZAR"),
)
"""The codes (ISO 4217) of the currencies that are traded most."""
_WORDS = ("kr", "zł", "Kč", "Ft", "Rs", "Fr", "SFr")
_DOTTED = r"(?:kr|Rs|S?Fr)\."
_CURRENCY = rf"(?:[A-Z]{{0,2}}[$¢-¥฿₠-⃀﷼]|{'|'.join(_CODES)}|{_DOTTED}|{'|'.join(_WORDS)})"
_PERCENT = "%"

_AROUND = "".join({*"+()% \t\N{EM DASH}", *MINUSES, *SPACES, *"".join((*_CODES, *_WORDS))})
_SYMBOLS = "".join(map(chr, (0x24, *range(0xA2, 0xA6), 0xE3F, *range(0x20A0, 0x20C1), 0xFDFC)))


def _with_unit(unit: str) -> str:
    """A number with a unit in front of it or behind; a minus, or parentheses that mean one, stand around either."""
    sign = f"(?:[+]|{MINUS})"
    signs = rf"(?:{sign}{FIGURES}|{DIGITS}{MINUS}|\({FIGURES}\))"
    front = rf"{sign}?{unit}\s?{FIGURES}|{unit}\s?{signs}|\({unit}\s?{FIGURES}\)"
    behind = rf"(?:{sign}?{FIGURES}|\({FIGURES}\))\s?{unit}|\({FIGURES}\s?{unit}\)"
    return f"(?:{front}|{behind})"


_BARE = rf"{MINUS}?{FIGURES}|{DIGITS}{MINUS}|\({FIGURES}\)"
_OF_ACCOUNTS = f"(?:{_with_unit(_CURRENCY)}|{_BARE})"
_AMOUNT, _PERCENTAGE = f"(?:{_OF_ACCOUNTS}|[+]{FIGURES})", _with_unit(_PERCENT)

_SIGNS = rf"[{MINUSES}+(]*"
_LIKE_AMOUNT = rf"{_SIGNS}(?:[^\W\d_]{{0,3}}[^\w,.]?\.?\s?{_SIGNS})?{ONES}{MINUS}?\)?\s?[^\W\d_]{{0,3}}[^\w,.]?\.?\)?"
_LIKE_PERCENTAGE = rf"[{MINUSES}+(%\s]*{ONES}[{MINUSES})%\s]*"
_AMOUNT_SHAPES, _PERCENTAGE_SHAPES = looking_like(_LIKE_AMOUNT), looking_like(_LIKE_PERCENTAGE)

_AMOUNTS = "amounts, without their currency if they have one; parentheses, and a minus behind, make them negative"
_FRACTIONS = "percentages, as fractions: 12% is 0.12"


def _bare(column: pl.Expr) -> pl.Expr:
    """The digits with their marks."""
    return column.str.replace(_DOTTED, "").str.strip_chars(_AROUND + _SYMBOLS).str.strip_chars_end(".,")


def _amounts(base: Reading) -> Reading:
    """Read amounts of one currency: those of another than most are in do not fit, those without any do."""
    valid, doubts = base.valid, base.doubts

    def made(column: pl.Expr) -> pl.Expr:
        return pl.when(column.str.contains(f"^{_AMOUNT}$")).then(signed(column, base.value(_bare(column))))

    def is_valid(column: pl.Expr, value: pl.Expr) -> pl.Expr:
        unit = unit_of(column, value)
        is_one = unit.is_null() | (unit == unit.drop_nulls().mode().min())
        return is_one if valid is None else is_one & valid(_bare(column), value.abs())

    def is_doubtful(column: pl.Expr, value: pl.Expr) -> pl.Expr:
        unit = unit_of(column, value)
        are_several = unit.min() != unit.max()
        return are_several if doubts is None else are_several | doubts(_bare(column), value)

    return replace(told(base, _AMOUNTS), value=made, shapes=_AMOUNT_SHAPES, valid=is_valid, doubts=is_doubtful)


def _percentages(base: Reading) -> Reading:
    """Read percentages as fractions."""

    def made(column: pl.Expr) -> pl.Expr:
        hundredths = base.value(_bare(column) + "e-2")  # to divide would round a second time
        return pl.when(column.str.contains(f"^{_PERCENTAGE}$")).then(signed(column, hundredths))

    return replace(told(base, _FRACTIONS), value=made, shapes=_PERCENTAGE_SHAPES, valid=None, doubts=None)


AMOUNTS = tuple(map(_amounts, NUMBERS))
WHOLE_AMOUNTS = tuple(map(_amounts, WHOLE))
PERCENTAGES = tuple(map(_percentages, NUMBERS))


def _as_in_accounts(base: Reading) -> Reading:
    """Recognise numbers of which some are written as in accounts; where none is, the base has read them before."""
    return recognised(
        lambda column: column.str.contains(f"^{_OF_ACCOUNTS}$") & base.fits(_bare(column)),
        _LIKE_AMOUNT,
        "holds numbers as they stand in accounts, such as (12), 12-, 12.- or $12, and stays text; ask for the type "
        "number to read them (option types).",
    )


def _kept(pattern: str, like: str, remark: str) -> Reading:
    return recognised(lambda column: column.str.contains(f"^{pattern}$"), like, f"{remark} (option types).")


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
    *map(_as_in_accounts, FRACTIONS),
)
"""Recognise them where no type is asked for."""
