"""Texts that stand for null among the values of a sheet do so as they do in CSV, and in the same words."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest

from tests.adapters.polars.test_import_csv import read
from tests.adapters.polars.workbooks import sheet
from tests.contracts.loading import Loaded


def column(values: Sequence[object]) -> Loaded:
    return read(sheet([["a", "b"], *([value, "x"] for value in values)]))


@pytest.mark.parametrize("token", ["-", "--", "\N{EN DASH}", "?", "..", "unknown", "n.a.", "(null)"])
@pytest.mark.parametrize(
    "values",
    [
        [1, 2],
        [0.1, 1e-7, 1e20, 123456789.123],
        [True, False],
        [date(2024, 1, 31), date(2024, 2, 1)],
        [datetime(2024, 1, 31, 5, 6), datetime(2024, 2, 1)],  # noqa: DTZ001 - naive, as in sheets
        [time(8, 30), time(0, 0)],
        [timedelta(hours=30), timedelta(hours=1)],
    ],
)
def test_a_text_for_nothing_among_values_of_one_type_is_null(token: str, values: list[object]) -> None:
    loaded = column([*values, token, values[0]])
    assert loaded.values("a") == [*values, None, values[0]]
    assert loaded.types["a"] == column(values).types["a"]
    assert loaded.imported.report.warnings == (f"Column 'a': {token!r} was read as null.",)


@pytest.mark.parametrize(
    ("tokens", "told"),
    [
        (["-"] * 10, "'-' was read as null."),
        (["unknown", "N/A"], "'N/A' and 'unknown' were read as null."),
        (["unknown", "-", "-"], "3 values, among them '-' and 'unknown', were read as null."),
    ],
)
def test_it_is_told_in_the_words_for_csv_however_many_there_are(tokens: list[str], told: str) -> None:
    lines = "".join(f"{value},x\n" for value in ["a", 1, *tokens, 2])
    for loaded in (column([1, *tokens, 2]), read(lines)):
        assert (loaded.types["a"], loaded.imported.report.warnings) == ("integer", (f"Column 'a': {told}",))


@pytest.mark.parametrize(
    "values",
    [
        ["-", "-", None],
        ["x", "y", "-"],
        [1, 2, "x", "y", "-"],
        ["2024-01-31 00:00:00", "2024-02-01 00:00:00", "-"],
        [date(2024, 1, 31), "2024-02-01 00:00:00", "-"],
        ["true", "false", "-"],
    ],
)
def test_it_stays_among_texts(values: list[object]) -> None:
    loaded = column(values)
    assert loaded.types["a"] == "string"
    assert "-" in loaded.values("a")
    assert "read as null" not in loaded.warnings


def test_among_numbers_stored_as_text_it_stays_and_is_null_once_the_type_is_asked_for() -> None:
    told = "Column 'a' holds numbers stored as text; ask for the type number to read them as such."
    assert column(["1", "2.5", "-"]).imported.report.warnings == (told,)
    content = sheet([["a"], ["1"], ["2.5"], ["-"]])
    loaded = read(content, types={"a": "number"})
    assert loaded.values("a") == [1, 2.5, None]
    assert loaded.imported.report.warnings == ("Column 'a': '-' was read as null.",)
