"""Single values, from texts and from JSON."""

import base64
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.rows.times import Moment
from entrepot_core.rows.values import from_json, from_text
from entrepot_core.schema import FieldType

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def nanoseconds(span: timedelta) -> int:
    return (span // timedelta(microseconds=1)) * 1000


@given(st.integers(-(10**30), 10**30))
def test_integers_are_exact(value: int) -> None:
    assert from_text(FieldType.INTEGER, str(value)) == from_json(FieldType.INTEGER, value) == value


@given(st.decimals(allow_nan=False, places=20, min_value=-(10**20), max_value=10**20) | st.just(Decimal("Infinity")))
def test_numbers_are_exact(value: Decimal) -> None:
    assert from_text(FieldType.NUMBER, str(value)) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_of_json_are_what_they_print_as(value: float) -> None:
    found = from_json(FieldType.NUMBER, value)
    assert isinstance(found, Decimal)
    assert float(found) == value


@given(st.dates())
def test_dates_are_days(value: date) -> None:
    assert from_text(FieldType.DATE, value.isoformat()) == (value - EPOCH.date()).days


@given(st.times())
def test_times_are_nanoseconds(value: time) -> None:
    span = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
    assert from_text(FieldType.TIME, value.isoformat()) == nanoseconds(span)


@given(st.datetimes())
def test_a_datetime_without_a_zone_is_taken_as_it_stands(value: datetime) -> None:
    expected = Moment(nanoseconds(value - EPOCH.replace(tzinfo=None)), has_zone=False)
    assert from_text(FieldType.DATETIME, value.isoformat()) == expected


@given(st.datetimes(timezones=ZONES))
def test_a_datetime_with_a_zone_is_that_moment(value: datetime) -> None:
    expected = Moment(nanoseconds(value - EPOCH), has_zone=True)
    assert from_text(FieldType.DATETIME, value.isoformat()) == expected
    assert from_text(FieldType.DATETIME, value.isoformat().replace("+", " ")) == expected


@given(st.timedeltas())
def test_durations_are_nanoseconds(value: timedelta) -> None:
    sign, span = ("-", -value) if value < timedelta(0) else ("", value)
    text = f"{sign}P{span.days}DT{span.seconds}.{span.microseconds:06}S"
    assert from_text(FieldType.DURATION, text) == nanoseconds(value)


@pytest.mark.parametrize(
    ("text", "span"),
    [("P1W", timedelta(7)), ("PT1H30M", timedelta(hours=1.5)), ("-P1DT2H0.005S", -timedelta(1, 0.005, hours=2))],
)
def test_durations_have_their_units(text: str, span: timedelta) -> None:
    assert from_text(FieldType.DURATION, text) == nanoseconds(span)


@given(st.binary())
def test_binary_is_base64(value: bytes) -> None:
    assert from_text(FieldType.BINARY, base64.b64encode(value).decode()) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (FieldType.BOOLEAN, "yes"),
        (FieldType.INTEGER, "1.0"),
        (FieldType.INTEGER, "\N{ARABIC-INDIC DIGIT ONE}"),
        (FieldType.INTEGER, "1_000"),
        (FieldType.NUMBER, "nan"),
        (FieldType.NUMBER, "1e9999"),
        (FieldType.NUMBER, "."),
        (FieldType.NUMBER, ""),
        (FieldType.NUMBER, "9" * 401),
        (FieldType.DATE, "2024-02-30"),
        (FieldType.DATE, "20240201"),
        (FieldType.DATETIME, "2024-01-01T24:00"),
        (FieldType.DATETIME, "2024-01-01T10:00+99:00"),
        (FieldType.TIME, "1:00"),
        (FieldType.TIME, "10:60"),
        (FieldType.DURATION, "P"),
        (FieldType.DURATION, "P1Y"),
        (FieldType.DURATION, "PT"),
        (FieldType.BINARY, "é"),
        (FieldType.BINARY, "a"),
    ],
)
def test_what_is_no_value_is_refused_and_the_message_says_what_to_give(kind: FieldType, text: str) -> None:
    with pytest.raises(ValueError, match=r"^give "):
        from_text(kind, text)
    if not kind.is_numeric:
        with pytest.raises(ValueError, match=r"^give "):
            from_json(kind, text)


@pytest.mark.parametrize("kind", FieldType)
def test_null_is_null(kind: FieldType) -> None:
    assert from_json(kind, None) is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FieldType.INTEGER, True),
        (FieldType.INTEGER, 1.5),
        (FieldType.INTEGER, 1e300),
        (FieldType.INTEGER, float("inf")),
        (FieldType.INTEGER, "1"),
        (FieldType.NUMBER, False),
        (FieldType.NUMBER, "1"),
        (FieldType.BOOLEAN, 1),
        (FieldType.STRING, 1),
        (FieldType.STRING, "\0"),
        (FieldType.STRING, "\ud800"),
        (FieldType.DATE, 5),
        (FieldType.BINARY, []),
    ],
)
def test_json_of_another_type_is_refused(kind: FieldType, value: object) -> None:
    with pytest.raises(ValueError, match=r"^give |stored"):
        from_json(kind, value)


@pytest.mark.parametrize("value", [{"a": [1, None]}, [], "x", 1, False])
def test_a_column_of_json_takes_any_value(value: object) -> None:
    assert from_json(FieldType.JSON, value) == value


def test_a_whole_float_is_an_integer() -> None:
    assert from_json(FieldType.INTEGER, 3.0) == 3


@pytest.mark.parametrize("kind", FieldType)
@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800"])
def test_what_is_no_text_is_refused_for_every_type(kind: FieldType, text: str) -> None:
    with pytest.raises(ValueError, match=r"^give "):
        from_text(kind, text)
