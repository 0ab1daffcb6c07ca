"""How a delimited file is written: delimiter, quote, and the names in its header."""

import csv
import io
from collections.abc import Iterator
from typing import IO

from attrs import frozen

from entrepot_adapters.polars.reading.text import undecodable
from entrepot_core.dialect import ImportOptions
from entrepot_core.errors import InvalidOption, MalformedInput
from entrepot_core.formats import Format

_HEAD = 1 << 16
_ROWS = 100
_DELIMITERS = (",", ";", "\t", "|")
_STAND_IN = "\x1f"
"""Stands, in a rewritten copy, for a delimiter that polars can't take: ASCII's own separator of units."""

csv.field_size_limit(1 << 30)


@frozen
class Dialect:
    """How a delimited file is written.

    Attributes:
        delimiter: What stands between two cells, as the caller knows it.
        mark: The same in the text that is read; ASCII.
        quote: The character around cells; ASCII.
        header: Whether the first row names the columns.
    """

    delimiter: str
    mark: str
    quote: str
    header: bool

    @property
    def replaced(self) -> tuple[str, str] | None:
        """What to put in the place of what before the text can be read."""
        return None if self.mark == self.delimiter else (self.delimiter, self.mark)

    def records(self, file: IO[bytes]) -> Iterator["Record"]:
        """The rows of a file in UTF-8 with line feeds, read strictly.

        Raises:
            MalformedInput: Some bytes are no text, a quote is not closed, or text follows a quoted cell.
        """
        file.seek(0)
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=self.mark, quotechar=self.quote, strict=True)
        line = 1
        try:
            for cells in reader:
                yield Record(line, cells, lines.taken())
                line = reader.line_num + 1
        except csv.Error as error:
            raise MalformedInput(reason=self._explained(str(error)), line=line) from error

    def _explained(self, fault: str) -> str:
        if "unexpected end" in fault:
            return f"a quote ({self.quote}) that opens in this row is never closed; close it or double it"
        if "expected after" in fault:
            return f"text follows a closing quote ({self.quote}); double the quotes that are part of a cell"
        return f"the row can't be read ({fault})"


@frozen
class Record:
    """A row of a delimited file: the line it begins on, its cells, and the text it is made of."""

    line: int
    cells: list[str]
    text: bytes


class _Lines:
    """Decodes the lines of a file, and remembers those that have been given out."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._number = 0
        self._taken: list[bytes] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            self._number += 1
            self._taken.append(line)
            try:
                yield line.decode("utf-8-sig" if self._number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                raise undecodable("utf-8", self._number) from error

    def taken(self) -> bytes:
        """The lines given out since this was last asked."""
        text = b"".join(self._taken)
        self._taken.clear()
        return text


def detect(file: IO[bytes], options: ImportOptions, format: Format | None) -> Dialect:
    """Find out how a file is written, where the caller does not say.

    Args:
        file: The file, its delimiter as yet unreplaced.
        options: What the caller says.
        format: What the file is called; TSV has tabs.

    Raises:
        InvalidOption: The quote is no ASCII character, or the same as the delimiter.
    """
    quote = options.quote or '"'
    if not quote.isascii():
        raise InvalidOption(option="quote", value=quote, reason="give an ASCII character")
    delimiter = options.delimiter or ("\t" if format is Format.TSV else _sniffed(file, quote))
    if quote in delimiter or delimiter.strip("\r\n") != delimiter:
        raise InvalidOption(option="delimiter", value=delimiter, reason="it can't be the quote or a line end")
    mark = delimiter if len(delimiter) == 1 and delimiter.isascii() else _STAND_IN
    return Dialect(delimiter, mark, quote, options.header is not False)


def _sniffed(file: IO[bytes], quote: str) -> str:
    """The delimiter that splits most rows into as many cells as the first, of several the one with most cells."""
    file.seek(0)
    start = file.read(_HEAD)
    text = start.decode("utf-8-sig", "replace")
    if len(start) == _HEAD:
        text = text[: text.rfind("\n") + 1] or text
    scores = {delimiter: _score(text, delimiter, quote) for delimiter in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda delimiter: scores[delimiter])  # the first of equals
    return best if scores[best][1] > 1 else ","


def _score(text: str, delimiter: str, quote: str) -> tuple[float, int]:
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter, quotechar=quote)
    widths = [len(row) for _, row in zip(range(_ROWS), reader, strict=False) if row]
    if not widths or widths[0] == 1:
        return 0.0, 0
    return widths.count(widths[0]) / len(widths), widths[0]
