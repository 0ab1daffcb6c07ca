"""The marks of a delimited file: how many it holds, and whether its quotes are as polars takes them to be."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from io import SEEK_END, UnsupportedOperation
from itertools import islice
from typing import IO

from entrepot_adapters.polars.reading.dialect import Dialect
from entrepot_adapters.polars.reading.pieces import Piece, Search
from entrepot_core.dialect import LineEnd

_CHUNK = 4 << 20  # shorter ones cost more in calls
_BLOCK = 1 << 16
_MARK = b"\xef\xbb\xbf"
_MOST_KEPT = 64


class Marks:
    """What stands in a file.

    Attributes:
        delimiters: How many delimiters, where there are no quotes; of a strict dialect only.
        line_feeds: How many line feeds, within cells or between rows.
        nulls: How many NUL bytes.
        size: How many bytes.
        quotes: How many quotes.
        doubled: How many quotes are part of a cell, and stand there twice.
        longest: The most bytes on a line or within quotes; rough: of a line perhaps a block of the file too
            many, within quotes two blocks too few, and only up to a quote that is doubled.
        has_odd_quotes: Whether some quote neither opens nor closes a cell, nor is doubled.
        ends_in_line: Whether the last line has no line feed.
        ends: How often rows end, or lines within them where all ends are alike, by what ends them.
        has_exact_ends: Whether no line within a row is among these.
    """

    def __init__(self, *, ends_within: bool = True) -> None:
        """Begin to count.

        Args:
            ends_within: Whether lines within rows may be counted, where all ends are alike, which is quicker.
        """
        self._ends_within = ends_within
        self.size = self.delimiters = self.line_feeds = self.nulls = self.longest = 0
        self.quotes = self.doubled = 0
        self.has_odd_quotes = self.ends_in_line = False
        self.has_exact_ends = True
        self.ends: dict[LineEnd, int] = {"lf": 0, "crlf": 0, "cr": 0}
        self._since_line_feed = self._since_quote = 0

    @property
    def line_end(self) -> LineEnd | None:
        """How rows end; None where there is but one line."""
        found: list[LineEnd] = [end for end, count in self.ends.items() if count]
        if len(found) > 1:
            return "mixed"
        return found[0] if found else None

    @property
    def content(self) -> int:
        """How many bytes belong to cells, delimiters and ends of rows, where no quote is odd."""
        return self.size - self.quotes + self.doubled

    @property
    def end_bytes(self) -> int:
        """How many of these end rows, where ``has_exact_ends``."""
        return self.ends["lf"] + 2 * self.ends["crlf"]

    def add(self, piece: Piece) -> None:
        """Count the marks of the next piece of the file."""
        is_within = self.quotes % 2
        self.has_odd_quotes = self.has_odd_quotes or piece.has_odd_quotes[is_within]
        if piece.has_returns or self.ends["crlf"] or not self._ends_within:
            ends = piece.ends[is_within]
            self.ends["lf"] += ends.lf
            self.ends["crlf"] += ends.crlf
            self.ends["cr"] += ends.cr
        else:
            self.ends["lf"] += piece.line_feeds
            self.has_exact_ends = self.has_exact_ends and not (is_within or piece.quotes)
        self.size += len(piece.chunk)
        self.doubled += piece.doubled[is_within]
        self.delimiters += piece.delimiters
        self.line_feeds += piece.line_feeds
        self.nulls += piece.nulls
        self._measure_quotes(piece)
        self.quotes += piece.quotes
        self._measure_line(piece.chunk)

    def _measure_quotes(self, piece: Piece) -> None:
        chunk, quotes, counted = piece.chunk, self.quotes, 0
        for start, end in _blocks(chunk) if piece.quotes or quotes % 2 else ():
            last = chunk.rfind(piece.quote, start, end)
            if last >= 0:
                self._since_quote = end - last
                continue
            self._since_quote += end - start
            if self._since_quote > self.longest:
                quotes += chunk.count(piece.quote, counted, start)
                counted = start
                self.longest = self._since_quote if quotes % 2 else self.longest

    def _measure_line(self, chunk: bytes) -> None:
        for start, end in _blocks(chunk):
            last = chunk.rfind(b"\n", start, end)
            before = self._since_line_feed
            self._since_line_feed = end - last - 1 if last >= 0 else before + end - start
            self.longest = max(self.longest, before + max(last - start, 0), self._since_line_feed)
        self.ends_in_line = not chunk.endswith(b"\n")


def _blocks(chunk: bytes) -> Iterator[tuple[int, int]]:
    """Where blocks of a piece begin and end."""
    return ((start, min(start + _BLOCK, len(chunk))) for start in range(0, len(chunk), _BLOCK))


def marks_of(file: IO[bytes], dialect: Dialect, *, ends_within: bool = True) -> Marks:
    """Count the marks of a file in UTF-8; ``ends_within`` as for ``Marks``."""
    file.seek(0)
    return _count(file.read, Marks(ends_within=ends_within), dialect)


def begin_to_count(file: IO[bytes], dialect: Dialect, stack: ExitStack) -> "Future[Marks]":
    """Count the marks of a file in UTF-8: those of a large one by a thread, while others go on reading it too.

    Args:
        file: The file; to be left as it is until the marks are counted.
        dialect: How it is written.
        stack: Waits for the thread.
    """
    if file.seek(0, SEEK_END) > _CHUNK and (read := _reading_apart(file)) is not None:
        lane = stack.enter_context(ThreadPoolExecutor(1, "count"))
        return lane.submit(_count, read, Marks(), dialect)
    counted: Future[Marks] = Future()
    counted.set_result(marks_of(file, dialect))
    return counted


def _reading_apart(file: IO[bytes]) -> Callable[[int], bytes] | None:
    """Reads a file on from its beginning, wherever others stand in it; None where there is but one place."""
    try:
        number = file.fileno()
    except UnsupportedOperation:
        return None
    at = 0

    def read(size: int) -> bytes:
        nonlocal at
        chunk = os.pread(number, size, at)
        at += len(chunk)
        return chunk

    return read


def _count(read: Callable[[int], bytes], marks: Marks, dialect: Dialect) -> Marks:
    quote = dialect.quote.encode()
    is_cut = False
    for piece in _pieces(_chunks(read, quote), Search.of(dialect)):
        marks.has_odd_quotes = marks.has_odd_quotes or is_cut  # no telling what such a quote stands beside
        marks.add(piece)
        is_cut = piece.chunk.endswith(quote)
    marks.has_odd_quotes = marks.has_odd_quotes or bool(marks.quotes % 2)
    return marks


def _pieces(chunks: Iterator[bytes], search: Search) -> Iterator[Piece]:
    """What stands in pieces of a file, in order; after the first, each is looked at while the next is read."""
    before = b""
    for chunk in islice(chunks, 1):  # a small file needs no threads
        yield search.look(chunk, before)
        before = chunk[-1:]
    with ThreadPoolExecutor(1, "marks") as lane:  # two would wait for Python's lock, and take longer
        looks: deque[Future[Piece]] = deque()
        for chunk in chunks:
            looks.append(lane.submit(search.look, chunk, before))
            before = chunk[-1:]
            if len(looks) > 1:
                yield looks.popleft().result()
        yield from (look.result() for look in looks)


def line_of_first(file: IO[bytes], mark: bytes) -> int | None:
    """The number of the first line that holds a byte, or none."""
    line = 1
    file.seek(0)
    for chunk in _chunks(file.read, mark):
        at = chunk.find(mark)
        if at >= 0:
            return line + chunk.count(b"\n", 0, at)
        line += chunk.count(b"\n")
    return None


def _chunks(read: Callable[[int], bytes], quote: bytes) -> Iterator[bytes]:
    """A file in pieces; but for the last, none ends with a quote, unless with very many, or a carriage return."""
    kept = b""
    ends = (b"\r", quote)
    is_first = True
    while chunk := read(_CHUNK):
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
