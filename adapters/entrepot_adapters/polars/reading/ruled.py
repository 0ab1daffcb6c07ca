"""Tables drawn with lines, as terminals, Markdown and SAP's lists have them: rulers, and bars beside the cells."""

import re
from codecs import BOM_UTF8
from collections.abc import Sequence
from itertools import islice

import msgspec
from msgspec.structs import replace

from entrepot_adapters.polars.reading.intake import Intake
from entrepot_adapters.polars.reading.text import Text

_HEAD = 1 << 14
_MOST_BEFORE = 16
"""Lines among which the first ruler has to be."""
LONGEST = 1 << 24
"""Bytes of a line that is looked at as one."""
_ALIKE = 2
"""Rows below the names that have as many bars."""

BAR = "|"
"""The delimiter of the rows that are made of a drawing with bars."""

_BARS = ("|", "│┃║┆┇╎╏┊┋")
"""What stands between cells, as text and as boxes have it."""
_BOXES = str.maketrans({chr(code): "-" for code in range(0x2500, 0x2580)})
"""Lines as boxes are drawn with."""
_RULER = re.compile(r"(?=.*[-=]{3})[-=+|: ]+")
_RULER_OF_CELLS = re.compile(r"-{2,}([,;\t])-{2,}(?:\1-{2,})*")
"""Below names, as sqlcmd writes it."""


_COUNT = re.compile(r"\(\d+ \w+(?: affected)?\)|\d+ rows? in set(?: \(.*\))?|\d+ (?:rows?|record\(s\)) selected\.")
"""What terminals say below a table."""


class _Drawing(msgspec.Struct, frozen=True):
    """How a table is drawn.

    Attributes:
        bars: What stands between its cells; empty if they are written like those of other tables.
        is_framed: Whether bars stand before and behind its rows, too.
        is_markdown: Whether bars stand in its only ruler, and one behind a backslash is text.
    """

    bars: str
    is_framed: bool = False
    is_markdown: bool = False

    def is_ruler(self, line: str) -> bool:
        """Whether a line rules the table, or counts its rows. One with bars is a row of dashes, but in Markdown."""
        text = line.strip()
        if not self.bars:
            return _RULER_OF_CELLS.fullmatch(text) is not None or is_count(text)
        return (_is_ruler(text) and _has_bars(text, self.bars) == self.is_markdown) or is_count(text)

    def plain(self, line: str) -> str:
        """A line as CSV with bars for delimiters, where quotes are no marks of the drawing."""
        cells = _cells(line, self.bars, escapes=self.is_markdown) if self.bars else []
        if len(cells) < 2:  # noqa: PLR2004 - a bar stands between two
            return line
        if self.is_framed:
            cells = cells[0 if cells[0] else 1 : None if cells[-1] else -1]
        texts = (cell.strip(" \t") for cell in cells)
        return BAR.join(quoted(text.replace("\\|", "|") if self.is_markdown else text) for text in texts)


def unruled(text: Text, intake: Intake) -> Text:
    """The text of a table as CSV has it, if it is drawn with lines; else as it is.

    Rulers, and counts of rows below them, are blank lines then, so that lines keep their numbers. ``Text.rulers`` tells
    how many there were.

    Args:
        text: The text.
        intake: What the caller says of it.
    """
    text.file.seek(0)
    head = text.file.read(_HEAD).decode("utf-8-sig", "replace")
    lines = head.split("\n")
    drawing = _drawing(lines[:-1] if len(head) > _HEAD / 4 else lines, intake.options.delimiter)
    return text if drawing is None else _copied(text, drawing, intake)


def _drawing(lines: Sequence[str], delimiter: str | None) -> _Drawing | None:
    """How the table is drawn whose first lines these are, if it is."""
    for number, line in enumerate(lines[:_MOST_BEFORE]):
        found = _with_bars(lines, number) if _is_ruler(line) else _without_bars(lines, number)
        if found is not None and delimiter in {None, found.bars and BAR, _delimiter(line)}:
            return found
    return None


def _with_bars(lines: Sequence[str], ruler: int) -> _Drawing | None:
    """How a table is drawn whose names stand above a ruler, or between two, and whose first rows have as many bars."""
    is_below = ruler + 2 < len(lines) and _is_ruler(lines[ruler + 2]) and not _has_bars(lines[ruler + 2], *_BARS)
    place = ruler + 1 if is_below else ruler - 1
    names = lines[place].strip() if place >= 0 else ""
    bars = next((marks for marks in _BARS if _has_bars(names, marks)), None)
    if bars is None or _is_ruler(names):
        return None
    below = (line for line in lines[max(place, ruler) + 1 :] if line.strip() and not _is_ruler(line))
    is_framed, is_markdown = names[0] in bars, _has_bars(lines[ruler], bars)
    count = len(_cells(names, bars, escapes=is_markdown))
    if not is_framed and place and len(_cells(lines[place - 1], bars, escapes=is_markdown)) == count:
        return None  # a row of dashes in a table without rulers
    rows = list(islice(below, _ALIKE))
    is_alike = bool(rows) and all(len(_cells(row, bars, escapes=is_markdown)) == count for row in rows)
    return _Drawing(bars, is_framed, is_markdown) if is_alike else None


def _without_bars(lines: Sequence[str], ruler: int) -> _Drawing | None:
    """That a table's names, which nothing like them stands above, are ruled off from its rows, if they are."""
    mark = _delimiter(lines[ruler])
    if mark is None or not ruler:
        return None
    above, names, line = ["", *lines[: ruler + 1]][-3:]
    return _Drawing("") if names.count(mark) == line.count(mark) != above.count(mark) else None


def _delimiter(line: str) -> str | None:
    found = _RULER_OF_CELLS.fullmatch(line.strip())
    return found[1] if found else None


def _cells(line: str, bars: str, *, escapes: bool) -> list[str]:
    """The cells of a row, and what stands beside its outer bars; one behind a backslash may be text."""
    before = r"(?<!\\)" if escapes else ""
    return re.split(f"{before}[{re.escape(bars)}]", line.strip())


def _has_bars(line: str, *bars: str) -> bool:
    return any(mark in line for marks in bars for mark in marks)


def _is_ruler(line: str) -> bool:
    return _RULER.fullmatch(line.strip().translate(_BOXES)) is not None


def _copied(text: Text, drawing: _Drawing, intake: Intake) -> Text:
    made, rulers, held = intake.scratch(), 0, b""
    text.file.seek(0)
    text.file.seek(len(BOM_UTF8) if text.file.read(len(BOM_UTF8)) == BOM_UTF8 else 0)
    for piece in iter(lambda: text.file.readline(LONGEST), b""):  # a line that is very long comes in pieces
        line = piece.decode("utf-8", "surrogateescape")
        body = line.rstrip("\r\n")
        end = line[len(body) :].encode()
        is_ruler = drawing.is_ruler(body) and not (rulers and drawing.is_markdown)
        rulers += is_ruler
        if is_ruler or not body.strip():
            held += end  # at the end it would be a row of a single column
        else:
            made.write(held + drawing.plain(body).encode("utf-8", "surrogateescape") + end)
            held = b""
    return replace(text, file=made, rulers=rulers)


def is_count(line: str) -> bool:
    """Whether a line counts the rows above it."""
    return _COUNT.fullmatch(line.strip()) is not None


def quoted(cell: str) -> str:
    """A cell as CSV has it."""
    return '"' + cell.replace('"', '""') + '"' if '"' in cell or BAR in cell else cell
