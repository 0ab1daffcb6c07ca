"""Edits of rows, and the versions they make, as the library has them."""

import io
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

import entrepot


def test_an_edit_moves_this_object_on_and_no_other(store: entrepot.Store, cars: entrepot.Dataset) -> None:
    other = store["cars"]
    assert cars.append({"make": "Di"}) == [7]
    assert (cars.version, cars.shape) == (2, (7, 4))
    assert (other.version, other.shape, other.reload().version) == (1, (6, 4), 2)
    assert cars.drop_rows(7) == [7]
    assert cars.append([{"make": "Ed"}]) == [8]


def test_an_edit_that_changes_nothing_makes_no_version(cars: entrepot.Dataset) -> None:
    assert cars.append([]) == cars.update({}) == cars.drop_rows([]) == cars.drop_rows(make="Zed") == []
    assert cars.version == 1


def test_rows_come_in_as_whatever_has_rows(cars: entrepot.Dataset, tmp_path: Path) -> None:
    frame = pl.DataFrame({"make": ["Di"], "price": [9], "sold": [date(2024, 6, 1)]})
    (tmp_path / "more.csv").write_text("make;price;sold\nDi;9,0;01.06.2024\n")
    frame.write_excel(tmp_path / "more.xlsx")
    things: list[object] = [
        {"make": "Di", "price": np.float64(9), "sold": date(2024, 6, 1)},
        ({"make": "Di", "price": Decimal(9), "sold": "2024-06-01"} for _ in range(1)),
        frame,
        frame.lazy(),
        frame.to_arrow(),
        frame.to_pandas(),
        tmp_path / "more.csv",
        str(tmp_path / "more.xlsx"),
        b'{"make": "Di", "price": 9, "sold": "2024-06-01"}',
        io.StringIO("make,price,sold\nDi,9.0,2024-06-01\n"),
    ]
    for thing in things:
        numbers = cars.append(thing)  # type: ignore[arg-type]  # each of them is fit
        assert cars.row(numbers[0]) == {
            "_id": numbers[0], "make": "Di", "price": 9.0, "doors": None, "sold": date(2024, 6, 1),
        }  # fmt: skip


def test_a_files_columns_are_read_as_the_types_of_the_dataset(store: entrepot.Store) -> None:
    codes = store.add(b"code,at\n007,2024-01-05T10:00:00\n", "codes", progress=False)
    assert codes.append(b"code,at\n12,2024-01-06\n") == [2]
    assert codes.row(2) == {"_id": 2, "code": "12", "at": datetime(2024, 1, 6)}  # noqa: DTZ001 - the data has no zone
    with pytest.raises(entrepot.InvalidRows, match="row 1, column at: this is no datetime"):
        codes.append(b"code,at\n13,soon\n")


def test_values_of_every_type_stay_exact(store: entrepot.Store) -> None:
    values = {
        "n": 2**62,
        "x": 0.1,
        "t": "007",
        "b": True,
        "d": date(1850, 1, 5),
        "at": datetime(2024, 1, 5, 10, 0, 0, 123456, tzinfo=UTC),
        "c": time(10, 30),
        "l": timedelta(days=1, microseconds=5),
        "y": b"\x00\xff",
    }
    frame = pl.DataFrame([values])
    every = store.add(frame, "every", progress=False)
    every.append(values)
    every.append(frame)
    every.update([{"_id": 1, **values}], whole=True)
    rows = every.frame()
    assert rows.rows() == frame.rows() * 3
    fine = store.add(pl.DataFrame({"at": [1, 1_700_000_000_000_000_007]}).cast(pl.Datetime("ns")), "fine")
    fine.append(fine.frame())
    assert fine.frame()["at"].cast(pl.Int64).to_list() == [1, 1_700_000_000_000_000_007] * 2


def test_rows_are_changed_by_number_by_dict_and_by_file(cars: entrepot.Dataset) -> None:
    assert sorted(cars.update({3: {"price": 1.5}, 1: {"price": None}})) == [1, 3]
    cars.update([{"_id": 4, "make": "Eve"}])
    cars.update({"_id": 5, "make": "Eve"})
    cars.update(b"_id,price\n6,7\n")
    cars.update(pl.DataFrame({"_id": [2], "doors": [9]}))
    assert cars.frame(["make", "price", "doors"]).rows() == [
        ("Ada", None, 3), ("Ada", 11.5, 9), ("Bo", 1.5, 3), ("Eve", 25.5, 3), ("Eve", 24.5, 5), ("Cy", 7.0, 5),
    ]  # fmt: skip
    cars.update({1: {"make": "Fay"}}, whole=True)
    assert cars.row(1) == {"_id": 1, "make": "Fay", "price": None, "doors": None, "sold": None}


