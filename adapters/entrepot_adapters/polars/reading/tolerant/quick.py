"""Rows that can be taken as they stand, or nearly so, after no more than a look."""

import re
from collections.abc import Callable

from entrepot_adapters.polars.reading.dialect import Dialect
from entrepot_adapters.polars.reading.limits import Limits

Quick = Callable[[bytes], bytes | None]
"""Takes a row with its line end, and gives it as polars reads it; None where it needs a closer look."""


def quick(dialect: Dialect, width: int, limits: Limits, heading: bytes, *, is_utf8: bool) -> Quick:
    """What takes rows that are surely sound.

    Args:
        dialect: How the file is written.
        width: How many cells a row has.
        limits: How long a cell may be.
        heading: How the header begins, which is no row; empty where that can't be told.
        is_utf8: Whether all the text is known to be UTF-8.
    """
    quote, mark, more = dialect.quote.encode(), dialect.mark, width - 1
    escape = quote if dialect.is_doubled else dialect.escape.encode()
    plain = _plain(dialect)
    pattern = _regular(dialect, width) if dialect.is_strict else None

    def take(text: bytes) -> bytes | None:
        if (heading and text.startswith(heading)) or len(text) > limits.cell or not (is_utf8 or text.isascii()):
            return None
        if quote in text or escape in text:
            row = _with_line_feed(text)
            return row if pattern is not None and pattern.fullmatch(row, 0, len(row) - 1) else None
        row = plain(text)
        return row if row.count(mark) == more else None

    return take


def _plain(dialect: Dialect) -> Callable[[bytes], bytes]:
    """Puts the delimiters of polars into rows without quotes and escapes."""
    mark, delimiter = dialect.mark, dialect.delimiter.encode()
    if dialect.trims or dialect.collapses:
        between = re.compile(b" +" if dialect.collapses else rb"[ \t]*%b[ \t]*" % re.escape(delimiter))
        return lambda text: between.sub(mark, text.strip(b" \t\r\n")) + b"\n"
    if mark == delimiter:
        return _with_line_feed
    more = bytes([mark[0]]) * 2  # a mark that stands in the text is then one too many
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
