"""How CSV and TSV are read: marks, line ends, encodings, headers, and what is refused."""

import codecs
from typing import Any

import pytest

from entrepot_adapters.polars.importer import PolarsImporter
from entrepot_core.errors import EmptyInput, InvalidOption, MalformedInput, UnreadableInput
from entrepot_core.formats import Format
from entrepot_core.profile import Profile
from tests.contracts.loading import Loaded, load


def unprofiled(*_: object, **__: object) -> Profile:
    """No statistics, which these tests don't look at."""
    return Profile(0, (), dates_are_text=True)


IMPORTER = PolarsImporter(profile=unprofiled)


def read(content: bytes | str, **options: Any) -> Loaded:  # noqa: ANN401 - those of ImportOptions
    return load(IMPORTER, content, **options)


def refusal(content: bytes | str, **options: Any) -> MalformedInput:  # noqa: ANN401 - likewise
    with pytest.raises(MalformedInput) as caught:
        read(content, **options)
    return caught.value


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    loaded = read(f'a{delimiter}b\n1{delimiter}"x,;|\t"\n2{delimiter}y\n')
    assert loaded.data.rows() == [(1, "x,;|\t"), (2, "y")]
    assert loaded.imported.report.delimiter == delimiter


@pytest.mark.parametrize("delimiter", ["||", "§", "::", "~", "-", "1"])
def test_any_delimiter_of_one_or_two_characters_can_be_given(delimiter: str) -> None:
    loaded = read(f'a{delimiter}b\nx{delimiter}"y{delimiter}z"\n', delimiter=delimiter)
    assert loaded.data.rows() == [("x", f"y{delimiter}z")]
    assert loaded.imported.report.delimiter == delimiter


def test_a_delimiter_of_two_characters_may_lie_across_two_pieces_of_the_file() -> None:
    filler = "x" * ((1 << 20) - len("a||b\n") - 1)
    assert read(f"a||b\n{filler}||y\n", delimiter="||").data.rows() == [(filler, "y")]


def test_a_quote_can_be_given() -> None:
    assert read("a,b\n'x,y','it''s'\n", quote="'").data.rows() == [("x,y", "it's")]


def test_double_quotes_that_hold_lines_together_are_the_quotes() -> None:
    rows = ['1,"a\nb, c"', "2,'x2'", "3,'x3'"]
    assert read("\n".join(["id,note", *rows, ""])).data.rows() == [(1, "a\nb, c"), (2, "'x2'"), (3, "'x3'")]
    assert read("\n".join(["id,note", *rows * 40, ""])).imported.rows == 120


def test_single_quotes_that_hold_double_ones_are_the_quotes() -> None:
    text = "id,note\n" + "1,'say \"a, b\"'\n2,'\"c\", d'\n" * 5
    assert read(text).data.rows() == [(1, 'say "a, b"'), (2, '"c", d')] * 5


@pytest.mark.parametrize("options", [{"quote": "“"}, {"quote": ","}, {"delimiter": "\n"}])
def test_marks_that_can_not_be_told_apart_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(InvalidOption):
        read("a,b\n1,2\n", **{"delimiter": ",", **options})


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_every_line_end_is_one(end: str, last: bool) -> None:  # noqa: FBT001 - a parameter of the test
    content = end.join(["a,b", "1,x", '2,"y\rz"', "3,w"]) + (end if last else "")
    assert read(content).data.rows() == [(1, "x"), (2, "y\rz"), (3, "w")]


def test_line_ends_may_be_mixed() -> None:
    assert read("a,b\r1,2\n3,4\r\n5,6").data.rows() == [(1, 2), (3, 4), (5, 6)]


def test_blank_lines_are_no_rows_where_rows_have_several_cells() -> None:
    assert read("\n\na,b\n\n1,2\n \n3,4\n\n\n").data.rows() == [(1, 2), (3, 4)]


def test_a_row_of_empty_cells_is_a_row() -> None:
    assert read("a,b\n1,2\n,\n3,4\n").data.rows() == [(1, 2), (None, None), (3, 4)]


