"""What every editor of stored tables does."""

import json
from collections.abc import Sequence
from decimal import Decimal

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from entrepot_core.errors import BlobDamaged, DiskFull, InvalidRows
from entrepot_core.names import Digest
from entrepot_core.rows.query import RowFilter
from entrepot_core.rows.selection import Filter, filters
from tests.contracts.editing import Desk, schema_of
from tests.contracts.tables import KINDS, KINDS_AS_JSON, NOWHERE, Store

ROW_GROUP = 131_072


def numbered(*parts: Sequence[int]) -> list[pl.DataFrame]:
    """Frames with these numbers, which stand in ``n`` too, and in ``t`` as text."""
    return [pl.DataFrame({"_id": part, "n": part, "t": [str(n) for n in part]}) for part in parts]


SCHEMA = schema_of(numbered([1])[0])
LONG = range(1, 2 * ROW_GROUP + 3)


def fitting(**where: str) -> tuple[Filter, ...]:
    return filters(RowFilter(where=tuple(where.items())), SCHEMA)


class EditorContract:
    """The facts; a subclass gives the fixtures ``desk`` and ``store``, which keeps frames as parts of a table."""

    @pytest.fixture
    def desk(self) -> Desk:
        raise NotImplementedError

    @pytest.fixture
    def store(self) -> Store:
        raise NotImplementedError

    @pytest.fixture
    def three(self, desk: Desk, store: Store) -> list[Digest]:
        """Three parts; some numbers are not used."""
        desk.schema = SCHEMA
        return store(*numbered([1, 2, 3], [5], [8, 9]))

    @pytest.fixture
    def long(self, desk: Desk, store: Store) -> list[Digest]:
        """A part of three row groups."""
        desk.schema = SCHEMA
        return store(*numbered(LONG))

    # --- append ---

    def test_rows_are_added_at_the_end_and_what_they_lack_is_null(self, desk: Desk, three: list[Digest]) -> None:
        edited = desk.append(three, [{"n": 5}, {"t": "x"}], 20)
        assert (edited.ids, edited.with_nulls) == ((20, 21), frozenset({"n", "t"}))
        parts = desk.kept(edited)
        assert desk.read(parts).rows()[-3:] == [(9, 9, "9"), (20, 5, None), (21, None, "x")]
        assert desk.read(parts).rows()[:4] == [(1, 1, "1"), (2, 2, "2"), (3, 3, "3"), (5, 5, "5")]

    def test_many_additions_make_few_parts_and_write_little(self, desk: Desk, store: Store) -> None:
        desk.schema = SCHEMA
        parts, written = store(*numbered(range(1, 101))), 0
        for number in range(101, 401):
            before, parts = set(parts), desk.kept(desk.append(parts, [{"n": number}], number))
            written += sum(desk.read([part]).height for part in parts if part not in before)
        assert desk.read(parts)["_id"].to_list() == list(range(1, 401))
        assert len(parts) <= 8
        assert written < 300 * 16  # each time all rows would be 75,000

    def test_a_small_last_part_is_written_anew_and_a_large_one_stays(self, desk: Desk, long: list[Digest]) -> None:
        once = desk.kept(desk.append(long, [{"n": 1}], LONG[-1] + 1))
        assert (len(once), once[0]) == (2, long[0])
        again = desk.kept(desk.append(once, [{"n": 2}] * 20_000, LONG[-1] + 2))
        assert (len(again), again[0]) == (2, long[0])
        more = desk.kept(desk.append(again, [{"n": 3}], LONG[-1] + 20_002))
        assert (len(more), more[:2]) == (3, again)
        assert desk.read(more)["_id"].to_list() == [*range(1, LONG[-1] + 20_003)]

    def test_many_rows_make_parts_of_a_row_group(self, desk: Desk, three: list[Digest]) -> None:
        parts = desk.kept(desk.append(three, [{"n": 1}] * (ROW_GROUP + 1), 20))
        assert [desk.read([part]).height for part in parts] == [ROW_GROUP, 7]

    def test_an_empty_table_takes_rows(self, desk: Desk, store: Store) -> None:
        desk.schema = SCHEMA
        parts = desk.kept(desk.append(store(numbered([1])[0].clear()), [{"n": 1, "t": "x"}], 7))
        assert desk.read(parts).rows() == [(7, 1, "x")]

    # --- update ---

    def test_rows_get_new_values_and_keep_the_others(self, desk: Desk, three: list[Digest]) -> None:
        edited = desk.update(three, [{"_id": 9, "n": 90}, {"_id": 2, "t": "x"}, {"_id": 8, "n": None, "t": "y"}])
        assert (edited.ids, edited.with_nulls) == ((2, 8, 9), frozenset({"n"}))
        parts = desk.kept(edited)
        rows = {row[0]: row[1:] for row in desk.read(parts).rows()}
        assert rows == {1: (1, "1"), 2: (2, "x"), 3: (3, "3"), 5: (5, "5"), 8: (None, "y"), 9: (90, "9")}
        assert [part in three for part in parts] == [False, True, False]

    def test_a_whole_row_is_null_where_nothing_is_given(self, desk: Desk, three: list[Digest]) -> None:
        parts = desk.kept(desk.update(three, [{"_id": 5, "n": 6}, {"_id": 1}], whole=True))
        assert desk.read(parts).rows()[:4] == [(1, None, None), (2, 2, "2"), (3, 3, "3"), (5, 6, None)]

    def test_only_the_numbers_that_are_there_are_found(self, desk: Desk, three: list[Digest]) -> None:
        edited = desk.update(three, [{"_id": number, "n": 0} for number in (4, 3, 7, 100, 2**63 - 1)])
        assert edited.ids == (3,)
        assert desk.kept(edited)[1:] == three[1:]

    def test_what_has_the_values_already_stays(self, desk: Desk, three: list[Digest]) -> None:
        edited = desk.update(three, [{"_id": 1, "n": 1}, {"_id": 9, "n": 9, "t": "9"}, {"_id": 5}])
        assert (edited.ids, edited.parts) == ((1, 5, 9), tuple(three))
        assert desk.kept(edited) == three

    def test_a_long_part_becomes_parts_of_a_row_group(self, desk: Desk, long: list[Digest]) -> None:
        once = desk.kept(desk.update(long, [{"_id": ROW_GROUP + 5, "n": 0}]))
        assert [desk.read([part]).height for part in once] == [ROW_GROUP, ROW_GROUP, 2]
        again = desk.kept(desk.update(once, [{"_id": ROW_GROUP + 6, "n": 0}]))
        assert [part in once for part in again] == [True, False, True]
        changed = desk.read(again).filter(pl.col("n") != pl.col("_id"))
        assert changed["_id"].to_list() == [ROW_GROUP + 5, ROW_GROUP + 6]
        assert desk.read(again)["_id"].to_list() == [*LONG]

    def test_parts_without_the_rows_are_not_opened(self, desk: Desk, three: list[Digest]) -> None:
        desk.update(three, [{"_id": 1, "n": 1}])
        desk.blobs.opened.clear()
        desk.kept(desk.update(three, [{"_id": 1, "n": 7}]))
        assert set(desk.blobs.opened) == {three[0]}

    # --- remove ---

    def test_rows_are_removed_by_their_numbers(self, desk: Desk, three: list[Digest]) -> None:
        edited = desk.editor.remove(three, [8, 2, 5, 4, 2, 0, -1, 2**70])
        assert (edited.ids, edited.with_nulls) == ((2, 5, 8), frozenset())
        parts = desk.kept(edited)
        assert (desk.read(parts)["_id"].to_list(), len(parts)) == ([1, 3, 9], 2)

    def test_rows_are_removed_by_filters(self, desk: Desk, three: list[Digest]) -> None:
        edited = desk.editor.remove(three, fitting(n__gt="2", t__not="9"))
        assert edited.ids == (3, 5, 8)
        assert desk.read(desk.kept(edited)).rows() == [(1, 1, "1"), (2, 2, "2"), (9, 9, "9")]

    @pytest.mark.parametrize("which", [[], [4], fitting(n="4"), ()])
    def test_where_there_is_none_to_remove_all_stays(
        self, desk: Desk, three: list[Digest], which: list[int] | tuple[Filter, ...]
    ) -> None:
        edited = desk.editor.remove(three, which)
        assert (edited.ids, desk.kept(edited)) == ((), three)

    @pytest.mark.parametrize("which", [[*range(20)], fitting(n__gt="0")])
    def test_where_all_are_removed_the_columns_stay(
        self, desk: Desk, three: list[Digest], which: list[int] | tuple[Filter, ...]
    ) -> None:
        parts = desk.kept(desk.editor.remove(three, which))
        assert len(parts) == 1
        assert_frame_equal(desk.read(parts), numbered([1])[0].clear())
        again = desk.kept(desk.append(parts, [{"n": 1}], 10))
        assert desk.read(again).rows() == [(10, 1, None)]

    def test_rows_of_a_long_part_are_removed(self, desk: Desk, long: list[Digest]) -> None:
        parts = desk.kept(desk.editor.remove(long, fitting(n__lte=str(ROW_GROUP))))
        assert [desk.read([part]).height for part in parts] == [ROW_GROUP, 2]

    # --- values ---

    def test_every_kind_of_value_is_stored_as_its_column_stores_it(self, desk: Desk, store: Store) -> None:
        desk.schema = schema_of(KINDS, ["document"])
        row = json.loads(KINDS_AS_JSON, parse_float=lambda text: float(text) if len(text) < 9 else Decimal(text))
        given = {name: value for name, value in row.items() if name != "_id"}
        parts = desk.kept(desk.append(store(KINDS, documents=["document"]), [given, {}], 3))
        numbers = pl.Series("_id", [1, 2, 3, 4])
        assert_frame_equal(desk.read(parts), pl.concat([KINDS, KINDS]).with_columns(numbers))
        swapped = [{"_id": 4, **given}, {"_id": 1, **dict.fromkeys(given)}]
        again = desk.kept(desk.update(parts, swapped))
        assert desk.read(again).rows()[3][1:] == KINDS.rows()[0][1:]
        assert desk.read(again).rows()[0][1:] == KINDS.rows()[1][1:]

    def test_a_value_that_can_not_be_stored_is_named_with_its_row_and_column(self, desk: Desk, store: Store) -> None:
        frame = pl.DataFrame({"_id": [1], "a": [1], "b": [2]}, schema_overrides={"a": pl.Int8, "b": pl.UInt16})
        parts, desk.schema = store(frame), schema_of(frame)
        rows = [{"a": 1}, {"a": 128, "b": -1}, {"b": 65_536}, {"b": 65_535}]
        with pytest.raises(InvalidRows) as caught:
            desk.append(parts, rows, 2)
        assert [(one.row, one.column) for one in caught.value.errors] == [(2, "a"), (2, "b"), (3, "b")]
        assert "from -128 to 127" in caught.value.errors[0].detail
        with pytest.raises(InvalidRows):
            desk.update(parts, [{"_id": 1, "a": 128}])
        assert desk.is_clear

    # --- what goes wrong ---

    def test_a_missing_part_is_damage(self, desk: Desk, three: list[Digest]) -> None:
        parts = [*three[:2], NOWHERE]
        with pytest.raises(BlobDamaged):
            desk.append(parts, [{"n": 1}], 20)
        with pytest.raises(BlobDamaged):
            desk.update(parts, [{"_id": 1, "n": 0}])
        with pytest.raises(BlobDamaged):
            desk.editor.remove(parts, [1])
        with pytest.raises(BlobDamaged):
            desk.editor.remove(parts, fitting(n="1"))
        with pytest.raises(BlobDamaged):
            desk.editor.profile(parts, SCHEMA, dates_are_text=True)
        assert desk.is_clear

    def test_where_there_is_no_room_nothing_is_left(self, desk: Desk, three: list[Digest], long: list[Digest]) -> None:
        desk.blobs.room = 1
        with pytest.raises(DiskFull):
            desk.update(three, [{"_id": 1, "n": 0}, {"_id": 9, "n": 0}])
        desk.blobs.room = 3
        with pytest.raises(DiskFull):
            desk.editor.remove(long, [1])
        assert len(desk.blobs.staged) == 3
        assert desk.is_clear

    # --- profile ---

    def test_a_profile_is_that_of_all_parts_as_one(self, desk: Desk, store: Store) -> None:
        frame = KINDS.with_columns(document=pl.Series(["x", "y"]))
        schema, halves = schema_of(frame), [frame.head(1), frame.tail(1).with_columns(pl.col("_id") + 1)]
        one, two = (
            desk.editor.profile(parts, schema, dates_are_text=False) for parts in (store(frame), store(*halves))
        )
        assert one == two
        assert [column.missing for column in one.columns] == [1] * 14 + [0, 2]
