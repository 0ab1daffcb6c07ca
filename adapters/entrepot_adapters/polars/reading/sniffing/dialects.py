"""Which delimiter, quote and escape a text is written with.

Every dialect that the text may be in is tried on its first rows. The best is that whose rows are most alike in their
number of cells and whose cells look most like values: the product of both, after G. J. J. van den Burg, A. Nazábal
and C. Sutton, "Wrangling messy CSV files by detecting row and type patterns", Data Mining and Knowledge Discovery 33
(2019).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import dropwhile, product

from msgspec.structs import replace

from entrepot_adapters.polars.reading.dialect import BACKSLASH, Dialect
from entrepot_adapters.polars.reading.sniffing.cells import kind_of
from entrepot_adapters.polars.reading.sniffing.marks import without_mark
from entrepot_adapters.polars.reading.sniffing.sample import Row, Sample
from entrepot_core.dialect import ImportOptions
from entrepot_core.errors import InvalidOption
from entrepot_core.formats import Format

_ROWS = 100
_SINGLES = (",", ";", "\t", "|", "^", "~")
_DOUBLES = ("||", "::", ";;", ",,", "~~", "^^", "##", "$$")
_SPACE = " "
_QUOTES = ('"', "'")
_LEAST_SPACED = 0.9
_ODD = 0.3
"""What a cell that may hold delimiters or quotes is worth, beside one that does not; so with rows and odd quotes."""


def sniff(sample: Sample, options: ImportOptions, format: Format | None) -> Dialect:
    """Find out how a text is written, where the caller does not say.

    Args:
        sample: The beginning of the text.
        options: What the caller says.
        format: What the file is called; TSV has tabs.

    Raises:
        InvalidOption: The marks that the caller gives can't be told apart.
    """
    given = options.delimiter or sample.directed or ("\t" if format is Format.TSV else None)
    text = sample.text
    delimiters = [given] if given else list(_delimiters(text))
    quotes = [options.quote] if options.quote else list(_quotes(text))
    dialects = [
        _checked(Dialect(delimiter, quote, escape))
        for delimiter, quote in product(delimiters, quotes)
        for escape in ([options.escape] if options.escape else _escapes(text, delimiter, quote))
        if options.quote or quote not in delimiter
    ]
    if given is None:
        dialects += [replace(dialect, collapses=True) for dialect in dialects if dialect.delimiter == _SPACE]
    best = _best(sample, dialects, options.skip_lines or 0)
    return best if given else replace(best, trims=_is_spaced(sample, best))


def _checked(dialect: Dialect) -> Dialect:
    delimiter, quote = dialect.delimiter, dialect.quote
    if not quote.isascii() or quote in "\r\n":
        raise InvalidOption(option="quote", value=quote, reason="give an ASCII character")
    if quote in delimiter or delimiter.strip("\r\n") != delimiter:
        raise InvalidOption(option="delimiter", value=delimiter, reason="it can't be the quote or a line end")
    if dialect.escape in delimiter or dialect.escape in "\r\n":
        raise InvalidOption(option="escape", value=dialect.escape, reason="it can't be the delimiter or a line end")
    return dialect


def _delimiters(text: str) -> Iterator[str]:
    """The delimiters that a text may have; of one that only stands in pairs, the pair."""
    lines = text.count("\n") or text.count("\r")
    doubles = [mark for mark in _DOUBLES if text.count(mark) > lines / 2 and _is_paired(text, mark)]
    yield ","
    yield from (mark for mark in _SINGLES[1:] if mark in text and mark * 2 not in doubles)
    yield from doubles
    if _SPACE in text:
        yield _SPACE


def _is_paired(text: str, double: str) -> bool:
    return all(len(run) % 2 == 0 for run in re.findall(f"{re.escape(double[0])}+", text))


def _quotes(text: str) -> Iterator[str]:
    yield '"'
    if text.count("'") > 1:
        yield "'"


def _escapes(text: str, delimiter: str, quote: str) -> Iterator[str]:
    yield quote
    if BACKSLASH + quote in text or BACKSLASH + delimiter in text:
        yield BACKSLASH


def _best(sample: Sample, dialects: Sequence[Dialect], skipped: int) -> Dialect:
    if len(dialects) == 1:
        return dialects[0]
    quoted = [dialect for dialect in dialects if dialect.quote == _QUOTES[0] and dialect.is_doubled]
    shown = {dialect.delimiter for dialect in quoted if _holds_together(sample.rows(dialect, _ROWS, skipped), dialect)}
    return max(
        (dialect for dialect in dialects if dialect.quote == _QUOTES[0] or dialect.delimiter not in shown),
        key=lambda dialect: _score(sample.rows(dialect, _ROWS, skipped), dialect),
    )  # the first of equals


def _holds_together(rows: Sequence[Row], dialect: Dialect) -> bool:
    """Whether quotes keep delimiters or line ends in cells, and none stands elsewhere; the last row may be cut off."""
    rows = rows[:-1] or rows
    marks = dialect.delimiter, "\n", "\r"
    held = any(mark in cell for row in rows for cell in row.cells if cell for mark in marks)
    return held and all(row.is_sound for row in rows)


def _score(rows: Sequence[Row], dialect: Dialect) -> float:
    rows = without_mark([row for row in rows if not row.is_blank])
    rows = list(dropwhile(lambda row: row.width == 1 and row.text.startswith("#"), rows)) or rows  # comments above
    widths = Counter(row.width for row in rows if not row.is_blank)
    if not widths:
        return 0.0
    usual, count = max(widths.items(), key=lambda item: item[1] * (item[0] - 1) / item[0])
    if usual == 1 or (dialect.delimiter == _SPACE and not _is_table(rows, usual, count)):
        return 0.0
    alike = sum(count * (width - 1) / width for width, count in widths.items()) / len(widths)
    return alike * _likeness(rows)


def _is_table(rows: Sequence[Row], usual: int, count: int) -> bool:
    """Whether spaces stand between cells rather than words."""
    full = [row.cells for row in rows if row.width == usual]
    if count < _LEAST_SPACED * sum(not row.is_blank for row in rows) or len(full) < 2:  # noqa: PLR2004 - rows to compare
        return False
    kinds = [{kind_of(cells[number] or "") for cells in full[1:]} for number in range(usual)]
    return any(kind <= {"number", "moment", "nothing"} and kind != {"nothing"} for kind in kinds)


def _likeness(rows: Sequence[Row]) -> float:
    """How much the cells look like values."""
    cells = [cell or "" for row in rows if not row.is_blank for cell in row.cells]
    odd_cells = sum(kind_of(cell) == "odd" for cell in cells) / len(cells)
    odd_rows = sum(not row.is_sound for row in rows) / len(rows)
    return (1 - (1 - _ODD) * odd_cells) * (1 - (1 - _ODD) * odd_rows)


def _is_spaced(sample: Sample, dialect: Dialect) -> bool:
    """Whether a space stands at every delimiter of the sample, on the same side."""
    if dialect.delimiter in {_SPACE, "\t"}:
        return False
    rows = [row for row in sample.rows(dialect, _ROWS) if not row.is_blank]
    texts = [row.text for row in rows if row.width > 1]
    count = sum(text.count(dialect.delimiter) for text in texts)
    spaced = (sum(text.count(mark) for text in texts) for mark in (dialect.delimiter + " ", " " + dialect.delimiter))
    return len(texts) > max(1, len(rows) / 2) and count in spaced
