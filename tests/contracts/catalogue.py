"""What every catalogue does; ``tests.contracts.listing`` holds what its lists do."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count, islice
from threading import Barrier
from time import sleep

import msgspec
import pytest

from entrepot_core.changes import DatasetChanges
from entrepot_core.dataset import Dataset, Origin
from entrepot_core.dialect import ImagesReport
from entrepot_core.errors import DatasetNotFound, NameTaken, Stale, VersionNotFound
from entrepot_core.names import DatasetName, DatasetRef, numbered
from entrepot_core.ports.catalogue import Catalogue
from entrepot_core.schema import Field, FieldType, Schema
from entrepot_core.selection import DatasetQuery
from entrepot_core.validators import Validators
from tests.contracts.datasets import NOON, add, dataset, digest, touched, version

CARS = DatasetRef("cars")
LATER = NOON + timedelta(days=1)


class EditFailedError(Exception):
    """Raised by an edit of a test."""


def variants(name: str) -> Iterator[DatasetName]:
    """A name, and then the same name with numbers, without an end."""
    yield DatasetName(name)
    for number in count(2):
        yield numbered(DatasetName(name), number)


class CatalogueContract:
    """The facts; a subclass gives the fixture ``catalogue``, an empty one."""

    @pytest.fixture
    def catalogue(self) -> Catalogue | Iterator[Catalogue]:
        raise NotImplementedError

    def test_what_is_added_is_found_as_it_was(self, catalogue: Catalogue) -> None:
        added = add(catalogue, dataset(title="Čars 🚗", description="a\nb" * 10_000, tags=("a", "ä b")))
        assert catalogue.find(CARS) == added
        assert catalogue.find(DatasetRef(added.id)) == added

    def test_times_come_back_in_utc_to_the_microsecond(self, catalogue: Catalogue) -> None:
        add(catalogue, dataset())
        found = catalogue.find(CARS)
        for time in (found.created_at, found.updated_at, found.version.created_at):
            assert (time.isoformat(), time.utcoffset()) == ("2024-05-06T12:00:00.123456+00:00", timedelta(0))

    def test_an_id_may_be_written_without_hyphens_or_in_capitals(self, catalogue: Catalogue) -> None:
        added = add(catalogue, dataset())
        assert catalogue.find(DatasetRef(added.id.replace("-", "").upper())) == added

    def test_a_dataset_may_have_no_fields_and_no_tags(self, catalogue: Catalogue) -> None:
        bare = msgspec.structs.replace(version(), schema=Schema(()))
        added = add(catalogue, dataset(of=bare))
        assert catalogue.find(CARS) == added

    def test_a_dataset_may_have_as_many_columns_as_a_sheet(self, catalogue: Catalogue) -> None:
        fields = tuple(Field(f"c{number}", FieldType.NUMBER) for number in range(16_384))
        added = add(catalogue, dataset(of=msgspec.structs.replace(version(), schema=Schema(fields))))
        assert catalogue.find(CARS) == added

    @pytest.mark.parametrize("ref", ["nobody", "", "Cars", "cars ", "0" * 32, "\udcff", "c%", "a" * 10_000])
    def test_what_is_not_there_is_not_found(self, catalogue: Catalogue, ref: str) -> None:
        add(catalogue, dataset())
        with pytest.raises(DatasetNotFound) as caught:
            catalogue.find(DatasetRef(ref))
        assert caught.value.ref == ref
        with pytest.raises(DatasetNotFound):
            catalogue.change(DatasetRef(ref), touched)
        with pytest.raises(DatasetNotFound):
            catalogue.remove(DatasetRef(ref), lambda _: None)

    # --- adding ---

    def test_the_first_free_name_is_taken(self, catalogue: Catalogue) -> None:
        names = [catalogue.add(dataset(), variants("cars")).name for _ in range(3)]
        assert names == ["cars", "cars-2", "cars-3"]
        assert catalogue.find(DatasetRef("cars-3")).name == "cars-3"

    def test_a_gap_among_the_names_is_filled(self, catalogue: Catalogue) -> None:
        for _ in range(3):
            catalogue.add(dataset(), variants("cars"))
        catalogue.remove(DatasetRef("cars-2"), lambda _: None)
        assert catalogue.add(dataset(), variants("cars")).name == "cars-2"

    def test_many_names_may_be_taken(self, catalogue: Catalogue) -> None:
        for name in ("cars", *(f"cars-{number}" for number in range(2, 40))):
            add(catalogue, dataset(name))
        assert catalogue.add(dataset(), variants("cars")).name == "cars-40"

    def test_a_name_that_is_taken_is_refused(self, catalogue: Catalogue) -> None:
        added = add(catalogue, dataset())
        add(catalogue, dataset("bikes"))
        with pytest.raises(NameTaken) as caught:
            catalogue.add(dataset(), [DatasetName("bikes"), DatasetName("cars")])
        assert caught.value.name == "cars"
        assert catalogue.find(CARS) == added
        assert catalogue.list(DatasetQuery()).total == 2

    def test_a_removed_name_is_free_again(self, catalogue: Catalogue) -> None:
        add(catalogue, dataset())
        catalogue.remove(CARS, lambda _: None)
        again = add(catalogue, dataset())
        assert catalogue.find(CARS) == again

    # --- changing ---

    def test_a_change_is_answered_and_found(self, catalogue: Catalogue) -> None:
        before = add(catalogue, dataset(tags=("old", "kept")))
        changes = DatasetChanges(title="T", description="D", tags=("kept", "new"), published=True)
        changed = catalogue.change(CARS, lambda found: found.edited(changes, LATER))
        assert changed == before.edited(changes, LATER)
        assert catalogue.find(CARS) == changed

    def test_a_dataset_may_be_renamed(self, catalogue: Catalogue) -> None:
        add(catalogue, dataset())
        catalogue.change(CARS, lambda found: found.edited(DatasetChanges(name=DatasetName("autos")), LATER))
        assert catalogue.find(DatasetRef("autos")).name == "autos"
        with pytest.raises(DatasetNotFound):
            catalogue.find(CARS)
        add(catalogue, dataset())

    def test_the_name_of_another_is_refused(self, catalogue: Catalogue) -> None:
        before = add(catalogue, dataset())
        add(catalogue, dataset("bikes"))
        changes = DatasetChanges(name=DatasetName("bikes"), title="T", tags=("new",))
        with pytest.raises(NameTaken) as caught:
            catalogue.change(CARS, lambda found: found.edited(changes, LATER))
        assert caught.value.name == "bikes"
        assert catalogue.find(CARS) == before

    def test_what_an_edit_raises_passes_through_and_changes_nothing(self, catalogue: Catalogue) -> None:
        before = add(catalogue, dataset())

        def fail(found: Dataset) -> Dataset:
            raise EditFailedError(found.name)

        with pytest.raises(EditFailedError, match="cars"):
            catalogue.change(CARS, fail)

        def insist(found: Dataset) -> Dataset:
            found.require(7)
            return touched(found)

        with pytest.raises(Stale):
            catalogue.change(CARS, insist)
        assert catalogue.find(CARS) == before
        catalogue.change(CARS, touched)

    def test_an_edit_may_read_the_catalogue(self, catalogue: Catalogue) -> None:
        add(catalogue, dataset())
        changed = catalogue.change(CARS, lambda found: touched(catalogue.find(DatasetRef(found.id))))
        assert changed.revision == 2

    # --- versions ---

    def test_a_newer_version_stands_beside_the_older_ones(self, catalogue: Catalogue) -> None:
        first = add(catalogue, dataset())
        second = catalogue.change(CARS, lambda found: found.succeeded_by(version(mark="y"), DatasetChanges(title="T")))
        assert (second.version.number, second.latest) == (2, 2)
        assert catalogue.find(CARS) == catalogue.find(CARS, 2) == second
        old = catalogue.find(CARS, 1)
        assert (old.version, old.latest, old.title) == (first.version, 2, "T")

    def test_a_change_begins_at_the_newest_version(self, catalogue: Catalogue) -> None:
        add(catalogue, dataset())
        for number in (1, 2, 3):
            found = catalogue.change(CARS, lambda found: found.succeeded_by(version(), DatasetChanges()))
            assert found.version.number == number + 1

    @pytest.mark.parametrize("number", [0, -1, 2, 2**31, 2**63, 10**30])
    def test_a_version_that_is_not_there_is_reported(self, catalogue: Catalogue, number: int) -> None:
        add(catalogue, dataset())
        with pytest.raises(VersionNotFound) as caught:
            catalogue.find(CARS, number)
        assert (caught.value.ref, caught.value.version, caught.value.latest) == ("cars", number, 1)

    def test_a_report_may_be_put_right_later(self, catalogue: Catalogue) -> None:
        before = add(catalogue, dataset())
        catalogue.change(CARS, lambda found: found.succeeded_by(version(), DatasetChanges()))
        told = msgspec.structs.replace(version().report, images=ImagesReport(stored=3))

        def tell(found: Dataset) -> Dataset:
            return msgspec.structs.replace(found, version=msgspec.structs.replace(found.version, report=told))

        catalogue.change(CARS, tell)
        assert catalogue.find(CARS).version.report == catalogue.find(CARS, 2).version.report == told
        assert catalogue.find(CARS, 1).version == before.version

    # --- what is due ---

    def test_what_is_known_of_images_and_the_source_is_found_as_it_was(self, catalogue: Catalogue) -> None:
        origin = Origin("https://example.org/ä.csv", digest("x"), NOON, Validators(etag='"1"'), 3600, "it is gone")
        one = msgspec.structs.replace(dataset(), images=("b", ""), imaged=1, origin=origin)
        add(catalogue, one)
        assert catalogue.find(CARS) == one
        changed = msgspec.structs.replace(one, images=(), imaged=0, origin=None)
        assert catalogue.change(CARS, lambda _: changed) == catalogue.find(CARS) == changed

    def test_a_source_is_due_when_its_time_has_come(self, catalogue: Catalogue) -> None:
        origin = Origin("https://example.org/cars.csv", digest("x"), NOON, every=60)
        one = add(catalogue, msgspec.structs.replace(dataset("cars"), origin=origin))
        add(catalogue, msgspec.structs.replace(dataset("trains"), origin=msgspec.structs.replace(origin, every=None)))
        add(catalogue, dataset("planes"))
        assert catalogue.due(NOON + timedelta(seconds=59)) == ()
        assert catalogue.due(NOON + timedelta(seconds=60)) == (one.id,)

    def test_those_that_fail_are_listed_until_they_succeed(self, catalogue: Catalogue) -> None:
        origin = Origin("https://example.org/cars.csv", digest("x"), NOON, problem="it answers 404")
        add(catalogue, msgspec.structs.replace(dataset("cars"), origin=origin))
        add(catalogue, msgspec.structs.replace(dataset("trains"), origin=msgspec.structs.replace(origin, problem=None)))
        add(catalogue, dataset("planes"))

        def listed(*, failing: bool | None) -> list[str]:
            return [one.name for one in catalogue.list(DatasetQuery(failing=failing, sort="name")).items]

        assert (listed(failing=True), listed(failing=False)) == (["cars"], ["planes", "trains"])
        fine = msgspec.structs.replace(origin, problem=None)
        catalogue.change(CARS, lambda found: msgspec.structs.replace(found, origin=fine))
        assert (listed(failing=True), listed(failing=None)) == ([], ["cars", "planes", "trains"])

    def test_images_are_due_when_a_version_has_come_that_nobody_looked_at(self, catalogue: Catalogue) -> None:
        one = add(catalogue, msgspec.structs.replace(dataset("cars"), images=("b",)))
        add(catalogue, msgspec.structs.replace(dataset("trains"), images=()))
        assert catalogue.due(NOON) == (one.id,)
        catalogue.change(CARS, lambda found: msgspec.structs.replace(found, imaged=1))
        assert catalogue.due(NOON) == ()
        catalogue.change(CARS, lambda found: found.succeeded_by(version(), DatasetChanges()))
        assert catalogue.due(NOON) == (one.id,)

    def test_what_somebody_claims_is_not_due(self, catalogue: Catalogue) -> None:
        claimed = msgspec.structs.replace(dataset("cars"), images=("b",), claimed_until=NOON)
        add(catalogue, claimed)
        assert catalogue.find(CARS) == claimed
        assert catalogue.due(NOON - timedelta(seconds=1)) == ()
        assert catalogue.due(NOON) == (claimed.id,)

    # --- removing ---

    def test_a_removed_dataset_is_gone_with_all_its_versions(self, catalogue: Catalogue) -> None:
        added = add(catalogue, dataset(tags=("a",)))
        catalogue.change(CARS, lambda found: found.succeeded_by(version(mark="y"), DatasetChanges()))
        kept = add(catalogue, dataset("bikes", of=version(mark="z")))
        catalogue.remove(CARS, lambda _: None)
        for ref in (CARS, DatasetRef(added.id)):
            with pytest.raises(DatasetNotFound):
                catalogue.find(ref)
        assert catalogue.digests() == {form.digest for form in kept.version.distributions}
        assert catalogue.list(DatasetQuery()).items == (kept,)

    def test_a_check_may_prevent_the_removal(self, catalogue: Catalogue) -> None:
        added = add(catalogue, dataset())
        with pytest.raises(Stale):
            catalogue.remove(CARS, lambda found: found.require(7))
        assert catalogue.find(CARS) == added
        catalogue.remove(CARS, lambda found: found.require(1))

    # --- blobs ---

    def test_the_digests_are_those_of_all_versions(self, catalogue: Catalogue) -> None:
        assert catalogue.digests() == set()
        add(catalogue, dataset())
        second = version(mark="y")
        catalogue.change(CARS, lambda found: found.succeeded_by(second, DatasetChanges()))
        forms = (*version().distributions, *second.distributions)
        assert catalogue.digests() == {form.digest for form in forms}

    # --- several at once ---

    def test_no_change_is_lost_between_threads(self, catalogue: Catalogue) -> None:
        add(catalogue, dataset())
        together = Barrier(6)

        def edit(found: Dataset) -> Dataset:
            sleep(0.001)  # lets other threads in, if they can come in
            return found.succeeded_by(version(), DatasetChanges())

        def work(_: int) -> None:
            together.wait()
            for _ in range(5):
                catalogue.change(CARS, edit)

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(work, range(6)))
        found = catalogue.find(CARS)
        assert (found.latest, found.revision) == (31, 31)
        assert [catalogue.find(CARS, number).version.number for number in range(1, 32)] == list(range(1, 32))

    def test_threads_that_want_one_name_get_different_ones(self, catalogue: Catalogue) -> None:
        together = Barrier(8)

        def slowly(names: Iterable[DatasetName]) -> Iterator[DatasetName]:
            names = iter(names)
            for name in islice(names, 8):
                yield name
                sleep(0.001)  # as above
            yield from names  # none will be given, but a catalogue may look at hundreds

        def work(_: int) -> str:
            together.wait()
            return catalogue.add(dataset(), slowly(variants("cars"))).name

        with ThreadPoolExecutor(8) as pool:
            names = set(pool.map(work, range(8)))
        assert names == {"cars", *(f"cars-{number}" for number in range(2, 9))}

    def test_readers_see_whole_states_only(self, catalogue: Catalogue) -> None:
        """A dataset's revision, version and tags are of one moment."""
        add(catalogue, dataset(tags=("1",)))

        def write() -> None:
            for _ in range(20):
                catalogue.change(
                    CARS,
                    lambda found: found.succeeded_by(version(), DatasetChanges(tags=(str(found.latest + 1),))),
                )

        with ThreadPoolExecutor(2) as pool:
            writing = pool.submit(write)
            while not writing.done():
                for found in (catalogue.find(CARS), *catalogue.list(DatasetQuery()).items):
                    assert found.tags == (str(found.latest),)
                    assert found.version.number == found.latest == found.revision
            writing.result()
