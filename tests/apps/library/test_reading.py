"""Rows, facets and parts of tables, as the library gives them."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

import entrepot
from entrepot_core.download import Download
from entrepot_core.formats import Format
from entrepot_core.names import DatasetRef
from entrepot_core.rows.query import RowQuery
from entrepot_core.use_cases.local import LocalOperations


def test_pages_of_a_selection_follow_each_other_and_keep_their_version(cars: entrepot.Dataset) -> None:
    page = cars.rows("make", price__gt=11, sort="-price", limit=3)
    cars.drop_rows(make="Ada")
    after = page.next_page()
    assert after is not None
    assert [row["_id"] for row in [*page, *after]] == [6, 4, 5, 3, 2]
    assert (page.total, after.next_page()) == (5, None)


def test_rows_need_not_be_counted(cars: entrepot.Dataset) -> None:
    page = cars.rows(limit=2, count=False)
    assert (page.total, repr(page)) == (None, "<Rows 1 to 2: make, price, doors, sold>")


def test_a_row_is_read_by_its_number_at_the_version_shown(cars: entrepot.Dataset) -> None:
    before = cars.at(1)
    cars.update({2: {"sold": date(2024, 2, 6)}})
    assert (cars.row(2)["sold"], before.row(2)["sold"]) == (date(2024, 2, 6), date(2024, 2, 5))
    with pytest.raises(entrepot.RowNotFound):
        cars.row(7)


def test_facets_are_a_mapping_with_pythons_values(cars: entrepot.Dataset) -> None:
    facets = cars.facets("sold", "doors", limit=1, price__lt=25)
    assert dict(facets) == {"sold": [(date(2024, 1, 5), 1)], "doors": [(3, 2)]}
    assert list(facets) == ["sold", "doors"]
    assert len(facets) == 2
    assert facets.more("sold")
    assert cars.facets("sold")["sold"][-1] == (None, 1)
    assert cars.facets("sold").frame("sold").schema == {"sold": pl.Date, "rows": pl.Int64}
    assert repr(cars.facets("make", limit=2)) == "<Facets: 2+ of 'make'>"


def test_facets_need_a_column_that_is_there(cars: entrepot.Dataset) -> None:
    with pytest.raises(entrepot.InvalidOption):
        cars.facets()
    with pytest.raises(entrepot.UnknownColumn):
        cars.facets("wheels")


def test_every_way_out_takes_the_same_selection(cars: entrepot.Dataset, tmp_path: Path) -> None:
    def said() -> dict[str, object]:
        return {"columns": ["price", "make"], "sort": "-price", "q": "a", "where": {"price__gt": 10.5}, "limit": 5}

    wanted = [(11.5, "Ada")]
    assert cars.frame(["price", "make"], sort="-price", q="a", where={"price__gt": 10.5}, limit=5).rows() == wanted
    assert cars.lazy(**said()).collect().rows() == wanted
    assert [tuple(row) for row in cars.to_pandas(**said()).itertuples(index=False)] == wanted
    assert cars.to_arrow(**said()).to_pylist() == [{"price": 11.5, "make": "Ada"}]
    assert pl.read_parquet(cars.export(tmp_path / "a.parquet", **said())).rows() == wanted  # type: ignore[call-overload]  # any of its options
    assert pl.read_excel(cars.excel(tmp_path / "a.xlsx", **said())).rows() == wanted


def test_a_lazy_frame_of_a_part_fetches_no_more_than_that(
    cars: entrepot.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[RowQuery] = []
    export = LocalOperations.export

    def watched(self: LocalOperations, ref: DatasetRef, format: Format, query: RowQuery, version: int) -> Download:
        asked.append(query)
        return export(self, ref, format, query, version)

    monkeypatch.setattr(LocalOperations, "export", watched)
    lazy = cars.lazy(doors=5, sort="-price", limit=3)
    assert lazy.head(2).select("price").collect()["price"].to_list() == [30.5, 24.5]
    assert asked[-1] == RowQuery(where=(("doors", "5"),), sort=("-price",), columns=("price",), limit=2)
    assert lazy.filter(pl.col("price") < 30).collect()["price"].to_list() == [24.5, 11.5]
    assert asked[-1].limit == 3


def test_a_lazy_frame_stays_at_its_version(cars: entrepot.Dataset) -> None:
    lazy = cars.lazy()
    cars.drop_rows(make="Ada")
    assert (lazy.collect().height, cars.lazy().collect().height) == (6, 4)


def test_a_search_finds_datasets_and_columns(store: entrepot.Store, cars: entrepot.Dataset) -> None:
    store.add(b"price tag\n1\n", "tags", title="All about PRICES", progress=False)
    found = store.search("price")
    assert {(one.dataset.name, one.columns) for one in found} == {("tags", ("price tag",)), ("cars", ("price",))}
    assert [one.dataset.id for one in store.search("cars")] == [cars.id]
    assert (len(store.search("price", limit=1)), store.search("nothing of that")) == (1, [])
    with pytest.raises(entrepot.InvalidOption):
        store.search(" ")
