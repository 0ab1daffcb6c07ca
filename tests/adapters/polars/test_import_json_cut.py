"""A JSON text that is cut off is refused with the place where it ends."""

import pytest

from entrepot_adapters.polars.reading.json_reading import _BATCH  # pyright: ignore[reportPrivateUsage] - the real size
from entrepot_core.formats import Format
from tests.adapters.polars.test_import_csv import read, refusal

ARRAY = '[{"a": 1, "b": "x\\u00e9y\\n"},\n {"a": -2.5e+3, "b": null, "c": [true, false, {"d": "é"}]}\n]'
LINES = '{"a": 1}\n{"a": -2.5e+3, "b": null}\n{"c": [true, false, {"d": "é"}]}'
NESTED = '{"meta": {"x": 1},\n "data": [{"a": 1},\n {"a": 2, "b": {"c": [1, 2]}}], "n": 3}'


@pytest.mark.parametrize("document", [ARRAY, LINES, NESTED])
def test_it_is_told_wherever_a_text_is_cut(document: str) -> None:
    content = document.encode()
    assert read(content).imported.rows
    for length in range(1, len(content)):
        if document is LINES and content[:length].rstrip().endswith(b"}") and content[length:].strip()[:1] == b"{":
            continue  # whole lines are a document
        error = refusal(content[:length])
        assert "the text ends too early" in error.reason, content[:length]
        assert "cut off; get all of it" in error.reason
        assert error.line == content[:length].rstrip().count(b"\n") + 1 or content[:length].endswith((b"\n", b" "))


@pytest.mark.parametrize(
    ("content", "line", "place"),
    [
        ('[{"a": 1},\n {"a": 22', 2, "after character 9 of the line"),
        ('[{"a": 1},\n {"a": "22', 2, "after character 10 of the line"),
        ('[{"a": 1}\n\n', 1, "after character 9 of the line"),
        ('{"a": 1}\n{"a":', 2, "after character 5 of the line"),
        ('{"n": 1, "data": [{"a": 1},', 1, "after character 27 of the line"),
        ('{"a":', 1, "after character 5 of the line"),
        ('{"a": 1}\n' * 2 * _BATCH + '{"a": ', 2 * _BATCH + 1, "after character 5 of the line"),
        ('[{"a": "' + "x" * 3_000_000, 1, "after character 3000008 of the line"),
        ('[{"a": "é'.encode()[:-1], 1, "after character 8 of the line"),
    ],
)
def test_the_place_is_the_last_character(content: str | bytes, line: int, place: str) -> None:
    error = refusal(content)
    assert (error.line, place in error.reason) == (line, True), error.reason


@pytest.mark.parametrize(
    "content", ['[{"a":tru}]', '[{"a":1,}]', '[{"a":1}\n{"a":1}]', '[{"a":"\\u12"}]', '[{"a":1.}]']
)
def test_a_text_that_is_wrong_before_its_end_is_not_cut_off(content: str) -> None:
    assert "too early" not in refusal(content).reason


@pytest.mark.parametrize("after", [1, 2, 3 * _BATCH])
@pytest.mark.parametrize("broken", ['{"a": 3, "b":', '{"a": 3,', '{"a": 3', '{"a"', "{", '{"a": [1', '{"a": "x', '{"a'])
@pytest.mark.parametrize("format_", [Format.NDJSON, Format.JSON])
def test_a_line_that_ends_early_is_told_with_its_own_number(broken: str, after: int, format_: Format) -> None:
    error = refusal('{"a": 1}\n{"a": 2}\n' + broken + "\n" + '{"a": 4}\n' * after, format=format_)
    assert (error.line, "too early" in error.reason) == (3, False), error.reason
    assert f"(character {len(broken) + 1} of the line)" in error.reason


def test_a_row_over_several_lines_ends_where_the_next_begins() -> None:
    error = refusal('{"a": 1}\n{\n "a": [\n  2\n{\n "a": 3\n}\n')
    assert (error.line, error.reason) == (4, "this is no JSON: the line ends within a value (character 4 of the line)")
