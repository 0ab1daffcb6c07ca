"""Rows that can be taken as they stand, or nearly so, after no more than a look."""

import re
from collections.abc import Callable, Sequence

import numpy as np

from entrepot_adapters.polars.reading.dialect import Dialect
from entrepot_core.limits import Limits

_LINE_FEED = 10


class Quick:
    """Takes none."""

    def row(self, text: bytes) -> bytes | None:  # noqa: ARG002 - what others do
        """A row, given with its line end, as polars reads it; None where it needs a closer look."""
        return None

    def rows(self, block: bytes) -> int:  # noqa: ARG002 - what others do
        """How many rows a block of lines holds, if polars reads it as it stands; 0 where it needs a closer look."""
        return 0


class QuickRows(Quick):
    """Takes rows that are surely sound."""

    def __init__(self, dialect: Dialect, width: int, limits: Limits, odd: Sequence[bytes], *, is_utf8: bool) -> None:
        """Begin.

        Args:
            dialect: How the file is written.
            width: How many cells a row has.
            limits: How long a cell may be.
            odd: How lines begin that may be no rows.
            is_utf8: Whether all the text is known to be UTF-8.
        """
        self._quote, self._mark, self._more = dialect.quote.encode(), dialect.mark, width - 1
        self._escape = self._quote if dialect.is_doubled else dialect.escape.encode()
        self._longest, self._odd, self._is_utf8 = limits.cell_bytes, tuple(odd), is_utf8
        self._is_as_it_stands = dialect.is_strict or (
            not dialect.is_doubled and dialect.mark == dialect.delimiter.encode()
        )
        self._plain = _plain(dialect)
        self._pattern = _regular(dialect, width) if dialect.is_strict else None

    def row(self, text: bytes) -> bytes | None:
        """A row, given with its line end, as polars reads it; None where it needs a closer look."""
        if text.startswith(self._odd):
            return None
        if len(text) > self._longest or not (self._is_utf8 or text.isascii()):
            return None
        if self._quote in text or self._escape in text:
            row = _with_line_feed(text)
            is_sound = self._pattern is not None and self._pattern.fullmatch(row, 0, len(row) - 1)
            return row if is_sound else None
        row = self._plain(text)
        return row if row.count(self._mark) == self._more else None

    def rows(self, block: bytes) -> int:
        """How many rows a block of lines holds, if polars reads it as it stands; 0 where it needs a closer look."""
        if not self._is_as_it_stands or self._quote in block or self._escape in block or len(block) > self._longest:
            return 0
        if any(odd in block for odd in self._odd) or not (self._is_utf8 or block.isascii()):
            return 0
        if not block.endswith(b"\n") or block.count(b"\r") != block.count(b"\r\n"):
            return 0
        array = np.frombuffer(block, np.uint8)
        ends, marks = np.flatnonzero(array == _LINE_FEED), np.flatnonzero(array == self._mark[0])
        due = np.arange(1, len(ends) + 1) * self._more
        is_even = len(marks) == due[-1] and bool((np.searchsorted(marks, ends) == due).all())
        return len(ends) if is_even else 0


def _plain(dialect: Dialect) -> Callable[[bytes], bytes]:
    """Puts the delimiters of polars into rows without quotes and escapes."""
    mark, delimiter = dialect.mark, dialect.delimiter.encode()
    if dialect.trims or dialect.collapses:
        between = re.compile(b" +" if dialect.collapses else rb"[ \t]*%b[ \t]*" % re.escape(delimiter))
        return lambda text: between.sub(mark, text.strip(b" \t\r\n")) + b"\n"
    if mark == delimiter:
        return _with_line_feed
    more = mark * 2  # a mark that stands in the text is then one too many
    return lambda text: _with_line_feed(text.replace(mark, more).replace(delimiter, mark))


def _regular(dialect: Dialect, width: int) -> "re.Pattern[bytes]":
    """The pattern of a row of a strict dialect that has so many cells, and no faults."""
    quote, delimiter = re.escape(dialect.quote.encode()), re.escape(dialect.delimiter.encode())
    cell = rb"(?:%b[^%b]*+(?:%b%b[^%b]*+)*+%b|[^%b%b\r\n]*+)" % (
        quote, quote, quote, quote, quote, quote, quote, delimiter
    )  # fmt: skip
    return re.compile(rb"(?:%b%b){%d}%b\r?" % (cell, delimiter, width - 1, cell))


def _with_line_feed(text: bytes) -> bytes:
    if text.endswith(b"\n"):
        return text
    return text.removesuffix(b"\r") + b"\n"
