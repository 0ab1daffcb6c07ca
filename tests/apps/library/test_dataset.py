import io
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

import entrepot
from entrepot.library.reading import python_rows
from entrepot_core.download import Download
from entrepot_core.formats import Format
from entrepot_core.names import DatasetRef
from entrepot_core.rows.query import RowQuery
from entrepot_core.use_cases.local import LocalOperations
from tests.apps.library.conftest import CARS


def test_stats_are_those_of_pandas_with_the_statistic_first(cars: entrepot.Dataset) -> None:
    import pandas as pd

    described = pd.read_csv(io.BytesIO(CARS)).describe()
    stats = cars.stats()
    assert stats.columns == ["statistic", *described.columns]
    assert stats["statistic"].to_list() == list(described.index)
    assert stats["price"].to_list() == pytest.approx(list(described["price"]), rel=1e-12)


def test_stats_of_all_columns_have_text_where_text_is(cars: entrepot.Dataset) -> None:
    stats = cars.stats(include="all")
    assert stats.columns == ["statistic", "make", "price", "doors", "sold"]
    by_name = {row["statistic"]: row for row in stats.iter_rows(named=True)}
    assert by_name["top"]["make"] == "Ada"
    assert by_name["top"]["price"] is None
    assert by_name["mean"]["price"] == 20.5


def test_statistics_count_every_column(cars: entrepot.Dataset) -> None:
    assert cars.statistics().num_examples == 6


def test_rows_have_pythons_own_values(cars: entrepot.Dataset) -> None:
    first = cars.rows(limit=1)[0]
    assert first == {"_id": 1, "make": "Ada", "price": 10.5, "doors": 3, "sold": date(2024, 1, 5)}


def test_pages_follow_each_other_on_one_version(cars: entrepot.Dataset) -> None:
    page = cars.rows(limit=4, columns=["make"])
    cars.replace(b"make\nZed\n", progress=False)
    after = page.next_page()
    assert after is not None
    assert [row["make"] for row in after] == ["Cy", "Cy"]
    assert after.next_page() is None
    assert (page.total, page.columns, repr(after)) == (6, ["make"], "<Rows 5 to 6 of 6: make>")


def test_dates_that_python_does_not_have_stay_text() -> None:
    types = {"at": "datetime", "n": "number"}
    assert python_rows(b'[{"_id":1,"at":"2024-01-05T10:00:00","n":3}]', types) == [
        {"_id": 1, "at": datetime(2024, 1, 5, 10), "n": 3.0}  # noqa: DTZ001 - the data has no time zone
    ]
    assert python_rows(b'[{"_id":1,"at":"12000-01-05T10:00:00","n":3}]', types)[0]["at"] == "12000-01-05T10:00:00"


def test_frames_have_the_columns_that_were_asked_for(cars: entrepot.Dataset) -> None:
    assert cars.frame().schema == {"make": pl.String, "price": pl.Float64, "doors": pl.Int64, "sold": pl.Date}
    assert cars.frame(["price", "make"]).columns == ["price", "make"]
    assert cars.to_pandas().shape == cars.to_arrow().shape == cars.shape == (6, 4)
    assert pl.DataFrame(cars).equals(cars.frame())


def test_a_lazy_frame_fetches_only_what_its_query_uses(cars: entrepot.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    lazy = cars.lazy()
    asked: list[object] = []
    export = LocalOperations.export

    def watched(self: LocalOperations, ref: DatasetRef, format: Format, query: RowQuery, version: int) -> Download:
        asked.append(query.columns)
        return export(self, ref, format, query, version)

    monkeypatch.setattr(LocalOperations, "export", watched)
    assert lazy.filter(pl.col("price") > 20).select(pl.col("doors").sum()).collect().item() == 16
    assert asked[-1] == ("price", "doors")


def test_a_lazy_frame_can_be_empty(cars: entrepot.Dataset) -> None:
    assert cars.lazy().head(0).collect().schema == cars.frame().schema
    assert cars.lazy().head(2).collect().height == 2
    assert cars.lazy().filter(pl.col("price") > 99).collect().height == 0


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "ndjson", "parquet", "arrow", "xlsx"])
def test_every_format_is_written_and_read_back(
    store: entrepot.Store, cars: entrepot.Dataset, tmp_path: Path, ending: str
) -> None:
    path = cars.export(tmp_path / f"out.{ending}")
    again = store.add(path, f"again-{ending}", progress=False)
    assert again.frame().equals(cars.frame())


