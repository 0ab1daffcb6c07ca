"""What a cheap look at all values of a column doubts: every value that a closer look at each would refuse."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_adapters.polars import landing
from entrepot_adapters.polars.inference.dates import ISO_DATE, NAIVE_DATETIMES
from entrepot_adapters.polars.inference.numbers import INTEGER, NUMBER, UNSIGNED
from entrepot_adapters.polars.inference.readings import Reading
from tests.adapters.polars.test_import_csv import read

WHOLE = st.integers(-(2**63), 2**64 - 1)
PLAIN = WHOLE.map(str)
ODD = st.one_of(
    WHOLE.map(lambda value: f"+{value}"),
    st.tuples(st.sampled_from(["", "-", "+"]), st.integers(0, 10**6)).map(lambda made: f"{made[0]}0{made[1]}"),
    st.sampled_from(["NA", "", "-", "1.5", "-0", "00.5", "9007199254740993.0", "1e400", "1e5"]),
)
DAYS = st.sampled_from(
    [
        "2024-01-31",
        "2024-1-31",
        "0999-01-31",
        "10000-01-01",
        "10000-1-01",
        "+10000-1-1",
        "NA",
        "-2024-1-1",
        "2024-01-31 ",
    ]
)
TIMES = st.sampled_from(
    ["2024-01-31 12:00:00", "2016-12-31 23:59:60", "2024-01-31 1:00:00", "NA", "0999-01-31 12:00:00"]
)


def doubts(reading: Reading, texts: list[str | None]) -> tuple[bool, bool]:
    """Whether the reading doubts a column, and whether it would refuse some value of it."""
    raw, value = pl.col("raw"), pl.col("value")
    frame = pl.LazyFrame({"raw": texts}, schema={"raw": pl.String}).with_columns(reading.value(raw).alias("value"))
    assert reading.doubts is not None
    assert reading.valid is not None
    bad = (value.is_not_null() & ~reading.valid(raw, value)).any()
    found = frame.select(reading.doubts(raw, value).alias("doubts"), bad.alias("bad"))
    one, other = (found.collect(engine=engine).row(0) for engine in ("in-memory", "streaming"))
    assert one == other
    return bool(one[0]), bool(one[1])


def rows(texts: list[str]) -> str:
    return "\n".join(["a,b", *(f"{text},x" for text in texts), ""])


@given(st.lists(st.none() | PLAIN | ODD, max_size=8))
def test_a_number_that_would_be_refused_is_doubted(texts: list[str | None]) -> None:
    for reading in (INTEGER, UNSIGNED, NUMBER):
        are_doubted, are_bad = doubts(reading, texts)
        assert are_doubted >= are_bad


@given(st.lists(st.integers(-(2**63) + 1, 2**63 - 1).map(str) | st.none() | st.just("NA")))
def test_integers_as_they_are_mostly_written_are_not_doubted(texts: list[str | None]) -> None:
    assert doubts(INTEGER, texts) == (False, False)


@given(st.lists(st.integers(0, 2**64 - 1).map(str) | st.none() | st.just("NA")))
def test_nor_are_those_past_the_greatest_signed_one(texts: list[str | None]) -> None:
    assert doubts(UNSIGNED, texts) == (False, False)


@given(st.lists(st.none() | DAYS, max_size=6), st.lists(st.none() | TIMES, max_size=6))
def test_a_moment_that_would_be_refused_is_doubted(days: list[str | None], times: list[str | None]) -> None:
    for reading, texts in ((ISO_DATE, days), (NAIVE_DATETIMES[0], times)):
        are_doubted, are_bad = doubts(reading, texts)
        assert are_doubted >= are_bad


@pytest.mark.parametrize(
    ("usual", "late", "kind"),
    [
        ("7", "007", pl.String),
        ("7", "+7", pl.String),
        ("7", "7.5", pl.Float64),
        ("7", "9223372036854775808", pl.UInt64),
        ("7.5", "007", pl.String),
        ("7.5", "9007199254740993", pl.String),
        ("2024-01-31", "2024-1-31", pl.String),
        ("2024-01-31 12:00:00", "2016-12-31 23:59:60", pl.String),
        ("7", "NA", pl.Int64),
        ("2024-01-31", "NA", pl.Date),
    ],
)
def test_a_value_behind_those_by_which_types_are_guessed_counts_as_much(
    usual: str, late: str, kind: pl.DataType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "SAMPLE_ROWS", 3)
    assert read(rows([*[usual] * 8, late])).data["a"].dtype == kind


@pytest.mark.parametrize(
    ("late", "kind"),
    [(["N/A", "NULL", "n/a"], pl.Int64), (["N/A", "foo", "n/a"], pl.String), (["NA", "n/a", "n/a"], pl.Int64)],
)
def test_texts_between_the_first_and_the_last_that_are_no_value_count_too(
    late: list[str], kind: pl.DataType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "SAMPLE_ROWS", 3)
    assert read(rows([*["7"] * 8, *late])).data["a"].dtype == kind
