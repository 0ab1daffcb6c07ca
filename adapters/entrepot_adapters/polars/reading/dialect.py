"""How a delimited file is written."""

import msgspec

BACKSLASH = "\\"
_STAND_IN = b"\x1f"
"""Stands, in a copy, for a delimiter that polars can't take: ASCII's own separator of units."""


class Dialect(msgspec.Struct, frozen=True):
    r"""How a delimited file is written.

    Attributes:
        delimiter: What stands between two cells, 1 or 2 characters.
        quote: The character around cells; ASCII.
        escape: The character before a quote that is part of a cell; the quote itself where it is doubled.
        collapses: Whether several delimiters are one, as the spaces of aligned columns are.
        trims: Whether the spaces around cells belong to none.
    """

    delimiter: str
    quote: str = '"'
    escape: str = '"'
    collapses: bool = False
    trims: bool = False

    @property
    def is_doubled(self) -> bool:
        """Whether a quote in a cell is doubled, rather than escaped."""
        return self.escape == self.quote

    @property
    def is_strict(self) -> bool:
        """Whether polars reads such files, if they have no faults."""
        return self.is_doubled and self.mark != _STAND_IN and not self.collapses and not self.trims

    @property
    def mark(self) -> bytes:
        """The delimiter in a copy that polars reads: one byte."""
        return self.delimiter.encode() if len(self.delimiter) == 1 and self.delimiter.isascii() else _STAND_IN
