"""Values that Python's floats and times would cut off, as they are read and written back."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import polars as pl
import pytest

import entrepot
from tests.apps.library.conftest import Add

LONG = Decimal("12345678901234567.89")
NEXT = Decimal("12345678901234567.90")
NOON = datetime.fromisoformat("2024-01-01T12:00:00")


def amounts() -> pl.DataFrame:
    amount = pl.Series("amount", [LONG, Decimal("1.10"), NEXT, None], dtype=pl.Decimal(38, 2))
    return pl.DataFrame([amount, pl.Series("float", [0.5, 1.5, 2.5, None])])


def nested() -> pl.DataFrame:
    kind = pl.Struct({"a": pl.Decimal(38, 2), "n": pl.Int64})
    lists = pl.Series("lists", [[LONG], None], dtype=pl.List(pl.Decimal(38, 2)))
    return pl.DataFrame([lists, pl.Series("objects", [{"a": Decimal("1.10"), "n": 2}, None], dtype=kind)])


def moments() -> pl.DataFrame:
    start = 1_704_110_400_000_000_000
    return pl.DataFrame(
        [
            pl.Series("at", [start, start + 1, None]).cast(pl.Datetime("ns")),
            pl.Series("usual", [start, start + 1000, None]).cast(pl.Datetime("ns")),
            pl.Series("clock", [1000, 1500, None]).cast(pl.Time()),
            pl.Series("lasted", [1000, 1500, None]).cast(pl.Duration("ns")),
        ]
    )


def test_decimals_are_read_as_decimals_with_the_digits_of_their_column(add: Add) -> None:
    exact = add(amounts())
    rows = exact.rows()
    assert [str(row["amount"]) for row in rows] == [str(LONG), "1.10", str(NEXT), "None"]
    assert [row["float"] for row in rows] == [0.5, 1.5, 2.5, None]
    assert {type(row["float"]) for row in list(rows)[:3]} == {float}
    assert (exact.row(1)["amount"], str(exact.row(2)["amount"])) == (LONG, "1.10")
    assert rows.frame()["amount"].to_list() == [LONG, Decimal("1.10"), NEXT, None]


def test_values_of_decimals_are_counted_as_decimals(add: Add) -> None:
    facets = add(amounts()).facets("amount", "float")
    assert facets["amount"] == [(Decimal("1.10"), 1), (LONG, 1), (NEXT, 1), (None, 1)]
    assert facets["float"][0] == (0.5, 1)
    assert facets.frame("amount")["amount"].to_list() == [Decimal("1.10"), LONG, NEXT, None]


def test_a_decimal_that_was_read_is_written_back_as_it_was(add: Add) -> None:
    exact = add(amounts())
    exact.update({2: {"amount": exact.row(1)["amount"]}})
    assert exact.frame()["amount"].to_list() == [LONG, LONG, NEXT, None]


def test_versions_whose_decimals_differ_beyond_a_floats_digits_differ(add: Add) -> None:
    exact = add(amounts())
    exact.update({1: {"amount": NEXT}})
    assert exact.diff().rows[0].changed == {"amount": (LONG, NEXT)}


def test_versions_are_compared_by_values_of_one_type(add: Add) -> None:
    exact = add(moments())
    exact.update({1: {"at": exact.row(2)["at"]}, 3: {"usual": NOON}})
    exact.drop_rows([2])
    first, second, third = exact.diff(1, 3).rows
    assert first.changed == {"at": ("2024-01-01T12:00:00", "2024-01-01T12:00:00.000000001")}
    assert (second.before is not None, second.after) == (True, None)
    assert third.changed == {"usual": (None, NOON)}


def test_items_of_a_collection_have_decimals(add: Add) -> None:
    exact = add(amounts()).edit(published=True)
    assert [item["amount"] for item in exact.collection(limit=1)] == [LONG]
    assert exact.item(1)["amount"] == LONG


def test_decimals_within_lists_and_objects_are_decimals(add: Add) -> None:
    exact = add(nested())
    assert [row["lists"] for row in exact.rows()] == [[LONG], None]
    assert exact.row(1)["objects"] == {"a": Decimal("1.10"), "n": 2}
    assert str(exact.row(1)["objects"]["a"]) == "1.10"
    exact.update({2: exact.row(1)})
    assert exact.frame()["lists"].to_list() == [[LONG], [LONG]]


def test_objects_that_hold_floats_beside_decimals_are_read_with_floats(add: Add) -> None:
    kind = pl.Struct({"a": pl.Decimal(38, 2), "f": pl.Float64})
    exact = add(pl.DataFrame({"mixed": pl.Series([{"a": Decimal("1.10"), "f": 0.5}], dtype=kind)}))
    assert {type(value) for value in exact.row(1)["mixed"].values()} == {float}


def test_a_column_with_nanoseconds_is_text_so_that_none_are_lost(add: Add) -> None:
    exact = add(moments())
    rows = exact.rows()
    assert [row["at"] for row in rows] == ["2024-01-01T12:00:00", "2024-01-01T12:00:00.000000001", None]
    assert [row["usual"] for row in rows] == [NOON, NOON.replace(microsecond=1), None]
    assert [row["clock"] for row in rows] == ["00:00:00.000001", "00:00:00.000001500", None]
    assert [row["lasted"] for row in rows] == ["PT0.000001S", "PT0.0000015S", None]
    assert exact.rows(limit=1)[0] == {
        "_id": 1,
        "at": NOON,
        "usual": NOON,
        "clock": time(microsecond=1),
        "lasted": timedelta(microseconds=1),
    }
    assert [value for value, _ in exact.facets("at")["at"]] == [row["at"] for row in rows]
    assert rows.frame()["at"].dtype == pl.String


def test_nanoseconds_that_were_read_are_written_back_as_they_were(add: Add) -> None:
    exact = add(moments())
    exact.update({3: exact.row(2)})
    frame = exact.frame()
    assert all(frame[name][1] == frame[name][2] for name in frame.columns)
    assert frame["at"].dt.nanosecond().to_list() == [0, 1, 1]
    assert exact.rows(at=exact.row(2)["at"]).total == 2


def test_text_that_looks_like_nanoseconds_leaves_times_as_they_are(add: Add) -> None:
    exact = add(pl.DataFrame({"text": ["00:00:00.123456789"], "at": [NOON]}))
    assert exact.row(1)["at"] == NOON


@pytest.mark.parametrize("number", [Decimal("1e400"), 10**5000, Decimal("-Infinity")], ids=["1e400", "long", "inf"])
@pytest.mark.parametrize("column", ["amount", "float"])
def test_a_number_that_no_column_holds_is_refused_with_its_place(add: Add, column: str, number: object) -> None:
    with pytest.raises(entrepot.InvalidRows) as caught:
        add(amounts()).append([{}, {column: number}])
    assert [(error.row, error.column) for error in caught.value.errors] == [(2, column)]


def test_a_nan_within_a_document_is_null_as_everywhere(add: Add) -> None:
    documents = add(b'[{"doc":{"x":1}},{"doc":[1]}]')
    documents.update({1: {"doc": {"x": float("nan")}}, 2: {"doc": [Decimal("nan"), Decimal("1.5")]}})
    assert [row["doc"] for row in documents.rows()] == [{"x": None}, [None, 1.5]]


def test_a_date_that_python_has_not_leaves_decimals_exact(add: Add) -> None:
    far = pl.Series("far", [4_000_000]).cast(pl.Date)
    exact = add(pl.DataFrame([far, pl.Series("amount", [LONG], dtype=pl.Decimal(38, 2))]))
    assert exact.row(1)["amount"] == LONG


def card_of(shown: object) -> str:
    """What a notebook shows."""
    return str(getattr(shown, "_repr_html_")())  # noqa: B009 - notebooks call it, and no one else


def test_a_card_shows_all_digits(add: Add) -> None:
    exact = add(amounts())
    for card in map(card_of, (exact, exact.rows(), exact.facets("amount"))):
        assert f"<td class='n'><bdi>{LONG}</bdi></td>" in card
        assert "<td class='n'><bdi>1.10</bdi></td>" in card
    assert "<bdi>[12345678901234567.89]</bdi>" in card_of(add(nested()).rows())
