"""Values of JSON as cells of tables, with the digits that they have there."""

from decimal import Decimal
from typing import Any

import msgspec

from entrepot.cli.output import Cell

_ENCODE = msgspec.json.Encoder(decimal_format="number").encode


def read_values(text: bytes | msgspec.Raw) -> Any:  # noqa: ANN401 - what JSON can be
    """Decode JSON; numbers of more digits than a float has, and those that end in zeros, are decimals.

    >>> read_values(b"[0.1, 1.10, 12345678901234567.89]")
    [0.1, Decimal('1.10'), Decimal('12345678901234567.89')]
    """
    return _DECODE(text)


def cell_of(value: object) -> Cell:
    """A value as a cell; nested ones as JSON.

    >>> cell_of([Decimal("1.10")])
    '[1.10]'
    """
    if isinstance(value, Decimal):
        return value
    return value if value is None or isinstance(value, str | int | float) else _ENCODE(value).decode()


def _number(text: str) -> float | Decimal:
    number, exact = float(text), Decimal(text)
    is_padded = "e" not in text.lower() and text.endswith("0") and not text.endswith(".0")
    return exact if is_padded or Decimal(repr(number)) != exact else number


_DECODE = msgspec.json.Decoder(float_hook=_number).decode
