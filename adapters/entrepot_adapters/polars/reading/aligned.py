"""Tables whose columns are told by where they stand in lines, as terminals and old programs print them."""

import re
from codecs import BOM_UTF8
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from entrepot_adapters.polars.reading.intake import Intake
from entrepot_adapters.polars.reading.ruled import BAR, LONGEST, is_count, quoted
from entrepot_adapters.polars.reading.sniffing.cells import STRICT, kind_of
from entrepot_adapters.polars.reading.text import Text

_HEAD = 1 << 16
_LEAST_LINES = 6
"""Lines in which no column of spaces comes by chance."""
_MOST_LINES = 1000
_LONGEST = 2000
"""Characters of a line that people look at."""
_RULER = re.compile(r" *-{2,}(?: +-+)+ *")
_SPACES = re.compile(" +")
_WIDE = re.compile("[^ ]  +[^ ]")
"""Spaces as they stand between columns, rather than within a text."""
_MOST_ODD = 0.01

Gap = tuple[int, int]
"""From which character of lines to which spaces stand between two columns."""


class _Columns(msgspec.Struct, frozen=True):
    """Where the columns of a table are.

    Attributes:
        gaps: What is between them, in order.
    """

    gaps: tuple[Gap, ...]

    def cells(self, line: str, *, are_names: bool = False) -> list[str] | None:
        """The cells of a line, which may reach into a gap from either side; None where they can't be told apart."""
        line, cells, start = line.ljust(self.gaps[-1][1]), [], 0
        for first, end in self.gaps:
            cut = _cut(line, first, end, are_names=are_names)
            if cut is None:
                return None
            cells.append(line[start:cut].strip())
            start = cut
        return [*cells, line[start:].strip()]


def unaligned(text: Text, intake: Intake) -> Text | None:
    """The text of a table with aligned columns as CSV has it, its lines with their numbers; None if it is no such.

    The first line has to name the columns, and one of these to hold numbers, dates or the like. Rulers are blank lines
    then, see ``unruled``. A line with text between columns is one cell.

    Args:
        text: The text, of which no delimiter makes cells.
        intake: What the caller says of it.
    """
    options = intake.options
    if (
        options.delimiter is not None
        or options.skip_lines
        or options.header_rows is not None
        or options.header is False
    ):
        return None
    text.file.seek(0)
    head = text.file.read(_HEAD).decode("utf-8-sig", "replace")
    lines = [line.rstrip("\r") for line in head.split("\n")]
    columns = _columns(
        [line for line in (lines if len(head) < _HEAD / 4 else lines[:-1]) if line.strip()][:_MOST_LINES]
    )
    return None if columns is None else _copied(text, columns, intake)


def _columns(lines: Sequence[str]) -> _Columns | None:
    """Where the columns are of a table with such lines, if they are aligned."""
    rows = [line for line in lines[1:] if not is_count(line) and not _RULER.fullmatch(line)]
    if len(rows) < _LEAST_LINES or any("\t" in line or len(line) > _LONGEST for line in lines):
        return None
    gaps = _gaps(lines[1] if _RULER.fullmatch(lines[1]) else _used([lines[0], *rows]))
    numbered = bool(gaps) and not lines[0][: gaps[0][0]].strip() and _are_numbers(rows, gaps[0][0])
    if not (gaps := _between_names(gaps, lines[0], numbered=numbered)):
        return None
    columns = _Columns(tuple(gaps))
    names, cells = columns.cells(lines[0], are_names=True), [columns.cells(line) for line in rows]
    if names is None or not all(names[1:]) or any(kind_of(name) in STRICT for name in names):
        return None
    whole = [one for one in cells if one is not None]
    if len(whole) < len(cells) * (1 - _MOST_ODD):
        return None
    if not _RULER.fullmatch(lines[1]) and _are_joined([one for one in names if one], whole):
        return None
    kinds = ({kind_of(one[number]) for one in whole} for number in range(len(names)))
    return columns if any(kind <= {*STRICT, "nothing"} and kind != {"nothing"} for kind in kinds) else None


def _cut(line: str, first: int, end: int, *, are_names: bool) -> int | None:
    """Where a line's columns part within a gap; None where that can't be told.

    A longer text leaves spaces up to the next column, a longer number or name one at least before it, others several.
    """
    if not line[first:end].strip(" "):
        return first
    spaces = [found.span() for found in _SPACES.finditer(line, first, end)]
    wide = [(start, stop) for start, stop in spaces if stop - start > 1]
    found = wide or spaces[-1:]
    if len(found) != 1:
        return None
    start, stop = found[0]
    may_be = wide or stop == end or are_names or kind_of(line[stop:].split(" ", 1)[0]) == "number"
    return start if may_be else None


def _are_joined(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether columns were taken for one, as their names don't stand above them: each word names one, then."""
    words = sum(len(name.split()) for name in names)
    joined = [row for row in rows if any(map(_WIDE.search, row)) and sum(len(one.split()) for one in row) == words]
    return words > len(names) and len(joined) >= len(rows) * (1 - _MOST_ODD)


def _are_numbers(rows: Sequence[str], end: int) -> bool:
    return all(kind_of(row[:end].strip()) == "number" for row in rows)


def _used(lines: Sequence[str]) -> str:
    """The lines laid over each other: a dash where any has something, else a space."""
    width = max(map(len, lines))
    places = zip(*(line.ljust(width) for line in lines), strict=True)
    return "".join(" " if set(place) == {" "} else "-" for place in places)


def _gaps(line: str) -> list[Gap]:
    """Where spaces stand between other characters."""
    return [found.span() for found in re.finditer(r"(?<=[^ ]) +(?=[^ ])", line)]


def _between_names(gaps: Sequence[Gap], names: str, *, numbered: bool) -> list[Gap]:
    """Those gaps that stand between columns: what has no name goes on with the column to which it is nearer.

    Args:
        gaps: Where spaces stand in all lines.
        names: The line that names the columns.
        numbered: Whether the first column holds the numbers of rows, without a name.
    """
    kept = list(gaps)
    place = int(numbered)
    while kept and place <= len(kept):
        start = kept[place - 1][1] if place else 0
        end = kept[place][0] if place < len(kept) else len(names)
        if names[start:end].strip():
            place += 1
            continue
        beside = [number for number in (place - 1, place) if int(numbered) <= number < len(kept)]
        if not beside:
            return []
        del kept[min(beside, key=lambda number: kept[number][1] - kept[number][0])]
        place = max(int(numbered), place - 1)
    return kept


def _copied(text: Text, columns: _Columns, intake: Intake) -> Text | None:
    made, rulers, odd, rows = intake.scratch(), 0, 0, 0
    text.file.seek(0)
    text.file.seek(len(BOM_UTF8) if text.file.read(len(BOM_UTF8)) == BOM_UTF8 else 0)
    for piece in iter(lambda: text.file.readline(LONGEST), b""):
        line = piece.decode("utf-8", "surrogateescape")
        body = line.rstrip("\r\n")
        is_ruler = _RULER.fullmatch(body) is not None or is_count(body)
        cells = columns.cells(body, are_names=not rows)
        rulers, rows, odd = rulers + is_ruler, rows + bool(body.strip()), odd + (cells is None and not is_ruler)
        plain = "" if is_ruler or not body.strip() else BAR.join(map(quoted, [body] if cells is None else cells))
        made.write((plain + line[len(body) :]).encode("utf-8", "surrogateescape"))
    return None if odd > max(1, rows * _MOST_ODD) else replace(text, file=made, rulers=rulers, is_aligned=True)
