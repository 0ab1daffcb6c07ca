"""Damage to how a file is written: its marks, line ends and encoding."""

import csv
from collections.abc import Iterator

from tests.polluting.clean import CLEAN, Table, joined, lines_of, plain_lines, text_of
from tests.polluting.damage import Damage

UNQUOTED = CLEAN.without("comment")
_CHINESE = ("张伟", "王芳", "李娜", "刘洋", "陈静")
CHINESE = UNQUOTED.changed("name", lambda _, number: _CHINESE[number % 5]).changed("city", lambda *_: "北京市朝阳区")
WORDS = (
    UNQUOTED.changed("name", lambda name, _: str(name).split()[0])
    .changed("city", lambda city, _: str(city)[-3:])
    .changed("score", lambda score, number: score or number + 0.5)
)
INCHES = CLEAN.changed("comment", lambda comment, number: f'{comment}, {number}" of it')


def marks() -> Iterator[Damage]:
    """Other delimiters, quotes and escapes."""
    for name, mark in (("semicolons", ";"), ("tabs", "\t"), ("pipes", "|")):
        yield Damage(name, f"{name} between cells", _file(lines_of(CLEAN, mark)), CLEAN, found={"delimiter": mark})
    spaced = _file(lines_of(WORDS, " "))
    yield Damage("spaces", "a space between cells", spaced, WORDS, found={"delimiter": " "})
    yield Damage("aligned columns", "spaces up to the next column", _file(_aligned(WORDS)), WORDS)
    for name, mark in (("double pipes", "||"), ("double colons", "::")):
        content = _file(plain_lines(CLEAN, mark))
        yield Damage(name, f"`{mark}` between cells".replace("|", "\\|"), content, CLEAN, found={"delimiter": mark})
    says = ["Spaces beside delimiters"]
    content = _file([line.replace(",", ", ") for line in lines_of(UNQUOTED)])
    yield Damage("comma and space", "a space after each comma", content, UNQUOTED, says=says)
    content = _file([line.replace(";", " ; ") for line in plain_lines(UNQUOTED, ";")])
    yield Damage("spaces around cells", "spaces on both sides of each semicolon", content, UNQUOTED, says=says)
    says = ["lines that rule the table", *says]
    yield Damage(
        "drawn with lines",
        "bars between cells, and rulers, as MySQL draws them",
        _file(_drawn(CLEAN)),
        CLEAN,
        says=says,
    )
    content = _file(lines_of(CLEAN, quote="'", quoting=csv.QUOTE_NONNUMERIC))
    yield Damage("single quotes", "cells in `'`", content, CLEAN, found={"quote": "'"})
    content = _file(lines_of(CLEAN, quoting=csv.QUOTE_ALL))
    quoted = CLEAN.changed("score", lambda score, _: score)
    yield Damage("all quoted", "every cell in quotes", content, quoted)
    content = _file(lines_of(INCHES, escape="\\"))
    yield Damage("backslashes", 'a quote in a cell as `\\"`', content, INCHES, found={"escape": "\\"})
    content = _file(lines_of(CLEAN, escape="\\", quoting=csv.QUOTE_NONE))
    yield Damage("escaped delimiters", "a delimiter in a cell as `\\,`", content, CLEAN, found={"escape": "\\"})


def line_ends() -> Iterator[Damage]:
    """Other line ends."""
    lines = lines_of(CLEAN)
    for name, end, found in (("CRLF", "\r\n", "crlf"), ("CR", "\r", "cr")):
        yield Damage(name, f"lines end in {name}", joined(lines, end).encode(), CLEAN, found={"line_end": found})
    ends = ("\n", "\r\n", "\r")
    mixed = "".join(line + ends[number % 3] for number, line in enumerate(lines))
    yield Damage(
        "mixed line ends", "LF, CRLF and CR in turn", mixed.encode(), CLEAN,
        says=["Lines end in several ways"], found={"line_end": "mixed"},
    )  # fmt: skip
    yield Damage("no last line end", "the last line has no end", "\n".join(lines).encode(), CLEAN)
    broken = CLEAN.changed("comment", lambda comment, number: f"{comment}\nline 2" if number % 4 == 0 else comment)
    content = _file(lines_of(broken.changed("comment", lambda comment, _: str(comment).replace("\n", "¶"))))
    quoted = content.replace(b'"late, again\xc2\xb6line 2"', b'"late, again\nline 2"')
    for plain in ("on time", "asked for a refund", "sent 5 parcels; kept 2", "none given"):
        quoted = quoted.replace(f"{plain}¶line 2".encode(), f'"{plain}\nline 2"'.encode())
    yield Damage("line ends in cells", "quoted cells of two lines", quoted, broken)


def encodings() -> Iterator[Damage]:
    """Other encodings."""
    text = joined(lines_of(CLEAN))
    says = ["The text is no UTF-8"]
    yield Damage("byte order mark", "UTF-8 with a mark", text.encode("utf-8-sig"), CLEAN, found={"encoding": "utf-8"})
    for name, encoding in (("UTF-16 with a mark", "utf-16"), ("UTF-16 without a mark", "utf-16-le")):
        yield Damage(name, f"`{encoding}`", text.encode(encoding), CLEAN, found={"encoding": encoding})
    yield Damage("cp1252", "Western European", text.encode("cp1252"), CLEAN, says=says, found={"encoding": "cp1252"})
    chinese = joined(lines_of(CHINESE)).encode("gb18030")
    yield Damage("GB 18030", "Chinese", chinese, CHINESE, says=says, found={"encoding": "gb18030"})
    lines = [line.encode("cp1252" if number == 9 else "utf-8") for number, line in enumerate(lines_of(CLEAN))]
    content = b"\n".join(lines)
    yield Damage(
        "two encodings", "a row in cp1252 among UTF-8", content, CLEAN, repaired=1, found={"encoding": "utf-8"}
    )


def _file(lines: list[str]) -> bytes:
    return joined(lines).encode()


def _aligned(table: Table) -> list[str]:
    return ["".join(f"{cell}  " for cell in row).rstrip() for row in _padded(table)]


def _drawn(table: Table) -> list[str]:
    padded = _padded(table)
    names, *rows = (f"| {' | '.join(row)} |" for row in padded)
    ruler = f"+{'+'.join('-' * (len(cell) + 2) for cell in padded[0])}+"
    return [ruler, names, ruler, *rows, ruler, "60 rows in set (0.00 sec)"]


def _padded(table: Table) -> list[list[str]]:
    rows = [list(table.names), *([text_of(value) for value in row] for row in table.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.names))]
    return [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
