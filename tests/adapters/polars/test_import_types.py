"""Which types columns of text get, and that they hold for every value."""

import json
import math
import re
import string
from datetime import UTC, date, datetime, time
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from entrepot_core.errors import InvalidOption
from entrepot_core.formats import Format
from tests.adapters.polars.test_import_csv import read, refusal
from tests.contracts.importer import as_format

SAMPLE = 10_000
"""More rows than types are guessed by."""


def column(*values: str) -> str:
    return "\n".join(["a,b", *(f"{value},." for value in values)])


def kind_of(*values: str) -> str:
    return read(column(*values)).types["a"]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["true", "false"], "boolean"),
        (["True", "FALSE", "true"], "boolean"),
        (["yes", "no"], "string"),
        (["0", "-1", "9223372036854775807"], "integer"),
        (["0", "18446744073709551615"], "integer"),
        (["-1", "18446744073709551615"], "string"),
        (["1", "18446744073709551616"], "string"),
        (["1.5", "18446744073709551616"], "string"),
        (["007", "1"], "string"),
        (["-07", "1"], "string"),
        (["0", "1"], "integer"),
        (["00", "1"], "string"),
        (["0.5", "007"], "string"),
        (["0.5", "-0.5", "-0", "0"], "number"),
        (["+4712345678"], "string"),
        (["+0.5", "-1.5"], "number"),
        (["1e5", "-1.5E-3", ".5", "5."], "number"),
        (["1.5", "inf", "-Infinity"], "number"),
        ([" 1", "2 "], "integer"),
        (["1.5", " 2.5 "], "number"),
        (["1_000", "2"], "string"),
        (["0x10"], "string"),
        (["١٢"], "string"),
        (["2024-02-29", "0001-01-01", "9999-12-31"], "date"),
        (["2024-02-30"], "string"),
        (["0000-01-01"], "string"),
        (["1-2-3"], "string"),
        (["2024-1-2"], "string"),
        (["12024-01-02"], "string"),
        (["2024/1/31", "2024/12/01"], "date"),
        (["31/1/2024", "1/2/2024"], "date"),
        (["1/31/2024", "1/2/2024"], "date"),
        (["1.2.2024"], "date"),
        (["1/2/2024", "3/4/2024"], "string"),
        (["1/31/2024", "31/1/2024"], "string"),
        (["31/1/2024 12:30", "1/2/2024 1:05"], "datetime"),
        (["2024-01-31 12:30:00", "2024-01-31 12:30:01"], "datetime"),
        (["2024-01-31T12:30:00.5", "2024-01-31T12:30:01"], "datetime"),
        (["2024-01-31T12:30", "2024-01-31T12:31"], "datetime"),
        (["2024-01-31T12:30:00Z", "2024-01-31T12:30:00+02:00"], "datetime"),
        (["2024-01-31T12:30:00Z", "2024-01-31T12:30:00"], "string"),
        (["2024-01-31", "2024-01-31 12:30:00"], "string"),
        (["12:30", "00:00"], "time"),
        (["12:30:01", "12:30:01.25"], "time"),
        (["25:00"], "string"),
        (["1:30"], "string"),
        (["a", "1"], "string"),
    ],
)
def test_a_column_has_the_narrowest_type_of_all_its_values(values: list[str], kind: str) -> None:
    assert kind_of(*values) == kind
    first, *rest = values
    assert kind_of(*[first] * (SAMPLE + 1), *rest) == kind, "the same where the others come after the sample"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("31/1/2024", date(2024, 1, 31)),
        ("1/31/2024", date(2024, 1, 31)),
        ("2024-01-31T12:30:00.123456", datetime(2024, 1, 31, 12, 30, 0, 123456)),  # noqa: DTZ001 - naive stays naive
        ("2024-01-31T12:30:00+02:00", datetime(2024, 1, 31, 10, 30, tzinfo=UTC)),
        ("2024-01-31 12:30:00-0530", datetime(2024, 1, 31, 18, tzinfo=UTC)),
        ("12:30:01.25", time(12, 30, 1, 250_000)),
        ("True", True),
        ("18446744073709551615", 2**64 - 1),
        ("007", "007"),
        ("+47 22", "+47 22"),
    ],
)
def test_a_text_becomes_its_value(text: str, value: object) -> None:
    assert read(column(text)).values("a") == [value]


