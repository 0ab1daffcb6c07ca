"""What a value is in a cell, where Excel has limits of its own."""

import io
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import cast

import openpyxl
import polars as pl
import pyarrow as pa
import pytest

from entrepot_adapters.excel import limits
from tests.adapters.excel.reading import calamine, openpyxl_column, openpyxl_sheets, written

HOUR = timedelta(hours=1)


def sheet_xml(values: pl.Series) -> str:
    return zipfile.ZipFile(written(values.to_frame("x"))).read("xl/worksheets/sheet1.xml").decode()


def test_integers_that_a_double_would_round_are_text() -> None:
    values = [2**53, 2**53 + 1, -(2**53), -(2**53) - 1, -(2**63), 2**63 - 1, 0]
    expected = [2**53, str(2**53 + 1), -(2**53), str(-(2**53) - 1), str(-(2**63)), str(2**63 - 1), 0]
    assert openpyxl_column(pl.Series(values)) == expected


@pytest.mark.parametrize("dtype", [pl.UInt64, pl.Int128, pl.UInt128])
def test_wider_integers_too(dtype: type[pl.DataType]) -> None:
    assert openpyxl_column(pl.Series([2**64 - 1, 7], dtype=dtype)) == [str(2**64 - 1), 7]


def test_decimals_of_more_digits_than_a_double_keeps_are_text() -> None:
    values = ["1.50", "-0.05", "9999999999999.99", "12345678901234567.25"]
    found = openpyxl_column(pl.Series([Decimal(value) for value in values], dtype=pl.Decimal(30, 2)))
    assert found == [1.5, -0.05, 9999999999999.99, "12345678901234567.25"]


def test_floats_keep_their_last_digit() -> None:
    values = [0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, 1e22, 123456789012345680.0, -2.5e-7]
    assert openpyxl_column(pl.Series(values)) == values
    assert calamine(written(pl.DataFrame({"x": values})))["x"].to_list() == values


def test_single_precision_reads_as_it_is_printed() -> None:
    assert openpyxl_column(pl.Series([0.1, 16777216.0], dtype=pl.Float32)) == [0.1, 16777216.0]


def test_not_a_number_is_blank_and_the_infinite_is_an_error_value() -> None:
    values = pl.Series([float("nan"), float("inf"), float("-inf"), None, 1.5])
    assert openpyxl_column(values) == [None, "#NUM!", "#NUM!", None, 1.5]
    assert calamine(written(values.to_frame("x")))["x"].to_list() == [None, None, None, None, 1.5]


def test_null_is_blank_and_the_empty_string_is_not() -> None:
    values = pl.Series(["", None, "a"])
    assert openpyxl_column(values) == ["", None, "a"]
    assert calamine(written(values.to_frame("x")))["x"].to_list() == ["", None, "a"]


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+47 900 00 000", "-1", "@x", "{=A1}", "'quoted", "TRUE", "#N/A", "1e5", "007", "2024-01-01"),
        *("  a  ", " ", "\t", "a\nb", "a\r\nb", "\r", "& < > \" ' ]]>", "<is><t>x</t></is>", "é日本😀\u2028\u0085\x7f"),
        *(
            "_x0041_",
            "_x0041_x0042_",
            "_x005F_x0041_",
            "__x000a__",
            "_x004",
            "_xZZZZ_",
            "a_x0041_ & <b>",
            "&amp;",
            "&#13;",
        ),
    ],
)
def test_any_text_stays_itself(text: str) -> None:
    values = pl.Series([text, "x"])
    assert openpyxl_column(values) == [text, "x"]
    assert calamine(written(values.to_frame("x")))["x"].to_list() == [text, "x"]


def test_characters_that_xml_forbids_are_escaped_as_excel_does() -> None:
    values = pl.Series(["\x00a\x01\x1f", "_x0041\x01", "\ufffe\uffff"])
    assert openpyxl_column(values) == ["_x0000_a_x0001__x001F_", "_x0041_x0001_", "_xFFFE__xFFFF_"]  # does not decode
    found = calamine(written(values.to_frame("x")))["x"].to_list()
    assert found[:2] == ["\x00a\x01\x1f", "_x0041\x01"]  # decodes all but the last two


