"""What a profile holds of each kind of column."""

import datetime as dt
import importlib
import io

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_adapters.polars.columns import StoredTable
from entrepot_adapters.polars.profiling import profile
from entrepot_adapters.polars.profiling.texts import MISSING_TEXTS
from entrepot_core.dialect import Stage, no_report
from entrepot_core.profile import Distinct, FieldStatistics, Histogram, Summary
from entrepot_core.schema import Field, FieldType, Schema
from tests.adapters.polars.frames import profile_of


def profiled(values: pl.Series, type_: FieldType, *, dates_are_text: bool = True) -> FieldStatistics:
    """The statistics of one column."""
    schema = Schema((Field("c", type_),))
    (column,) = profile_of(pl.DataFrame({"c": values}), schema, dates_are_text=dates_are_text).columns
    assert (column.name, column.type) == ("c", type_)
    return column


def texts(*values: str | None, dates_are_text: bool = True) -> FieldStatistics:
    return profiled(pl.Series(values, dtype=pl.String), FieldType.STRING, dates_are_text=dates_are_text)


def test_columns_follow_the_schema_and_are_reported_one_by_one() -> None:
    file = io.BytesIO()
    pl.DataFrame({"_id": [1, 2], "a": [1, 2], "b": ["x", "y"]}).write_parquet(file)
    reports: list[tuple[Stage, int, int | None]] = []
    found = profile(
        [file],
        Schema((Field("b", FieldType.STRING), Field("a", FieldType.INTEGER))),
        dates_are_text=True,
        report=lambda *told: reports.append(told),
    )
    assert [column.name for column in found.columns] == ["b", "a"]
    assert found.rows == 2
    assert reports == [("profile", 1, 2), ("profile", 2, 2)]


def test_columns_of_long_tables_are_described_as_those_of_short_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    types = {"t0": FieldType.STRING, "n0": FieldType.INTEGER, "t1": FieldType.STRING, "n1": FieldType.INTEGER}
    frame = pl.DataFrame({name: [1, 2] if type_ is FieldType.INTEGER else ["a", "b"] for name, type_ in types.items()})
    schema = Schema(tuple(Field(name, type_) for name, type_ in types.items()))
    short = profile_of(frame, schema, dates_are_text=True)
    monkeypatch.setattr("entrepot_adapters.polars.profiling.table._LONG", 0)
    assert profile_of(frame, schema, dates_are_text=True) == short