def test_nanoseconds_are_kept() -> None:
    loaded = read(column("2024-01-31 12:30:00.123456789", "2024-01-31 12:30:00.5"))
    assert loaded.table["a"].dt.to_string("%.9f").to_list() == [".123456789", ".500000000"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1677-09-21T00:12:43.145224193", "datetime"),
        ("1677-09-21T00:12:43.145224191", "string"),
        ("2262-04-11 23:47:16.854775807", "datetime"),
        ("2262-04-11 23:47:16.854775808", "string"),
        ("1500-01-01T00:00:00.1", "string"),
        ("9999-12-31T23:59:59.1", "string"),
        ("0001-01-01T00:00:00.1", "string"),
        ("2262-04-12T00:47:16.854775807+01:00", "datetime"),
        ("2262-04-12T00:47:16.854775808+01:00", "string"),
        ("1677-09-20T23:12:43.145224193-01:00", "datetime"),
        ("1677-09-20T23:12:43.145224191-01:00", "string"),
        ("1500-01-01 00:00:00.123456789Z", "string"),
        (" 1500-01-01T00:00:00.123456789", "string"),
    ],
)
def test_a_datetime_that_nanoseconds_do_not_reach_stays_text(text: str, kind: str) -> None:
    offset = re.search(r"(Z|[+-]\d\d:\d\d)?$", text[19:])
    near = f"2024-01-01{text.strip()[10]}00:00:00.123456789{offset[0] if offset else ''}"
    loaded = read(column(near, text))
    assert loaded.types["a"] == kind
    if kind == "string":
        assert loaded.values("a") == [near, text]
        assert read(column(*[near] * (SAMPLE + 1), text)).values("a")[-1] == text
        assert read(json.dumps([{"a": near}, {"a": text}])).values("a") == [near, text]
    else:
        assert loaded.values("a")[1].isoformat()[:3] == text[:3]


@pytest.mark.parametrize(
    ("second", "leap"),
    [
        ("2016-12-31T23:59:59Z", "2016-12-31T23:59:60Z"),
        ("2016-12-31 23:59:59", "2016-12-31 23:59:60"),
        ("2016-12-31 23:59:59.5", "2016-12-31 23:59:60.5"),
        ("2016-12-31 23:59:59.123456789", "2016-12-31 23:59:60.123456789"),
        ("31.12.2016 23:59:59", "31.12.2016 23:59:60"),
        ("23:59:59", "23:59:60"),
        ("23:59:59.5", "23:59:60.5"),
    ],
)
def test_a_leap_second_stays_text(second: str, leap: str) -> None:
    assert kind_of(second) in {"datetime", "time"}
    for values in ([leap], [second, leap], [*[second] * (SAMPLE + 1), leap]):
        assert read(column(*values)).values("a") == values


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1234567890123456789", "1.5"], "string"),
        (["9007199254740993", "1.5"], "string"),
        (["9007199254740992", "1.5"], "number"),
        (["-9007199254740993", "1e3"], "string"),
        (["9223372036854775807", "0.5"], "string"),
        (["-9223372036854775808", "0.5"], "number"),
        (["-1", "18446744073709551615"], "string"),
        (["123456789012345678901", "1"], "string"),
        (["12345678901234567.25", "1e300"], "number"),
        ([" 9007199254740993", "1.5 "], "string"),
    ],
)
def test_digits_are_never_lost_without_a_word(values: list[str], kind: str) -> None:
    for one, other in (values, values[::-1]):
        for loaded in (read(column(one, other)), read(column(*[one] * (SAMPLE + 1), other))):
            found = loaded.values("a")[-2:]
            assert loaded.types["a"] == kind
            assert found == ([one, other] if kind == "string" else [float(one), float(other)])
            assert ("digits" in loaded.warnings) == (kind == "string")


def test_codes_are_texts_without_a_word_of_digits() -> None:
    loaded = read(column("007", "1234567890123456789", "1.5"))
    assert loaded.types["a"] == "string"
    assert loaded.warnings == ""


def test_numbers_that_stay_text_keep_the_texts_for_null() -> None:
    assert read(column("9007199254740993", "NA", "1.5")).values("a") == ["9007199254740993", "NA", "1.5"]


