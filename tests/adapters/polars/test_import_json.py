"""How JSON and NDJSON are read."""

import json
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_adapters.polars.importer import PolarsImporter
from entrepot_adapters.polars.reading.json_reading import _BATCH  # pyright: ignore[reportPrivateUsage] - the real size
from entrepot_core.errors import EmptyInput, LimitExceeded, MalformedInput
from entrepot_core.formats import Format
from entrepot_core.limits import Limits
from tests.adapters.polars.test_import_csv import read, refusal, unprofiled
from tests.contracts.loading import load

BATCH = 20_000
"""More objects than are read at once."""


@pytest.mark.parametrize(
    "content",
    [
        '[{"a":1},{"a":2}]',
        ' \n[ {"a" : 1 } ,\n {"a":2}\n]\n ',
        '{"a":1}\n{"a":2}\n',
        '{"a":1}\r\n\r\n{"a":2}',
        '{"a":1}{"a":2}',
        '{"data":[{"a":1},{"a":2}]}',
        '{ "records" : [ {"a":1},{"a":2} ] , "n": 2}',
        '{"n":2,"rows":[{"a":1},{"a":2}]}',
        '{"cars":[{"a":1},{"a":2}]}',
        '\ufeff[{"a":1},{"a":2}]',
    ],
)
def test_objects_are_rows_however_they_are_wrapped(content: str) -> None:
    assert read(content).data.to_dicts() == [{"a": 1}, {"a": 2}]


def test_what_stands_beside_the_rows_is_left_out_and_that_is_told() -> None:
    assert "'n'" in read('{"data":[{"a":1}],"n":2}').warnings
    assert "'n'" in read('{"n":2,"data":[{"a":1}]}').warnings


def test_one_object_is_one_row() -> None:
    loaded = read('{"a":1,"tags":["x"],"at":{"city":"Rome"}}')
    assert loaded.data.to_dicts() == [{"a": 1, "tags": ["x"], "at": {"city": "Rome"}}]


def test_keys_come_in_the_order_they_are_first_seen_and_records_unite() -> None:
    loaded = read('[{"b":1,"a":2},{"a":3,"c":4},{}]')
    assert loaded.data.columns == ["b", "a", "c"]
    assert loaded.data.rows() == [(1, 2, None), (None, 3, 4), (None, None, None)]


@pytest.mark.parametrize(
    ("values", "kind", "read_as"),
    [
        ("[1, 2.5]", "number", [1.0, 2.5]),
        ("[true, null]", "boolean", [True, None]),
        ("[18446744073709551615, 1]", "integer", [2**64 - 1, 1]),
        ("[18446744073709551616, 1]", "string", ["18446744073709551616", "1"]),
        ("[18446744073709551615, -1]", "string", ["18446744073709551615", "-1"]),
        ("[18446744073709551615, 0.5]", "string", ["18446744073709551615", "0.5"]),
        ('[1, "x", true, 2.5]', "string", ["1", "x", "true", "2.5"]),
        ('["007", "1"]', "string", ["007", "1"]),
        ('["2024-01-31", null]', "date", [date(2024, 1, 31), None]),
        ('["2024-01-31 12:30:00.000000"]', "datetime", [datetime(2024, 1, 31, 12, 30)]),  # noqa: DTZ001 - naive stays naive
        ('["2024-01-31", "NA"]', "string", ["2024-01-31", "NA"]),
        ("[null, null]", "string", [None, None]),
        ("[[1], [2.5], null]", "json", [[1.0], [2.5], None]),
        ('[{"x":1}, {"x":null}]', "json", [{"x": 1}, {"x": None}]),
        ('[{"x":1}, {"y":2}]', "json", ['{"x":1}', '{"y":2}']),
        ('[[1], {"x":"é"}, "s", 2, null]', "json", ["[1]", '{"x":"é"}', '"s"', "2", None]),
        ("[{}, {}]", "json", ["{}", "{}"]),
        ('[[1, "x"]]', "json", ['[1,"x"]']),
    ],
)
def test_a_column_has_the_type_of_all_its_values(values: str, kind: str, read_as: list[object]) -> None:
    every = json.loads(values)
    loaded = read(json.dumps([{"a": value} for value in every]))
    assert loaded.types == {"a": kind}
    assert loaded.values("a") == read_as
    late = read("\n".join(json.dumps({"a": value}) for value in [every[0]] * BATCH + every[1:]))
    assert late.types == {"a": kind}, "the same where the others come late"
    assert [late.values("a")[0], *late.values("a")[BATCH:]] == read_as


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([9007199254740993, 1.5], "string"),
        ([9007199254740992, 1.5], "number"),
        ([1234567890123456789, -1], "integer"),
        ([-9007199254740993, 1e3], "string"),
        ([2**63, 0.5], "string"),
        ([-(2**63), 0.5], "number"),
        ([-1, 2**64 - 1], "string"),
        ([1, 2**64 - 1], "integer"),
        ([2**64, 1], "string"),
        ([[9007199254740993], [1.5]], "json"),
        ([[-1], [2**64 - 1]], "json"),
        ([{"x": -1}, {"x": 2**64 - 1}], "json"),
    ],
)
def test_digits_are_never_lost_without_a_word(values: list[object], kind: str) -> None:
    for one, other in (values, values[::-1]):
        loaded = read(json.dumps([{"a": one}, {"a": other}]))
        assert loaded.types["a"] == kind
        assert loaded.values("a") in ([one, other], [_compact(one), _compact(other)])
        assert ("digits" in loaded.warnings) == (kind == "string")


