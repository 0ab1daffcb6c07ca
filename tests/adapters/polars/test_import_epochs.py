"""Whole numbers that count from the beginning of 1970, read as datetimes where these are asked for."""

import io
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.errors import InvalidOption, MalformedInput
from entrepot_core.formats import Format
from entrepot_core.ports.importer import ImportTask
from entrepot_core.schema import FieldType
from tests.adapters.polars.test_import_conventions import load
from tests.adapters.polars.test_import_csv import IMPORTER, read, refusal
from tests.adapters.polars.test_import_types import SAMPLE, column
from tests.contracts.importer import as_format

DATETIME = {"a": "datetime"}
START = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = datetime(2024, 3, 1, 13, 0, 10, tzinfo=UTC)
UNITS = {
    "seconds": (1_709_298_010, SECOND),
    "milliseconds": (1_709_298_010_123, SECOND + timedelta(milliseconds=123)),
    "microseconds": (1_709_298_010_123_456, SECOND + timedelta(microseconds=123_456)),
    "nanoseconds": (1_709_298_010_123_456_000, SECOND + timedelta(microseconds=123_456)),
}
LIKE_TABLES = [Format.JSON, Format.NDJSON, Format.PARQUET, Format.ARROW]


@pytest.mark.parametrize("unit", UNITS)
def test_they_are_read_and_their_unit_is_told(unit: str) -> None:
    number, moment = UNITS[unit]
    for before in ([], [str(number)] * SAMPLE):
        loaded = load(*before, str(number), f" {number}  ", "", "n/a", types=DATETIME)
        assert loaded.values("a")[-4:] == [moment, moment, None, None]
        assert f"Column 'a' was read as {unit} since 1970, in UTC." in loaded.warnings
    plain = load(str(number))
    assert (plain.values("a"), plain.warnings) == ([number], ""), "never where nobody asks for it"


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("format", LIKE_TABLES)
def test_numbers_of_other_files_are_read_as_well(unit: str, format: Format) -> None:
    number, moment = UNITS[unit]
    table = as_format(pl.DataFrame({"a": [number, None, number]}), format)
    loaded = read(table, types=DATETIME)
    assert loaded.values("a") == [moment, None, moment]
    assert loaded.warnings == f"Column 'a' was read as {unit} since 1970, in UTC."
    assert read(table).types["a"] == "integer"


def test_cells_of_workbooks_are_read_as_well() -> None:
    number, moment = UNITS["milliseconds"]
    loaded = read(as_format(pl.DataFrame({"a": [number, None, number]}), Format.XLSX), types=DATETIME)
    assert loaded.values("a") == [moment, None, moment]


@pytest.mark.parametrize("rows", [0, 3])
def test_of_no_numbers_no_unit_is_told(rows: int) -> None:
    table = pl.DataFrame({"a": [None] * rows}, schema={"a": pl.Int64})
    loaded = read(as_format(table, Format.PARQUET), types=DATETIME)
    assert (loaded.types["a"], loaded.values("a"), loaded.warnings) == ("datetime", [None] * rows, "")


@pytest.mark.parametrize("unit", UNITS)
def test_numbers_after_many_nulls_are_read_too(unit: str) -> None:
    number, moment = UNITS[unit]
    for first in (None, number):
        table = pl.DataFrame({"a": [first] + [None] * (SAMPLE + 1) + [number]}, schema={"a": pl.Int64})
        loaded = read(as_format(table, Format.PARQUET), types=DATETIME)
        assert loaded.values("a")[-1] == moment
        assert loaded.warnings == f"Column 'a' was read as {unit} since 1970, in UTC."


def test_nanoseconds_are_kept() -> None:
    loaded = load("1709298010123456789", "9223372036854775807", types=DATETIME)
    assert loaded.table["a"].dt.timestamp("ns").to_list() == [1_709_298_010_123_456_789, 9_223_372_036_854_775_807]


@pytest.mark.parametrize(
    "text",
    [
        *("0", "-1709298010", "+1709298010", "01709298010", "1709298010.5", "1.7e9", "99999999"),
        *("12345678901", "12345678901234", "12345678901234567", "9999999999999999999", "17092980101234567890"),
        *("2024013112", "1999123123", "2401311200", "202401311200", "240131120000"),
    ],
)
def test_what_is_doubtful_is_refused(text: str) -> None:
    assert "this is no datetime" in refusal(column(*[text] * 3), types=DATETIME).reason