@pytest.mark.parametrize(("tokens", "said"), [(["NA"], "'NA' was read"), (["NA", "null"], "'NA' and 'null' were read")])
def test_what_was_read_as_null_is_told_in_good_grammar(tokens: list[str], said: str) -> None:
    assert said in read(column("1", *tokens)).warnings


LATE = [
    (["1"], "12.5", "number", [1.0, 12.5]),
    (["1"], "x", "string", ["1", "x"]),
    (["1"], "007", "string", ["1", "007"]),
    (["1"], "9223372036854775808", "integer", [1, 2**63]),
    (["1.5"], "+47", "string", ["1.5", "+47"]),
    (["true"], "maybe", "string", ["true", "maybe"]),
    (["2024-01-31"], "soon", "string", ["2024-01-31", "soon"]),
    (["2024-01-31"], "31.1.2024", "date", [date(2024, 1, 31), date(2024, 1, 31)]),
    (["2024-01-31"], "1/2/2024", "string", ["2024-01-31", "1/2/2024"]),
    (["1"], '"1,234,567"', "integer", [1, 1_234_567]),
    (["1"], '"1,5"', "number", [1.0, 1.5]),
    (["1"], '"1,234"', "string", ["1", "1,234"]),
    (["1.5"], '"1,5"', "string", ["1.5", "1,5"]),
    (['"1,234"'], '"1,5"', "number", [1.234, 1.5]),
    (['"1,234"'], "999.5", "number", [1234.0, 999.5]),
    (["1"], "-", "integer", [1, None]),
    (["-"], "7", "integer", [None, 7]),
    (["-"], "x", "string", ["-", "x"]),
    (["31/12/2024"], "12/31/2024", "string", ["31/12/2024", "12/31/2024"]),
    (["1/2/2024"], "31/1/2024", "date", [date(2024, 2, 1), date(2024, 1, 31)]),
    (["1"], " 2 ", "integer", [1, 2]),
    (["1"], "NA", "integer", [1, None]),
    ([""], "7", "integer", [None, 7]),
    ([""], "x", "string", [None, "x"]),
    (["NA"], "7", "integer", [None, 7]),
]


@pytest.mark.parametrize(("first", "last", "kind", "values"), LATE)
def test_the_last_of_many_rows_counts(first: list[str], last: str, kind: str, values: list[object]) -> None:
    loaded = read(column(*first * (SAMPLE * 3), last))
    assert loaded.types["a"] == kind
    found = loaded.values("a")
    assert [found[0], found[-1]] == values
    assert loaded.imported.rows == SAMPLE * 3 + 1


@pytest.mark.parametrize("token", ["NA", "N/A", "null", "NULL", "None", "nan", "NaN", "-NaN", "#N/A", "<NA>", "n/a"])
def test_pandas_tokens_are_null_among_values_that_are_no_text_and_that_is_told(token: str) -> None:
    loaded = read(column("1.5", token, "2.5"))
    assert loaded.values("a") == [1.5, None, 2.5]
    assert loaded.imported.schema.fields[0].nullable
    assert repr(token) in loaded.warnings
    assert "'a'" in loaded.warnings


def test_the_same_tokens_are_text_among_texts() -> None:
    loaded = read(column("NA", "SE", "NO"))
    assert loaded.values("a") == ["NA", "SE", "NO"]
    assert loaded.warnings == ""


def test_a_column_of_nothing_but_tokens_is_null() -> None:
    loaded = read(column("NA", "", "NA"))
    assert loaded.values("a") == [None, None, None]
    assert loaded.types["a"] == "string"


