"""Damage to the shape of a table: what stands around it, and rows that don't fit it."""

from collections.abc import Iterator, Sequence

from attrs import evolve

from tests.polluting.clean import CLEAN, Table, joined, lines_of, plain_lines
from tests.polluting.damage import Damage

_LINES = lines_of(CLEAN)
_HEADER, *_BODY = _LINES


def surroundings() -> Iterator[Damage]:
    """What stands before the table, within it and below."""
    before = ["Members of the club", "", "Source: the office, 2024"]
    yield Damage(
        "preamble", "a title, a blank line and a source before the header", _file([*before, *_LINES]), CLEAN,
        says=["2 lines before the table", "Members of the club"], found={"skipped_lines": 3},
    )  # fmt: skip
    labels = ["Members,as of 31.01.2024", "", "Period,2021", "Balance,12.5,EUR", ""]
    yield Damage(
        "labels", "labels with values before the header, and blank lines", _file([*labels, *_LINES]), CLEAN,
        says=["3 lines before the table"], found={"skipped_lines": 5},
    )  # fmt: skip
    padding = "," * (len(CLEAN.names) - 1)
    padded = [line + padding for line in before], [line + padding for line in ("", "60 members", "As of May")]
    yield Damage(
        "lines filled up", "a title and a source before the header and notes below the table, with as many delimiters",
        _file([*padded[0], *_LINES, *padded[1]]), CLEAN, rejected=3, found={"skipped_lines": 3},
    )  # fmt: skip
    comments = ["# exported by the office", "# version 3"]
    yield Damage(
        "comments", "comments before the header and within the table",
        _file([*comments, *_LINES[:20], "# page 2", *_LINES[20:]]), CLEAN, rejected=1, found={"skipped_lines": 2},
    )  # fmt: skip
    numbered = CLEAN.named(*(f"column_{number}" for number in range(1, 8)))
    yield Damage("no header", "the header is missing", _file(_BODY), numbered, found={"header": False})
    names = ("id", "person name", "person city", "club joined", "club score", "club member", "note comment")
    upper = [",person,,club,,,note", _HEADER]
    yield Damage(
        "two header rows", "the header has two rows, the upper one over several columns", _file([*upper, *_BODY]),
        CLEAN.named(*names), says=["2 rows name the columns"], found={"header_rows": 2},
    )  # fmt: skip
    again = [*_LINES[:20], _HEADER, *_LINES[20:40], _HEADER, *_LINES[40:]]
    yield Damage("repeated header", "the header again on each page", _file(again), CLEAN, rejected=2)
    blank = [line for number, line in enumerate(_LINES) for line in ([line, ""] if number % 7 == 0 else [line])]
    yield Damage("blank lines", "blank lines among the rows and at the end", _file([*blank, "", ""]), CLEAN)
    notes = ["", "60 members", "As of May"]
    yield Damage("footer", "notes below the table", _file([*_LINES, *notes]), CLEAN, rejected=2)
    totals = ["", "Total,,,,100.5,,"]
    yield Damage("totals", "totals below a blank line", _file([*_LINES, *totals]), CLEAN, rejected=1)
    other = ["", "Payments", "who,how much", "Ann,5", "Bob,7"]
    yield Damage("second table", "another table below", _file([*_LINES, *other]), CLEAN, rejected=4)
    doubled = [",name,city,joined,score,city,comment", *_BODY]
    yield Damage(
        "odd names", "one name twice and one missing", _file(doubled),
        CLEAN.named("column_1", "name", "city", "joined", "score", "city_2", "comment"), says=["column_1", "city_2"],
    )  # fmt: skip


def rows() -> Iterator[Damage]:
    """Rows that have more or fewer cells than there are columns."""
    short = _without_comments(range(5, 60, 11))
    lines = [line.rpartition(",")[0] if number - 1 in range(5, 60, 11) else line for number, line in _numbered(short)]
    yield Damage("short rows", "some rows lack their last cell", _file(lines), short, repaired=5)
    ended = "Rows end with a delimiter"
    content = _file([line + "," for line in _LINES])
    yield Damage("trailing delimiters", "a delimiter at the end of every row", content, CLEAN, says=[ended])
    content = _file([_HEADER, *(line + "," for line in _BODY)])
    yield Damage("trailing delimiters below", "the same, but for the header", content, CLEAN, says=[ended])
    lines = [line + ",," if number % 10 == 3 else line for number, line in enumerate(_LINES)]
    yield Damage("empty cells too many", "some rows end in delimiters", _file(lines), CLEAN, repaired=6)
    lines = [line.replace('"late, again"', "late, again") for line in _LINES]
    yield Damage("unquoted delimiter", "commas in cells without quotes", _file(lines), CLEAN, repaired=12)
    lines = [line.replace("Åsa Öberg", "Öberg, Åsa") for line in _LINES]
    left = evolve(CLEAN, rows=tuple(row for row in CLEAN.rows if row[1] != "Åsa Öberg"))
    what = "the same beside another column of text, so that either cell could be the one"
    yield Damage("unquoted delimiter in doubt", what, _file(lines), left, rejected=8)
    content = _file([*_LINES[:30], "161,one,two,three,4,5,6,7,8,9", *_LINES[30:]])
    yield Damage("row of another table", "a row of far more cells", content, CLEAN, rejected=1)
    plain = plain_lines(evolve(CLEAN), "|")
    lines = [line.replace("|", ";") if number == 12 else line for number, line in enumerate(plain)]
    yield Damage("another delimiter", "one row with semicolons among pipes", _file(lines), CLEAN, repaired=1)


def quotes() -> Iterator[Damage]:
    """Quotes that stand where they should not, or don't where they should."""
    inches = CLEAN.changed("comment", lambda comment, number: '5" pipe' if number in {3, 44} else comment)
    lines = [line.replace('"5"" pipe"', '5" pipe') for line in lines_of(inches)]
    yield Damage("stray quote", 'a quote in a cell without quotes: `5" pipe`', _file(lines), inches, repaired=2)
    said = CLEAN.changed("comment", lambda comment, number: 'so "they" said, once' if number == 21 else comment)
    lines = [line.replace('""they""', '"they"') for line in lines_of(said)]
    yield Damage("undoubled quotes", "quotes in a quoted cell that are not doubled", _file(lines), said, repaired=1)
    opened = CLEAN.changed("city", lambda city, number: '"Oslo' if number == 16 else city)
    lines = [line.replace('"""Oslo"', '"Oslo') for line in lines_of(opened)]
    yield Damage("unclosed quote", "a quote that opens and is never closed", _file(lines), opened, repaired=1)


def _without_comments(numbers: Sequence[int]) -> Table:
    return CLEAN.changed("comment", lambda comment, number: None if number in numbers else comment)


def _numbered(table: Table) -> "enumerate[str]":
    return enumerate(lines_of(table))


def _file(lines: Sequence[str]) -> bytes:
    return joined(lines).encode()