@pytest.mark.parametrize("values", [(-1, 2**64 - 1), (2**53 + 1, 1.5), (1.5, 2**53 + 1)])
def test_digits_are_never_lost_where_batches_differ(values: tuple[float, float]) -> None:
    loaded = read("".join(f'{{"a":{value}}}\n' * BATCH for value in values))
    assert [loaded.values("a")[0], loaded.values("a")[-1]] == list(map(str, values))
    assert "digits" in loaded.warnings


def test_integers_past_all_floats_are_texts() -> None:
    assert read(f'[{{"a":{10**400}}},{{"a":1.5}}]').values("a") == [str(10**400), "1.5"]


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


@pytest.mark.parametrize("as_lines", [True, False])
def test_values_are_right_where_shapes_change_after_the_first_batch(as_lines: bool) -> None:  # noqa: FBT001 - a parameter
    assert _BATCH < BATCH, "the real size of a batch"
    rows: list[dict[str, object]] = [
        {"n": number, "x": number, "s": f"2024-01-{number % 28 + 1:02}", "l": [number]} for number in range(_BATCH)
    ]
    late: list[dict[str, object]] = [
        {"x": number + 0.5, "n": -number, "s": f"late {number}", "l": [number, None], "new": number}
        for number in range(_BATCH + 100)
    ]
    rows += late
    found = read("\n".join(map(json.dumps, rows)) if as_lines else json.dumps(rows)).data
    assert found.columns == ["n", "x", "s", "l", "new"]
    assert found.to_dicts() == [{"new": None, **row} for row in rows]


def test_a_key_that_comes_late_is_a_column() -> None:
    loaded = read('{"a":1}\n' * BATCH + '{"a":2,"b":"x"}\n')
    assert loaded.values("b") == [None] * BATCH + ["x"]


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ('{"a":1}\n{"a":\n', 2, "Expecting value"),
        ('[{"a":1},\n{"a":1,"a":2}]', 2, "'a' stands twice"),
        ('[{"a":1},\n{"b":{"a":1,"a":2}}]', 2, "twice"),
        ('[{"a":1},\n{"a":NaN}]', 2, "NaN"),
        ('[{"a":1},\n{"a":-Infinity}]', 2, "Infinity"),
        ('[{"a":1},\n{"a":tru}]', 2, "no JSON"),
        ('[{"a":1},\n{"a":1', 2, "no JSON"),
        ('[{"a":1},\n{"a":"x', 2, "no JSON"),
        ('[{"a":1}\n{"a":1}]', 2, "comma"),
        ('[{"a":1},\n]', 2, "no JSON"),
        ('[{"a":1}]\n[]', 2, "follows the end"),
        ('{"data":[{"a":1}]\n"b":2}', 2, "comma"),
        ('{"a":1}\n{"a":}', 2, "no JSON"),
        ('[1,\n{"a":2}]', 2, "single values"),
        ('[{"a":1},\n[2]]', 2, "objects"),
        ('[[1],\n{"a":2}]', 2, "arrays"),
        ("[" * 100_000, 1, "deep"),
        ('[{"a":' + "[" * 100_000, 1, "deep"),
        ('[{"a":' + "[" * 501 + "]" * 501 + "}]", 1, "deep"),
        ('{"a":' * 9500 + "1" + "}" * 9500, 1, "deep"),
        ('[{"a":' + "9" * 10_000 + "}]", 1, "has thousands of digits"),
        ('{"a":1}\n' * BATCH + '{"a":1,}', BATCH + 1, "no JSON"),
    ],
)
def test_what_is_no_json_is_refused_with_its_line(content: str, line: int, said: str) -> None:
    error = refusal(content)
    assert error.line == line
    assert said in error.reason


def test_half_a_surrogate_pair_is_refused() -> None:
    assert "surrogate" in refusal(r'[{"a":"\ud83d"}]').reason


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    assert refusal(b'[{"a":1},\n{"a":"\xff"}]').line == 2


