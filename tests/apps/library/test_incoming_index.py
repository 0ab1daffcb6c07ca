"""The index of pandas: kept in front of the columns, unless it may be the numbers of rows."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

from entrepot import Store
from entrepot_core.errors import MalformedInput
from tests.apps.library.test_incoming_tables import landed, refusal

YEARS = np.array([2001, 2001, 2002])
FRAME = pd.DataFrame({"a": [7, 8, 9]})


class TestIndex:
    @pytest.mark.parametrize(
        ("index", "columns"),
        [
            (pd.Index(["x", "y"]), ["index", "a"]),
            (pd.to_datetime(["2024-01-01", "2024-01-02"]), ["index", "a"]),
            (pd.Index([1, 0]), ["a"]),
            (pd.RangeIndex(2, name="key"), ["key", "a"]),
            (pd.MultiIndex.from_tuples([("x", 1), ("y", 2)]), ["level_0", "level_1", "a"]),
            (pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["k", None]), ["k", "level_1", "a"]),
            (pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=[1, 0]), ["1", "0", "a"]),
            (pd.RangeIndex(2), ["a"]),
        ],
    )
    def test_every_index_but_that_of_row_numbers_is_kept_in_front(
        self, store: Store, index: "pd.Index[Any]", columns: list[str]
    ) -> None:
        frame = pd.DataFrame({"a": [7, 8]}, index=index)
        found = landed(store, frame)
        assert found.columns == columns
        assert found.rows() == [tuple(row) for row in frame.reset_index(drop=len(columns) == 1).itertuples(index=False)]

    def test_what_pandas_says_of_a_frame_keeps_its_labels(self, store: Store) -> None:
        described = landed(store, pd.DataFrame({"a": [1, 2]}).describe())
        assert described["index"].to_list() == ["count", "mean", "std", "min", "25%", "50%", "75%", "max"]

    @pytest.mark.parametrize(
        ("columns", "name", "wanted"),
        [
            (["index"], None, "level_0"),
            (["index", "level_0"], None, "level_0_2"),
            (["a"], "a", "a_2"),
            (["a", "a_2"], "a", "a_3"),
        ],
    )
    def test_it_takes_no_column_s_name(self, store: Store, columns: list[str], name: str, wanted: str) -> None:
        frame = pd.DataFrame({column: [1, 2] for column in columns}, index=pd.Index(["x", "y"], name=name))
        assert landed(store, frame).columns == [wanted, *columns]

    def test_labels_of_several_types_are_refused_with_a_cure(self, store: Store) -> None:
        error = refusal(store, pd.DataFrame({"a": [1, 2]}, index=[1, "x"]))
        assert error.column == "index"
        assert "several types (int, str)" in error.reason
        assert "leave the index out (reset_index(drop=True))" in error.reason

    def test_rows_for_a_dataset_without_such_a_column_are_refused_with_a_cure(self, store: Store) -> None:
        frame = pd.DataFrame({"a": [1, 2, 3]})
        dataset = store.add(frame, "it", progress=False)
        with pytest.raises(MalformedInput, match=r"column index: this is the index .*reset_index\(drop=True\)"):
            dataset.append(frame.set_axis(["x", "y", "z"]))
        assert dataset.append(frame.sort_values("a", ascending=False)) == [4, 5, 6]
        assert dataset.update(pd.DataFrame({"a": [9]}, index=pd.Index([1], name="_id"))) == [1]

    def test_a_series_is_a_column_beside_its_index(self, store: Store) -> None:
        assert landed(store, pd.Series([1, 2], name="n")).to_dict(as_series=False) == {"n": [1, 2]}
        assert landed(store, pd.Series([1, 2], index=["x", "y"])).rows(named=True)[0] == {"index": "x", "value": 1}


class TestWholeNumbersWithoutAName:
    @pytest.mark.parametrize(
        ("thing", "labels"),
        [
            (pd.Series([5, 5, 7]).value_counts(), [5, 7]),
            (pd.Series([0, 1, 1]).value_counts(), [1, 0]),
            (pd.Series([5, 5, 7]).value_counts(normalize=True), [5, 7]),
            (pd.Series([5, 5, 7]).value_counts().to_frame(), [5, 7]),
            (FRAME.groupby(YEARS.astype("int32")).sum(), [2001, 2002]),
            (FRAME.set_axis(pd.Index([-1, 0, 1])), [-1, 0, 1]),
            (FRAME.set_axis(pd.Index([1, 2, 5_000_000_000])), [1, 2, 5_000_000_000]),
            (FRAME.set_axis(pd.Index([3, 4, 5], dtype="Int64")), [3, 4, 5]),
        ],
        ids=["counts", "counts of numbers", "proportions", "frame", "int32", "negative", "long", "Int64"],
    )
    def test_what_can_be_no_numbers_of_rows_is_kept(self, store: Store, thing: Any, labels: list[int]) -> None:  # noqa: ANN401 - frames and series
        assert landed(store, thing)["index"].to_list() == labels

    @pytest.mark.parametrize(
        "thing",
        [
            FRAME,
            FRAME[["a"]].rename(columns={"a": "count"}),
            FRAME.sort_values("a", ascending=False),
            FRAME.sample(3, random_state=1),
            pd.concat([FRAME, FRAME]),
            FRAME[FRAME["a"] < 9],
            FRAME[:0],
        ],
        ids=["all", "called count", "sorted", "shuffled", "put together", "the first", "none"],
    )
    def test_numbers_of_the_frame_s_own_rows_are_left_out_without_a_word(
        self, store: Store, thing: pd.DataFrame
    ) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert landed(store, thing).columns == list(thing.columns)

    @pytest.mark.parametrize(
        ("thing", "labels"),
        [
            (FRAME[FRAME["a"] > 7], "1, 2"),
            (FRAME.groupby(YEARS).sum(), "2001, 2002"),
            (pd.Series({2001: 5, 2002: 7}), "2001, 2002"),
            (pd.DataFrame({"a": range(9)}, index=range(9, 18)), "9, 10, 11, …"),
        ],
        ids=["chosen", "groups", "series", "range"],
    )
    def test_what_may_be_numbers_of_rows_is_left_out_and_that_is_told(
        self, store: Store, thing: pd.DataFrame, labels: str
    ) -> None:
        with pytest.warns(UserWarning, match="was taken for numbers of rows and left out; rename_axis") as told:
            found = landed(store, thing)
        assert f"(whole numbers without a name: {labels})" in str(told[0].message)
        assert len(found.columns) == 1
        named = landed(store, thing.rename_axis("index"))
        assert named["index"].to_list() == thing.index.to_list()

    def test_rows_that_are_added_are_told_of_alike_where_that_was_asked_for(self, store: Store) -> None:
        dataset = store.add(FRAME, "it", progress=False)
        with pytest.warns(UserWarning, match="left out") as told:
            assert dataset.append(FRAME[FRAME["a"] > 7]) == [4, 5]
        assert told[0].filename == __file__
        with pytest.warns(UserWarning, match="left out") as told:
            dataset.replace(FRAME[FRAME["a"] > 7])
        assert told[0].filename == __file__
        with pytest.raises(MalformedInput, match="column index: this is the index"):
            dataset.append(pd.Series([5, 5, 7]).value_counts())
