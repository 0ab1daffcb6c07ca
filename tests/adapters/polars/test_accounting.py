"""Every byte of a delimited file is accounted for: a sound one is read as it is, and no cell goes missing unnoticed."""

from collections.abc import Callable, Iterator
from typing import NoReturn

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_adapters.polars.importer import PolarsImporter
from entrepot_adapters.polars.reading import delimited
from entrepot_core.errors import LimitExceeded
from entrepot_core.limits import Limits
from tests.adapters.polars.test_import_csv import read
from tests.contracts.loading import load

CELLS = st.sampled_from(
    ["", "", "x", "é", "a,b", 'say "hi"', '"', "line\nbreak", "both\r\nends", ",,", '""', "17", "NA"]
)
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=3, max_size=12)
)
ENDS = st.sampled_from(["\n", "\r\n"])
BEFORE = st.sampled_from(["", "\ufeff", "A report\n\n", "\ufeffA report\n"])


class Tolerant(Exception):
    """A file was read row by row."""


@pytest.fixture
def strictly() -> Iterator[None]:
    """No file may be read row by row."""

    def refuse(*_: object) -> NoReturn:
        raise Tolerant

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "tidied_copy", refuse)
        yield


def line(cells: list[str], end: str = "") -> str:
    quoted = ['"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',"\n') else cell for cell in cells]
    return ",".join(quoted) + end


@given(TABLES, ENDS, BEFORE, st.sampled_from(["", ","]), st.booleans(), st.sampled_from([(), ("NA",), ("a,b",)]))
@pytest.mark.usefixtures("strictly")
def test_a_sound_file_is_read_as_it_is(
    rows: list[list[str]],
    end: str,
    before: str,
    spare: str,
    ends: bool,  # noqa: FBT001 - drawn
    null_values: tuple[str, ...],
) -> None:
    header = [f'n"{n}"' for n in range(len(rows[0]))]
    text = before.replace("\n", end) + "".join(line(row, spare + end) for row in [header, *rows])
    text = text if ends else text.removesuffix(end)
    loaded = read(text.encode(), types={"*": "string"}, null_values=null_values)
    expected = [tuple(None if cell in {"", *null_values} else cell for cell in row) for row in rows]
    assert loaded.data.rows() == expected


@given(TABLES, ENDS, st.sampled_from(["", "x"]), st.data())
def test_a_row_without_its_last_cell_is_told(rows: list[list[str]], end: str, last: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    header = [f"n{n}" for n in range(len(rows[0]) + 1)]
    lines = [line(row if number == place else [*row, last]) for number, row in enumerate(rows)]
    report = read(end.join([line(header), *lines, ""]).encode(), types={"*": "string"}).imported.report
    assert report.repaired + report.rejected > 0


def test_a_text_that_polars_reads_otherwise_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    scan_csv: Callable[..., pl.LazyFrame] = pl.scan_csv

    def careless(*args: object, **options: object) -> pl.LazyFrame:
        return scan_csv(*args, **options).with_columns(pl.col("s0").str.strip_chars_end("!"))

    text = 'a,b\n"1",x\n2!,\n'
    assert read(text, types={"*": "string"}).imported.report.repaired == 0
    monkeypatch.setattr(pl, "scan_csv", careless)
    with pytest.raises(Exception, match="of 6 bytes 5 are accounted for"):
        read(text, types={"*": "string"})


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("before", ['"Unit\rprice",name', '"Unit\r\rprice",name', '"Report\rof May"{end}unit,name'])
def test_no_row_is_lost_below_a_header_with_a_carriage_return(before: str, end: str) -> None:
    rows = ['1,"a"', "2,", '3,"b"', "4,c"]
    assert read(end.join([before.replace("{end}", end), *rows, ""])).data.rows() == [
        (1, "a"), (2, None), (3, "b"), (4, "c"),
    ]  # fmt: skip


@pytest.mark.usefixtures("strictly")
def test_a_header_that_ends_otherwise_than_the_rows_is_no_fault() -> None:
    text = '"unit ""x""",name\n' + "1,a\r\n2,\r\n" * 20
    assert read(text).data.rows() == [(1, "a"), (2, None)] * 20


@pytest.mark.parametrize("short", ["3,", "3"])
def test_a_quoted_line_break_in_rows_that_end_with_a_delimiter_is_kept_where_others_have_faults(short: str) -> None:
    loaded = read(f'a,b,\n1,"line\nbreak",\n2,x,\n{short}\n4,y,\n')
    assert loaded.values("b") == ["line\nbreak", "x", None, "y"]


@pytest.mark.parametrize(
    ("header", "behind"),
    [(header, behind) for header in ("id,name", "id,name,note", '"id","first name"') for behind in ("", "  ", "\t")]
    + [("id,name,", "")],
)
def test_a_header_that_stands_there_again_is_no_row(header: str, behind: str) -> None:
    row = ",".join(["7", *["x"] * (header.count(",") - header.endswith(",")), *[""] * header.endswith(",")])
    loaded = read("\n".join([header, *[row] * 5, header + behind, *[row] * 5, ""]))
    assert loaded.values("id") == [7] * 10
    assert loaded.imported.report.rejected == 1


@pytest.mark.usefixtures("strictly")
def test_a_cell_that_reads_as_the_name_of_its_column_is_no_header() -> None:
    assert read("kind,note,n\nkind,x,1\nx,note,2\nnote,kind,3\nkind,notes,4\nkind,note 2,5\n").data.height == 5


def test_a_header_that_stands_there_again_counts_as_no_row() -> None:
    text = "id,name\n" + "1,a\n2,b\n" * 3 + "id,name\n"
    importer = PolarsImporter(limits=Limits(rows=6))
    assert load(importer, text).imported.rows == 6
    with pytest.raises(LimitExceeded):
        load(importer, text + "7,c\n")