def test_what_a_report_raises_ends_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cancel is raised by a report once, and no other thread goes on with the columns that are left."""
    file = io.BytesIO()
    frame = pl.DataFrame({f"n{number}": [1] for number in range(40)})
    frame.write_parquet(file)
    monkeypatch.setattr(StoredTable, "together", 1)
    told: list[int] = []

    def report(_stage: Stage, done: int, _total: int | None) -> None:
        told.append(done)
        if done == 1:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        profile(
            [file],
            Schema(tuple(Field(name, FieldType.INTEGER) for name in frame.columns)),
            dates_are_text=True,
            report=report,
        )
    assert len(told) <= 3


def test_a_file_on_disk_is_read_wherever_it_stands(tmp_path: pytest.TempPathFactory) -> None:
    path = f"{tmp_path}/table.parquet"
    with open(path, "w+b") as file:  # noqa: PTH123 - a plain open file is what is meant
        pl.DataFrame({"a": [3, 1, 2]}).write_parquet(file)
        found = profile([file], Schema((Field("a", FieldType.INTEGER),)), dates_are_text=False, report=no_report)
        assert found.columns[0].count == 3


class TestTexts:
    def test_the_missing_texts_are_those_of_pandas(self) -> None:
        told = "\n".join(f'"{text}",x' for text in MISSING_TEXTS)
        assert pd.read_csv(io.StringIO(f"c,d\n{told}\nx,x\n"))["c"].count() == 1
        known = importlib.import_module("pandas._libs.parsers").STR_NA_VALUES  # no public name tells them
        assert set(MISSING_TEXTS) == set(known)

    def test_pandas_sees_no_missing_texts_where_it_reads_no_text(self) -> None:
        assert texts("NA", "x", "NA").distinct == Distinct(count=1, unique=1, top="x", freq=1)
        found = texts("NA", "x", "NA", dates_are_text=False)
        assert found.distinct == Distinct(count=3, unique=2, top="NA", freq=2)

    def test_frequencies_count_what_stands_there(self) -> None:
        found = texts("b", "NA", "a", "", "b", None)
        assert (found.count, found.missing) == (5, 1)
        assert found.frequencies is not None
        assert list(found.frequencies.items()) == [("b", 2), ("NA", 1), ("a", 1), ("", 1)]

    def test_truth_values_beside_missing_texts_are_truth_values_to_pandas(self) -> None:
        found = texts("True", "NA", "false", "TRUE").distinct
        assert found == Distinct(count=3, unique=2, top=True, freq=2)
        theirs = pd.read_csv(io.StringIO("c\nTrue\nNA\nfalse\nTRUE\n")).describe()["c"]
        assert theirs.tolist() == [3, 2, True, 2]

    @pytest.mark.parametrize(
        ("different", "rows", "are_labels"),
        [(10, 10, True), (11, 54, False), (11, 55, True), (1000, 5000, True), (1001, 6000, False)],
    )
    def test_few_different_ones_are_labels(self, different: int, rows: int, are_labels: bool) -> None:  # noqa: FBT001 - a parameter of the test
        found = texts(*(f"label {row % different}" for row in range(rows)))
        assert (found.frequencies is not None) is are_labels
        assert found.distinct == Distinct(
            count=rows, unique=different, top="label 0", freq=len(range(0, rows, different))
        )

    def test_long_texts_are_no_labels(self) -> None:
        long = ["a" * 200_000, "b" * 200_000]
        found = texts("short", *long, *long)
        assert found.frequencies is None
        assert found.distinct == Distinct(count=5, unique=3, top=long[0], freq=2)

    def test_lengths_are_told_in_characters(self) -> None:
        found = texts("東京", "abc", None, "")
        assert found.summary is not None
        assert (found.summary.min, found.summary.median, found.summary.max) == (0, 2.0, 3)
        assert found.histogram == Histogram(counts=(1, 0, 1, 1), edges=(0, 1, 2, 3, 4))

    @given(values=st.lists(st.text(max_size=40), min_size=1, max_size=50))
    def test_lengths_are_summed_up_as_numbers_are(self, values: list[str]) -> None:
        lengths = pd.Series([float(len(value)) for value in values]).describe()
        found = texts(*values).summary
        assert found is not None
        told = [found.min, found.q25, found.median, found.q75, found.max]
        assert told == lengths[["min", "25%", "50%", "75%", "max"]].tolist()
        assert found.mean == pytest.approx(lengths["mean"], rel=1e-12)
        assert found.std is None if len(values) == 1 else found.std == pytest.approx(lengths["std"], rel=1e-12)

    def test_categories_are_texts(self) -> None:
        found = profiled(pl.Series(["a", "b", "a"], dtype=pl.Categorical), FieldType.STRING)
        assert found.frequencies == {"a": 2, "b": 1}

    def test_no_text_at_all(self) -> None:
        found = texts(None, None)
        assert (found.count, found.missing, found.histogram) == (0, 2, None)
        assert found.distinct == Distinct(count=0, unique=0, top=None, freq=None)
        assert found.summary == Summary(mean=None, std=None, min=None, q25=None, median=None, q75=None, max=None)


def test_binary_has_lengths_in_bytes_and_a_top_one_in_base64() -> None:
    found = profiled(pl.Series([b"\xff\x00", b"", None, b"\xff\x00"]), FieldType.BINARY, dates_are_text=False)
    assert found.distinct == Distinct(count=3, unique=2, top="/wA=", freq=2)
    assert found.summary is not None
    assert (found.summary.min, found.summary.max) == (0, 2)


@pytest.mark.parametrize("dtype", [pl.List(pl.Int64), pl.List(pl.List(pl.String))])
def test_lists_have_lengths(dtype: pl.DataType) -> None:
    found = profiled(pl.Series([[], None, [None, None]], dtype=dtype), FieldType.JSON)
    assert (found.count, found.missing, found.distinct) == (2, 1, None)
    assert found.summary is not None
    assert (found.summary.min, found.summary.max) == (0, 2)


def test_arrays_are_as_long_as_their_type_says() -> None:
    found = profiled(pl.Series([[1, 2, 3], None], dtype=pl.Array(pl.Int64, 3)), FieldType.JSON)
    assert found.summary is not None
    assert (found.summary.min, found.summary.max) == (3, 3)


def test_structures_are_only_counted() -> None:
    found = profiled(pl.Series([{"a": 1}, None]), FieldType.JSON)
    assert found == FieldStatistics(name="c", type=FieldType.JSON, count=1, missing=1)


def test_documents_kept_as_text_are_told_apart() -> None:
    found = profiled(pl.Series(['{"a": 1}', "[]", "[]"]), FieldType.JSON)
    assert found.distinct == Distinct(count=3, unique=2, top="[]", freq=2)


def test_booleans_have_frequencies_and_the_first_of_equals_on_top() -> None:
    found = profiled(pl.Series([None, False, True]), FieldType.BOOLEAN)
    assert found.frequencies == {"False": 1, "True": 1}
    assert found.distinct == Distinct(count=2, unique=2, top=False, freq=1)
    assert (found.count, found.missing) == (2, 1)


class TestTimes:
    def test_a_date_is_told_by_the_moment_it_begins(self) -> None:
        found = profiled(pl.Series([dt.date(2024, 1, 1), dt.date(2024, 1, 2)]), FieldType.DATE)
        assert found.summary is not None
        assert (found.summary.min, found.summary.mean) == ("2024-01-01T00:00:00", "2024-01-01T12:00:00")
        assert found.distinct is not None
        assert found.distinct.top == "2024-01-01"
        edges = ("2024-01-01T00:00:00", "2024-01-02T00:00:00", "2024-01-03T00:00:00")
        assert found.histogram == Histogram(counts=(1, 1), edges=edges)

    def test_the_deviation_is_told_in_seconds(self) -> None:
        moments = [dt.datetime(2024, 1, 1, 0, 0, second, tzinfo=dt.UTC) for second in (0, 2)]
        found = profiled(pl.Series(moments), FieldType.DATETIME)
        assert found.summary is not None
        assert found.summary.std == pytest.approx(2**0.5)
        assert (found.summary.min, found.summary.max) == ("2024-01-01T00:00:00Z", "2024-01-01T00:00:02Z")

    def test_of_dates_that_are_there_as_often_the_first_is_on_top(self) -> None:
        found = profiled(pl.Series([None, dt.date(1970, 1, 5), dt.date(1970, 1, 1)]), FieldType.DATE)
        assert found.distinct == Distinct(count=2, unique=2, top="1970-01-05", freq=1)
        days = [dt.date(2024, 1, day) for day in (4, 3, 1, 1, 3)]
        found = profiled(pl.Series(days), FieldType.DATE)
        assert found.distinct == Distinct(count=5, unique=3, top="2024-01-03", freq=2)

    def test_a_most_frequent_date_is_found_however_late_it_comes(self) -> None:
        days = [dt.date(1900, 1, 1) + dt.timedelta(days=number) for number in range(40_000)]
        found = profiled(pl.Series([*days, days[30_000], days[35_000]]), FieldType.DATE).distinct
        assert found == Distinct(count=40_002, unique=40_000, top=days[30_000].isoformat(), freq=2)

    def test_times_of_day_have_a_middle(self) -> None:
        found = profiled(pl.Series([dt.time(8), dt.time(9, 30)]), FieldType.TIME)
        assert found.summary is not None
        assert (found.summary.mean, found.summary.max) == ("08:45:00", "09:30:00")

    def test_durations_read_as_in_pandas(self) -> None:
        found = profiled(pl.Series([dt.timedelta(hours=-1), dt.timedelta(days=2, seconds=1.5)]), FieldType.DURATION)
        assert found.summary is not None
        assert found.summary.min == pd.Timedelta(hours=-1).isoformat()
        assert found.summary.max == pd.Timedelta(days=2, seconds=1.5).isoformat()


def test_the_ends_of_integers_are_exact() -> None:
    found = profiled(pl.Series([2**53 + 1, None, 2**63 - 1, -(2**63)]), FieldType.INTEGER).summary
    assert found is not None
    assert (found.min, found.max) == (-(2**63), 2**63 - 1)


def test_nan_is_missing_and_infinity_is_there() -> None:
    found = profiled(pl.Series([1.0, float("nan"), float("inf"), None]), FieldType.NUMBER)
    assert (found.count, found.missing) == (2, 2)
    assert found.summary is not None
    assert (found.summary.min, found.summary.max, found.summary.mean) == (1.0, None, None)
    assert found.histogram is not None
    assert found.histogram.counts == (1,)