@pytest.mark.parametrize("blank", [" ", " " * 12, "\t", "\N{NO-BREAK SPACE}"])
def test_blanks_among_values_are_null_and_among_texts_themselves(blank: str) -> None:
    loaded = read(f"a,b,c\n1,x,2024-01-31\n{blank},{blank},{blank}\n3,z,2024-02-29\n")
    assert loaded.types == {"a": "integer", "b": "string", "c": "date"}
    assert (loaded.values("a"), loaded.values("b")) == ([1, None, 3], ["x", blank, "z"])
    assert f"Column 'a': {blank!r} was read as null." in loaded.warnings


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["N/A"], "'N/A' was read as null."),
        (["N/A"] * 3, "'N/A' was read as null."),
        (["unknown", "N/A"], "'N/A' and 'unknown' were read as null."),
        (["unknown", "N/A", "N/A"], "3 values, among them 'N/A' and 'unknown', were read as null."),
        (["unknown", "missing", "", "N/A", '""'], "4 values, among them '' and 'unknown', were read as null."),
        (['""', "N/A", ""], "'' and 'N/A' were read as null."),
        (['""', ""], None),
    ],
)
@pytest.mark.parametrize("count", [2, SAMPLE])
def test_the_texts_that_were_read_as_null_are_counted(texts: list[str], told: str | None, count: int) -> None:
    loaded = read(column(*["1"] * count, *texts, "2"))
    assert loaded.values("a") == [*[1] * count, *[None] * len(texts), 2]
    assert loaded.imported.report.warnings == (() if told is None else (f"Column 'a': {told}",))


def test_null_values_are_null_in_every_column() -> None:
    loaded = read("a,b\n-,x\n1,-\n", null_values=("-",))
    assert loaded.data.rows() == [(None, "x"), (1, None)]


@pytest.mark.parametrize("last", ["x", ""])
def test_null_values_may_hold_the_delimiter(last: str) -> None:
    loaded = read(f'a,b\n1,{last}\n"?,?",{last}\n', null_values=("?,?",))
    assert loaded.data.rows() == [(1, last or None), (None, last or None)]
    assert loaded.imported.report.repaired == 0


def test_ambiguous_dates_stay_text_and_that_is_told() -> None:
    warnings = read(column("1/2/2024", "3/4/2024")).warnings
    assert "day and month" in warnings
    assert "option date_order" in warnings


@pytest.mark.parametrize(
    ("kind", "values", "read_as"),
    [
        ("integer", ["007", " 8 ", ""], [7, 8, None]),
        ("number", ["1", "+2", "007.5"], [1.0, 2.0, 7.5]),
        ("boolean", ["1", "no", "T", "NA"], [True, False, True, None]),
        ("string", ["1", "NA", ""], ["1", "NA", None]),
        ("date", ["2024-01-31"], [date(2024, 1, 31)]),
        ("time", ["12:30"], [time(12, 30)]),
    ],
)
def test_a_type_that_is_asked_for_is_given(kind: str, values: list[str], read_as: list[object]) -> None:
    assert read(column(*values), types={"a": kind}).values("a") == read_as


def test_a_star_means_all_other_columns() -> None:
    loaded = read("a,b,c\n1,2,3\n", types={"*": "string", "b": "number"})
    assert loaded.data.row(0) == ("1", 2.0, "3")


@pytest.mark.parametrize("kind", ["integer", "number", "boolean", "date", "datetime", "time"])
def test_a_value_that_does_not_fit_is_named(kind: str) -> None:
    values = {
        "integer": "1", "number": "1.5", "boolean": "true", "date": "2024-01-31", "datetime": "2024-01-31 12:30:00",
        "time": "12:30:00",
    }  # fmt: skip
    error = refusal(column(*[values[kind]] * 20_000, "what?", "and this?"), types={"a": kind}, on_error="reject")
    assert (error.row, error.line, error.column, error.value) == (20_001, 20_002, "a", "what?")
    assert kind in error.reason


def test_dates_asked_for_that_could_be_read_in_two_ways_are_refused() -> None:
    with pytest.raises(InvalidOption, match="option date_order"):
        read(column("1/2/2024"), types={"a": "date"})


@pytest.mark.parametrize("kind", ["binary", "duration", "json"])
def test_a_type_that_text_can_not_be_read_as_is_refused(kind: str) -> None:
    with pytest.raises(InvalidOption):
        read(column("x"), types={"a": kind})


DIGITS = st.text("0123456789", min_size=1, max_size=25)
NUMERALS = st.builds("{}{}.{}e{}".format, st.sampled_from(["", "-"]), DIGITS, DIGITS, st.integers(-330, 310))


@given(st.lists(st.one_of(st.floats().map(repr), NUMERALS), min_size=1))
def test_floats_are_read_as_python_reads_them(texts: list[str]) -> None:
    found = read(column(*texts), types={"a": "number"}).values("a")
    expected = [None if math.isnan(float(text)) else float(text) for text in texts]
    assert found == expected