def test_dates_that_readers_disagree_on_are_text() -> None:
    days = [date(1, 1, 1), date(1899, 12, 31), date(1900, 2, 28), date(1900, 3, 1), None, date(9999, 12, 31)]
    expected = ["0001-01-01", "1899-12-31", "1900-02-28", datetime(1900, 3, 1), None, datetime(9999, 12, 31)]  # noqa: DTZ001 - cells have no zone
    assert openpyxl_column(pl.Series(days)) == expected


def test_datetimes_outside_excels_calendar_are_text_to_their_last_digit() -> None:
    values = pl.Series([datetime(1899, 1, 1, 6), datetime(9999, 12, 31, 23, 59, 59, 999_900)])  # noqa: DTZ001 - naive
    assert openpyxl_column(values) == ["1899-01-01 06:00:00", "9999-12-31 23:59:59.999900"]


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_datetimes_of_each_unit_to_the_millisecond(unit: str) -> None:
    moments = [datetime(1900, 3, 1), datetime(2024, 2, 29, 23, 59, 59, 999_000), datetime(1970, 1, 1, 0, 0, 0, 1000)]  # noqa: DTZ001 - naive
    values = pl.Series(moments, dtype=pl.Datetime(unit))  # type: ignore[arg-type]  # one of polars' three literals
    assert openpyxl_column(values) == moments
    assert calamine(written(values.to_frame("x")))["x"].to_list() == moments


def test_datetimes_of_a_time_zone_are_in_utc() -> None:
    values = pl.Series([datetime(2024, 7, 1, 12, tzinfo=UTC)]).dt.convert_time_zone("Europe/Oslo")
    assert openpyxl_column(values) == [datetime(2024, 7, 1, 12)]  # noqa: DTZ001 - cells have no zone
    old = pl.Series([datetime(1850, 7, 1, 12, tzinfo=UTC)]).dt.convert_time_zone("Asia/Tokyo")
    assert openpyxl_column(old) == ["1850-07-01 12:00:00"]


def test_dates_past_all_calendars_are_counts_of_days() -> None:
    assert openpyxl_column(pl.Series([10**9], dtype=pl.Int32).cast(pl.Date)) == ["1000000000 days from 1970"]
    moment = pl.Series([2**62]).cast(pl.Datetime("ms"))
    assert openpyxl_column(moment) == [f"{2**62} ms from 1970"]


def test_times_never_round_up_to_the_next_day() -> None:
    values = pl.Series([time(0), time(12, 30), time(23, 59, 59, 999_999)])
    assert openpyxl_column(values) == [time(0), time(12, 30), time(23, 59, 59, 999_000)]


def test_durations_of_any_sign_and_size() -> None:
    values = [timedelta(0), 30 * HOUR, -25.5 * HOUR, timedelta(days=40_000, milliseconds=5)]
    assert openpyxl_column(pl.Series(values)) == values
    assert calamine(written(pl.DataFrame({"x": values})))["x"].to_list() == values


def test_booleans_are_booleans() -> None:
    values = pl.Series([True, None, False])
    assert openpyxl_column(values) == [True, None, False]
    assert calamine(written(values.to_frame("x")))["x"].to_list() == [True, None, False]


def test_bytes_in_maps_are_base64_too() -> None:
    maps = pa.MapArray.from_arrays([0, 2, 2], pa.array(["q", "r"]), pa.array([b"1", None]))
    deep = pa.MapArray.from_arrays([0, 1, 2], pa.array(["a", "b"]), pa.array([[b"1"], None]))
    table = pa.table({"m": maps, "l": pa.ListArray.from_arrays([0, 1, 2], maps), "d": deep})
    rows = calamine(written(cast("pl.DataFrame", pl.from_arrow(table))))
    assert rows["m"].to_list() == ['{"q":"MQ==","r":null}', "{}"]
    assert rows["l"].to_list() == ['[{"q":"MQ==","r":null}]', "[{}]"]
    assert rows["d"].to_list() == ['{"a":["MQ=="]}', '{"b":null}']


def test_nested_values_are_json_and_bytes_base64_at_any_depth() -> None:
    frame = pl.DataFrame(
        {
            "list": [[1, None], None, []],
            "struct": [{"a": date(2024, 1, 1), "b": "x"}, None, {"a": None, "b": '"'}],
            "bytes": [b"\x00\xff", None, b""],
            "deep": [[{"raw": [b"hi"]}], None, []],
        }
    )
    found = [list(column) for column in openpyxl_sheets(written(frame))[0].iter_cols(min_row=2, values_only=True)]
    assert found == [
        ["[1,null]", None, "[]"],
        ['{"a":"2024-01-01","b":"x"}', None, '{"a":null,"b":"\\""}'],
        ["AP8=", None, ""],
        ['[{"raw":["aGk="]}]', None, "[]"],
    ]


