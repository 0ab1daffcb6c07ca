"""Splits a row of a delimited file into its cells, faults and all."""

import re
from collections.abc import Collection, Sequence

import msgspec

from entrepot_adapters.polars.reading.dialect import Dialect

Cell = bytes | None
"""What stands in a cell, its quotes apart; None where there is nothing, not even quotes."""

Cells = list[Cell]


class Split(msgspec.Struct, frozen=True):
    """A row's cells.

    Attributes:
        cells: The cells.
        strays: The numbers of those in which a quote stands that is not doubled.
        unclosed: The number of the first cell in which a quote opens that isn't closed; its text is that of its line.
    """

    cells: Cells
    strays: Sequence[int] = ()
    unclosed: int | None = None

    @property
    def is_sound(self) -> bool:
        """Whether all its quotes are as they should be."""
        return not self.strays and self.unclosed is None


class Splitter:
    """Splits rows of one dialect.

    A quote opens a cell where it is the first thing in it, and closes it where a delimiter, the end of the line, or
    spaces and then one of these follow. Any other is part of the cell.

    Attributes:
        dialect: How the rows are written.
        delimiter: Its delimiter.
        quote: Its quote.
        escape: What stands before a quote in a cell; None where it is doubled.
    """

    def __init__(self, dialect: Dialect) -> None:
        """Get ready for rows of a dialect."""
        self.dialect = dialect
        self.delimiter = dialect.delimiter.encode()
        self.quote = dialect.quote.encode()
        self.escape = None if dialect.is_doubled else dialect.escape.encode()
        self._patterns = _Patterns(dialect)

    def is_simple(self, text: bytes) -> bool:
        """Whether nothing in a text needs more than a look for delimiters."""
        return self.quote not in text and (self.escape is None or self.escape not in text)

    def split(self, text: bytes, literal: Collection[int] = ()) -> Split:
        """Split a row.

        Args:
            text: The row without its line end.
            literal: The numbers of cells that no quote opens, though one stands there.
        """
        if self.dialect.collapses:
            text = text.strip(b" ")
        if self.is_simple(text):
            return Split(self._plain(text))
        return self._by_rules(text, literal)

    def closes(self, line: bytes) -> bool:
        """Whether a quote that is open before a line is closed within it."""
        return self.quote in line and self._patterns.rest.match(line) is not None

    def continues(self, line: bytes) -> bool:
        """Whether a line's own end, by an escape before it, is part of a cell."""
        return self.escape is not None and (len(line) - len(line.rstrip(self.escape))) % 2 == 1

    def _plain(self, text: bytes) -> Cells:
        parts = (text.split() or [text]) if self.dialect.collapses else text.split(self.delimiter)
        if self.dialect.trims:
            return [part.strip(b" \t") or None for part in parts]
        return [part or None for part in parts]

    def _by_rules(self, text: bytes, literal: Collection[int]) -> Split:
        content: Cell
        cells: Cells = []
        strays: list[int] = []
        unclosed: int | None = None
        at = 0
        while True:
            quoted = None if len(cells) in literal else self._patterns.quoted.match(text, at)
            if quoted is not None:
                content, is_stray = self._unquoted(quoted[1])
                at = quoted.end()
            else:
                end = self._end(text, at)
                raw = text[at:end].strip(b" \t") if self.dialect.trims else text[at:end]
                opens = self._patterns.opener.match(text, at) is not None
                if opens and unclosed is None:
                    unclosed = len(cells)
                is_stray = opens or (self.quote == b'"' and self._has_bare_quote(raw))
                content, at = self._unescaped(raw) or None, end
            if is_stray:
                strays.append(len(cells))
            cells.append(content)
            delimiter = self._patterns.delimiter.match(text, at)
            if delimiter is None:
                return Split(cells, strays, unclosed)
            at = delimiter.end()

    def _end(self, text: bytes, at: int) -> int:
        if self.escape is not None or self.dialect.collapses:
            found = self._patterns.unquoted.match(text, at)
            return at if found is None else found.end()
        end = text.find(self.delimiter, at)
        return len(text) if end < 0 else end

    def _unquoted(self, content: bytes) -> tuple[bytes, bool]:
        if self.quote not in content:
            return self._unescaped(content), False
        doubled = self.quote * 2
        bare = self._has_bare_quote(content.replace(doubled, b""))
        return self._unescaped(content.replace(doubled, self.quote)), bare

    def _has_bare_quote(self, text: bytes) -> bool:
        return self.quote in (text if self.escape is None else self._patterns.escaped.sub(b"", text))

    def _unescaped(self, text: bytes) -> bytes:
        if self.escape is None or self.escape not in text:
            return text
        return self._patterns.escaped.sub(rb"\1", text)


class _Patterns:
    """A dialect's rules as regular expressions."""

    def __init__(self, dialect: Dialect) -> None:
        quote = re.escape(dialect.quote.encode())
        delimiter = b" +" if dialect.collapses else re.escape(dialect.delimiter.encode())
        pad = {" ": rb"\t*", "\t": b" *"}.get(dialect.delimiter, rb"[ \t]*")
        end = rb"(?=%b(?:%b|[\r\n]|\Z))" % (pad, delimiter)
        if dialect.is_doubled:
            inner = rb"(?:[^%b]|%b%b|%b(?!%b))*+" % (quote, quote, quote, quote, end)
            other = rb"(?:(?!%b).)*+" % delimiter
            escape = quote
        else:
            escape = re.escape(dialect.escape.encode())
            inner = rb"(?:[^%b%b]|%b.|%b%b|%b(?!%b))*+" % (quote, escape, escape, quote, quote, quote, end)
            other = rb"(?:%b.|(?!%b).)*+" % (escape, delimiter)
        self.quoted = re.compile(rb"%b%b(%b)%b%b%b" % (pad, quote, inner, quote, end, pad), re.DOTALL)
        self.opener = re.compile(pad + quote)
        self.rest = re.compile(inner + quote + end, re.DOTALL)
        self.unquoted = re.compile(other, re.DOTALL)
        self.delimiter = re.compile(delimiter)
        self.escaped = re.compile(rb"%b(%b|%b|%b|[\r\n])" % (escape, quote, delimiter, escape))