CELLS = st.text(
    st.one_of(st.sampled_from(string.ascii_letters + ',;"\n\r\t 0.-'), st.characters(codec="utf-8")), max_size=6
)
TEXTS = CELLS.filter(lambda text: "\0" not in text)
COLUMNS = {
    "n": st.integers(-(2**63), 2**63 - 1),
    "x": st.floats(allow_nan=False).map(lambda number: number + 0.0),
    "ok": st.booleans(),
    "day": st.dates(),
    "at": st.datetimes(),
    "text": TEXTS.map("~{}".format),
}
DTYPES: dict[str, Any] = {
    "n": pl.Int64, "x": pl.Float64, "ok": pl.Boolean, "day": pl.Date, "at": pl.Datetime("us"), "text": pl.String
}  # fmt: skip
ROWS = st.fixed_dictionaries({name: st.one_of(st.none(), values) for name, values in COLUMNS.items()})


@given(
    st.lists(ROWS, min_size=1, max_size=30), st.sampled_from([Format.CSV, Format.TSV, Format.NDJSON, Format.PARQUET])
)
def test_what_is_written_is_read(rows: list[dict[str, object]], format: Format) -> None:
    frame = pl.DataFrame(rows, schema=DTYPES)
    found = read(as_format(frame, format)).data
    for name in frame.columns:
        if frame[name].null_count() == frame.height:  # nothing tells its type
            assert found[name].null_count() == frame.height
        else:
            assert_frame_equal(found.select(name), frame.select(name), check_exact=True)


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=10))
def test_texts_are_kept_to_the_letter(rows: list[list[str]]) -> None:
    frame = pl.DataFrame(rows, schema=["a", "b", "c"], orient="row")
    loaded = read(as_format(frame, Format.CSV), types={"*": "string"}, delimiter=",")
    assert_frame_equal(loaded.data, frame)


def test_times_of_several_forms_are_read_each_for_itself() -> None:
    loaded = read("t,n\n08:30:00,1\n09:15,2\n10:00:00.25,3\n,4\n")
    assert loaded.values("t") == [time(8, 30), time(9, 15), time(10, 0, 0, 250_000), None]
    assert "holds times of several forms" in loaded.warnings
    assert read("t,n\n08:30 PM,1\n09:15,2\n").types["t"] == "string"
    assert read("t,n\n08:30,1\n24:15:00,2\n").types["t"] == "string"


def test_dates_are_their_midnight_where_datetimes_are_asked_for() -> None:
    loaded = read("t,n\n2024-01-05,1\n2024-01-28 10:00,2\n2024-01-28T10:00:05,3\n", types={"t": "datetime"})
    assert [f"{value:%d %H:%M:%S}" for value in loaded.values("t")] == ["05 00:00:00", "28 10:00:00", "28 10:00:05"]
    dates = read("t,n\n2024-01-05,1\n2024-01-06,2\n", types={"t": "datetime"})
    assert ([value.hour for value in dates.values("t")], dates.warnings) == ([0, 0], "")
    assert read("t,n\n2024-01-05,1\n2024-01-28 10:00,2\n").types["t"] == "string"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (["1.1", "1.10", "2.0"], "of which '1.1' and '1.10' are one; if these are codes or versions"),
        (["2024.10", "NA", "2024.1"], "of which '2024.1' and '2024.10' are one; if these are codes or versions"),
        (["9E1", "10E2", ""], "as '9E1' may be written; if these are codes or versions"),
        (["1.1", "1.2", "10"], None),
        (["1.50", "2.00", "10.25"], None),
        (["1.5", "1.50", "2.25"], None),
        (["1.1", "1.10", "1.05"], None),
        (["1.1", "1.10", "3"], None),
        (["-1.1", "-1.10"], None),
        (["1.1", "2.10"], None),
        (["9E1", "10"], None),
        (["9E1.5", "1.5E9"], None),
        (["1.1", "1.10", "x"], None),
    ],
)
def test_numbers_that_may_be_codes_or_versions_are_told(values: list[str], told: str | None) -> None:
    loaded = read(column(*values))
    said = [one for one in loaded.imported.report.warnings if "codes or versions" in one]
    assert len(said) == (told is not None)
    assert told is None or told in said[0]
    asked = read(column(*values), types={"*": "string"}).imported.report.warnings
    assert not any("codes or versions" in one for one in asked)
