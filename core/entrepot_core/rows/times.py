"""Dates, times and durations in ISO 8601, to the nanosecond."""

import re
from datetime import date

import msgspec

_EPOCH = date(1970, 1, 1).toordinal()
_SECOND = 10**9
_DAY = 86_400 * _SECOND
_HOURS, _MINUTES, _SECONDS = 24, 60, 60

_CLOCK = r"(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?"
_TIME = re.compile(_CLOCK, re.ASCII)
_MOMENT = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}})(?:[T ]({_CLOCK})(Z|[+\- ]\d{{2}}:?\d{{2}})?)?", re.ASCII)
_DURATION = re.compile(
    r"(-?)P(?=.)(?:([+-]?\d{1,9})W)?(?:([+-]?\d{1,9})D)?"
    r"(?:T(?=.)(?:([+-]?\d{1,9})H)?(?:([+-]?\d{1,9})M)?(?:([+-]?)(\d{1,9})(?:\.(\d{1,9}))?S)?)?",
    re.ASCII,
)


class Moment(msgspec.Struct, frozen=True):
    """A date with a time of day.

    Attributes:
        nanoseconds: Since 1970-01-01T00:00, in UTC where there is a zone.
        has_zone: Whether there is.
    """

    nanoseconds: int
    has_zone: bool


def days(text: str) -> int | None:
    """The days from 1970-01-01 to a date; none where it is no date."""
    try:
        return date.fromisoformat(text).toordinal() - _EPOCH if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None


def time_of_day(text: str) -> int | None:
    """The nanoseconds from midnight to a time; none where it is no time."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds = (int(found[place] or 0) for place in (1, 2, 3))
    if hours >= _HOURS or minutes >= _MINUTES or seconds >= _SECONDS:
        return None
    return (hours * 3600 + minutes * 60 + seconds) * _SECOND + _fraction(found[4])


def moment(text: str) -> Moment | None:
    """A date with a time, or a date, which is its midnight; none where it is neither.

    A space before the zone stands for the ``+`` that it was before somebody put it into a URL.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    day, time, zone = days(found[1]), time_of_day(found[2]) if found[2] else 0, _offset(found[7])
    if day is None or time is None or zone is None:
        return None
    return Moment(day * _DAY + time - zone, has_zone=found[7] is not None)


def duration(text: str) -> int | None:
    """The nanoseconds of a duration of weeks, days, hours, minutes and seconds; none where it is no such."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    weeks, whole_days, hours, minutes = (int(found[place] or 0) for place in (2, 3, 4, 5))
    seconds = int(found[7] or 0) * _SECOND + _fraction(found[8])
    total = ((weeks * 7 + whole_days) * 24 + hours) * 3600 * _SECOND + minutes * 60 * _SECOND
    return (-1 if found[1] else 1) * (total + (-seconds if found[6] == "-" else seconds))


def _fraction(digits: str | None) -> int:
    return int((digits or "").ljust(9, "0"))


def _offset(zone: str | None) -> int | None:
    if zone in {None, "Z"}:
        return 0
    text = str(zone)
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours >= _HOURS or minutes >= _MINUTES:
        return None
    return (-1 if text[0] == "-" else 1) * (hours * 60 + minutes) * 60 * _SECOND
