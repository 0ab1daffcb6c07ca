"""How dates and numbers are written in a dataset holds for what comes later, where that could be meant either way."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import entrepot

EUROPEAN = b"item;price;n\nX;1.234,50;1\nZ;0,95;2\n"


@pytest.fixture
def prices() -> entrepot.Dataset:
    return entrepot.connect(":memory:").add(EUROPEAN, "prices", progress=False)


def values(dataset: entrepot.Dataset, column: str) -> list[object]:
    return dataset.frame()[column].to_list()


def test_a_comma_before_decimals_is_told_and_kept(prices: entrepot.Dataset) -> None:
    assert prices.import_report.decimal == ","
    prices.append(b"item;price;n\nY;1.234;7\n")
    prices.append(b'item,price,n\nY,"1,300",7\n')
    prices.update(b"_id;price\n1;5.678\n")
    assert values(prices, "price") == [5678, 0.95, 1234, 1.3]
    assert prices.import_report.decimal == ","


def test_a_file_in_the_place_of_another_is_read_as_that_was(prices: entrepot.Dataset) -> None:
    prices.replace(b"item;price\nX;none\n", progress=False)
    prices.replace(b"item;price\nX;1.234\nY;5.678\n", progress=False)
    assert values(prices, "price") == [1234, 5678]
    assert "as was said or was so before" in prices.import_report.warnings[0]
    prices.retype({"price": "number"}, progress=False)
    assert values(prices, "price") == [1234, 5678]


def test_what_values_show_wins(prices: entrepot.Dataset) -> None:
    prices.replace(b"item;price\nX;1.5\nY;5.678\n", progress=False)
    assert (values(prices, "price"), prices.import_report.decimal) == ([1.5, 5.678], None)


def test_other_columns_of_the_file_show_what_points_mean(prices: entrepot.Dataset) -> None:
    prices.replace(b"item;price;weight\nX;1.234;0.5\nY;5.678;12.5\n", progress=False)
    assert (values(prices, "price"), values(prices, "weight")) == ([1.234, 5.678], [0.5, 12.5])


def test_a_file_is_read_again_with_its_numbers_the_other_way() -> None:
    numbers = entrepot.connect(":memory:").add(b'v\n"1,234"\n"5,678"\n', "numbers", progress=False)
    assert values(numbers.retype(decimal=",", progress=False), "v") == [1.234, 5.678]
    assert values(numbers.retype(decimal=".", progress=False), "v") == [1234, 5678]


def test_texts_that_mean_null_are_named_and_taken_back_when_a_file_is_read_again() -> None:
    marks = entrepot.connect(":memory:").add(b"v,w\n1,a\nabsent,b\n3,c\n", "marks", progress=False)
    assert values(marks, "v") == ["1", "absent", "3"]
    marks.retype(null_values="absent", progress=False)
    assert values(marks, "v") == [1, None, 3]
    marks.retype({"w": "string"}, progress=False)
    assert values(marks, "v") == [1, None, 3]  # what was named holds on
    marks.retype(null_values="", progress=False)
    assert values(marks, "v") == ["1", "absent", "3"]


def test_the_order_of_dates_is_told_and_kept() -> None:
    days = entrepot.connect(":memory:").add(b"day\n25/06/2024\n", "days", progress=False)
    assert days.import_report.date_order == "day_first"
    days.append(b"day\n01/02/2024\n")
    assert values(days, "day") == [date(2024, 6, 25), date(2024, 2, 1)]
    days.replace(b"day\n01/02/2024\n", progress=False)
    assert (values(days, "day"), days.import_report.date_order) == ([date(2024, 2, 1)], "day_first")
    days.replace(b"day\n01/25/2024\n", progress=False)
    assert (values(days, "day"), days.import_report.date_order) == ([date(2024, 1, 25)], "month_first")
    assert "the version before, says otherwise" in days.import_report.warnings[0]


@pytest.mark.parametrize(("mark", "expected"), [(",", [1.234, 5.678]), (".", [1234, 5678])])
def test_what_stands_before_decimals_can_be_said(mark: str, expected: list[float]) -> None:
    store = entrepot.connect(":memory:")
    unsaid = store.add(b'v\n"1,234"\n"5,678"\n', "unsaid", progress=False)
    assert "option decimal" in unsaid.import_report.warnings[0]
    said = store.add(b'v\n"1,234"\n"5,678"\n', "said", decimal=mark, types={"v": "number"}, progress=False)  # type: ignore[call-overload]  # drawn
    assert values(said, "v") == expected


@given(st.lists(st.integers(1_000, 999_999), min_size=1, max_size=8))
def test_whole_numbers_with_points_between_thousands_are_read_where_a_comma_stands_before_decimals(
    numbers: list[int],
) -> None:
    text = "v\n" + "".join(f"{number:,}\n".replace(",", ".") for number in numbers)
    said = entrepot.connect(":memory:").add(text.encode(), "v", decimal=",", progress=False)
    assert values(said, "v") == numbers


def test_another_mark_is_refused() -> None:
    with pytest.raises(entrepot.InvalidOption, match="give , or"):
        entrepot.connect(":memory:").add(b"v\n1\n", "v", decimal=";", progress=False)  # type: ignore[call-overload]  # the test


def test_moments_that_are_counted_are_read_where_the_column_has_datetimes_and_that_is_told() -> None:
    found = entrepot.connect(":memory:").add(b"n,at\n1,2024-03-01T13:00:10Z\n", "visits", progress=False)
    with pytest.warns(UserWarning, match=r"^Column 'at' was read as milliseconds since 1970, in UTC\.$"):
        found.append(b"n,at\n2,1709298010123\n")
    assert values(found, "at") == [
        datetime(2024, 3, 1, 13, 0, 10, tzinfo=UTC),
        datetime(2024, 3, 1, 13, 0, 10, 123_000, tzinfo=UTC),
    ]
    with pytest.raises(entrepot.InvalidRows, match="this is no datetime"):
        found.append(b"n,at\n2,2024030113\n")


def test_counted_moments_are_read_again_where_that_was_asked_for_once() -> None:
    found = entrepot.connect(":memory:").add(b"n,at\n1,1709298010\n", "visits", progress=False)
    assert values(found, "at") == [1_709_298_010]
    found.retype({"at": "datetime"})
    assert values(found, "at") == [datetime(2024, 3, 1, 13, 0, 10, tzinfo=UTC)]
    assert "Column 'at' was read as seconds since 1970, in UTC." in found.import_report.warnings
    found.replace(b"n,at\n1,1709298011\n", progress=False)
    assert values(found, "at") == [datetime(2024, 3, 1, 13, 0, 11, tzinfo=UTC)]