def test_what_was_exported_with_its_numbers_is_taken_back(cars: entrepot.Dataset, tmp_path: Path) -> None:
    for ending in ("csv", "json", "parquet", "xlsx"):
        path = cars.export(tmp_path / f"out.{ending}", columns=["_id", "price"])
        cars.update({1: {"price": 0}})
        assert sorted(cars.update(path)) == [1, 2, 3, 4, 5, 6]
        assert cars.row(1)["price"] == 10.5


def test_a_column_id_of_the_datas_own_is_not_taken_for_the_numbers(store: entrepot.Store) -> None:
    own = store.add(b"_id,x\nA,1\nB,2\n", "own", progress=False)
    assert own.columns == ["_id_2", "x"]
    own.update(own.export(format="csv", columns=["_id", "_id_2", "x"]).read())
    own.update(b"_id,_id_2\n2,C\n")
    own.update(b"_id,x\n2,3\n")
    own.update(b'[{"x": 9, "_id": 1}]')
    assert own.frame().rows() == [("A", 9), ("C", 3)]
    with pytest.raises(entrepot.MalformedInput, match="several columns are called _id"):
        own.update(b"_id,_id\n2,C\n")


def test_a_row_that_can_not_be_read_is_not_left_out_unseen(cars: entrepot.Dataset) -> None:
    ragged = b"make,price\nDi,1\nEd,2,3,4\nFi,3\n"
    with pytest.raises(entrepot.MalformedInput, match="line 3"):
        cars.append(ragged)
    assert cars.version == 1
    with pytest.warns(UserWarning, match=r"^1 row of the file was set aside \(on line 3\): .*4 cells") as told:
        assert cars.append(ragged, on_error="quarantine") == [7, 8]
    assert told[0].filename == __file__
    wrong = b"price,doors\n" + b"1,2\n" * 40 + b"x,2\ny,2\n" + b"2\n" * 2
    with pytest.warns(UserWarning, match="set aside|mended") as told:
        assert len(cars.append(wrong, on_error="repair")) == 42
    assert [str(one.message).partition(")")[0] for one in told] == [
        "2 rows of the file were mended (the first on line 44",
        "2 rows of the file were set aside (the first on line 42",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"Cars of May\n\nmake,price\nDi,1\nEd,2\n", "1 line before the table was left out: 'Cars of May'."),
        (b"make,price,doors\nDi,1,2\nEd,2,4\n,3,6\n", "The last row looks like a total: 'price', 'doors' are the sums"),
        (b'{"of": "May", "rows": [{"make": "Di"}, {"make": "Ed"}]}', "'of' stands beside the rows and was left out."),
    ],
)
def test_what_stands_beside_the_rows_of_a_file_is_told(cars: entrepot.Dataset, content: bytes, told: str) -> None:
    with pytest.warns(UserWarning, match=f"^{re.escape(told)}") as warned:
        assert cars.append(content)[:2] == [7, 8]
    assert len(warned) == 1


def test_midnights_are_dates_where_the_column_has_dates(cars: entrepot.Dataset) -> None:
    cars.append(cars.to_pandas(limit=1).to_dict("records"))
    assert cars.row(7)["sold"] == date(2024, 1, 5)
    with pytest.raises(entrepot.InvalidRows, match="give a date"):
        cars.append({"sold": datetime(2024, 1, 5, 1)})  # noqa: DTZ001 - the data has no time zone


