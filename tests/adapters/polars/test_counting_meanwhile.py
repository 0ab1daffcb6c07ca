"""A large file is looked at while its marks are counted; it is read as one whose marks are counted first."""

import io
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, cast

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_adapters.polars import landing
from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.landing import Sampled, Scan
from entrepot_adapters.polars.reading import delimited, lines, look
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.errors import Refused
from entrepot_core.formats import Format
from entrepot_core.ports.importer import ImportTask
from tests.adapters.polars.test_import_csv import IMPORTER

_SOUND = ["1,2.5,x", "-3,,y", '4,1e3,"a,b"', '5,0.5,"a ""b"" c"', "6,7,é"]
_ODD = [
    "1,2",
    "1,2,3,4",
    'a"b,1,2',
    '"open,1,2',
    '"a"b,1,2',
    "x\ry,1,2",
    "007,1,2",
    "",
    '"two\nlines",1,2',
    "\0,1,2",
    "a,b,c",
]


@contextmanager
def small_pieces(seen: list[Sequence[Column]]) -> Generator[None]:
    """Take files of more than 32 bytes for large ones; note which columns of each are guessed meanwhile."""

    def sampled(scan: Scan, columns: Sequence[Column]) -> Sampled:
        seen.append(columns)
        return landing.sampled(scan, columns)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_CHUNK", 32)
        patch.setattr(look, "_HEAD", 48)
        patch.setattr(f"{delimited.__name__}.SAMPLE_ROWS", 3)
        patch.setattr(f"{delimited.__name__}.sampled", sampled)
        yield


def outcome(source: BinaryIO) -> object:
    """What an importer makes of a file: the table and what was set aside, or why it is refused."""
    table, rejects = io.BytesIO(), io.BytesIO()
    task = ImportTask(Format.CSV, "data.csv", ImportOptions(on_error="quarantine"))
    try:
        imported = IMPORTER.load(source, table, rejects, task, no_report)
    except Refused as error:
        return type(error), error.fields()
    table.seek(0)
    return (
        imported.schema,
        imported.profile,
        pl.read_parquet(table).rows(),
        rejects.getvalue(),
        imported.report.rejected,
    )


def outcome_of_file(content: bytes) -> object:
    """The same where there is a file on the disk, which two can read at once."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        return outcome(cast("BinaryIO", file))


@given(
    st.lists(st.sampled_from(_SOUND), min_size=3, max_size=12),
    st.lists(st.sampled_from(_ODD), max_size=2),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_file_is_read_alike_whether_its_marks_are_counted_before_or_meanwhile(
    sound: list[str], odd: list[str], end: str
) -> None:
    content = end.join(["a,b,c", *sound, *odd, *sound]).encode()
    with small_pieces([]):
        meanwhile = outcome_of_file(content)
    assert meanwhile == outcome(io.BytesIO(content))


@pytest.mark.parametrize(
    ("rows", "is_guessed"),
    [
        (["1,2,x"] * 20, True),
        (["1,2,x"] * 20 + ["\0,1,2"], True),
        (["1,2," + "x" * 40] * 20, False),  # the first rows are long
        (["1;2;x y"] * 20, True),
    ],
)
def test_columns_are_guessed_meanwhile_where_the_first_rows_can_be_held(*, rows: list[str], is_guessed: bool) -> None:
    seen: list[Sequence[Column]] = []
    with small_pieces(seen):
        outcome_of_file("\n".join(["a,b,c" if "," in rows[0] else "a;b;c", *rows]).encode())
    assert bool(seen) == is_guessed
