"""How text is read as numbers and dates the way people write them in different places."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.errors import InvalidOption
from tests.adapters.polars.test_import_csv import read, refusal
from tests.contracts.loading import Loaded

SAMPLE = 10_000
"""More rows than types are guessed by."""


def load(*values: str, **options: object) -> Loaded:
    return read("\n".join(["a;b", *(f"{value};." for value in values)]), delimiter=";", **options)


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (["1,234,567.89", "12"], [1234567.89, 12.0]),
        (["1.234.567,89", "-12"], [1234567.89, -12.0]),
        (["1 234 567,89", "0,5"], [1234567.89, 0.5]),
        (["1\N{NO-BREAK SPACE}234.5", "+0.5"], [1234.5, 0.5]),
        (["1\N{NARROW NO-BREAK SPACE}234", "12"], [1234, 12]),
        (["1'234.50", "3"], [1234.5, 3.0]),
        (["1\N{RIGHT SINGLE QUOTATION MARK}234", "1\N{RIGHT SINGLE QUOTATION MARK}234'567"], [1234, 1234567]),
        (["3,14", "2"], [3.14, 2.0]),
        (["1,5e3", "2"], [1500.0, 2.0]),
        (["1,234", "5,67"], [1.234, 5.67]),
        (["1,234", "0,123"], [1.234, 0.123]),
        (["1,234", "1,234,567"], [1234, 1234567]),
        (["1,234", "999.5"], [1234.0, 999.5]),
        (["1.234", "1.234.567"], [1234, 1234567]),
        (["912 345 678", "1 234"], [912345678, 1234]),
        ([" 3,14", "2 "], [3.14, 2.0]),
        (["3,14", "-", "n.a."], [3.14, None, None]),
    ],
)
def test_numbers_with_marks_are_numbers_and_that_is_told(values: list[str], numbers: list[float]) -> None:
    loaded = load(*values)
    assert loaded.values("a") == numbers
    assert "'a' was read as" in loaded.warnings
    first, *rest = values
    assert load(*[first] * (SAMPLE + 1), *rest).values("a")[SAMPLE:] == numbers, "the same where the others come late"


@pytest.mark.parametrize(
    "values",
    [
        ["1.5", "1,5"],
        ["1,234.5", "1.234,5"],
        ["1,23,456.7"],
        ["1,2345,678"],
        ["01,234.5"],
        ["1.234.567", "+1.234.567"],
        ["9007199254740993", "1,5"],
        ["12%"],
        ["\N{EURO SIGN} 12,50"],
        ["$1,234.50"],
        ["12-"],
        ["(12)"],
        ["1,2,3"],
    ],
)
def test_what_is_no_number_in_any_one_way_stays_text(values: list[str]) -> None:
    assert load(*values).values("a") == values


@pytest.mark.parametrize(
    "values",
    [
        ["555-1234"],
        ["(555) 123 456"],
        ["+1 234 567"],
        ["+47 22 33 44 55"],
        ["912 345 678", "600 123 456"],
        ["912.345.678"],
        ["192.168.1.1"],
        ["192.168.100.100"],
        ["1.2.3", "1.2.4"],
        ["3.11.12"],
        ["123 45"],
        ["SW1A 1AA"],
        ["00501", "90210"],
        ["12-34-5678"],
        ["123-45-6789"],
        ["10:20:30:40:50:60"],
        ["2024-W05"],
        ["2024-05"],
    ],
)
def test_codes_are_texts(values: list[str]) -> None:
    assert load(*values).values("a") == values


def test_groups_that_could_be_telephone_numbers_are_told_of() -> None:
    assert "telephone's, in its values; ask for an integer if they are numbers" in load("912 345 678").warnings
    assert load("912 345 678", types={"a": "integer"}).values("a") == [912345678]
    assert "telephone" in load(*["912 345 678"] * (SAMPLE + 1)).warnings


def test_commas_that_could_mean_two_things_stay_text_and_that_is_told() -> None:
    loaded = load("1,234", "5,678")
    assert loaded.values("a") == ["1,234", "5,678"]
    assert "commas" in loaded.warnings


@pytest.mark.parametrize(("other", "values"), [("1.5", [1234, 5678]), ("1,5", [1.234, 5.678])])
def test_other_columns_tell_what_commas_mean(other: str, values: list[float]) -> None:
    loaded = read(f"a;b\n1,234;{other}\n5,678;{other}\n", delimiter=";")
    assert loaded.values("a") == values
    assert "other columns" in loaded.warnings


def test_other_columns_of_two_minds_tell_nothing() -> None:
    assert read("a;b;c\n1,234;1.5;1,5\n", delimiter=";").values("a") == ["1,234"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("number", "1,5", 1.5),
        ("number", "1.234,5", 1234.5),
        ("number", "1,234.5", 1234.5),
        ("integer", "1,234", 1234),
        ("integer", "912 345 678", 912345678),
        ("date", "20240131", date(2024, 1, 31)),
        ("date", "31.12.24", date(2024, 12, 31)),
        ("date", "12-Jan-69", date(2069, 1, 12)),
        ("date", "12-Jan-70", date(1970, 1, 12)),
        ("string", "1,234.5", "1,234.5"),
    ],
)
def test_what_is_asked_for_is_read_in_every_way(kind: str, text: str, value: object) -> None:
    assert load(text, types={"a": kind}).values("a") == [value]


def test_a_type_asked_for_that_fits_in_two_ways_is_refused() -> None:
    with pytest.raises(InvalidOption, match="commas"):
        load("1,234", types={"a": "number"})


def test_a_number_that_is_none_in_any_way_is_named() -> None:
    error = refusal("a;b\n1,5;x\n2,5;x\n1.5;x\n", delimiter=";", types={"a": "number"})
    assert (error.row, error.value) == (3, "1.5")


@pytest.mark.parametrize(
    ("values", "read_as"),
    [
        (["2024-01-31", "31.1.2024"], [date(2024, 1, 31)] * 2),
        (["2024-01-31", "31/1/2024", "1/2/2024"], [date(2024, 1, 31), date(2024, 1, 31), date(2024, 2, 1)]),
        (["2024-01-31", "1/31/2024", "1-2-2024"], [date(2024, 1, 31), date(2024, 1, 31), date(2024, 1, 2)]),
        (["12 Jan 2024", "12-JAN-2024", "January 12, 2024", "2024/1/12"], [date(2024, 1, 12)] * 4),
        (["2024-01-31 12:30:00", "31.1.2024 12:30", "1/31/2024 12:30 PM"], [datetime(2024, 1, 31, 12, 30)] * 3),  # noqa: DTZ001 - naive stays naive
        (["2024-01-31 12:30:00", "2024-01-31T12:30"], [datetime(2024, 1, 31, 12, 30)] * 2),  # noqa: DTZ001 - likewise
    ],
)
def test_dates_of_several_forms_are_read_each_for_itself_and_that_is_told(
    values: list[str], read_as: list[object]
) -> None:
    loaded = load(*values)
    assert loaded.values("a") == read_as
    assert "several forms" in loaded.warnings
    first, *rest = values
    assert load(*[first] * (SAMPLE + 1), *rest).values("a")[SAMPLE:] == read_as, "the same where the others come late"


@pytest.mark.parametrize(
    "values",
    [
        ["2024-01-31", "1/2/2024"],
        ["2024-01-31", "13/2/2024", "2/13/2024"],
        ["2024-01-31", "31.2.2024"],
        ["2024-01-31", "soon"],
        ["31/12/24"],
        ["12-Jan-24"],
        ["12 Janx 2024"],
    ],
)
def test_dates_that_are_not_certain_stay_text(values: list[str]) -> None:
    assert load(*values).values("a") == values


def test_years_of_two_digits_are_told_of() -> None:
    assert "two digits" in load("31/12/24").warnings
    assert "two digits" not in load("3.11.12").warnings


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1/31/2024 3:04 PM", datetime(2024, 1, 31, 15, 4)),  # noqa: DTZ001 - naive stays naive
        ("1/31/2024, 12:04:05 am", datetime(2024, 1, 31, 0, 4, 5)),  # noqa: DTZ001 - likewise
        ("2024-01-31 3:04 PM", datetime(2024, 1, 31, 15, 4)),  # noqa: DTZ001 - likewise
        ("2024/1/31 15:04", datetime(2024, 1, 31, 15, 4)),  # noqa: DTZ001 - likewise
        ("Jan 31, 2024, 3:04 PM", datetime(2024, 1, 31, 15, 4)),  # noqa: DTZ001 - likewise
        ("31 January 2024 15:04", datetime(2024, 1, 31, 15, 4)),  # noqa: DTZ001 - likewise
        ("May 1, 2024", date(2024, 5, 1)),
        ("1 May 2024", date(2024, 5, 1)),
        ("3:04 PM", time(15, 4)),
        ("12:00:01 AM", time(0, 0, 1)),
        ("20240131", 20240131),
    ],
)
def test_a_moment_is_read_as_people_write_it(text: str, value: object) -> None:
    assert load(text).values("a") == [value]


@pytest.mark.parametrize("text", ["2024-01-31 12:30:00 UTC", "2024-01-31 14:30:00 +0200", "2024-01-31 12:30:00+00"])
def test_an_offset_may_stand_apart(text: str) -> None:
    (found,) = load(text).values("a")
    assert found.isoformat() == "2024-01-31T12:30:00+00:00"


@pytest.mark.parametrize(
    "token", ["-", "--", "\N{EM DASH}", ".", "?", "n.a.", "NONE", "Missing", "unknown", r"\N", "#DIV/0!", "NaT"]
)
def test_what_people_write_for_nothing_is_null_only_among_values_that_are_no_text(token: str) -> None:
    loaded = load("1.5", token)
    assert loaded.values("a") == [1.5, None]
    assert repr(token) in loaded.warnings
    assert load("2024-01-31", token).values("a") == [date(2024, 1, 31), None]
    assert load("x", token).values("a") == ["x", token]
    assert load(token, "").values("a") == [token, None]


GROUPS = {",": ".", ".": ",", " ": ",", "'": "."}


@given(
    st.lists(st.decimals(-(10**12), 10**12, places=2).map(lambda number: number + 0), min_size=1, max_size=20),
    st.sampled_from(sorted(GROUPS)),
)
def test_numbers_with_marks_are_read_as_they_were_written(numbers: list[object], mark: str) -> None:
    texts = [f"{number:,}".translate(str.maketrans(",.", mark + GROUPS[mark])) for number in numbers]
    assert load(*texts, types={"a": "number"}).values("a") == [float(str(number)) for number in numbers]


FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d %b %Y", "%d-%B-%Y", "%B %d, %Y")


@given(st.lists(st.tuples(st.dates(date(1000, 1, 1)), st.sampled_from(FORMS)), min_size=1, max_size=20))
def test_dates_of_any_forms_are_the_days_they_were(days: list[tuple[date, str]]) -> None:
    assert load(*(day.strftime(form) for day, form in days)).values("a") == [day for day, _ in days]


def test_a_number_past_all_floats_is_not_made_infinite() -> None:
    loaded = read("a,b\n1e400,inf\n1,2\n")
    assert (loaded.values("a"), loaded.values("b")) == (["1e400", "1"], [float("inf"), 2.0])
    assert "lose digits" in loaded.warnings


@pytest.mark.parametrize("other", ["2,5", "1.234,56"])
def test_points_stand_between_thousands_where_other_columns_have_commas_before_decimals(other: str) -> None:
    loaded = read(f"a;b;c\n1.234;{other};1.5\n567;3,5;2\n", delimiter=";")
    assert loaded.values("a") == [1234, 567]
    assert loaded.types == {"a": "integer", "b": "number", "c": "number"}
    assert "'a' was read as whole numbers with points between thousands, as other columns show." in loaded.warnings


def test_points_stand_before_decimals_where_nothing_speaks_against_it() -> None:
    assert read("a;b\n1.234;x\n567;y\n", delimiter=";").values("a") == [1.234, 567.0]
    assert read("a;b\n1.234;x\n567;y\n", delimiter=";", types={"a": "integer"}).values("a") == [1234, 567]


def test_a_number_that_may_have_points_between_thousands_does_not_show_what_commas_mean() -> None:
    text = "n;q\n1.234;12,500\n"
    assert read(text).data.row(0) == (1.234, "12,500")
    assert read(text, decimal=",").data.row(0) == (1234, 12.5)
    assert read(text, decimal=".").data.row(0) == (1.234, 12500)
    assert read("n;q\n1.2;12,500\n").data.row(0) == (1.2, 12500), "where decimals are seen it does"


def test_of_numbers_in_which_points_could_stand_between_thousands_a_note_tells_where_the_file_has_semicolons() -> None:
    told = "'n' was read with points before decimals; if they stand between thousands, say so (option decimal)."
    assert told in read("c;n\nA;1.234\nB;980\nC;12.500\n").warnings
    assert read("c;n\nA;1.234\nB;980\nC;12.500\n").values("n") == [1.234, 980, 12.5]
    for text in ("c,n\nA,1.234\n", "c;n\nA;1.234\nB;0.5\n", "c;n\nA;1.234\nB;1234.5\n", "c;n\nA;980\n", "c;n\nA;1.5\n"):
        assert told not in read(text).warnings
    assert told not in read("c;n\nA;1.234\n", decimal=".").warnings
    late = "".join(f"x;1.{number % 900 + 100}\n" for number in range(SAMPLE + 1))
    assert told in read(f"c;n\n{late}").warnings
    assert told not in read(f"c;n\n{late}x;1.5\n").warnings
