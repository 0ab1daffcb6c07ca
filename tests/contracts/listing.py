"""What the lists of every catalogue do."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import partial

import pytest

from entrepot_core.changes import DatasetChanges
from entrepot_core.dataset import Dataset, Version
from entrepot_core.errors import InvalidCursor
from entrepot_core.names import DatasetRef
from entrepot_core.paging import write_cursor
from entrepot_core.ports.catalogue import Catalogue
from entrepot_core.rows.query import RowCursor
from entrepot_core.selection import DatasetQuery, ListCursor, ListOrder
from tests.contracts.datasets import NOON, add, add_several, dataset, version

HOUR = timedelta(hours=1)
ORDERS: tuple[ListOrder, ...] = ("created_at", "-created_at", "updated_at", "-updated_at", "name", "-name")


def names(catalogue: Catalogue, query: DatasetQuery) -> list[str]:
    found = catalogue.list(query)
    assert found.total == len(found.items)
    assert found.next is None
    return [one.name for one in found.items]


def pages(catalogue: Catalogue, sort: ListOrder, limit: int) -> Iterator[list[str]]:
    """The names on each page, from cursor to cursor."""
    cursor, seen = None, 0
    while True:
        page = catalogue.list(DatasetQuery(sort=sort, limit=limit, cursor=cursor))
        assert page.offset == seen
        yield [one.name for one in page.items]
        cursor, seen = page.next, seen + len(page.items)
        if cursor is None:
            return


def succeed(newer: Version, found: Dataset) -> Dataset:
    return found.succeeded_by(newer, DatasetChanges())


class ListingContract:
    """The facts; a subclass gives the fixture ``catalogue``, an empty one."""

    @pytest.fixture
    def catalogue(self) -> Catalogue | Iterator[Catalogue]:
        raise NotImplementedError

    def test_an_empty_catalogue_has_an_empty_list(self, catalogue: Catalogue) -> None:
        found = catalogue.list(DatasetQuery())
        assert (found.items, found.total, found.offset, found.next) == ((), 0, 0, None)

    def test_datasets_are_listed_at_their_newest_versions(self, catalogue: Catalogue) -> None:
        add(catalogue, dataset(tags=("a", "b")))
        newest = catalogue.change(
            DatasetRef("cars"), lambda found: found.succeeded_by(version(mark="y"), DatasetChanges(tags=("c",)))
        )
        bikes = add(catalogue, dataset("bikes", at=NOON - HOUR, of=version(table_only=True)))
        assert catalogue.list(DatasetQuery()).items == (newest, bikes)

    # --- filters ---

    @pytest.mark.parametrize(
        "text",
        ["ÉCLAIR", "éclair", "e\N{COMBINING ACUTE ACCENT}CLAIR", "strasse", "STRAßE", "50%_\\*", "car", "'CARS\""],
    )
    @pytest.mark.parametrize("place", ["title", "description"])
    def test_a_search_minds_neither_case_nor_composition(self, catalogue: Catalogue, text: str, place: str) -> None:
        texts = {"title": "", "description": "", place: "One Éclair, 50%_\\*, for STRASSE 'CARS\""}
        add(catalogue, dataset("x1", title=texts["title"], description=texts["description"]))
        add(catalogue, dataset("x2", title="50 or Eclair", description="50aaa strase"))
        assert names(catalogue, DatasetQuery(q=text)) == ["x1"]

    def test_a_search_looks_at_names_too(self, catalogue: Catalogue) -> None:
        add(catalogue, dataset("racing-cars", title="", description=""))
        assert names(catalogue, DatasetQuery(q="G-C")) == ["racing-cars"]

    @pytest.mark.parametrize("text", ["sc", "%", "_", "\\", "\udcff", "x" * 100_000, "a\x00"])
    def test_a_search_takes_its_text_literally(self, catalogue: Catalogue, text: str) -> None:
        add(catalogue, dataset("abc", title="as", description="cd"))
        assert names(catalogue, DatasetQuery(q=text)) == []

    def test_a_search_follows_changes(self, catalogue: Catalogue) -> None:
        add(catalogue, dataset(title="Old"))
        catalogue.change(DatasetRef("cars"), lambda found: found.edited(DatasetChanges(title="NEW"), NOON))
        assert names(catalogue, DatasetQuery(q="new")) == ["cars"]
        assert names(catalogue, DatasetQuery(q="old")) == []

    def test_no_text_fits_all(self, catalogue: Catalogue) -> None:
        add(catalogue, dataset())
        assert names(catalogue, DatasetQuery(q="")) == ["cars"]

    def test_tags_fit_exactly(self, catalogue: Catalogue) -> None:
        add(catalogue, dataset("x1", tags=("A b", "c")))
        for tag, expected in (("A b", ["x1"]), ("c", ["x1"]), ("a b", []), ("A", []), ("", []), ("\udcff", [])):
            assert names(catalogue, DatasetQuery(tag=tag)) == expected

    def test_names_fit_exactly(self, catalogue: Catalogue) -> None:
        add_several(catalogue, 2)
        assert names(catalogue, DatasetQuery(name="d1")) == ["d1"]
        assert names(catalogue, DatasetQuery(name="d")) == []

    def test_ids_fit_in_any_notation(self, catalogue: Catalogue) -> None:
        ids = [one.id for one in add_several(catalogue, 3)]
        wanted = (ids[0].upper(), ids[2].replace("-", ""), "d1", "\udcff", ids[0])
        assert names(catalogue, DatasetQuery(ids=wanted, sort="name")) == ["d0", "d2"]
        assert names(catalogue, DatasetQuery(ids=())) == []

    def test_many_ids_may_be_asked_for(self, catalogue: Catalogue) -> None:
        one = add(catalogue, dataset())
        others = tuple(f"{number:032x}" for number in range(9_999))
        assert names(catalogue, DatasetQuery(ids=(*others, one.id))) == ["cars"]

    def test_media_types_are_those_that_documents_show(self, catalogue: Catalogue) -> None:
        """The original's; of a table that never was a file, that of its parts."""
        add(catalogue, dataset("file"))
        add(catalogue, dataset("table", of=version(table_only=True)))
        assert names(catalogue, DatasetQuery(media_type="text/csv")) == ["file"]
        assert names(catalogue, DatasetQuery(media_type="application/vnd.apache.parquet")) == ["table"]
        assert names(catalogue, DatasetQuery(media_type="application/json")) == []

    def test_media_types_are_those_of_the_newest_version(self, catalogue: Catalogue) -> None:
        add(catalogue, dataset("file"))
        add(catalogue, dataset("table", of=version(table_only=True)))
        for name, table_only in (("file", True), ("table", False)):
            catalogue.change(DatasetRef(name), partial(succeed, version(table_only=table_only)))
        assert names(catalogue, DatasetQuery(media_type="text/csv")) == ["table"]

    def test_times_are_bounds_that_do_not_belong_to_what_fits(self, catalogue: Catalogue) -> None:
        add_several(catalogue, 4)
        query = DatasetQuery(created_after=NOON, created_before=NOON + 3 * HOUR)
        assert names(catalogue, query) == ["d2", "d1"]

    def test_times_of_any_zone_or_none_are_compared(self, catalogue: Catalogue) -> None:
        add_several(catalogue, 4)
        there = (NOON + HOUR).astimezone(timezone(timedelta(hours=-9)))
        assert names(catalogue, DatasetQuery(created_after=there)) == ["d3", "d2"]
        assert names(catalogue, DatasetQuery(created_before=datetime(2024, 5, 6, 13))) == ["d0"]  # noqa: DTZ001 - the fact

    def test_filters_are_joined(self, catalogue: Catalogue) -> None:
        add(catalogue, dataset("x1", tags=("a",), title="T"))
        add(catalogue, dataset("x2", tags=("a",), title="U"))
        assert names(catalogue, DatasetQuery(tag="a", q="t")) == ["x1"]

    # --- order and pages ---

    def test_every_order_sorts_by_its_field_then_by_id(self, catalogue: Catalogue) -> None:
        times = (3, 1, 2, 1, 3, 1)
        for name, hours in zip("fbdaec", times, strict=True):
            add(catalogue, dataset(name, at=NOON + hours * HOUR))
        by_time = ["b", "a", "c", "d", "f", "e"]
        assert names(catalogue, DatasetQuery(sort="created_at")) == by_time
        assert names(catalogue, DatasetQuery(sort="-created_at")) == by_time[::-1]
        assert names(catalogue, DatasetQuery(sort="updated_at")) == by_time
        assert names(catalogue, DatasetQuery(sort="name")) == list("abcdef")
        assert names(catalogue, DatasetQuery(sort="-name")) == list("fedcba")

    def test_names_sort_by_their_bytes(self, catalogue: Catalogue) -> None:
        for name in ("a_1", "a-1", "a1", "ab", "a", "1"):
            add(catalogue, dataset(name))
        assert names(catalogue, DatasetQuery(sort="name")) == ["1", "a", "a-1", "a1", "a_1", "ab"]

    def test_a_change_moves_a_dataset_in_the_order_of_changes(self, catalogue: Catalogue) -> None:
        add_several(catalogue, 3)
        catalogue.change(DatasetRef("d0"), lambda found: found.edited(DatasetChanges(), NOON + 9 * HOUR))
        assert names(catalogue, DatasetQuery(sort="-updated_at")) == ["d0", "d2", "d1"]

    def test_pages_by_offset(self, catalogue: Catalogue) -> None:
        add_several(catalogue, 5)
        found = catalogue.list(DatasetQuery(sort="name", limit=2, offset=2))
        assert ([one.name for one in found.items], found.total, found.offset) == (["d2", "d3"], 5, 2)
        last = catalogue.list(DatasetQuery(sort="name", limit=2, cursor=found.next))
        assert ([one.name for one in last.items], last.total, last.offset, last.next) == (["d4"], 5, 4, None)
        beyond = catalogue.list(DatasetQuery(limit=2, offset=10**15))
        assert (beyond.items, beyond.total, beyond.offset, beyond.next) == ((), 5, 10**15, None)

    @pytest.mark.parametrize("sort", ORDERS)
    @pytest.mark.parametrize("limit", [1, 2, 3, 6, 7])
    def test_cursors_lead_through_the_whole_list(self, catalogue: Catalogue, sort: ListOrder, limit: int) -> None:
        for each in range(6):
            add(catalogue, dataset(f"d{each}", at=NOON + each // 3 * HOUR))
        found = [name for page in pages(catalogue, sort, limit) for name in page]
        assert found == names(catalogue, DatasetQuery(sort=sort))

    @pytest.mark.parametrize("sort", ORDERS)
    def test_cursors_skip_and_repeat_nothing_while_the_list_changes(
        self, catalogue: Catalogue, sort: ListOrder
    ) -> None:
        """Not even when the item that a page ended with is removed, and others are added before it."""
        add_several(catalogue, 6)
        whole = names(catalogue, DatasetQuery(sort=sort))
        first = catalogue.list(DatasetQuery(sort=sort, limit=3))
        catalogue.remove(DatasetRef(whole[2]), lambda _: None)
        for name, hours in (("a1", -1), ("z1", 99)):
            add(catalogue, dataset(name, at=NOON + hours * HOUR))
        rest = catalogue.list(DatasetQuery(sort=sort, cursor=first.next))
        assert [one.name for one in rest.items if one.name.startswith("d")] == whole[3:]

    def test_the_total_counts_what_fits(self, catalogue: Catalogue) -> None:
        add_several(catalogue, 5)
        first = catalogue.list(DatasetQuery(q="d", limit=2))
        assert first.total == catalogue.list(DatasetQuery(q="d", limit=2, cursor=first.next)).total == 5
        assert catalogue.list(DatasetQuery(q="nothing", limit=2)).total == 0

    def test_cursors_of_other_lists_and_orders_are_refused(self, catalogue: Catalogue) -> None:
        first, _ = add_several(catalogue, 2)
        by_name = catalogue.list(DatasetQuery(sort="name", limit=1)).next
        assert by_name is not None
        no_time = write_cursor(ListCursor("name", "", "d0", first.id, 0)).replace("Im5hbWUi", "ImNyZWF0ZWRfYXQi")
        rows = write_cursor(RowCursor("", 1, 0, ""))
        for cursor in (by_name, by_name + "A", no_time, rows, "", "x", "\udcff", "é", "W10", by_name[:-3]):
            with pytest.raises(InvalidCursor):
                catalogue.list(DatasetQuery(sort="-created_at", cursor=cursor))