def test_what_does_not_fit_is_named_and_nothing_is_written(cars: entrepot.Dataset) -> None:
    with pytest.raises(entrepot.InvalidRows, match="row 2, column price: give a number") as refused:
        cars.append([{"price": 1}, {"price": "cheap"}])
    assert refused.value.errors[0].column == "price"
    with pytest.raises(entrepot.InvalidRows, match="there is no such column"):
        cars.append(b"wheels\n4\n")
    with pytest.raises(entrepot.InvalidRows, match="numbers new rows itself"):
        cars.append(b"_id,make\n9,Di\n")
    with pytest.raises(entrepot.InvalidRows, match="give the row's number"):
        cars.update([{"make": "Di"}])
    with pytest.raises(entrepot.RowNotFound):
        cars.update({1: {"make": "Di"}, 99: {"make": "Di"}})
    with pytest.raises(entrepot.InvalidRows):
        cars.append({"price": float("inf")})
    with pytest.raises(entrepot.MalformedInput, match="JSON has no infinities"):
        cars.append(pl.DataFrame({"price": [1.0, float("-inf")]}))
    assert (cars.reload().version, cars.frame()["price"].to_list()[0]) == (1, 10.5)


@pytest.mark.parametrize("missing", [float("nan"), np.nan, pd.NA, pd.NaT, None])
def test_what_is_missing_in_python_is_null(cars: entrepot.Dataset, missing: object) -> None:
    cars.append({"make": "Di", "price": missing})
    assert cars.row(7)["price"] is None


@pytest.mark.parametrize("thing", [3, [3], ["make"], [b"x"], object()])
def test_what_has_no_rows_is_a_type_error(cars: entrepot.Dataset, thing: object) -> None:
    with pytest.raises(TypeError):
        cars.append(thing)  # type: ignore[arg-type]  # the test


def test_rows_are_dropped_by_numbers_or_by_filters_but_not_by_both(cars: entrepot.Dataset) -> None:
    assert cars.drop_rows(np.array([1, 2])) == [1, 2]
    assert cars.drop_rows(q="cy", where={"price__lt": 25}) == [5]
    assert cars.drop_rows(any_of={"make": "Bo", "price": 0}) == [3, 4]
    with pytest.raises(TypeError, match="not both"):
        cars.drop_rows([6], make="Cy")
    with pytest.raises(entrepot.NoFilter):
        cars.drop_rows()
    with pytest.raises(entrepot.InvalidOption, match="numbers of rows"):
        cars.drop_rows("6")  # type: ignore[arg-type]  # the test
    with pytest.raises(entrepot.RowNotFound):
        cars.drop_rows([6, 7])
    assert cars.frame("_id")["_id"].to_list() == [6]


def test_an_edit_can_insist_that_nobody_was_quicker(store: entrepot.Store, cars: entrepot.Dataset) -> None:
    mine = store["cars"]
    cars.update({1: {"price": 1}})
    with pytest.raises(entrepot.Stale):
        mine.update({1: {"price": 2}}, if_unchanged=True)
    with pytest.raises(entrepot.Stale):
        mine.append({"make": "Di"}, if_unchanged=True)
    with pytest.raises(entrepot.Stale):
        mine.drop_rows(1, if_unchanged=True)
    with pytest.raises(entrepot.Stale):
        mine.restore(1, if_unchanged=True)
    mine.reload().update({1: {"price": 2}}, if_unchanged=True)
    assert mine.append({"make": "Di"}, if_unchanged=True) == [7]


def test_versions_say_how_they_were_made(cars: entrepot.Dataset) -> None:
    cars.append([{"make": "Di"}, {"make": "Di"}])
    cars.update({1: {"price": 1}})
    cars.drop_rows([7])
    cars.restore(1)
    cars.retype({"doors": "number"}, progress=False)
    assert cars.versions().frame()["how"].to_list() == [
        "reading cars.csv with other types", "going back to version 1", "1 row removed", "1 row changed",
        "2 rows added", "reading cars.csv",
    ]  # fmt: skip
    assert [one.version for one in cars.versions(limit=2)] == [6, 5]
    assert cars.versions()[-1].rows == 6
    assert "4 (1 row removed)" in repr(cars.versions())


def test_differences_show_rows_with_pythons_values(cars: entrepot.Dataset) -> None:
    cars.update({2: {"sold": date(2025, 1, 1), "price": 1}})
    cars.drop_rows(1)
    cars.append({"make": "Di"})
    found = cars.diff(1)
    assert (found.before, found.after, found.added, found.removed, found.changed, found.more) == (1, 4, 1, 1, 1, False)
    removed, changed, added = found
    assert (removed.id, removed.after, removed.changed) == (1, None, {})
    assert changed.changed == {"price": (11.5, 1.0), "sold": (date(2024, 2, 5), date(2025, 1, 1))}
    assert (added.before, added.after) == (None, {"_id": 7, "make": "Di", "price": None, "doors": None, "sold": None})
    assert cars.diff().added == 1
    assert cars.at(2).diff().changed == 1
    assert len(cars.diff(1, limit=1)) == 1
    assert cars.diff(1, limit=1).more
    assert not cars.diff(2, 2)


