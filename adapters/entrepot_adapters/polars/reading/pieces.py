"""The marks in a piece of a delimited file, without knowing what stands before it."""

from typing import NamedTuple, Self

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot_adapters.polars.reading.dialect import Dialect

_LINE_FEED, _RETURN = b"\n\r"
_NO_QUOTES = (0, 0), (False, False)

_Bytes = npt.NDArray[np.uint8]


class Ends(NamedTuple):
    """How many lines end with what."""

    lf: int
    crlf: int
    cr: int


class Piece(msgspec.Struct, frozen=True):
    """What stands in a piece of a file.

    What quotes mean depends on whether the piece begins within two of them. Both is told: first for a piece that does
    not, then for one that does.

    Attributes:
        chunk: The piece.
        quote: The quote, a byte.
        quotes: How many quotes.
        delimiters: How many delimiters, where there are no quotes; else nobody asks.
        line_feeds: How many line feeds, within cells or between rows.
        nulls: How many NUL bytes.
        doubled: How many quotes are part of a cell, and stand there twice.
        has_odd_quotes: Whether some quote neither opens nor closes a cell, nor is doubled.
        ends_with_returns: What ends lines outside quotes; None where it holds no carriage return, and few ask.
    """

    chunk: bytes
    quote: int
    quotes: int
    delimiters: int
    line_feeds: int
    nulls: int
    doubled: tuple[int, int]
    has_odd_quotes: tuple[bool, bool]
    ends_with_returns: tuple[Ends, Ends] | None

    @property
    def ends(self) -> tuple[Ends, Ends]:
        """What ends lines outside quotes."""
        return self.ends_with_returns or _ends(np.frombuffer(self.chunk, np.uint8), self.quote)

    @property
    def has_returns(self) -> bool:
        """Whether there is a carriage return."""
        return self.ends_with_returns is not None


class Search(msgspec.Struct, frozen=True):
    """What is looked for.

    Attributes:
        delimiter: The delimiter, a byte.
        quote: The quote, a byte.
        bounds: The bytes that may stand beside a quote that opens or closes a cell.
    """

    delimiter: int
    quote: int
    bounds: bytes

    @classmethod
    def of(cls, dialect: Dialect) -> Self:
        """What there is to look for in a file, by how it is written."""
        delimiter, quote = dialect.mark[0], ord(dialect.quote)
        return cls(delimiter, quote, bytes((delimiter, quote, _LINE_FEED, _RETURN)))

    def look(self, chunk: bytes, before: bytes) -> Piece:
        """Look at a piece that ends neither with a quote nor with a carriage return.

        Args:
            chunk: The piece.
            before: The byte before it, if there is one.
        """
        array = np.frombuffer(chunk, np.uint8)
        content = pl.Series(array)  # which polars compares to bits, three times as fast as numpy to bytes
        is_quote = content == self.quote if self.quote in chunk else None
        doubled, has_odd_quotes = _NO_QUOTES if is_quote is None else self._weigh(array, is_quote, before)
        line_feeds = int((content == _LINE_FEED).sum())
        has_others = int((content <= _RETURN).sum()) != line_feeds
        return Piece(
            chunk,
            self.quote,
            quotes=0 if is_quote is None else int(is_quote.sum()),
            delimiters=int((content == self.delimiter).sum()) if is_quote is None else 0,
            line_feeds=line_feeds,
            nulls=chunk.count(b"\0") if has_others else 0,
            doubled=doubled,
            has_odd_quotes=has_odd_quotes,
            ends_with_returns=_ends(array, self.quote) if has_others and _RETURN in chunk else None,
        )

    def _weigh(self, array: _Bytes, is_quote: pl.Series, first: bytes) -> tuple[tuple[int, int], tuple[bool, bool]]:
        """How many quotes are doubled, and whether some are odd."""
        before, after = _beside(array, is_quote, first[0] if first else _LINE_FEED, _LINE_FEED)
        (before_odd, before_even), (after_odd, after_even) = _by_turns(before), _by_turns(after)
        # where a quote opens right behind another, that one has closed
        return (before_odd.count(self.quote), before_even.count(self.quote)), (
            not (self._bounds(before_odd) and self._bounds(after_even)),
            not (self._bounds(after_odd) and self._bounds(before_even)),
        )

    def _bounds(self, beside: bytes) -> bool:
        """Whether bytes beside quotes may all stand there; quicker than with arrays."""
        return not beside.translate(None, self.bounds)


def _by_turns(some: _Bytes) -> tuple[bytes, bytes]:
    """The first, third, … of some bytes, and the others."""
    return some[::2].tobytes(), some[1::2].tobytes()


def _beside(array: _Bytes, is_some: pl.Series, first: int, last: int) -> tuple[_Bytes, _Bytes]:
    """The bytes before and after some, with what stands before the first and after the last byte of all."""
    before = pl.Series(array[:-1]).filter(is_some.slice(1)).to_numpy()
    after = pl.Series(array[1:]).filter(is_some.head(-1)).to_numpy()
    return (
        np.insert(before, 0, first) if is_some[0] else before,
        np.append(after, np.uint8(last)) if is_some[-1] else after,
    )


def _ends(array: _Bytes, quote: int) -> tuple[Ends, Ends]:
    content = pl.Series(array)
    is_mark = (content == quote) | (content == _LINE_FEED) | (content == _RETURN)
    marks = content.filter(is_mark).to_numpy()
    before, after = _beside(array, is_mark, 0, 0)
    is_pair = (marks == _LINE_FEED) & (before == _RETURN)
    kinds = (marks == _LINE_FEED) & ~is_pair, is_pair, (marks == _RETURN) & (after != _LINE_FEED)
    is_outside = np.cumsum(marks == quote) % 2 == 0
    outside = [int(np.count_nonzero(kind & is_outside)) for kind in kinds]
    within = [int(np.count_nonzero(kind & ~is_outside)) for kind in kinds]
    return Ends(*outside), Ends(*within)
