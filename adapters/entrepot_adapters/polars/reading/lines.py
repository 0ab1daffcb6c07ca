"""The marks of a delimited file: how many it holds, and whether its quotes are as polars takes them to be."""

from collections.abc import Iterator
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from entrepot_adapters.polars.reading.dialect import Dialect
from entrepot_core.dialect import LineEnd

_CHUNK = 1 << 18  # fits the processor's cache
_LINE_FEED, _RETURN = b"\n\r"
_MARK = b"\xef\xbb\xbf"
_MOST_KEPT = 64

_NONE = np.array([], np.intp)

_Bytes = npt.NDArray[np.uint8]
_Places = npt.NDArray[np.signedinteger[Any]]


class Marks:
    """What stands in a file.

    Attributes:
        delimiters: How many delimiters, within cells or between them; of a strict dialect only.
        line_feeds: How many line feeds, within cells or between rows.
        nulls: How many NUL bytes.
        quotes: How many quotes.
        headings: How many lines, but for the first, begin as the header does.
        longest: The most bytes on a line or within quotes; rough, and too few by a piece of the file at the most.
        has_odd_quotes: Whether some quote neither opens nor closes a cell, nor is doubled.
        ends_in_line: Whether the last line has no line feed.
        ends: How often rows end, or lines within them where all ends are alike, by what ends them.
    """

    def __init__(self, dialect: Dialect, heading: bytes) -> None:
        """Begin to count.

        Args:
            dialect: How the file is written.
            heading: The text of its header, to see whether that comes again.
        """
        self.delimiters = self.line_feeds = self.nulls = self.quotes = self.headings = self.longest = 0
        self.has_odd_quotes = self.ends_in_line = False
        self.ends: dict[LineEnd, int] = {"lf": 0, "crlf": 0, "cr": 0}
        self._delimiter, self._quote, self._heading = dialect.mark[0], ord(dialect.quote), heading and b"\n" + heading
        self._tail = b""
        self._beside_quotes = np.zeros(256, np.bool_)
        self._beside_quotes[[self._delimiter, self._quote, _LINE_FEED, _RETURN]] = True
        self._last = _LINE_FEED
        self._since_line_feed = self._since_quote = 0

    @property
    def line_end(self) -> LineEnd | None:
        """How rows end; None where there is but one line."""
        found: list[LineEnd] = [end for end, count in self.ends.items() if count]
        if len(found) > 1:
            return "mixed"
        return found[0] if found else None

    def add(self, chunk: bytes) -> None:
        """Count the marks of a next piece of the file, which ends neither with a quote nor with a carriage return."""
        array = np.frombuffer(chunk, np.uint8)  # counts what is frequent 10 times as fast as bytes.count
        self.delimiters += int(np.count_nonzero(array == self._delimiter))
        line_feeds = int(np.count_nonzero(array == _LINE_FEED))
        self.line_feeds += line_feeds
        self.nulls += chunk.count(b"\0") if b"\0" in chunk else 0  # which a file seldom holds, and `in` is quicker
        self._count_headings(chunk)
        quotes = np.flatnonzero(array == self._quote) if self._quote in chunk else _NONE
        if b"\r" in chunk or self.ends["crlf"]:
            self._add_ends(array, quotes)
        else:
            self.ends["lf"] += line_feeds
        self._add_quotes(array, quotes)
        self._measure_line(chunk)
        self._last = chunk[-1]

    def _count_headings(self, chunk: bytes) -> None:
        if (size := len(self._heading)) > 1:
            self.headings += chunk.count(self._heading) + (self._tail + chunk[: size - 1]).count(self._heading)
            self._tail = (self._tail + chunk)[1 - size :] if len(chunk) < size else chunk[1 - size :]

    def _add_ends(self, array: _Bytes, quotes: _Places) -> None:
        feeds, returns = np.flatnonzero(array == _LINE_FEED), np.flatnonzero(array == _RETURN)
        pairs = np.intersect1d(feeds, returns + 1, assume_unique=True)
        self.ends["crlf"] += self._outside(pairs, quotes)
        self.ends["lf"] += self._outside(np.setdiff1d(feeds, pairs, assume_unique=True), quotes)
        self.ends["cr"] += self._outside(np.setdiff1d(returns, pairs - 1, assume_unique=True), quotes)

    def _outside(self, places: _Places, quotes: _Places) -> int:
        """How many of some places are outside quotes."""
        if not len(places) or not (len(quotes) or self.quotes % 2):
            return len(places)
        return int(np.count_nonzero((np.searchsorted(quotes, places) + self.quotes) % 2 == 0))

    def _add_quotes(self, array: _Bytes, places: _Places) -> None:
        opens = self.quotes % 2
        self.quotes += len(places)
        if len(places):
            opening, closing = places[opens::2], places[1 - opens :: 2]
            before = np.where(opening, array[opening - 1], np.uint8(self._last))
            after = array[np.minimum(closing + 1, len(array) - 1)]
            sound = self._beside_quotes
            self.has_odd_quotes = self.has_odd_quotes or not bool(sound[before].all() and sound[after].all())
        if self.quotes % 2:
            self._since_quote = len(array) - int(places[-1]) if len(places) else self._since_quote + len(array)
            self.longest = max(self.longest, self._since_quote)

    def _measure_line(self, chunk: bytes) -> None:
        last = chunk.rfind(b"\n")
        self.longest = max(self.longest, self._since_line_feed + max(last, 0))
        self._since_line_feed = len(chunk) - last - 1 if last >= 0 else self._since_line_feed + len(chunk)
        self.longest = max(self.longest, self._since_line_feed)
        self.ends_in_line = last != len(chunk) - 1


def marks_of(file: IO[bytes], dialect: Dialect, heading: bytes = b"") -> Marks:
    """Count the marks of a file in UTF-8."""
    marks = Marks(dialect, heading)
    quote = dialect.quote.encode()
    is_cut = False
    for chunk in _chunks(file, quote):
        marks.has_odd_quotes = marks.has_odd_quotes or is_cut  # no telling what such a quote stands beside
        marks.add(chunk)
        is_cut = chunk.endswith(quote)
    marks.has_odd_quotes = marks.has_odd_quotes or bool(marks.quotes % 2)
    return marks


def line_of_first(file: IO[bytes], mark: bytes) -> int | None:
    """The number of the first line that holds a byte, or none."""
    line = 1
    for chunk in _chunks(file, mark):
        at = chunk.find(mark)
        if at >= 0:
            return line + chunk.count(b"\n", 0, at)
        line += chunk.count(b"\n")
    return None


def _chunks(file: IO[bytes], quote: bytes) -> Iterator[bytes]:
    """The file in pieces; but for the last, none ends with a quote, unless with very many, or a carriage return."""
    file.seek(0)
    kept = b""
    ends = (b"\r", quote)
    is_first = True
    while chunk := file.read(_CHUNK):
        if is_first:
            chunk, is_first = chunk.removeprefix(_MARK), False
        chunk = kept + chunk
        size = len(chunk)
        while size and len(chunk) - size < _MOST_KEPT and chunk.startswith(ends, size - 1):
            size -= 1
        chunk, kept = chunk[:size], chunk[size:]
        if chunk:
            yield chunk
    if kept:
        yield kept