@pytest.mark.parametrize("number", [2024013112, 202401311200])
def test_what_is_doubtful_is_refused_in_other_files_too(number: int) -> None:
    with pytest.raises(MalformedInput, match="this is no datetime"):
        read(as_format(pl.DataFrame({"a": [number]}), Format.JSON), types=DATETIME)


def test_one_value_shows_what_is_counted() -> None:
    assert load("2024013112", "2024013199", types=DATETIME).values("a") == [
        START + timedelta(seconds=number) for number in (2024013112, 2024013199)
    ]
    late = load(*["2024013112"] * (SAMPLE + 1), "2024013199", types=DATETIME)
    assert set(late.values("a")) == {START + timedelta(seconds=number) for number in (2024013112, 2024013199)}
    assert load("1712010203", types=DATETIME).values("a") == [START + timedelta(seconds=1712010203)]


def test_a_value_that_is_set_aside_shows_nothing() -> None:
    assert "this is no datetime" in refusal(column(*["2024013112"] * 30, "0"), types=DATETIME).reason


def test_all_are_of_one_unit() -> None:
    seconds, milliseconds = str(UNITS["seconds"][0]), str(UNITS["milliseconds"][0])
    for before in (1, SAMPLE + 1):
        found = refusal(column(*[seconds] * before, milliseconds), types=DATETIME, on_error="reject")
        assert "another form than most" in found.reason
        assert found.row == before + 1
    loaded = load(*[seconds] * 30, milliseconds, types=DATETIME)
    assert (set(loaded.values("a")), loaded.imported.report.rejected) == ({SECOND}, 1)
    with pytest.raises(MalformedInput, match="another form than most"):
        read(as_format(pl.DataFrame({"a": [int(seconds), int(milliseconds)]}), Format.JSON), types=DATETIME)
    assert "another form than most" in refusal(column("2024-03-01 13:00:10", seconds), types=DATETIME).reason


@pytest.mark.parametrize("kind", ["date", "time"])
def test_they_are_neither_dates_nor_times(kind: str) -> None:
    assert f"this is no {kind}" in refusal(column("1709298010"), types={"a": kind}).reason
    with pytest.raises(InvalidOption, match=f"the column is integer, which can't be read as {kind}"):
        read(as_format(pl.DataFrame({"a": [1_709_298_010]}), Format.JSON), types={"a": kind})


@given(
    st.lists(st.datetimes(datetime(1973, 4, 1), datetime(2261, 12, 31)), min_size=1, max_size=20),  # noqa: DTZ001 - made UTC
    st.sampled_from(list(UNITS)),
    st.sampled_from([Format.CSV, Format.NDJSON]),
)
def test_no_instant_is_read_as_another(moments: list[datetime], unit: str, format: Format) -> None:
    scale = {"seconds": 1, "milliseconds": 10**3, "microseconds": 10**6, "nanoseconds": 10**9}[unit]
    known = [*(moment.replace(tzinfo=UTC) for moment in moments), SECOND]  # which shows that none is of a calendar
    numbers = [((one - START) // timedelta(microseconds=1)) * scale // 10**6 for one in known]
    instants = [START + timedelta(microseconds=number * 10**6 // scale) for number in numbers]
    assert read(as_format(pl.DataFrame({"a": numbers}), format), types=DATETIME).values("a") == instants


@pytest.mark.parametrize("format", [Format.CSV, Format.JSON])
def test_a_column_that_was_of_datetimes_so_far_is_not_counted_unasked(format: Format) -> None:
    content = io.BytesIO(as_format(pl.DataFrame({"a": [1_709_298_010]}), format))
    options = ImportOptions(types={"a": FieldType.DATETIME})
    task = ImportTask(format, "data.file", options, held=("a",))
    with pytest.raises((MalformedInput, InvalidOption), match=r"this is no datetime|can't be read as datetime"):
        IMPORTER.load(content, io.BytesIO(), io.BytesIO(), task, no_report)