def test_a_blank_line_is_a_null_where_rows_have_one_cell() -> None:
    assert read("a\nx\n\ny\n").values("a") == ["x", None, "y"]


def test_an_empty_field_is_null_and_a_quoted_one_an_empty_text() -> None:
    assert read('a,b\n"",x\n,y\nz,w').values("a") == ["", None, "z"]


@pytest.mark.parametrize("content", ["a,b", "a,b\n", "a,b\r\n\r\n", "a,b\r"])
def test_a_header_alone_is_a_table_of_no_rows(content: str) -> None:
    loaded = read(content)
    assert loaded.table.shape == (0, 3)
    assert loaded.types == {"a": "string", "b": "string"}


def test_without_a_header_columns_are_numbered() -> None:
    loaded = read("1,x\n2,y\n", header=False)
    assert loaded.data.to_dict(as_series=False) == {"column_1": [1, 2], "column_2": ["x", "y"]}
    assert loaded.warnings == ""


def test_a_header_may_span_lines() -> None:
    assert read('"a\nb",c\n1,2\n').data.columns == ["a\nb", "c"]


def test_names_are_made_unique_and_that_is_told() -> None:
    loaded = read("a,,a,_id,a_2,\n1,2,3,4,5,6\n")
    assert loaded.data.columns == ["a", "column_2", "a_3", "_id_2", "a_2", "column_6"]
    assert loaded.data.row(0) == (1, 2, 3, 4, 5, 6)
    for name in ("column_2", "a_3", "_id_2", "column_6"):
        assert repr(name) in loaded.warnings


def test_a_name_may_look_like_a_pattern() -> None:
    assert load(PolarsImporter(), "^x$,*,x\n1,2,3\n").data.row(0) == (1, 2, 3)


@pytest.mark.parametrize(
    ("content", "encoding", "reported"),
    [
        (codecs.BOM_UTF8 + "a,é\n1,ü\n".encode(), None, "utf-8"),
        ("a,é\n1,ü\n".encode("utf-16"), None, "utf-16"),
        ("a,é\n1,ü\n".encode("utf-32"), None, "utf-32"),
        ("a,é\n1,ü\n".encode("cp1252"), "cp1252", "cp1252"),
        ("a,é\n1,ü\n".encode("gb18030"), "gb18030", "gb18030"),
        ("a,é\n1,ü\n".encode("utf-16-le"), "utf-16-le", "utf-16-le"),
    ],
)
def test_encodings_are_told_by_mark_or_given(content: bytes, encoding: str | None, reported: str) -> None:
    loaded = read(content, encoding=encoding)
    assert loaded.data.to_dicts() == [{"a": 1, "é": "ü"}]
    assert loaded.imported.report.encoding == reported


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "utf-16"])
def test_bytes_that_are_no_text_are_refused_with_their_line(encoding: str | None) -> None:
    error = refusal("a,b\n1,x\n2,é\n".encode("latin-1") + b"\xd8", encoding=encoding)
    assert "encoding" in error.reason
    assert encoding == "utf-16" or error.line == 3


def test_utf8_is_not_taken_for_ascii() -> None:
    error = refusal("a,b\n1,x\n2,é\n".encode(), encoding="ascii")
    assert "ascii" in error.reason
    assert error.line == 3
    assert read(b"a\nx\n", encoding="us-ascii").imported.report.encoding == "ascii"


BROKEN = [
    ("a,b\n1,2\n3\n5,6\n", 3, 2, "1 cell where the table has 2"),
    ("a,b\n1,2\n3,4,5\n", 3, 2, "3 cells where the table has 2"),
    ("a,b\n1\n2\n", 2, 1, "1 cell"),
    ("a\n1,2\n3\n", 2, 1, "2 cells where the table has 1"),
    ('a,b\n"1\n\n",2\n\n3\n', 6, 2, "1 cell"),
    ('a,b\n1,"2\n3,4\n', 2, 1, "never closed"),
    ('a,b\n1,"2"x\n3,4\n', 2, 1, "double"),
    ('a,b\n1,5" pipe\n2,6" pipe\n', 2, 1, "double"),
    ("a,b\n1,2\na,b\n3,4\n", 3, 2, "header"),
]


