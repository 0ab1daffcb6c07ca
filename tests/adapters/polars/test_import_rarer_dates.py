"""Dates and times in rarer forms: with a comma before fractions, without marks, with short months or short years."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.errors import InvalidOption
from tests.adapters.polars.test_import_conventions import load
from tests.adapters.polars.test_import_csv import refusal
from tests.adapters.polars.test_import_types import SAMPLE, column

NOON = datetime(2024, 1, 31, 12)  # noqa: DTZ001 - naive stays naive
HALF = timedelta(milliseconds=500)


@pytest.mark.parametrize(
    ("values", "moments"),
    [
        (["2024-01-31 12:00:00,5", "2024-01-31 12:00:00"], [NOON + HALF, NOON]),
        (["2024-01-31T12:00:00,500", "2024-01-31T12:00:00.5"], [NOON + HALF, NOON + HALF]),
        (["2024-01-31T12:00:00,5Z", "2024-01-31T13:00:00,5+01:00"], [NOON + HALF] * 2),
        (["20240131T120000", "20240131T120000"], [NOON] * 2),
        (["20240131T120000Z", "20240131T130000+0100", "20240131T100000-02"], [NOON] * 3),
        (["20240131T120000.5", "20240131T120000,25", "20240131T120000"], [NOON + HALF, NOON + HALF / 2, NOON]),
        (["20240131T1200", "20240131T1200"], [NOON] * 2),
        (["20240131T1200Z", "20240131T1300+01:00"], [NOON] * 2),
        (["12:00:00,5", "12:00:00"], [time(12, 0, 0, 500_000), time(12)]),
        (["12 Sept 2024", "1 Sep 2024", "1 September 2024"], [date(2024, 9, 12), date(2024, 9, 1), date(2024, 9, 1)]),
        (["Jan. 31, 2024", "Sept. 1, 2024", "May. 2, 2024"], [date(2024, 1, 31), date(2024, 9, 1), date(2024, 5, 2)]),
        (["1-Sept-2024", "2-Jan-2024"], [date(2024, 9, 1), date(2024, 1, 2)]),
        (["Jan. 31, 2024, 12:00 PM", "Jan. 31, 2024 12:00 PM"], [NOON] * 2),
    ],
)
def test_they_are_read(values: list[str], moments: list[object]) -> None:
    first, *rest = values
    for loaded in (load(*values), load(*[first] * (SAMPLE + 1), *rest)):
        found = loaded.values("a")[-len(values) :]
        assert [one.replace(tzinfo=None) if isinstance(one, datetime) else one for one in found] == moments
        assert loaded.warnings == ""


@pytest.mark.parametrize(
    "text",
    [
        "20241331T120000",
        "20240131T126000",
        "20240131T250000",
        "20240131T12000",
        "20240131T12",
        "20240131t120000",
        "2024-01-31 12:00:00,",
        "2024-01-31 12:00:00,1234567890",
        "2016-12-31 23:59:60,5",
        "20161231T235960",
        "12:00,5",
        "32 Sept 2024",
        "12 Septe 2024",
        "12 Mayt 2024",
    ],
)
def test_others_stay_text(text: str) -> None:
    assert load(text).values("a") == [text]


def test_nanoseconds_are_kept_behind_a_comma() -> None:
    loaded = load("2024-01-31 12:00:00,123456789", "2024-01-31 12:00:00,5")
    assert loaded.table["a"].dt.to_string("%.9f").to_list() == [".123456789", ".500000000"]
    assert load("12:00:00,123456789").table["a"].dt.nanosecond().to_list() == [123_456_789]


@given(
    st.lists(st.datetimes(datetime(1000, 1, 1)), min_size=1, max_size=20),  # noqa: DTZ001 - naive stays naive
    st.sampled_from(["%Y-%m-%d %H:%M:%S,%f", "%Y-%m-%dT%H:%M:%S,%f", "%Y%m%dT%H%M%S.%f", "%Y%m%dT%H%M%S,%f"]),
)
def test_no_moment_is_read_as_another(moments: list[datetime], form: str) -> None:
    texts = [moment.strftime(form) for moment in moments]
    assert load(*texts).values("a") == moments
    assert load(*texts, types={"a": "datetime"}).values("a") == moments
    instants = [f"{moment:%Y%m%dT%H%M%S}+0530" for moment in moments]
    zone = timezone(timedelta(hours=5, minutes=30))
    known = [moment.replace(microsecond=0, tzinfo=zone) for moment in moments]
    if all(moment.year < 9999 for moment in moments):
        assert load(*instants).values("a") == [moment.astimezone(UTC) for moment in known]


@pytest.mark.parametrize(
    ("texts", "moments"),
    [
        (["20240131120000"], [NOON]),
        (["20240131 120000"], [NOON]),
        (["1/31/24 12:00", "1/31/24 12:00:00", "1/31/24, 12:00 PM"], [NOON] * 3),
        (["31.01.24 12:00"], [NOON]),
        (["31-Jan-24 12:00:00"], [NOON]),
    ],
)
def test_some_are_read_only_where_datetimes_are_asked_for(texts: list[str], moments: list[datetime]) -> None:
    assert load(*texts, types={"a": "datetime"}).values("a") == moments
    assert load(*texts).types["a"] != "datetime"


@pytest.mark.parametrize("text", ["1/31/24 12:00", "31.01.24 12:00:05", "31-Jan-24, 3:04 PM", "24/01/31"])
def test_of_years_of_two_digits_a_note_tells(text: str) -> None:
    assert "years have two digits" in load(text).warnings


@pytest.mark.parametrize("mark", ["/", "-"])
def test_years_of_two_digits_may_stand_first(mark: str) -> None:
    def dates(*texts: str, **options: object) -> list[object]:
        return load(*(text.replace("/", mark) for text in texts), types={"a": "date"}, **options).values("a")

    assert dates("99/12/31", "24/01/05") == [date(1999, 12, 31), date(2024, 1, 5)]
    assert dates("31/12/99", "24/01/05") == [date(1999, 12, 31), date(2005, 1, 24)]
    assert dates("12/31/24", "01/05/24") == [date(2024, 12, 31), date(2024, 1, 5)]
    assert dates("24/01/05", date_order="month_first") == [date(2024, 1, 5)]
    assert dates("24/01/05", date_order="day_first") == [date(2005, 1, 24)]
    for text in ("24/01/05", "31/12/24", "05/01/24"):
        with pytest.raises(InvalidOption, match="day, month and year could stand in several orders"):
            dates(text)
    with pytest.raises(InvalidOption, match="several orders"):
        load(f"24{mark}01{mark}05 12:00", types={"a": "datetime"})


def test_with_points_the_day_stands_before_a_year_of_two_digits() -> None:
    assert load("24.01.05", types={"a": "date"}).values("a") == [date(2005, 1, 24)]


def test_a_moment_in_another_form_than_most_is_told_as_such() -> None:
    text = column("20240131T120000", "20240131T120000", "2024-01-31 12:00:00")
    assert "another form than most" in refusal(text, types={"a": "datetime"}, on_error="reject").reason


@pytest.mark.parametrize(
    ("kind", "example"), [("date", "2024-01-31"), ("datetime", "2024-01-31 15:04:05"), ("time", "15:04:05")]
)
def test_of_what_can_not_be_read_it_is_told_what_can(kind: str, example: str) -> None:
    told = refusal(column("gestern"), types={"a": kind}).reason
    assert f"this is no {kind}, the type asked for ({kind}s are" in told
    assert f"{example}, and what else docs/formats.md lists);" in told
    assert load(example, types={"a": kind}).types["a"] == kind


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("date", "31.01.2024", date(2024, 1, 31)),
        ("time", "3:04 PM", time(15, 4)),
        ("number", "5 kg", 5.0),
        ("integer", "1,234,567", 1234567),
        ("boolean", "ja", True),
    ],
)
def test_values_after_many_nulls_are_read_in_whatever_form(kind: str, text: str, value: object) -> None:
    for on_error in ("repair", "reject"):
        loaded = load(*[""] * (SAMPLE + 1), text, types={"a": kind}, on_error=on_error)
        assert (loaded.values("a")[-1], loaded.imported.report.rejected) == (value, 0)
    refused = refusal("a;b\n" + ";.\n" * (SAMPLE + 1) + "x1;.\n", types={"a": kind}, on_error="reject")
    assert (refused.row, refused.value) == (SAMPLE + 2, "x1")
