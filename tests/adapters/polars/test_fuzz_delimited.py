"""Whatever stands in a file, it is read or refused; and cells that were written in some dialect come back."""

import csv
import io
from typing import Any, Literal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.dialect import ImportOptions
from entrepot_core.errors import Refused
from entrepot_core.formats import Format
from entrepot_core.schema import FieldType
from tests.adapters.polars.test_import_csv import IMPORTER
from tests.contracts.loading import Loaded, load

_MARKS = ",;\t|: \"'\\\n\r#"
_TEXT = st.text(
    st.sampled_from(_MARKS + "ab1.-é中\u2028") | st.characters(exclude_categories=["Cs"], exclude_characters="\0{"),
    max_size=6,
)
_PIECES = st.sampled_from(
    [
        *_MARKS,
        "\r\n",
        "\n\n",
        "a,b",
        '""',
        '\\"',
        '"x"',
        "1",
        "2.5",
        "true",
        "é",
        "#",
        " ",
        "||",
        "::",
        "\ufeff",
        "a,b\n1,2\n",
    ]
)
_ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp1252", "gb18030"])


def loads_or_is_refused(content: bytes, **options: Any) -> Loaded | None:  # noqa: ANN401 - those of ImportOptions
    """What was read; None where it was refused. Kept, mended and set aside rows are all accounted for."""
    try:
        loaded = load(IMPORTER, content, **options)
    except Refused:
        return None
    report = loaded.imported.report
    assert report.repaired <= loaded.imported.rows
    assert len(report.repairs) == min(100, report.repaired)
    assert len(report.rejects) == min(100, report.rejected)
    written = list(csv.reader(io.StringIO(loaded.rejects.decode(), newline="")))
    assert len(written) == (report.rejected + 1 if report.rejected else 0)
    return loaded


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    loads_or_is_refused(content)


@given(st.lists(_PIECES, max_size=60), _ENCODINGS, st.sampled_from(["repair", "reject", "quarantine"]))
def test_any_marks_are_read_or_refused(pieces: list[str], encoding: str, on_error: str) -> None:
    loads_or_is_refused("".join(pieces).encode(encoding, "ignore"), on_error=on_error)


@given(
    st.lists(_PIECES, max_size=60),
    st.sampled_from([None, ",", " ", "||", "§", "\t"]),
    st.sampled_from([None, '"', "'"]),
    st.sampled_from([None, "\\"]),
    st.sampled_from([None, 0, 1, 2]),
    st.sampled_from([None, 0, 2, 9]),
)
def test_any_marks_are_read_or_refused_with_any_options(
    pieces: list[str], delimiter: str | None, quote: str | None, escape: str | None, rows: int | None, lines: int | None
) -> None:
    options = {"delimiter": delimiter, "quote": quote, "escape": escape, "header_rows": rows, "skip_lines": lines}
    loads_or_is_refused("".join(pieces).encode(), **options)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Cells in rows of the same length."""
    width = draw(st.integers(1, 4))
    return draw(st.lists(st.lists(_TEXT, min_size=width, max_size=width), min_size=1, max_size=6))


@given(
    tables(),
    st.sampled_from([",", ";", "\t", "|", " ", ":"]),
    st.sampled_from(['"', "'"]),
    st.sampled_from([None, "\\"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_cells_written_in_a_dialect_that_is_told_come_back(
    rows: list[list[str]], delimiter: str, quote: str, escape: str | None, quoting: Literal[0, 1, 2], end: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(
        out, delimiter=delimiter, quotechar=quote, escapechar=escape, doublequote=escape is None,
        quoting=quoting, lineterminator=end,
    )  # fmt: skip
    writer.writerows(rows)
    told = ImportOptions(
        encoding="utf-8", delimiter=delimiter, quote=quote, escape=escape or quote, header=False, skip_lines=0,
        types={"*": FieldType.STRING}, on_error="reject",
    )  # fmt: skip
    loaded = load(IMPORTER, out.getvalue().encode(), Format.CSV, **msgspec.structs.asdict(told))
    assert [["" if cell is None else cell for cell in row] for row in loaded.data.rows()] == rows