@pytest.mark.parametrize(("content", "line", "row", "said"), BROKEN)
def test_a_faulty_row_is_refused_with_its_place_if_that_is_asked_for(
    content: str, line: int, row: int, said: str
) -> None:
    error = refusal(content, on_error="reject")
    assert (error.line, error.row) == (line, row)
    assert said in error.reason


@pytest.mark.parametrize(("content", "line"), [broken[:2] for broken in BROKEN])
def test_a_faulty_row_is_set_aside_if_that_is_asked_for(content: str, line: int) -> None:
    loaded = read(content, on_error="quarantine")
    report = loaded.imported.report
    assert (report.repaired, report.repairs) == (0, ())
    assert report.rejects[0].line == line
    assert loaded.rejects.startswith(f"line,reason,text\n{line},".encode())


def test_a_nul_byte_is_refused_with_its_line() -> None:
    error = refusal("a,b\n1,2\n3,\x004\n")
    assert (error.line, error.row) == (3, None)
    assert "NUL" in error.reason


def test_a_short_row_is_found_among_many() -> None:
    rows = ["1,x,"] * 50_000
    rows[40_000] = "1,x"
    loaded = read("a,b,c\n" + "\n".join(rows))
    assert loaded.imported.rows == 50_000
    assert [(flaw.line, flaw.row) for flaw in loaded.imported.report.repairs] == [(40_002, 40_001)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [";", ",", "|", "\t"])
@pytest.mark.parametrize("before", ["", "\ufeff"])
def test_a_first_line_may_name_the_delimiter_to_excel(before: str, mark: str, end: str) -> None:
    lines = [f"{before}sep={mark}", f"id{mark}v", *(f"{number}{mark}{number}.5" for number in range(30))]
    for rows in (2, 3, 32):
        loaded = read(end.join([*lines[:rows], ""]))
        assert loaded.data.columns == ["id", "v"]
        assert loaded.data.rows() == [(number, number + 0.5) for number in range(rows - 2)]


def test_a_line_that_names_the_delimiter_is_one_only_at_the_beginning() -> None:
    assert read("a;b\nsep=;\n1;2\n").data.rows() == [("sep=", None), ("1", 2)]
    assert read("sep=;\n1;2\n", header=False).data.rows() == [(1, 2)]
    with pytest.raises(EmptyInput):
        read("sep=;\n")


@pytest.mark.parametrize("usual", ['1,"x, y",3', '1,"x, y",'])
@pytest.mark.parametrize(
    ("odd", "values", "repaired"),
    [
        ("2,z,", (2, "z", None), 0),
        ('2,"z, ",', (2, "z, ", None), 0),
        ("2,z,4", (2, "z", 4), 0),
        ("2,z", (2, "z", None), 1),
        ('2,"z, z"', (2, "z, z", None), 1),
    ],
)
def test_a_row_unlike_all_before_is_read_by_its_own_cells(
    usual: str, odd: str, values: tuple[object, ...], repaired: int
) -> None:
    rows = [usual] * 5_000
    rows[4_000] = odd
    loaded = read("a,b,c\n" + "\n".join(rows))
    assert (loaded.imported.rows, loaded.imported.report.repaired) == (5_000, repaired)
    assert loaded.data.row(4_000) == values
    assert loaded.data.row(4_001) == loaded.data.row(0)


@pytest.mark.parametrize("usual", ['1,"x, y",3', '1,"x, y",', "1,x,3"])
def test_a_row_with_more_cells_than_all_before_is_set_aside(usual: str) -> None:
    rows = [usual] * 5_000
    rows[4_000] = '2,z,"4",5'
    loaded = read("a,b,c\n" + "\n".join(rows))
    assert (loaded.imported.rows, loaded.imported.report.repaired) == (4_999, 0)
    assert [reject.line for reject in loaded.imported.report.rejects] == [4_002]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\x01\x02", "bytes"),
        (b"abc\x00\xff", "bytes"),
        (b"\x89PNG\r\n\x1a\n\x00", "PNG"),
        (b"PK\x03\x04abc", "zip"),
    ],
)
def test_what_is_no_text_is_refused_by_name(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableInput) as caught:
        read(content)
    assert said in caught.value.reason


