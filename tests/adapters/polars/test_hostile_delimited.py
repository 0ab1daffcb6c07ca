"""Delimited files made to harm: each ends in a clear error or a table, soon and in bounded memory."""

import io
import tracemalloc
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from entrepot_adapters.polars.importer import PolarsImporter
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.errors import EmptyInput, LimitExceeded, MalformedInput, Refused
from entrepot_core.limits import Limits
from entrepot_core.ports.importer import ImportTask
from entrepot_core.source import base_name
from tests.adapters.polars.test_import_csv import IMPORTER, unprofiled
from tests.contracts.loading import Loaded, load

MEGABYTE = b"x" * 10**6


def read(content: bytes, **options: Any) -> Loaded:  # noqa: ANN401 - those of ImportOptions
    return load(IMPORTER, content, **options)


@contextmanager
def in_memory_of(most: int) -> Generator[None]:
    """Fail if Python's objects, the file itself apart, take more bytes at some time."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("content", "limit"),
    [
        (b"a,b\n1," + MEGABYTE * 100 + b"\n2,3\n", "ENTREPOT_MAX_CELL_BYTES"),
        (b'a,b\n1,"' + MEGABYTE * 100 + b'"\n2,3\n', "ENTREPOT_MAX_CELL_BYTES"),
        (b"a,b\n" + b"1," * 50_000_000 + b"\n2,3\n", "ENTREPOT_MAX_CELL_BYTES"),
        (b"a," * 50_000_000 + b"\n2,3\n", "ENTREPOT_MAX_COLUMNS"),
        (b",".join(b"c%d" % number for number in range(100_000)) + b"\n", "ENTREPOT_MAX_COLUMNS"),
        (b"," * 10**7, "ENTREPOT_MAX_COLUMNS"),
    ],
    ids=["cell", "quoted cell", "row", "header", "columns", "delimiters"],
)
def test_a_row_that_is_too_long_or_too_wide_is_refused_in_bounded_memory(content: bytes, limit: str) -> None:
    source, outs = io.BytesIO(content), (io.BytesIO(), io.BytesIO())
    with in_memory_of(200 * 10**6), pytest.raises(LimitExceeded) as caught:
        IMPORTER.load(source, *outs, ImportTask(None, None, ImportOptions()), no_report)
    assert caught.value.limit == limit


def test_a_cell_of_many_lines_is_refused_too() -> None:
    importer = PolarsImporter(profile=unprofiled, limits=Limits(cell_bytes=10**5))
    with pytest.raises(LimitExceeded):
        load(importer, b'a,b\n1,"' + b"a line of text\n" * 20_000 + b'"\n2,3\n')


def test_so_is_one_with_quotes_in_it() -> None:
    importer = PolarsImporter(profile=unprofiled, limits=Limits(cell_bytes=10**5))
    content = b'a,b\n1,"' + b'a ""line"" of text\n' * 20_000 + b'"\n2,3\n'
    with pytest.raises(LimitExceeded):
        load(importer, content)
    assert load(IMPORTER, content).imported.rows == 2


def test_a_quote_that_is_never_closed_is_a_part_of_its_cell_in_bounded_memory() -> None:
    importer = PolarsImporter(profile=unprofiled, limits=Limits(cell_bytes=10**6))
    content = b'a,b\n1,"oops\n' + b"2,fine\n" * 500_000
    with in_memory_of(100 * 10**6):
        loaded = load(importer, content)
    assert loaded.imported.rows == 500_001
    assert (loaded.values("b")[0], loaded.values("b")[-1]) == ('"oops', "fine")
    assert [(flaw.line, flaw.row) for flaw in loaded.imported.report.repairs] == [(2, 1)]


def test_quotes_that_open_on_every_line_and_are_never_closed_take_no_longer_for_each() -> None:
    report = read(b"a,b\n" + b'1,"oops\n' * 5000).imported.report
    assert (report.repaired, len(report.repairs)) == (5000, 100)


def test_a_cell_of_many_lines_that_is_closed_is_one_cell() -> None:
    text = "a line of text\n" * 50_000
    assert read(f'a,b\n1,"{text}"\n2,3\n'.encode()).values("b") == [text, "3"]


@pytest.mark.parametrize("content", [b" ", b"\n\n\n", b"\r\r", b" \t\r\n" * 1000, b"\xef\xbb\xbf\n"])
def test_white_space_is_nothing(content: bytes) -> None:
    with pytest.raises(EmptyInput):
        read(content)


@pytest.mark.parametrize("content", [b"a,b\n1,2\n\0\n", b"a,b\n1,2\n" * 50_000 + b"3,\0\n"])
def test_a_nul_byte_is_refused_with_its_line(content: bytes) -> None:
    with pytest.raises(MalformedInput) as caught:
        read(content)
    assert caught.value.line == content.count(b"\n", 0, content.index(b"\0")) + 1


def test_lines_that_end_in_returns_alone_are_all_there() -> None:
    assert read(b"a,b\r" + b"1,2\r" * 100_000).imported.rows == 100_000


def test_bytes_that_are_no_utf8_are_found_wherever_they_stand() -> None:
    content = b"n,name\n" + "1,Zoë\n".encode() * 50_000 + "2,Åsa\n".encode("cp1252")
    loaded = read(content)
    assert loaded.values("name")[-1] == "Åsa"
    assert [(flaw.line, flaw.column) for flaw in loaded.imported.report.repairs] == [(50_002, "name")]


@pytest.mark.parametrize("content", [b'"' * 100_000, b"\\" * 10_000, b"\r\n" * 10_000 + b'"', b"a,b\n" * 10_000])
def test_marks_without_end_are_read_or_refused(content: bytes) -> None:
    with suppress(Refused):
        read(content)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\evil.csv", "evil.csv"),
        ("/", None),
        ("..", None),
        ("a\r\nSet-Cookie: x=1.csv", "aSet-Cookie: x=1.csv"),
        ("a\0b.csv", "ab.csv"),
        ("\u202egnp.csv", "gnp.csv"),
        ("x" * 1000 + ".csv", "x" * 196 + ".csv"),
        ("é" * 1000 + ".csv", "é" * 98 + ".csv"),
    ],
)
def test_a_hostile_file_name_becomes_a_plain_one(name: str, safe: str | None) -> None:
    assert base_name(name) == safe