def test_other_encodings_are_read() -> None:
    assert read('[{"a":"é"}]'.encode("utf-16")).values("a") == ["é"]
    assert read('[{"a":"é"}]'.encode("latin-1"), encoding="latin-1").values("a") == ["é"]


@pytest.mark.parametrize("content", ["[]", "[{}]", "{}", '{"data":[{}]}', "[ ]"])
def test_no_columns_are_nothing(content: str) -> None:
    with pytest.raises(EmptyInput):
        read(content)


def test_deep_nesting_becomes_text() -> None:
    deep = "[" * 200 + "]" * 200
    assert read(f'[{{"a":{deep}}}]').values("a") == [deep]


def test_types_that_are_asked_for_are_given() -> None:
    loaded = read(
        '[{"a":"1","b":1,"c":1},{"a":" 2","b":0,"c":null}]', types={"a": "integer", "b": "boolean", "c": "string"}
    )
    assert loaded.data.rows() == [(1, True, "1"), (2, False, None)]


@pytest.mark.parametrize(
    ("values", "kind", "value"), [('"1","x"', "integer", "x"), ("1, 1.5", "integer", "1.5"), ("1, 2", "boolean", "2")]
)
def test_a_value_that_does_not_fit_is_named(values: str, kind: str, value: str) -> None:
    first, second = values.split(",")
    error = refusal(f'[{{"a":{first}}},{{"a":{second}}}]', types={"a": kind})
    assert (error.row, error.column, error.value) == (2, "a", value)


def test_null_values_are_null() -> None:
    assert read('[{"a":"-"},{"a":"x"}]', null_values=("-",)).values("a") == [None, "x"]


def test_too_many_columns_late_are_refused() -> None:
    importer = PolarsImporter(profile=unprofiled, limits=Limits(columns=2))
    with pytest.raises(LimitExceeded):
        load(importer, '{"a":1}\n' * BATCH + '{"b":1,"c":2}\n')


def test_an_error_that_comes_late_can_be_looked_at() -> None:
    """Its traceback, with the variables of each frame, as loggers and debuggers show it."""
    with pytest.raises(MalformedInput) as caught:
        read('{"a":1}\n' * BATCH + "{]")
    traceback = caught.value.__traceback__
    while traceback is not None:
        assert repr(sorted(traceback.tb_frame.f_locals))
        traceback = traceback.tb_next


def test_json_is_known_by_its_content() -> None:
    assert load(PolarsImporter(profile=unprofiled), '[{"a":1}]', Format.CSV).imported.media_type == "application/json"
    assert read('{"a":1}\n{"a":2}').imported.media_type == "application/x-ndjson"


CSV_TWIN = '''id,name,zip,born,at,price,count,ok
1,Zoë,31995,1991-10-07,2017-09-06 14:25:57.000000,48.59457270149858,11.0,true
2,"a, b",,2006-07-25,2017-09-08 22:56:36.250000,1e-7,13.0,false
3,"say ""x""",00501,1981-02-28,2017-09-08 22:56:36.000000,-0.1,,true
'''
JSON_TWIN = """[
  {"id": 1, "name": "Zoë", "zip": "31995", "born": "1991-10-07", "at": "2017-09-06 14:25:57.000000",
   "price": 48.59457270149858, "count": 11.0, "ok": true},
  {"id": 2, "name": "a, b", "zip": null, "born": "2006-07-25", "at": "2017-09-08 22:56:36.250000",
   "price": 1e-7, "count": 13.0, "ok": false},
  {"id": 3, "name": "say \\"x\\"", "zip": "00501", "born": "1981-02-28", "at": "2017-09-08 22:56:36.000000",
   "price": -0.1, "ok": true}
]"""


def test_twins_in_csv_and_json_are_the_same_table_with_the_same_statistics() -> None:
    importer = PolarsImporter()
    one, other = load(importer, CSV_TWIN), load(importer, JSON_TWIN)
    assert one.types == other.types
    assert one.table.equals(other.table)
    assert one.imported.profile == other.imported.profile


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False),
        st.text(st.characters(codec="utf-8"), max_size=5),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.lists(VALUES, min_size=1, max_size=5))
def test_no_value_is_lost(values: list[object]) -> None:
    loaded = read(json.dumps([{"a": value} for value in values]))
    kind = loaded.types["a"]
    if kind in {"date", "datetime", "time"}:
        return
    for value, found in zip(values, loaded.values("a"), strict=True):
        if (kind == "string" and value is not None and not isinstance(value, str)) or (
            kind == "json" and isinstance(found, str)
        ):
            assert json.loads(found) == value
        else:
            assert found == value
