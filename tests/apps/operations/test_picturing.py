"""What becomes of images beside edits, refreshes, restores, cancels and faults."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count

import attrs
import msgspec
import pytest

from entrepot.settings import MEMORY, Settings
from entrepot.wiring import open_home
from entrepot_adapters.memory import MemoryFetcher, Page
from entrepot_core.changes import DatasetChanges
from entrepot_core.collection import ImageQuery
from entrepot_core.dialect import ImportOptions, Report, Stage, no_report
from entrepot_core.errors import Cancelled, DiskFull, FetchFailed, InvalidImage, InvalidOption, RowNotFound
from entrepot_core.names import DatasetName, DatasetRef
from entrepot_core.ports.blobs import Staged
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.fetcher import Fetched
from entrepot_core.ports.operations import ImageUpload, Source
from entrepot_core.rows.query import RowQuery
from entrepot_core.source import Label, Link, NewDataset
from entrepot_core.use_cases import picturing
from entrepot_core.use_cases.editing import in_use
from entrepot_core.use_cases.image_fetching import MOST_IN_A_ROW
from entrepot_core.use_cases.local import LocalOperations
from entrepot_core.validators import NO_VALIDATORS, Validators
from entrepot_core.views import DatasetView
from tests.painting import painted

CARS = DatasetRef("cars")
LIST = "https://example.org/cars.csv"


@attrs.define
class CountingFetcher:
    """Fetches pages, and counts what is asked for; a page that isn't there may be one whose host is silent.

    Attributes:
        pages: What stands where.
        asked: How often each URL was asked for.
        silent: Whether what isn't there does not answer.
        fault: What goes wrong with every image.
        meanwhile: What happens once while something is fetched.
    """

    pages: dict[str, Page]
    asked: Counter[str] = attrs.field(factory=Counter[str])
    silent: bool = False
    fault: Exception | None = None
    meanwhile: Callable[[], object] | None = None

    def fetch(self, link: Link, into: Staged, report: Report, known: Validators = NO_VALIDATORS) -> Fetched:
        self.asked[link.url] += 1
        if self.meanwhile is not None:
            happen, self.meanwhile = self.meanwhile, None
            happen()
        if self.fault is not None and link.url != LIST:
            raise self.fault
        if self.silent and link.url not in self.pages:
            raise FetchFailed(url=link.url, reason="it does not answer")
        return MemoryFetcher(self.pages).fetch(link, into, report, known)


@pytest.fixture
def fetcher() -> CountingFetcher:
    return CountingFetcher({url(name): Page(painted(number).content) for number, name in enumerate("abcd")})


@pytest.fixture
def driven(fetcher: CountingFetcher) -> Iterator[Driven]:
    with open_home(MEMORY, Settings()) as home:
        yield attrs.evolve(home.driven, fetcher=fetcher, image_fetcher=fetcher)


@pytest.fixture
def operations(driven: Driven) -> Iterator[LocalOperations]:
    operations = LocalOperations(driven)
    yield operations
    operations.close()


def url(name: str) -> str:
    return f"https://example.org/{name}.jpg"


def table(names: str) -> bytes:
    """A list of one row for each name."""
    return "\n".join(["name,image", *(f"{name},{name}.jpg" for name in names), ""]).encode()


def land(operations: LocalOperations, fetcher: CountingFetcher, names: str) -> DatasetView:
    fetcher.pages[LIST] = Page(table(names))
    details = NewDataset(name=DatasetName("cars"), published=True)
    return operations.add_dataset(Source(Link(LIST)), details, ImportOptions(), no_report)


def shown(operations: LocalOperations) -> str:
    """The names of the rows that have an image."""
    rows = [msgspec.json.decode(msgspec.json.encode(item)) for item in operations.read_collection("cars", ALL).items]
    return "".join(row["name"] for row in rows if row["image"])


ALL = RowQuery(limit=1_000)


def test_a_restored_version_has_its_images_though_their_source_is_gone(
    operations: LocalOperations, fetcher: CountingFetcher
) -> None:
    land(operations, fetcher, "ab")
    fetcher.pages[LIST] = Page(table("bc"))
    operations.refresh_dataset(CARS, no_report)
    del fetcher.pages[url("a")]
    operations.restore_version(CARS, 1)
    assert shown(operations) == "ab"


def test_images_that_no_kept_version_names_are_forgotten(driven: Driven, fetcher: CountingFetcher) -> None:
    operations = LocalOperations(attrs.evolve(driven, keep_versions=2))
    made = land(operations, fetcher, "ab")
    for names in ("bc", "cd"):
        fetcher.pages[LIST] = Page(table(names))
        operations.refresh_dataset(CARS, no_report)
    assert {text[0] for text in driven.images.known(made.id)} == {"b", "c", "d"}
    assert driven.blobs.leavings(lambda: in_use(driven)).blobs == ()


def test_a_wish_of_an_older_version_changes_nothing_of_a_newer_one(
    operations: LocalOperations, driven: Driven, fetcher: CountingFetcher
) -> None:
    land(operations, fetcher, "ab")
    seen = driven.catalogue.find(CARS)
    fetcher.pages[LIST] = Page(table("cd"))
    operations.refresh_dataset(CARS, no_report)
    picturing.fetch_images(driven, seen, no_report, "all")
    assert shown(operations) == "cd"
    assert all(one.left_at is None for text, one in driven.images.known(seen.id).items() if text[0] in "cd")


def test_an_edit_of_something_else_asks_for_nothing_and_keeps_the_numbers(
    operations: LocalOperations, driven: Driven, fetcher: CountingFetcher
) -> None:
    land(operations, fetcher, "abx")
    asked = fetcher.asked.total()
    operations.update_rows(CARS, [{"_id": 1, "name": "z"}])
    after = picturing.fetch_images(driven, driven.catalogue.find(CARS), no_report, "new")
    assert fetcher.asked.total() == asked
    told = after.version.report.images
    assert told is not None
    assert (told.stored, told.failed, [flaw.row for flaw in told.failures]) == (2, 1, [3])


def test_the_report_after_edits_is_that_of_a_whole_look(
    operations: LocalOperations, driven: Driven, fetcher: CountingFetcher
) -> None:
    made = land(operations, fetcher, "abxy")
    operations.append_rows(CARS, [{"name": "c", "image": "c.jpg"}, {"name": "u", "image": "u.jpg"}])
    operations.update_rows(CARS, [{"_id": 3, "image": "d.jpg"}, {"_id": 1, "image": None}])
    operations.remove_rows(CARS, [4])
    told = picturing.fetch_images(driven, driven.catalogue.find(CARS), no_report, "new").version.report.images
    whole = picturing.fetch_images(driven, driven.catalogue.find(CARS), no_report, "missing").version.report.images
    assert told == whole
    assert told is not None
    assert (told.stored, told.failed, [flaw.row for flaw in told.failures]) == (3, 1, [6])
    assert operations.get_dataset(CARS).revision == made.revision + 3


def test_what_fetches_images_is_not_overtaken_by_upkeep(driven: Driven, fetcher: CountingFetcher) -> None:
    due: list[object] = []

    def look(stage: Stage, _done: int, _total: int | None) -> None:
        if stage == "images":
            due.extend(driven.catalogue.due(driven.clock.now()))

    operations = LocalOperations(driven)
    fetcher.pages[LIST] = Page(table("abcd"))
    operations.add_dataset(
        Source(Link(LIST)), NewDataset(name=DatasetName("cars"), published=True), ImportOptions(), look
    )
    assert due == []
    assert driven.catalogue.find(CARS).claimed_until is None


@pytest.mark.parametrize(("columns", "found"), [((), (0, 0, 0)), (("image",), (2, 0, 0))])
def test_columns_of_images_that_change_while_some_are_fetched_are_counted_anew(
    driven: Driven, fetcher: CountingFetcher, columns: tuple[str, ...], found: tuple[int, int, int]
) -> None:
    operations = LocalOperations(driven)
    land(operations, fetcher, "ab")
    operations.edit_dataset(CARS, DatasetChanges(images=("name",)))
    fetcher.fault = FetchFailed(url=LIST, reason="it does not answer")
    fetcher.meanwhile = lambda: operations.edit_dataset(CARS, DatasetChanges(images=columns))
    operations.fetch_images(CARS, no_report)
    page = operations.list_images(CARS, ImageQuery())
    assert (page.columns, page.stored, page.failed, page.pending) == (columns, *found)
    assert len(driven.catalogue.due(driven.clock.now())) == len(columns)


def test_rows_stay_and_the_rest_is_pending_when_the_fetching_is_cancelled(
    operations: LocalOperations, driven: Driven, fetcher: CountingFetcher
) -> None:
    def cancel(stage: Stage, _done: int, _total: int | None) -> None:
        if stage == "images":
            raise Cancelled(job="this")

    fetcher.pages[LIST] = Page(table("abcd"))
    details = NewDataset(name=DatasetName("cars"), published=True)
    made = operations.add_dataset(Source(Link(LIST)), details, ImportOptions(), cancel)
    assert made.rows == 4
    assert made.import_report.images is not None
    assert made.import_report.images.pending == 4
    assert driven.catalogue.due(driven.clock.now()) == ()
    assert operations.fetch_images(CARS, no_report).import_report.images is not None
    assert shown(operations) == "abcd"


def test_a_fault_of_the_store_leaves_rows_whose_images_are_pending(
    operations: LocalOperations, driven: Driven, fetcher: CountingFetcher
) -> None:
    fetcher.fault = DiskFull()
    made = land(operations, fetcher, "abcd")
    assert made.import_report.images is not None
    assert made.import_report.images.pending == 4
    with pytest.raises(DiskFull):
        operations.fetch_images(CARS, no_report)
    assert driven.catalogue.due(driven.clock.now()) == ()


def test_a_host_that_does_not_answer_is_given_up(operations: LocalOperations, fetcher: CountingFetcher) -> None:
    fetcher.silent = True
    rows = "".join(f"n{number},https://silent.example/{number}.jpg\n" for number in range(60))
    source = Source([b"name,image\n" + rows.encode()], Label("cars.csv"))
    details = NewDataset(name=DatasetName("cars"), published=True)
    made = operations.add_dataset(source, details, ImportOptions(), no_report)
    assert fetcher.asked.total() < MOST_IN_A_ROW + 3 * 8
    told = made.import_report.images
    assert told is not None
    assert told.failed == 60
    assert f"did not answer {MOST_IN_A_ROW} times in a row" in told.failures[-1].detail


def test_nothing_is_left_over_by_images_that_changed_or_were_refused(
    operations: LocalOperations, driven: Driven, fetcher: CountingFetcher
) -> None:
    land(operations, fetcher, "ab")
    numbers = count(30)
    for _ in range(2):
        fetcher.pages[url("a")] = Page(painted(next(numbers)).content)
        operations.refresh_dataset(CARS, no_report)
    for upload in (
        ImageUpload(100, Source([painted(40).content])),
        ImageUpload(1, Source([b"nothing"])),
    ):
        with suppress(RowNotFound, InvalidImage):
            operations.put_images(CARS, [upload])
    assert driven.blobs.leavings(lambda: in_use(driven)).blobs == ()


def test_one_image_for_a_row_that_is_there_and_one_that_is_not(
    operations: LocalOperations, driven: Driven, fetcher: CountingFetcher
) -> None:
    land(operations, fetcher, "ax")
    content = painted(50).content
    operations.put_images(CARS, [ImageUpload(2, Source([content]))])
    with pytest.raises(RowNotFound):
        operations.put_images(CARS, [ImageUpload(9, Source([content]))])
    assert shown(operations) == "ax"
    assert (
        picturing.fetch_images(driven, driven.catalogue.find(CARS), no_report, "new").version.report.images is not None
    )


def test_a_source_with_a_secret_is_fetched_on_no_schedule(
    operations: LocalOperations, fetcher: CountingFetcher
) -> None:
    signed = "https://example.org/cars.csv?token=x"
    fetcher.pages[LIST] = fetcher.pages[signed] = Page(table("a"))
    details = NewDataset(name=DatasetName("cars"), published=True)
    operations.add_dataset(Source(Link(signed)), details, ImportOptions(), no_report)
    with pytest.raises(InvalidOption, match="token"):
        operations.edit_dataset(CARS, DatasetChanges(refresh=3_600))
    operations.replace_dataset(CARS, Source(Link(LIST)), DatasetChanges(refresh=60), ImportOptions(), no_report)
    changed = operations.replace_dataset(CARS, Source(Link(signed)), DatasetChanges(), ImportOptions(), no_report)
    assert changed.refresh is not None
    assert changed.refresh.every is None


def test_many_failures_are_counted_and_the_first_named(operations: LocalOperations) -> None:
    rows = "".join(f"n{number},no url {number}\n" for number in range(5_000))
    source = Source([b"name,image\n" + rows.encode()], Label("cars.csv"))
    details = NewDataset(name=DatasetName("cars"), images=("image",))
    made = operations.add_dataset(source, details, ImportOptions(), no_report)
    assert made.import_report.images is not None
    assert (made.import_report.images.failed, len(made.import_report.images.failures)) == (5_000, 100)


def test_progress_is_told_of_what_is_recorded_and_a_cancel_takes_none_of_it_back(
    operations: LocalOperations, driven: Driven, fetcher: CountingFetcher
) -> None:
    made = land(operations, fetcher, "")
    rows = "".join(f"n{number},{'no url' if number % 3 else url('a')}?{number}\n" for number in range(200))
    fetcher.pages |= {f"{url('a')}?{number}": fetcher.pages[url("a")] for number in range(0, 200, 3)}
    seen: list[tuple[int, int]] = []

    def look(stage: Stage, done: int, _total: int | None) -> None:
        if stage == "images":
            seen.append((done, len(driven.images.known(made.id))))
            if done > 100:
                raise Cancelled(job="this")

    source = Source([b"name,image\n" + rows.encode()], Label("cars.csv"))
    operations.replace_dataset(CARS, source, DatasetChanges(images=("image",)), ImportOptions(), look)
    assert all(done <= known for done, known in seen)
    assert len(driven.images.known(made.id)) >= seen[-1][0] > 100