def test_no_more_rows_are_added_than_a_dataset_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTREPOT_MAX_ROWS", "3")
    rows = entrepot.connect(":memory:").add(b"v\n1\n2\n", "rows", progress=False)
    rows.append([{"v": 3}])
    with pytest.raises(entrepot.LimitExceeded, match="ENTREPOT_MAX_ROWS"):
        rows.append([{"v": 4}])
    assert len(rows) == 3


@pytest.mark.parametrize("text", ["12%", "€9", "(4)", "5-", "7 kr", "7 kg", "12.-", "1'000.\N{EM DASH}"])
def test_amounts_and_percentages_are_no_numbers_of_a_column_that_has_plain_ones(
    store: entrepot.Store, text: str
) -> None:
    prices = store.add(b"price,n\n5.5,1\n7,2\n", "prices", progress=False)
    with pytest.raises(entrepot.InvalidRows, match="unit") as caught:
        prices.append(f"price,n\n1.5,3\n{text},4\n".encode())
    assert (caught.value.errors[0].row, caught.value.errors[0].value) == (2, text)
    with pytest.raises(entrepot.InvalidRows):
        prices.append(f"price,n\n1.5,{text}\n".encode())
    assert len(prices.reload()) == 2


@pytest.mark.parametrize("code", ["01067", "-007", "00.5"])
def test_codes_are_no_numbers_unless_someone_asks_for_that(store: entrepot.Store, code: str) -> None:
    towns = store.add(b"n,zip\n1,98101\n2,98102\n", "towns", progress=False)
    with pytest.raises(entrepot.InvalidRows, match="zeros or a plus in front") as caught:
        towns.append(f"n,zip\n3,98103\n4,{code}\n".encode())
    assert (caught.value.errors[0].row, caught.value.errors[0].value) == (2, code)
    with pytest.raises(entrepot.InvalidRows, match="zeros or a plus in front"):
        towns.update(f"_id,zip\n1,{code}\n".encode())
    assert len(towns.reload()) == 2
    towns.append(b"n,zip\n3,01067\n", types={"zip": "integer"})
    assert towns.reload().row(3)["zip"] == 1067


def test_differences_of_columns_are_told(cars: entrepot.Dataset) -> None:
    cars.replace(b"make,price,wheels\nAda,cheap,4\n", progress=False)
    found = cars.diff(1, 2)
    assert found
    assert "column wheels (integer) added; column doors (integer) removed" in repr(found)
    assert "column price: number → string; its values are not compared" in repr(found)
    assert cars.diff(2, 1).rows[0].changed == {}


@pytest.mark.parametrize("text", ["country\nNA\n", 'country,n\n"NA",\n', "country\nNA\nFR\n"])
def test_a_column_of_text_keeps_what_elsewhere_means_null(store: entrepot.Store, text: str) -> None:
    lands = store.add(b"country,n\nDE,1\nNA,2\n", "lands", file_name="lands.csv")
    lands.append(text.encode())
    assert [row["country"] for row in lands.rows()][2] == "NA"


def test_a_date_that_can_be_read_two_ways_is_told_with_its_column(cars: entrepot.Dataset) -> None:
    with pytest.raises(
        entrepot.MalformedInput, match="column sold: its values can be read in two ways; write dates as"
    ):
        cars.append(b"make,sold\nDi,02/03/2024\n")
    added = cars.append(b"make,sold\nDi,02/03/2024\n", date_order="day_first")
    cars.update(b"_id,sold\n1,02/03/2024\n", date_order="month_first")
    assert [cars.row(number)["sold"] for number in (*added, 1)] == [date(2024, 3, 2), date(2024, 2, 3)]


def test_columns_of_facets_may_be_a_list(cars: entrepot.Dataset) -> None:
    assert dict(cars.facets(["make", "doors"])) == dict(cars.facets("make", "doors"))