def test_a_format_wins_over_the_ending_and_without_a_path_the_bytes_are_streamed(
    cars: entrepot.Dataset, tmp_path: Path
) -> None:
    assert cars.export(tmp_path / "cars.dat", format="csv").read_bytes().startswith(b"make,price")
    with cars.export(format="NDJSON") as download:
        assert download.read().count(b"\n") == 6


def test_a_path_whose_ending_tells_no_format_is_refused(cars: entrepot.Dataset, tmp_path: Path) -> None:
    with pytest.raises(entrepot.UnknownFormat):
        cars.export(tmp_path / "cars.doc")
    with pytest.raises(entrepot.UnknownFormat):
        cars.plot(tmp_path / "cars.csv")
    with pytest.raises(TypeError, match="give a path, a format, or both"):
        cars.export()  # type: ignore[call-overload]  # the test


@pytest.mark.parametrize(("ending", "magic"), [("pdf", b"%PDF"), ("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_a_chart_is_written_in_the_format_of_its_ending(
    cars: entrepot.Dataset, tmp_path: Path, ending: str, magic: bytes
) -> None:
    assert cars.plot(tmp_path / f"cars.{ending}").read_bytes().startswith(magic)


def test_a_dataset_without_numbers_has_no_chart(store: entrepot.Store) -> None:
    words = store.add(b"a\nx\n", "words", progress=False)
    with pytest.raises(entrepot.NothingToPlot):
        words.plot("never.pdf")


def test_the_file_comes_back_byte_for_byte(cars: entrepot.Dataset, tmp_path: Path) -> None:
    assert cars.file(tmp_path).read_bytes() == CARS
    assert (tmp_path / "cars.csv").is_file()


def test_what_is_edited_shows_here_at_once_and_elsewhere_after_a_refresh(
    store: entrepot.Store, cars: entrepot.Dataset
) -> None:
    other = store["cars"]
    assert cars.edit(name="autos", tags=[" b", "a", "a"], description="Six.") is cars
    assert (cars.name, cars.tags, cars.description) == ("autos", ("a", "b"), "Six.")
    assert (other.name, other.reload().name) == ("cars", "autos")


def test_a_name_of_another_dataset_can_not_be_taken(store: entrepot.Store, cars: entrepot.Dataset) -> None:
    store.add(b"a\n1\n", "other", progress=False)
    with pytest.raises(entrepot.NameTaken):
        cars.edit(name="other")
    assert cars.name == store["cars"].name == "cars"


def test_what_a_dataset_says_and_reads_are_of_one_version(store: entrepot.Store, cars: entrepot.Dataset) -> None:
    before = store["cars"]
    cars.replace(b"make,price\nDi,1.5\n", progress=False)
    assert (cars.version, cars.shape, cars.frame().shape) == (2, (1, 2), (1, 2))
    assert (before.version, before.shape, before.frame().shape) == (1, (6, 4), (6, 4))
    assert before.stats()["price"][0] == before.statistics().num_examples == before.rows().total == 6
    assert cars.at(1).shape == (6, 4)
    with pytest.raises(entrepot.VersionNotFound):
        cars.at(3)


def test_a_file_that_can_not_be_read_changes_nothing(store: entrepot.Store, cars: entrepot.Dataset) -> None:
    with pytest.raises(entrepot.Refused):
        cars.replace(b"", progress=False)
    assert store["cars"].document == cars.document


def test_what_is_deleted_is_gone(store: entrepot.Store, cars: entrepot.Dataset) -> None:
    cars.delete()
    assert "cars" not in store
    with pytest.raises(entrepot.DatasetNotFound):
        cars.stats()
