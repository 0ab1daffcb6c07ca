"""Statistics have the shape of the Hugging Face dataset viewer's."""

import pytest

from entrepot_core.profile import FieldStatistics, Histogram, Profile, Summary
from entrepot_core.schema import FieldType
from entrepot_core.statistics import Statistics, statistics

NUMBERS = Summary(mean=4275.5, std=2468.6, min=0, q25=2137.5, median=4275.0, q75=6412.5, max=8550)
MOMENTS = Summary(
    mean="2024-01-02T00:00:00",
    std=90000.5,
    min="2024-01-01T00:00:00",
    q25="2024-01-01T12:00:00",
    median="2024-01-02T00:00:00",
    q75="2024-01-02T12:00:00",
    max="2024-01-03T00:00:00",
)
LENGTHS = Histogram(counts=(3, 1), edges=(0, 5, 10))
DAYS = Histogram(counts=(3, 1), edges=("2024-01-01T00:00:00", "2024-01-02T00:00:00", "2024-01-04T00:00:00"))


def entry(column: FieldStatistics, rows: int = 4) -> tuple[object, object]:
    """The type and the statistics of a column."""
    (told,) = statistics(Profile(rows=rows, columns=(column,), dates_are_text=False)).statistics
    assert list(told) == ["column_name", "column_type", "column_statistics"]
    assert told["column_name"] == column.name
    return told["column_type"], told["column_statistics"]


def measured(histogram: Histogram, last: object) -> dict[str, object]:
    """What the viewer tells of numbers."""
    return {
        "nan_count": 1,
        "nan_proportion": 0.25,
        "min": 0,
        "max": 8550,
        "mean": 4275.5,
        "median": 4275.0,
        "std": 2468.6,
        "histogram": {"hist": list(histogram.counts), "bin_edges": [*histogram.edges[:-1], last]},
    }


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        (FieldType.INTEGER, "int"),
        (FieldType.STRING, "string_text"),
        (FieldType.JSON, "list"),
        (FieldType.BINARY, "binary"),
    ],
)
def test_of_integers_and_lengths_the_last_edge_is_the_greatest(type_: FieldType, name: str) -> None:
    column = FieldStatistics(name="c", type=type_, count=3, missing=1, summary=NUMBERS, histogram=LENGTHS)
    assert entry(column) == (name, measured(LENGTHS, 8550))


def test_of_floats_the_edges_are_as_stored() -> None:
    column = FieldStatistics(name="c", type=FieldType.NUMBER, count=3, missing=1, summary=NUMBERS, histogram=LENGTHS)
    assert entry(column) == ("float", measured(LENGTHS, 10))


@pytest.mark.parametrize("type_", [FieldType.DATE, FieldType.DATETIME])
def test_of_dates_everything_is_text(type_: FieldType) -> None:
    name, told = entry(FieldStatistics(name="c", type=type_, count=4, missing=0, summary=MOMENTS, histogram=DAYS))
    assert name == "datetime"
    assert told == {
        "nan_count": 0,
        "nan_proportion": 0.0,
        "min": "2024-01-01T00:00:00",
        "max": "2024-01-03T00:00:00",
        "mean": "2024-01-02T00:00:00",
        "median": "2024-01-02T00:00:00",
        "std": "1 day, 1:00:00.500000",
        "histogram": {
            "hist": [3, 1],
            "bin_edges": ["2024-01-01T00:00:00", "2024-01-02T00:00:00", "2024-01-03T00:00:00"],
        },
    }


def test_labels_have_frequencies() -> None:
    column = FieldStatistics(name="c", type=FieldType.STRING, count=3, missing=1, frequencies={"x": 2, "y": 1})
    assert entry(column) == (
        "string_label",
        {
            "nan_count": 1,
            "nan_proportion": 0.25,
            "no_label_count": 0,
            "no_label_proportion": 0.0,
            "n_unique": 2,
            "frequencies": {"x": 2, "y": 1},
        },
    )


def test_booleans_have_frequencies() -> None:
    column = FieldStatistics(name="c", type=FieldType.BOOLEAN, count=3, missing=1, frequencies={"False": 1, "True": 2})
    assert entry(column) == (
        "bool",
        {"nan_count": 1, "nan_proportion": 0.25, "frequencies": {"False": 1, "True": 2}},
    )


def test_of_structures_only_the_nulls_are_told() -> None:
    column = FieldStatistics(name="c", type=FieldType.JSON, count=3, missing=1)
    assert entry(column) == ("dict", {"nan_count": 1, "nan_proportion": 0.25})


def test_a_column_without_values_has_nothing_but_nulls() -> None:
    nothing = Summary(mean=None, std=None, min=None, q25=None, median=None, q75=None, max=None)
    column = FieldStatistics(name="c", type=FieldType.NUMBER, count=0, missing=4, summary=nothing)
    _, told = entry(column)
    assert told == {
        "nan_count": 4,
        "nan_proportion": 1.0,
        **dict.fromkeys(["min", "max", "mean", "median", "std", "histogram"]),
    }


def test_a_table_without_rows_has_no_proportions() -> None:
    _, told = entry(FieldStatistics(name="c", type=FieldType.BOOLEAN, count=0, missing=0), rows=0)
    assert told == {"nan_count": 0, "nan_proportion": 0.0, "frequencies": {}}


def test_all_rows_are_always_counted() -> None:
    assert statistics(Profile(rows=7, columns=(), dates_are_text=True)) == Statistics(
        num_examples=7, statistics=(), partial=False
    )
