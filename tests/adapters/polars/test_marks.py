"""The marks of a file: the same however it falls into pieces, and those that a look at each character finds."""

import csv
import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_adapters.polars.reading import lines
from entrepot_adapters.polars.reading.dialect import Dialect
from entrepot_adapters.polars.reading.lines import Marks, marks_of

DIALECT = Dialect(",")
PARTS = ['"', '""', ",", "\n", "\r\n", "\r", "a", "a,b", "\0", "\t", "é"]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=40).map(lambda parts: "".join(parts).encode())


CELLS = st.sampled_from(["", "a", '""', '"a"', '"a,b"', '"a\nb"', '""""', '"a ""b"" c"', '"é\r\n"'])
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=4).map(",".join), min_size=1, max_size=6)
SOUND = st.tuples(ROWS, st.sampled_from(["\n", "\r\n"])).map(lambda made: made[1].join(made[0]).encode())


def marks(text: bytes, size: int) -> Marks:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_CHUNK", size)
        return marks_of(io.BytesIO(text), DIALECT)


def within(text: bytes) -> list[bool]:
    """Whether each byte has an odd number of quotes before it."""
    return [text[:place].count(b'"') % 2 == 1 for place in range(len(text))]


def are_odd(text: bytes) -> bool:
    """Whether some quote stands neither at an end of a cell nor beside another quote."""
    bounds = b'",\n\r'
    is_within = within(text)
    return text.count(b'"') % 2 == 1 or any(
        (text[place + 1 : place + 2] if is_within[place] else text[place - 1 : place] if place else b"") not in bounds
        for place in range(len(text))
        if text[place] == ord('"')
    )


@given(TEXTS, st.integers(1, 9))
def test_marks_are_counted(text: bytes, size: int) -> None:
    found = marks(text, size)
    assert found.delimiters == text.count(b",") or b'"' in text
    assert found.line_feeds == text.count(b"\n")
    assert found.nulls == text.count(b"\0")
    assert found.quotes == text.count(b'"')
    assert found.ends_in_line == (text != b"" and not text.endswith(b"\n"))


@given(TEXTS, st.integers(1, 9))
def test_quotes_are_odd_where_one_stands_neither_at_an_end_of_a_cell_nor_beside_another(text: bytes, size: int) -> None:
    assert marks(text, 1000).has_odd_quotes == are_odd(text)
    assert marks(text, size).has_odd_quotes == are_odd(text)


@given(SOUND, st.integers(1, 9))
def test_quotes_of_sound_rows_are_not_odd(text: bytes, size: int) -> None:
    assert not marks(text, size).has_odd_quotes


@given(SOUND, st.integers(1, 9))
def test_the_content_of_sound_rows_is_their_cells_delimiters_and_ends(text: bytes, size: int) -> None:
    rows = [row or [""] for row in csv.reader(io.StringIO(text.decode(), newline=""))]
    cells = sum(len(cell.encode()) for row in rows for cell in row)
    delimiters = sum(len(row) - 1 for row in rows)
    found = marks(text, size)
    outside = text.replace(b'"a\nb"', b"").replace(b'"\xc3\xa9\r\n"', b"")
    ends = outside.count(b"\n") + outside.count(b"\r")
    assert found.content == cells + delimiters + ends
    assert found.end_bytes == ends or not found.has_exact_ends


@given(TEXTS, st.integers(1, 9))
def test_ends_of_lines_are_counted_outside_quotes(text: bytes, size: int) -> None:
    ends = {"lf": 0, "crlf": 0, "cr": 0}
    pairs = list(pairwise((*text, 0)))
    for place, is_within in enumerate(within(text)):
        if is_within:
            continue
        if text[place : place + 1] == b"\n":
            ends["crlf" if text[place - 1 : place] == b"\r" and place else "lf"] += 1
        elif pairs[place][0] == ord("\r") and pairs[place][1] != ord("\n"):
            ends["cr"] += 1
    if b"\r" not in text:
        ends["lf"] = text.count(b"\n")
    assert marks(text, 1000).ends == ends
    if b'"' not in text:
        assert marks(text, size).ends == ends


def test_a_line_and_a_cell_are_measured_over_pieces() -> None:
    text = b"a,b\n" + b"x" * 50 + b',"' + b"y\n" * 30 + b'"\n'
    assert 50 <= marks(text, 8).longest <= 62
    assert 30 <= marks(text[:54], 8).longest <= 50


def test_the_longest_line_of_a_large_file_is_told_to_a_block() -> None:
    text = b"a,b\n" * 100_000 + b"x" * 200_000 + b"\n" + b"a,b\n" * 100_000
    assert 200_000 <= marks(text, 1 << 20).longest <= 200_000 + (1 << 16)


def test_a_cell_of_many_lines_is_measured_within_a_piece() -> None:
    text = b"a,b\n" * 100_000 + b'1,"' + b"y\n" * 150_000 + b'"\n' + b"a,b\n" * 100_000
    assert 300_000 - 2 * (1 << 16) <= marks(text, 1 << 20).longest <= 300_000
    assert marks(text.replace(b'"', b""), 1 << 20).longest <= 1 << 17
    assert marks(b'"a",b\n' + text.replace(b'"', b"") + b'"a"\n', 1 << 20).longest <= 1 << 17
