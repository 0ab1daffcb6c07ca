"""What every catalogue does with a dataset's versions, and with texts that are looked for."""

from datetime import timedelta
from functools import partial

import msgspec
import pytest

from entrepot_core.changes import DatasetChanges
from entrepot_core.dataset import Dataset, Distribution, Role
from entrepot_core.errors import DatasetNotFound, InvalidCursor, VersionNotFound
from entrepot_core.names import DatasetRef
from entrepot_core.paging import write_cursor
from entrepot_core.ports.catalogue import Catalogue
from entrepot_core.schema import Field, FieldType, Schema
from entrepot_core.selection import VersionCursor, VersionQuery
from tests.contracts.datasets import NOON, add, dataset, digest, version

CARS, NOBODY = DatasetRef("cars"), DatasetRef("nobody")


def add_versions(catalogue: Catalogue, count: int) -> Dataset:
    """A dataset of ``count`` versions."""
    found = add(catalogue, dataset())
    for number in range(2, count + 1):
        found = catalogue.change(CARS, partial(succeeded, str(number)))
    return found


def succeeded(mark: str, one: Dataset) -> Dataset:
    """The dataset with a next version, whose blobs are those of ``mark``."""
    return one.succeeded_by(version(mark=mark), DatasetChanges())


def numbers(catalogue: Catalogue, query: VersionQuery) -> list[int]:
    return [one.number for one in catalogue.versions(CARS, query).items]


