"""Datetimes the way programs write them: logs, mails, headers of HTTP, answers to forms, JavaScript, C, Git, date."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from time import asctime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.formats import Format
from tests.adapters.polars.test_import_conventions import load
from tests.adapters.polars.test_import_csv import read
from tests.adapters.polars.test_import_types import SAMPLE
from tests.contracts.importer import as_format

NOON = datetime(2024, 3, 1, 13, 0, 10, tzinfo=UTC)
NAIVE = NOON.replace(tzinfo=None)

FORMS = {
    "web log": ["01/Mar/2024:13:00:10 +0000", "01/mar/2024:14:30:10 +0130", "01/Mar/2024:13:00:10 -0000"],
    "mail": [
        "Fri, 01 Mar 2024 13:00:10 +0000",
        "Fri, 1 Mar 2024 13:00:10 GMT",
        "Fri,  1 Mar 2024 14:00:10 +0100 (CET)",
        "01 Mar 2024 13:00:10 UT",
        "Fri, 01 Mar 2024 05:00:10 -0800 (Pacific Standard Time)",
        "1 Mar 2024 13:00:10 UTC",
        "Fri, 01 Mar 2024 13:00:10 Z",
    ],
    "form": [
        "2024/03/01 2:00:10 PM GMT+1",
        "2024/03/01 6:30:10 PM GMT+5:30",
        "2024/03/01 1:00:10 PM GMT",
        "2024/3/1 11:00:10 PM GMT+10",
        "2024/03/01 9:30:10 AM GMT-3:30",
    ],
    "JavaScript": [
        "Fri Mar 01 2024 14:00:10 GMT+0100 (CET)",
        "Fri Mar 01 2024 14:00:10 GMT+0100 (Mitteleuropäische Normalzeit)",
        "Fri Mar 01 2024 13:00:10 GMT+0000",
    ],
    "C": ["Fri Mar  1 13:00:10 2024", "Fri Mar 01 13:00:10 2024", "Fri Mar 1 13:00:10 2024"],
    "Git": ["Fri Mar 1 14:00:10 2024 +0100", "Fri Mar 1 09:30:10 2024 -0330"],
    "date": ["Fri Mar  1 13:00:10 UTC 2024", "Fri Mar 01 13:00:10 +0000 2024", "Fri Mar  1 13:00:10 GMT 2024"],
}
ONE_OF_EACH = {name: texts[0] for name, texts in FORMS.items()}


def moment_of(name: str) -> datetime:
    return NAIVE if name == "C" else NOON


@pytest.mark.parametrize("name", FORMS)
def test_they_are_read(name: str) -> None:
    texts = FORMS[name]
    moments = [moment_of(name)] * len(texts)
    for first in (texts[0], texts[-1]):
        for loaded in (load(first, *texts), load(*[first] * (SAMPLE + 1), *texts)):
            assert loaded.values("a")[-len(texts) :] == moments
            assert loaded.warnings == ""
    assert load(*texts, types={"a": "datetime"}).values("a") == moments


@pytest.mark.parametrize(("name", "text"), ONE_OF_EACH.items())
def test_spaces_around_them_and_texts_for_null_are_passed_over(name: str, text: str) -> None:
    loaded = load(text, f"  {text} ", "", "n/a", f"{text}\t")
    assert loaded.values("a") == [moment_of(name)] * 2 + [None, None, moment_of(name)]
    assert loaded.warnings == "Column 'a': 'n/a' was read as null."


@pytest.mark.parametrize(("name", "text"), ONE_OF_EACH.items())
def test_texts_in_json_are_read_as_well(name: str, text: str) -> None:
    loaded = read(as_format(pl.DataFrame({"a": [text, None]}), Format.JSON))
    assert loaded.values("a") == [moment_of(name), None]


@pytest.mark.parametrize(
    "text",
    [
        *("Sat, 01 Mar 2024 13:00:10 +0000", "Sat Mar 01 2024 13:00:10 GMT+0000", "Sat Mar  1 13:00:10 2024"),
        *("Sat Mar 1 13:00:10 2024 +0000", "Sat Mar  1 13:00:10 UTC 2024"),
        *("30/Feb/2024:13:00:10 +0000", "Fri, 30 Feb 2024 13:00:10 GMT", "2024/02/30 1:00:10 PM GMT"),
        *("01/Mar/2024:24:00:10 +0000", "Fri, 01 Mar 2024 13:60:10 GMT", "2024/03/01 13:00:10 PM GMT"),
        *("01/Mar/2024:23:59:60 +0000", "Fri, 01 Mar 2024 23:59:60 GMT", "Fri Mar  1 23:59:60 2024"),
        *("01/Mar/2024:13:00:10 +2400", "01/Mar/2024:13:00:10 +0060", "2024/03/01 1:00:10 PM GMT+24"),
        *("2024/03/01 0:00:10 AM GMT", "2024/03/01 1:00:10 PM GMT+1:3", "2024/03/01 1:00:10 PM CET"),
        *("01/Mar/2024:13:00:10", "[01/Mar/2024:13:00:10 +0000]", "1/Mar/2024:13:00:10 +0000"),
        *("01/March/2024:13:00:10 +0000", "01/03/2024:13:00:10 +0000", "01/Mar/24:13:00:10 +0000"),
        *("Friday, 01 Mar 2024 13:00:10 GMT", "Fri 01 Mar 2024 13:00:10 GMT", "Fri, 01 Mar 24 13:00:10 GMT"),
        *("Fri, 01 Mar 2024 13:00:10", "Fri, 01 Mar 2024 13:00:10 CST", "Fri, 01 Mar 2024 13:00:10 gmt"),
        *("Fr, 01 Mar 2024 13:00:10 GMT", "Fri, 01 Mrz 2024 13:00:10 GMT", "Fri, 01 Mar 2024 13 GMT"),
        *("Fri, 01 Mar 2024 13:00:10 +0000 (a (b))", "Fri, 01 Mar 2024 13:00:10 +0000 UTC"),
        *("Fri Mar 01 2024 13:00:10", "Fri Mar 01 2024 13:00:10 UTC+0100", "Fri Mar 01 2024"),
        *("Fri Mar  1 13:00:10 CET 2024", "Fri Mar   1 13:00:10 2024", "Mar  1 13:00:10 2024", "Mar  1 13:00:10"),
        "Fri Mar  1 13:00:10 2024 UTC",
    ],
)
def test_others_stay_text(text: str) -> None:
    assert load(text).values("a") == [text]
    assert load(*[text] * 3, ONE_OF_EACH["mail"]).types["a"] == "string"


@pytest.mark.parametrize(("name", "text"), ONE_OF_EACH.items())
def test_a_first_row_with_one_names_no_columns(name: str, text: str) -> None:
    loaded = read(f'x,"{text}",/index\n' * 3)
    assert loaded.values("column_2") == [moment_of(name)] * 3
    assert read(f'host,"when",path\nx,"{text}",/index\n').values("when") == [moment_of(name)]


def test_several_of_these_forms_in_one_column_stay_text() -> None:
    for name, text in ONE_OF_EACH.items():
        for other, another in ONE_OF_EACH.items():
            assert load(text, another).types["a"] == ("datetime" if name == other else "string")
        assert load(text, "2024-03-01 13:00:10").types["a"] == "string"


def test_a_day_of_the_week_that_is_not_the_dates_is_named() -> None:
    loaded = load(*["Fri, 01 Mar 2024 13:00:10 GMT"] * 20, "Mon, 01 Mar 2024 13:00:10 GMT")
    assert loaded.types["a"] == "string"
    assert "'Mon, 01 Mar 2024 13:00:10 GMT' is no datetime" in loaded.warnings


offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(datetime(1000, 1, 2), datetime(9999, 12, 30), timezones=offsets).map(  # noqa: DTZ001 - the zone is drawn
    lambda moment: moment.replace(microsecond=0)
)


def answered(moment: datetime) -> str:
    offset = moment.utcoffset() or timedelta()
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    sign = "-" if offset < timedelta() else "+"
    zone = f"{sign}{hours}" + f":{minutes:02}" * bool(minutes) if offset else ""
    return f"{moment:%Y/%m/%d} {int(moment.strftime('%I'))}:{moment:%M:%S %p} GMT{zone}"


WRITERS: dict[str, Callable[[datetime], str]] = {
    "web log": lambda moment: moment.strftime("%d/%b/%Y:%H:%M:%S %z"),
    "mail": format_datetime,
    "mail without a weekday": lambda moment: format_datetime(moment).partition(", ")[2],
    "form": answered,
    "JavaScript": lambda moment: moment.strftime("%a %b %d %Y %H:%M:%S GMT%z (any)"),
    "Git": lambda moment: f"{asctime(moment.timetuple())} {moment:%z}",
    "date": lambda moment: moment.strftime("%a %b %d %H:%M:%S %z %Y"),
}


@pytest.mark.parametrize("name", WRITERS)
@given(moments=st.lists(instants, min_size=1, max_size=20))
def test_no_instant_is_read_as_another(name: str, moments: list[datetime]) -> None:
    texts = [WRITERS[name](moment) for moment in moments]
    found = load(*texts).values("a")
    assert found == moments
    assert {moment.utcoffset() for moment in found} == {timedelta()}
    if name == "mail":
        assert [parsedate_to_datetime(text) for text in texts] == found


@given(st.lists(instants.map(lambda moment: moment.replace(tzinfo=None)), min_size=1, max_size=20))
def test_no_moment_of_c_is_read_as_another(moments: list[datetime]) -> None:
    texts = [asctime(moment.timetuple()) for moment in moments]
    assert load(*texts).values("a") == moments


@given(st.datetimes(datetime(1900, 1, 1)), st.sampled_from(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]))  # noqa: DTZ001 - naive stays naive
def test_only_the_dates_own_weekday_fits(moment: datetime, weekday: str) -> None:
    own = f"{moment:%a}" == weekday
    rests = ("%%s, %d %b %Y %H:%M:%S GMT", "%%s %b %d %Y %H:%M:%S GMT+0000", "%%s %b %d %H:%M:%S %Y")
    for rest in rests:
        loaded = load(moment.strftime(rest) % weekday)
        assert loaded.types["a"] == ("datetime" if own else "string")
