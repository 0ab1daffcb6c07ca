"""The marks in a piece of a delimited file, without knowing what stands before it."""

from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from attrs import frozen

from entrepot_adapters.polars.reading.dialect import Dialect

_LINE_FEED, _RETURN = b"\n\r"

_NONE = np.array([], np.intp)

_Bytes = npt.NDArray[np.uint8]
_Places = npt.NDArray[np.signedinteger[Any]]


class Ends(NamedTuple):
    """How many lines end with what."""

    lf: int
    crlf: int
    cr: int


@frozen
class Piece:
    """What stands in a piece of a file.

    What quotes mean depends on whether the piece begins within two of them. Both is told: first for a piece that does
    not, then for one that does.

    Attributes:
        chunk: The piece.
        quotes: Where its quotes stand.
        delimiters: How many delimiters, within cells or between them.
        line_feeds: How many line feeds, within cells or between rows.
        nulls: How many NUL bytes.
        headings: How many lines begin as the header does, of those whose first bytes end here.
        has_odd_quotes: Whether some quote neither opens nor closes a cell, nor is doubled.
        ends_with_returns: What ends lines outside quotes; None where it holds no carriage return, and few ask.
    """

    chunk: bytes
    quotes: _Places
    delimiters: int
    line_feeds: int
    nulls: int
    headings: int
    has_odd_quotes: tuple[bool, bool]
    ends_with_returns: tuple[Ends, Ends] | None

    @property
    def ends(self) -> tuple[Ends, Ends]:
        """What ends lines outside quotes."""
        return self.ends_with_returns or _ends(np.frombuffer(self.chunk, np.uint8), self.quotes)

    @property
    def has_returns(self) -> bool:
        """Whether there is a carriage return."""
        return self.ends_with_returns is not None


@frozen
class Search:
    """What is looked for.

    Attributes:
        delimiter: The delimiter, a byte.
        quote: The quote, a byte.
        heading: A line feed and the text of the header, or nothing.
        bounds: For each byte, whether it may stand beside a quote that opens or closes a cell.
    """

    delimiter: int
    quote: int
    heading: bytes
    bounds: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, dialect: Dialect, heading: bytes) -> Self:
        """What there is to look for in a file, by how it is written and the text of its header."""
        bounds = np.zeros(256, np.bool_)
        delimiter, quote = dialect.mark[0], ord(dialect.quote)
        bounds[[delimiter, quote, _LINE_FEED, _RETURN]] = True
        return cls(delimiter, quote, heading and b"\n" + heading, bounds)

    @property
    def reach(self) -> int:
        """How many bytes before a piece have to be known."""
        return max(1, len(self.heading) - 1)

    def look(self, chunk: bytes, tail: bytes) -> Piece:
        """Look at a piece that ends neither with a quote nor with a carriage return.

        Args:
            chunk: The piece.
            tail: What stands before it, as far as ``reach``.
        """
        array = np.frombuffer(chunk, np.uint8)  # counts what is frequent 10 times as fast as bytes.count
        quotes = np.flatnonzero(array == self.quote) if self.quote in chunk else _NONE
        return Piece(
            chunk,
            quotes,
            delimiters=int(np.count_nonzero(array == self.delimiter)),
            line_feeds=int(np.count_nonzero(array == _LINE_FEED)),
            nulls=chunk.count(b"\0") if b"\0" in chunk else 0,  # which a file seldom holds, and `in` is quicker
            headings=self._headings(chunk, tail),
            has_odd_quotes=self._has_odd_quotes(array, quotes, tail[-1] if tail else _LINE_FEED),
            ends_with_returns=_ends(array, quotes) if _RETURN in chunk else None,
        )

    def _headings(self, chunk: bytes, tail: bytes) -> int:
        if not self.heading:
            return 0
        across = tail + chunk[: len(self.heading) - 1]
        return chunk.count(self.heading) + across.count(self.heading)

    def _has_odd_quotes(self, array: _Bytes, quotes: _Places, last: int) -> tuple[bool, bool]:
        if not len(quotes):
            return False, False
        opens = self.bounds.take(array.take(quotes - 1))  # twice as fast as an index
        if not quotes[0]:
            opens[0] = self.bounds[last]
        closes = self.bounds.take(array.take(quotes + 1, mode="clip"))
        first, second = slice(0, None, 2), slice(1, None, 2)
        return (
            not (opens[first].all() and closes[second].all()),
            not (closes[first].all() and opens[second].all()),
        )


def _ends(array: _Bytes, quotes: _Places) -> tuple[Ends, Ends]:
    feeds, returns = np.flatnonzero(array == _LINE_FEED), np.flatnonzero(array == _RETURN)
    is_pair = np.zeros(len(array) + 1, np.bool_)
    is_pair[returns + 1] = True
    pairs = feeds[is_pair[feeds]]
    kinds = feeds[~is_pair[feeds]], pairs, np.setdiff1d(returns, pairs - 1, assume_unique=True)
    outside = [_count_outside(places, quotes) for places in kinds]
    return Ends(*outside), Ends(*(len(places) - some for places, some in zip(kinds, outside, strict=True)))


def _count_outside(places: _Places, quotes: _Places) -> int:
    """How many of some places have an even number of quotes before them."""
    if not len(places) or not len(quotes):
        return len(places)
    return int(np.count_nonzero(np.searchsorted(quotes, places) % 2 == 0))