def test_a_text_that_is_said_to_be_parquet_is_refused() -> None:
    with pytest.raises(UnreadableInput) as caught:
        load(IMPORTER, "a,b\n1,2\n", Format.PARQUET)
    assert "parquet" in caught.value.reason


def test_the_name_decides_what_the_content_does_not() -> None:
    loaded = load(IMPORTER, "a,b\tc\n1,2\t3\n", Format.TSV)
    assert loaded.data.columns == ["a,b", "c"]
    assert loaded.imported.media_type == "text/tab-separated-values"


def test_an_option_of_another_format_is_told_not_to_be_used() -> None:
    assert "sheet" in read("a\n1\n", sheet="S").warnings


def test_progress_ends_with_the_file() -> None:
    told: list[tuple[str, int, int | None]] = []
    content = "a,b\n" + "1,x\n" * 100_000
    load(IMPORTER, content, report=lambda *progress: told.append(progress))
    done = [done for _, done, _ in told]
    assert done == sorted(done)
    assert {total for _, _, total in told} == {len(content)}
    assert done[-1] > 0.9 * len(content)


def test_rows_of_a_named_table_are_no_lines_before_another() -> None:
    first = [f"{number},Ann,Oslo,{number}" for number in range(10)]
    second = [f"{number},Smith, J,Rome,{number}" for number in range(49)]
    loaded = read("\n".join(["id,name,city,qty", *first, *second, ""]))
    assert loaded.values("id") == list(range(10))
    assert (loaded.imported.report.skipped_lines, loaded.imported.report.rejected) == (0, 49)


def test_words_of_one_width_above_a_table_are_lines_before_it() -> None:
    before = ["Company,ACME,Ltd", "Street,High,1", "Phone,555,2"]
    rows = [f"{number},x,{number}.5,y,z" for number in range(49)]
    loaded = read("\n".join([*before, "id,a,b,c,d", *rows, ""]))
    assert (loaded.imported.report.skipped_lines, loaded.imported.rows) == (3, 49)


@pytest.mark.parametrize(
    ("text", "is_told"), [("a,b\n1,2\n", True), ("a\tb\n1\t2\n", True), ("a\n1\n", False), ("a;b\n1;2\n", False)]
)
def test_a_delimiter_that_is_nowhere_is_told_where_another_stands(text: str, *, is_told: bool) -> None:
    told = [one for one in read(text, delimiter=";").imported.report.warnings if "is it another?" in one]
    assert len(told) == is_told
    assert all("holds ';' (option delimiter)" in one for one in told)


@pytest.mark.parametrize("count", [3, 5, 200])
@pytest.mark.parametrize("above", ["# time flux err", "#Software: x y\n#Fields: time flux err"])
def test_the_mark_of_a_comment_before_names_is_no_name(count: int, above: str) -> None:
    loaded = read(f"{above}\n" + "".join(f"{number}.5 {number}e-3 0.1\n" for number in range(1, count + 1)))
    assert loaded.data.columns == ["time", "flux", "err"]
    assert loaded.data.rows()[0] == (1.5, 0.001, 0.1)
    assert (loaded.imported.rows, loaded.imported.report.repaired) == (count, 0)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("#,name,price\n1,a,2.5\n2,b\n3,c,4.5\n", ["#", "name", "price"]),
        ("# a b\n1 2 3\n4 5 6\n7 8 9\n", ["#", "a", "b"]),
        ("#;name;note\n1;Bob\n2;Al\n3;Cy;late\n", ["#", "name", "note"]),
        ("#,name,note\n1,Bob\n2,Al\n", ["#", "name", "note"]),
        ("#time flux\n286 871\n", ["#time", "flux"]),
        ("#time flux err\n286 871 12\n", ["#time", "flux", "err"]),
        ("# created by x\ntime flux id\n" + "1.5 2.5 3\n" * 20, ["time", "flux", "id"]),
    ],
)
def test_a_number_sign_is_a_name_where_a_column_is_called_so(text: str, names: list[str]) -> None:
    assert read(text).data.columns == names