@pytest.mark.parametrize("dtype", [pl.Categorical, pl.Enum(["a", "<b>"])])
def test_categories_are_text(dtype: pl.DataType) -> None:
    assert openpyxl_column(pl.Series(["a", None, "<b>"], dtype=dtype)) == ["a", None, "<b>"]


def test_a_column_of_nulls_is_blank() -> None:
    assert openpyxl_column(pl.Series([None, None])) == []  # openpyxl sees no rows
    assert "<c r=" not in sheet_xml(pl.Series([None, None])).partition("</row>")[2]


@pytest.mark.parametrize(
    ("values", "number_format"),
    [
        (pl.Series([1]), "0"),
        (pl.Series([1.5]), "General"),
        (pl.Series([date(2024, 1, 1)]), "yyyy-mm-dd"),
        (pl.Series([datetime(2024, 1, 1, 12, 30, 5)]), "yyyy-mm-dd hh:mm:ss"),  # noqa: DTZ001 - naive
        (pl.Series([datetime(2024, 1, 1, 12, 30, 5, 7000)]), "yyyy-mm-dd hh:mm:ss.000"),  # noqa: DTZ001 - naive
        (pl.Series([time(12)]), "hh:mm:ss"),
        (pl.Series([time(12, 0, 0, 500_000)]), "hh:mm:ss.000"),
        (pl.Series([HOUR]), r"[h]:mm:ss;\-0.0######## \d\a\y\s"),
        (pl.Series([Decimal("1.25")], dtype=pl.Decimal(10, 2)), "0.00"),
        (pl.Series([True]), '"TRUE";"TRUE";"FALSE"'),
    ],
)
def test_number_formats(values: pl.Series, number_format: str) -> None:
    assert openpyxl_sheets(written(values.to_frame("x")))[0]["A2"].number_format == number_format


def test_a_text_too_long_for_a_cell_is_cut_marked_and_noted() -> None:
    """The limit counts UTF-16 units; no character is parted."""
    emoji, letters = "😀" * 20_000, "x" * 32_768
    frame = pl.DataFrame({"n": [1, 2, 3, 4], "long": [emoji, "x" * 32_767, None, letters]})
    data, notes = openpyxl_sheets(written(frame))
    first, whole, blank, last = (str(data.cell(row, 2).value) for row in range(2, 6))
    assert len(first.encode("utf-16-le")) // 2 in {32_766, 32_767}
    assert first.startswith("😀" * 16_000)
    assert first.endswith("😀… [cut: 40,000 characters]")
    assert (whole, blank) == ("x" * 32_767, "None")
    assert (len(last), last.endswith("x… [cut: 32,768 characters]")) == (32_767, True)
    assert notes.title == "Notes"
    found = [row[:4] for row in notes.iter_rows(min_row=2, values_only=True)]
    assert found == [("Table", "B2", "long", 40_000), ("Table", "B5", "long", 32_768)]


def test_json_too_long_is_cut_too_and_notes_stay_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TEXT", 100)
    frame = pl.DataFrame({"x": [list(range(100))] * 1_003})
    _, notes = openpyxl_sheets(written(frame))
    assert notes.max_row == 1 + 1_000 + 1
    assert notes.cell(1_002, 5).value == "So have 3 cells more."


def test_values_are_right_where_a_later_batch_needs_more() -> None:
    """What has to be looked out for is decided anew for each batch."""
    plain = pl.DataFrame({"i": [1], "s": ["a"], "f": [1.0], "t": [datetime(2024, 1, 1)]})  # noqa: DTZ001 - naive
    odd = pl.DataFrame({"i": [2**60], "s": ["_x0041_"], "f": [None], "t": [datetime(2024, 1, 1, 0, 0, 0, 5000)]})  # noqa: DTZ001 - naive
    sheet = openpyxl.load_workbook(io.BytesIO(written(plain, odd.cast(plain.schema)).getvalue())).worksheets[0]
    assert [cell.value for cell in sheet[3]] == [str(2**60), "_x0041_", None, datetime(2024, 1, 1, 0, 0, 0, 5000)]  # noqa: DTZ001 - naive
    assert sheet["D3"].number_format.endswith(".000")
