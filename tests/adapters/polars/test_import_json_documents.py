"""Where the rows of a JSON document stand, and what becomes of documents of every kind."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_adapters.polars.reading.json_objects import JsonObjects
from entrepot_core.errors import LimitExceeded, MalformedInput, Refused
from entrepot_core.formats import Format
from tests.adapters.polars.test_import_csv import IMPORTER, read, refusal
from tests.contracts.loading import Loaded, load

LONG = 1_100_000
"""More characters than are read at once."""


def load_json(document: object) -> Loaded:
    return load(IMPORTER, json.dumps(document), Format.JSON)


def rows_of(content: str) -> list[Any]:
    return [one for batch in JsonObjects(io.BytesIO(content.encode()), 100) for one in batch]


ROWS = [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("padding", ["", "x" * LONG])
@pytest.mark.parametrize(
    "document",
    [
        {"cars": ROWS},
        {"count": 2, "next": None, "cars": ROWS},
        {"cars": ROWS, "count": 2},
        {"meta": {"tags": [1, 2]}, "cars": ROWS, "links": ["x"]},
        {"errors": [{"code": 1}], "data": ROWS},
        {"data": ROWS, "errors": [{"code": 1}]},
        {"errors": [], "cars": ROWS},
    ],
)
def test_the_one_array_of_objects_holds_the_rows(document: dict[str, Any], padding: str) -> None:
    loaded = load_json({"pad": padding, **document})
    assert loaded.data.to_dicts() == ROWS
    for name in {"pad", *document} - {"cars", "data"}:
        assert repr(name) in loaded.warnings


@pytest.mark.parametrize("padding", ["", "x" * LONG])
@pytest.mark.parametrize(
    "document",
    [
        {"a": 1, "tags": ["x"]},
        {"a": [{"x": 1}], "b": [{"x": 2}]},
        {"a": [{"x": 1}, 2]},
        {"a": {"data": [{"x": 1}]}},
    ],
)
def test_other_objects_are_one_row(document: dict[str, Any], padding: str) -> None:
    assert rows_of(json.dumps({"pad": padding, **document})) == [{"pad": padding, **document}]


def test_lines_are_rows_whatever_they_hold() -> None:
    lines = [{"data": [{"x": 1}]}, {"data": [{"x": 2}]}]
    assert rows_of("\n".join(map(json.dumps, lines))) == lines
    assert load(IMPORTER, '{"a":[{"x":1}]}', Format.NDJSON).values("a") == [[{"x": 1}]]


def test_arrays_are_rows_and_the_first_may_name_the_columns() -> None:
    loaded = load_json([["city", "n", "n"], ["Oslo", 1, 2.5], ["Rome", 2, None]])
    assert loaded.data.columns == ["city", "n", "n_2"]
    assert loaded.data.rows() == [("Oslo", 1, 2.5), ("Rome", 2, None)]
    assert "first array" in loaded.warnings


def test_arrays_without_names_are_numbered_and_short_ones_end_with_null() -> None:
    loaded = load_json([[1, "x"], [2], [3, "y", True]])
    assert loaded.data.columns == ["column_1", "column_2", "column_3"]
    assert loaded.data.rows() == [(1, "x", None), (2, None, None), (3, "y", True)]


def test_single_values_are_one_column() -> None:
    assert load_json([1, 2.5, None]).values("value") == [1.0, 2.5, None]
    assert load_json(["2024-01-31"]).types == {"value": "date"}


def test_numbers_are_whole_where_reading_was_cut() -> None:
    """Somewhere in a megabyte of numbers the end of a chunk cuts one."""
    numbers = [number + 0.25 for number in range(10**6, 10**6 + 120_000)]
    assert load_json(numbers).values("value") == numbers


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ('[{"a":1},\n{"a":tru}]', "character 6 of the line"),
        ('[{"a":1} {"a":1}]', "character 10 of the line"),
        ('{"a":1}\n' * 140_000 + '{"a":oops}', "character 6 of the line"),
        ("[" + '{"a":1},' * 140_000 + '{"a":oops}]', f"character {1 + 8 * 140_000 + 6} of the line"),
        ('{"pad":"' + "x" * LONG + '","pad":1}', "'pad' stands twice"),
        ('{"pad":"' + "x" * LONG + '" "b":1}', "comma"),
        ('{"pad":"' + "x" * LONG + '","b" 1}', "colon"),
        ('{"pad":"' + "x" * LONG + '",1}', "name of a member"),
    ],
)
def test_errors_say_the_place(content: str, place: str) -> None:
    assert place in refusal(content).reason


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_file_that_was_cut_off_is_refused_or_a_part_of_nothing(cut: int) -> None:
    content = '{"n":1,"data":[{"a":1,"b":"x"},{"a":2,"b":"y"}]}'
    assert refusal(content[:-cut]).line == 1


def test_a_value_may_not_be_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entrepot_adapters.polars.reading.json_text._LONGEST", LONG)
    assert "longer" in refusal('[{"a":"' + "x" * 4 * LONG + '"}]').reason


@pytest.mark.parametrize("rows", [1, 5000])
def test_too_many_keys_are_refused_before_they_take_memory(rows: int) -> None:
    """5,000 objects of 5 keys each would make a frame of 125 million cells."""
    wide = (json.dumps({f"k{row}_{key}": 1 for key in range(20_000 // rows + 1)}) for row in range(rows))
    with pytest.raises(LimitExceeded, match="MAX_COLUMNS"):
        read("\n".join(wide))


def test_many_columns_of_many_rows_are_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entrepot_adapters.polars.reading.json_columns._CELLS", 20)
    objects = [{f"k{number}": row for number in range(7)} for row in range(30)]
    assert load_json(objects).data.to_dicts() == objects


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False), st.text()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3) | st.just("data"), inner, max_size=4)
    ),
    max_leaves=12,
)


def loaded_or_refused(content: bytes | str, format: Format = Format.JSON) -> Loaded | None:
    """The table, or none where the file is refused in words."""
    try:
        return load(IMPORTER, content, format)
    except Refused as error:
        if not str(error):
            raise
        return None


@given(VALUES, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.sampled_from([None, 1, "\t"]))
def test_any_document_is_read_or_refused_in_words(document: object, encoding: str, indent: int | str | None) -> None:
    content = json.dumps(document, ensure_ascii=False, indent=indent).encode(encoding, "surrogatepass")
    loaded = loaded_or_refused(content)
    assert loaded is None or loaded.data.height >= 1


@given(st.binary(max_size=60) | st.text('[]{}:,"\\ntrue1.e-u', max_size=40).map(str.encode))
def test_nothing_that_is_no_json_crashes(content: bytes) -> None:
    loaded = loaded_or_refused(content)
    assert loaded is None or loaded.data.height >= 1


@given(st.lists(st.dictionaries(st.text(max_size=3), VALUES, max_size=4), min_size=1, max_size=6), st.booleans())
def test_what_is_read_are_the_cells_that_were_written(objects: list[dict[str, Any]], as_lines: bool) -> None:  # noqa: FBT001 - a parameter
    content = "\n".join(map(json.dumps, objects)) if as_lines else json.dumps(objects)
    loaded = loaded_or_refused(content, Format.NDJSON if as_lines else Format.JSON)
    if loaded is None:
        assert not any(objects), "only a table without columns is refused"
        return
    names = list(dict.fromkeys(name for one in objects for name in one))
    for name, column in zip(names, loaded.data.iter_columns(), strict=True):
        if not column.dtype.is_temporal():
            for one, found in zip(objects, column.to_list(), strict=True):
                assert _is_same(one.get(name), found)


def _is_same(written: object, found: object) -> bool:
    """Whether a cell is what was written, or its JSON text in a column of several kinds."""
    return found == written or (isinstance(found, str) and json.loads(found) == written)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1", "-1e400"),
        ('"x"', "1e400"),
        ("[1.5]", "[null, 1e400]"),
        ('{"x": 1.5}', '{"x": 1e400}'),
        ("[1]", '{"x": [1e400]}'),
        ("[1]", "[" * 40 + "-1e400" + "]" * 40),
    ],
)
def test_a_number_past_all_floats_is_refused_with_its_row_and_column(first: str, second: str) -> None:
    late = f'{{"a": {first}}},' * 20_000
    for before, row in (("", 2), (late, 20_002)):
        with pytest.raises(MalformedInput, match=r"1\.8e308") as caught:
            load(IMPORTER, f'[{before}{{"a": {first}}}, {{"a": {second}}}]')
        assert (caught.value.row, caught.value.column) == (row, "a")


def test_what_is_to_be_text_is_kept_as_it_is_written() -> None:
    nested = '{"é": [-0.0, 12345678901234567.89, null, "x"]}'
    content = f'[{{"a": 1.10, "b": 1.10}}, {{"a": 1e400, "b": [2.50]}}, {{"a": {nested}}}]'
    loaded = load(IMPORTER, content, types={"a": "string"})
    assert loaded.data["a"].to_list() == ["1.10", "1e400", nested.replace(" ", "")]
    assert loaded.data["b"].to_list() == ["1.1", "[2.5]", None], "what is not asked for is read as ever"
    whole = load(IMPORTER, '[{"a": [1, {"b": true}], "_id": 2.0}, {"c": false}]', types={"*": "string"})
    assert whole.data.rows() == [('[1,{"b":true}]', "2.0", None), (None, None, "false")]
    deep = "[" * 490 + "1.50" + "]" * 490
    assert load(IMPORTER, f'[{{"a": {deep}, "b": {deep}}}]', types={"a": "string"}).data["a"].item() == deep
