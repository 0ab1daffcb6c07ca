"""What of a profile is described, and in which rows; that pandas says the same is told in tests/adapters/polars."""

from entrepot_core.describing import describe
from entrepot_core.profile import Distinct, FieldStatistics, Profile, Summary
from entrepot_core.schema import FieldType

NUMERIC_ROWS = ["count", "mean", "std", "min", "25%", "50%", "75%", "max"]
OBJECT_ROWS = ["count", "unique", "top", "freq"]
MOMENT_ROWS = ["count", "mean", "min", "25%", "50%", "75%", "max"]


def summary(value: float | str) -> Summary:
    return Summary(mean=value, std=1.5, min=value, q25=value, median=value, q75=value, max=value)


NUMBER = FieldStatistics(name="n", type=FieldType.INTEGER, count=2, missing=0, summary=summary(3))
TEXT = FieldStatistics(
    name="t", type=FieldType.STRING, count=2, missing=0, distinct=Distinct(count=2, unique=1, top="x", freq=2)
)
DATE = FieldStatistics(
    name="d",
    type=FieldType.DATE,
    count=2,
    missing=0,
    summary=summary("2024-01-01T00:00:00"),
    distinct=Distinct(count=2, unique=1, top="2024-01-01", freq=2),
)
NESTED = FieldStatistics(name="j", type=FieldType.JSON, count=2, missing=0)


def of(*columns: FieldStatistics, rows: int = 2, dates_are_text: bool = True) -> Profile:
    return Profile(rows=rows, columns=columns, dates_are_text=dates_are_text)


def test_numbers_are_described_alone_and_as_floats() -> None:
    told = describe(of(TEXT, NUMBER, DATE), include_all=False)
    assert told == {"n": dict(zip(NUMERIC_ROWS, [2, 3.0, 1.5, 3.0, 3.0, 3.0, 3.0, 3.0], strict=True))}
    assert isinstance(told["n"]["min"], float)


def test_without_numbers_everything_is_described_as_objects() -> None:
    told = describe(of(TEXT, DATE), include_all=False)
    assert told == {
        "t": dict(zip(OBJECT_ROWS, [2, 1, "x", 2], strict=True)),
        "d": dict(zip(OBJECT_ROWS, [2, 1, "2024-01-01", 2], strict=True)),
    }


def test_of_all_columns_the_rows_stand_as_in_pandas() -> None:
    """The shortest description gives its rows first: that of texts, which dates are to pandas' reader."""
    told = describe(of(NUMBER, TEXT, DATE), include_all=True)
    expected = ["count", "unique", "top", "freq", "mean", "std", "min", "25%", "50%", "75%", "max"]
    assert [list(cells) for cells in told.values()] == [expected] * 3
    assert told["d"]["std"] is None
    assert told["d"]["top"] is None
    assert told["n"]["freq"] is None


def test_of_numbers_and_datetimes_too() -> None:
    moment = FieldStatistics(
        name="m", type=FieldType.DATETIME, count=2, missing=0, summary=summary("2024-01-01T00:00:00")
    )
    told = describe(of(NUMBER, moment, dates_are_text=False), include_all=False)
    assert [list(cells) for cells in told.values()] == [[*MOMENT_ROWS, "std"]] * 2


def test_datetimes_of_a_time_zone_are_no_part_of_the_plain_description() -> None:
    moment = FieldStatistics(
        name="m", type=FieldType.DATETIME, count=2, missing=0, summary=summary("2024-01-01T00:00:00Z")
    )
    assert list(describe(of(NUMBER, moment, dates_are_text=False), include_all=False)) == ["n"]


def test_nested_values_are_only_counted() -> None:
    assert describe(of(NESTED), include_all=True) == {"j": {"count": 2, "unique": None, "top": None, "freq": None}}


def test_a_text_files_column_without_a_value_is_one_of_nan() -> None:
    """Also where all that stands there are texts that pandas takes for missing."""
    nothing = FieldStatistics(
        name="t", type=FieldType.STRING, count=2, missing=0, distinct=Distinct(count=0, unique=0, top=None, freq=None)
    )
    told = describe(of(nothing, TEXT), include_all=False)
    assert told == {"t": dict(zip(NUMERIC_ROWS, [0, *[None] * 7], strict=True))}


def test_a_text_file_without_rows_has_columns_of_objects() -> None:
    empty = FieldStatistics(
        name="n", type=FieldType.STRING, count=0, missing=0, distinct=Distinct(count=0, unique=0, top=None, freq=None)
    )
    told = describe(of(empty, rows=0), include_all=False)
    assert told == {"n": {"count": 0, "unique": 0, "top": None, "freq": None}}


def test_a_table_without_columns_has_nothing_to_describe() -> None:
    assert describe(of(rows=0), include_all=True) == {}