class HistoryContract:
    """The facts; a subclass gives the fixture ``catalogue``, an empty one."""

    def test_versions_are_listed_newest_first(self, catalogue: Catalogue) -> None:
        add(catalogue, dataset("bikes"))
        add_versions(catalogue, 5)
        page = catalogue.versions(CARS, VersionQuery(limit=2, offset=1))
        assert ([one.number for one in page.items], page.total, page.offset) == ([4, 3], 5, 1)
        assert page.items[0] == catalogue.find(CARS, 4).version

    def test_a_cursor_goes_on_where_a_page_left_off_whatever_was_added_meanwhile(self, catalogue: Catalogue) -> None:
        add_versions(catalogue, 4)
        cursor = write_cursor(VersionCursor(3))
        catalogue.change(CARS, lambda one: one.succeeded_by(version(), DatasetChanges()))
        page = catalogue.versions(CARS, VersionQuery(cursor=cursor))
        assert ([one.number for one in page.items], page.total, page.offset) == ([2, 1], 5, 3)

    def test_versions_of_nobody_and_of_forged_cursors_are_refused(self, catalogue: Catalogue) -> None:
        with pytest.raises(DatasetNotFound):
            catalogue.versions(NOBODY, VersionQuery())
        add(catalogue, dataset())
        with pytest.raises(InvalidCursor):
            catalogue.versions(CARS, VersionQuery(cursor="zz"))

    def test_next_row_only_grows(self, catalogue: Catalogue) -> None:
        most = add(catalogue, dataset()).version.next_row
        few = msgspec.structs.replace(version(), next_row=2)
        assert catalogue.change(CARS, lambda one: one.succeeded_by(few, DatasetChanges())).version.next_row == most

    # --- completing and forgetting ---

    def test_a_version_is_completed_once_by_a_form_of_each_role(self, catalogue: Catalogue) -> None:
        bare = msgspec.structs.replace(version(), distributions=version(table_only=True).distributions[:2])
        add(catalogue, dataset(of=bare))
        first, second = (Distribution(Role.PROFILE, "application/json", 1, digest(mark)) for mark in "ab")
        for form in (first, second):
            catalogue.complete(CARS, 1, form)
        assert catalogue.find(CARS).version.distributions == (*bare.distributions, first)
        assert catalogue.find(CARS, 1).version.profile == first.digest
        assert first.digest in catalogue.digests()
        assert second.digest not in catalogue.digests()

    def test_completing_what_went_does_nothing(self, catalogue: Catalogue) -> None:
        form = Distribution(Role.PROFILE, "application/json", 1, digest("a"))
        catalogue.complete(NOBODY, 1, form)
        before = add(catalogue, dataset())
        catalogue.complete(CARS, 2, form)
        assert catalogue.find(CARS) == before

    def test_old_versions_are_forgotten_and_their_blobs_with_them(self, catalogue: Catalogue) -> None:
        newest = add_versions(catalogue, 5)
        assert catalogue.forget(CARS, 2) == 3
        assert catalogue.forget(CARS, 2) == 0
        assert numbers(catalogue, VersionQuery()) == [5, 4]
        assert catalogue.find(CARS) == newest
        with pytest.raises(VersionNotFound):
            catalogue.find(CARS, 3)
        kept = (form for number in (4, 5) for form in version(mark=str(number)).distributions)
        assert catalogue.digests() == {form.digest for form in kept}
        assert catalogue.change(CARS, lambda one: one.succeeded_by(version(), DatasetChanges())).latest == 6

    def test_a_change_that_needs_a_version_is_refused_where_it_was_forgotten(self, catalogue: Catalogue) -> None:
        newest = add_versions(catalogue, 3)
        catalogue.forget(CARS, 2)
        with pytest.raises(VersionNotFound):
            catalogue.change(CARS, partial(succeeded, "again"), having=1)
        assert catalogue.find(CARS) == newest
        assert catalogue.change(CARS, partial(succeeded, "again"), having=2).latest == 4

    def test_versions_of_nobody_cannot_be_forgotten(self, catalogue: Catalogue) -> None:
        with pytest.raises(DatasetNotFound):
            catalogue.forget(NOBODY, 1)

    # --- searching ---

    def test_a_text_is_found_in_names_first_and_in_columns_last(self, catalogue: Catalogue) -> None:
        of_price = msgspec.structs.replace(
            version(), schema=Schema((Field("Price", FieldType.NUMBER), Field("make", FieldType.STRING)))
        )
        add(catalogue, dataset("by-column", of=of_price))
        add(catalogue, dataset("by-description", description="The PRICE of things"))
        add(catalogue, dataset("by-tag", tags=("cheap", "Prices")))
        add(catalogue, dataset("by-title", title="Price list"))
        add(catalogue, dataset("prices"))
        add(catalogue, dataset("other"))
        found = catalogue.search("pRiCe", 10)
        names = ["prices", "by-title", "by-tag", "by-description", "by-column"]
        assert [match.dataset.name for match in found] == names
        assert [match.columns for match in found] == [(), (), (), (), ("Price",)]
        assert found[0].dataset == catalogue.find(DatasetRef("prices"))
        assert [match.dataset.name for match in catalogue.search("price", 2)] == names[:2]

    def test_only_the_newest_version_is_searched_and_equals_are_by_their_last_change(
        self, catalogue: Catalogue
    ) -> None:
        fields = Schema((Field("gone", FieldType.NUMBER),))
        add(catalogue, dataset(of=msgspec.structs.replace(version(), schema=fields)))
        catalogue.change(CARS, lambda one: one.succeeded_by(version(), DatasetChanges()))
        assert catalogue.search("gone", 10) == ()
        add(catalogue, dataset("older", title="same"))
        add(catalogue, dataset("newer", title="same", at=NOON + timedelta(days=1)))
        assert [match.dataset.name for match in catalogue.search("same", 10)] == ["newer", "older"]

    @pytest.mark.parametrize("text", ["%", "_", "'", "\0", "\ud800", "x" * 100_000])
    def test_a_text_is_no_pattern(self, catalogue: Catalogue, text: str) -> None:
        add(catalogue, dataset(tags=("ä",)))
        assert catalogue.search(text, 10) == ()
        assert len(catalogue.search("A\u0308", 10)) == 1
