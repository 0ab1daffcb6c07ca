"""What a server does on its own: sources are fetched again when their time has come, and images that edits brought."""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import attrs
import pytest

from entrepot.settings import MEMORY, Settings
from entrepot.wiring import Home, open_home
from entrepot_adapters.clock import SystemClock
from entrepot_adapters.memory import MemoryFetcher, Page
from entrepot_core.changes import DatasetChanges
from entrepot_core.dataset import Dataset
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.errors import DiskFull, FetchFailed, InvalidOption
from entrepot_core.names import DatasetName, DatasetRef
from entrepot_core.ports.catalogue import Catalogue
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.operations import Source
from entrepot_core.rows.query import RowQuery
from entrepot_core.selection import DatasetQuery
from entrepot_core.source import Label, Link, NewDataset
from entrepot_core.use_cases.local import LocalOperations
from entrepot_core.use_cases.upkeep import Upkeep
from entrepot_core.views import DatasetView
from tests.painting import painted

CARS = DatasetRef("cars")
URL = "https://example.org/lists/cars.csv"
QUERY = RowQuery()
IMAGE = "https://example.org/lists/a.jpg"


@attrs.define
class LateClock(SystemClock):
    """A clock that is ahead of its time.

    Attributes:
        by: How far.
    """

    by: timedelta = timedelta()

    def now(self) -> datetime:
        return super().now() + self.by


@attrs.define
class Kept:
    """A store, its source and its clock, and what looks after it when that is called."""

    driven: Driven
    pages: dict[str, Page]
    clock: LateClock
    operations: LocalOperations
    upkeep: Upkeep

    def look(self) -> list[str]:
        """Do what is due; answer what that was."""
        due = list(self.driven.catalogue.due(self.clock.now()))
        for one in due:
            with suppress(FetchFailed):
                self.upkeep.keep_up(self.driven.catalogue.find(DatasetRef(one)))
        return [self.operations.get_dataset(DatasetRef(one)).name for one in due]

    def do_due(self) -> None:
        """Have what is due done as a server does it."""
        with ThreadPoolExecutor(1) as pool:
            self.upkeep.look(pool)

    def land(self, refresh: int | None = None, rows: str = "Ada,a.jpg") -> DatasetView:
        self.pages[URL] = Page(f"name,image\n{rows}\n".encode(), etag=f'"{rows}"')
        details = NewDataset(name=DatasetName("cars"), published=True, refresh=refresh)
        return self.operations.add_dataset(Source(Link(URL)), details, ImportOptions(), no_report)


@pytest.fixture
def kept() -> Iterator[Kept]:
    pages = {IMAGE: Page(painted(1).content)}
    clock, fetcher = LateClock(), MemoryFetcher(pages)
    with open_home(MEMORY, Settings()) as home:
        driven = attrs.evolve(home.driven, fetcher=fetcher, image_fetcher=fetcher, clock=clock)
        operations = LocalOperations(driven)
        yield Kept(driven, pages, clock, operations, Upkeep(driven, lambda: None))
        operations.close()


def test_a_source_is_fetched_again_when_its_time_has_come(kept: Kept) -> None:
    made = kept.land(refresh=3_600)
    assert made.refresh is not None
    assert (made.refresh.every, made.refresh.due_at) == (3_600, made.refresh.checked_at + timedelta(hours=1))
    assert kept.look() == []
    kept.clock.by = timedelta(hours=1, seconds=1)
    assert kept.look() == ["cars"]
    after = kept.operations.get_dataset(CARS)
    assert (after.version, after.revision) == (made.version, made.revision)
    assert kept.look() == []
    kept.clock.by *= 2
    kept.pages[URL] = Page(b"name,image\nAda,a.jpg\nBo,\n")
    assert kept.look() == ["cars"]
    after = kept.operations.get_dataset(CARS)
    assert (after.version, after.rows) == (made.version + 1, 2)
    assert after.refresh is not None
    assert after.refresh.every == 3_600
    assert kept.look() == []


def test_a_source_that_fails_is_told_of_and_asked_again_at_the_next_time(kept: Kept) -> None:
    made = kept.land(refresh=60)
    page = kept.pages.pop(URL)
    kept.clock.by = timedelta(minutes=2)
    assert kept.look() == ["cars"]
    told = kept.operations.get_dataset(CARS)
    assert told.refresh is not None
    assert told.refresh.problem is not None
    assert "404" in told.refresh.problem
    assert told.version == made.version
    assert kept.look() == []
    kept.pages[URL] = page
    kept.clock.by *= 2
    kept.look()
    told = kept.operations.get_dataset(CARS)
    assert told.refresh is not None
    assert told.refresh.problem is None


def test_images_that_an_edit_names_are_fetched(kept: Kept) -> None:
    kept.land()
    kept.operations.append_rows(CARS, [{"name": "Bo", "image": "b.jpg"}])
    assert bytes(kept.operations.read_collection("cars", QUERY).items[1]["image"]) == b"null"
    kept.pages[IMAGE.replace("a.jpg", "b.jpg")] = Page(painted(2).content)
    assert kept.look() == ["cars"]
    assert bytes(kept.operations.read_collection("cars", QUERY).items[1]["image"]).startswith(b'"/images/')
    assert kept.look() == []


def test_an_interval_may_be_said_later_and_taken_back(kept: Kept) -> None:
    made = kept.land()
    assert made.refresh is not None
    assert (made.refresh.every, made.refresh.due_at) == (None, None)
    changed = kept.operations.edit_dataset(CARS, DatasetChanges(refresh=90))
    assert changed.refresh is not None
    assert changed.refresh.every == 90
    changed = kept.operations.edit_dataset(CARS, DatasetChanges(refresh=0))
    assert changed.refresh is not None
    assert changed.refresh.every is None


@pytest.mark.parametrize(
    ("source", "seconds"),
    [
        (Source([b"a\n1\n"], Label("cars.csv")), 3_600),
        (Source(Link("https://ada:secret@example.org/lists/cars.csv")), 3_600),
        (Source(Link(URL)), 59),
        (Source(Link(URL)), 10**9),
    ],
)
def test_what_can_not_be_fetched_again_is_refused_at_once(kept: Kept, source: Source, seconds: int) -> None:
    kept.pages[URL] = Page(b"a\n1\n")
    with pytest.raises(InvalidOption, match="refresh"):
        kept.operations.add_dataset(source, NewDataset(refresh=seconds), ImportOptions(), no_report)
    assert kept.operations.list_datasets(DatasetQuery()).total == 0


def test_a_file_in_place_of_a_url_ends_the_fetching(kept: Kept) -> None:
    kept.land(refresh=60)
    source = Source([b"name,image\nBo,\n"], Label("cars.csv"))
    after = kept.operations.replace_dataset(CARS, source, DatasetChanges(), ImportOptions(), no_report)
    assert after.refresh is None


def test_one_process_at_a_time_looks_after_a_home(tmp_path: Path) -> None:
    with open_home(str(tmp_path), Settings()) as first, open_home(str(tmp_path), Settings()) as second:
        let_go = taken(first)
        assert let_go is not None
        assert taken(second) is None
        let_go()
        again = taken(second)
        assert again is not None
        again()


def test_a_thread_does_what_is_due(kept: Kept) -> None:
    kept.land()
    kept.pages[IMAGE.replace("a.jpg", "b.jpg")] = Page(painted(2).content)
    let_go = threading.Event()
    upkeep = Upkeep(kept.driven, lambda: let_go.set)
    upkeep.begin()
    kept.operations.append_rows(CARS, [{"name": "Bo", "image": "b.jpg"}])
    for _ in range(200):
        if kept.driven.catalogue.due(kept.clock.now()) == ():
            break
        threading.Event().wait(0.05)
    upkeep.close()
    assert let_go.is_set()
    assert bytes(kept.operations.read_collection("cars", QUERY).items[1]["image"]) != b"null"


def test_the_log_tells_of_a_version_that_a_source_made_and_of_a_source_that_fails(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    made = kept.land(refresh=60)
    about = {"dataset_id": made.id, "dataset": "cars", "kind": "refresh"}
    caplog.set_level(logging.INFO, "entrepot.upkeep")
    kept.clock.by = timedelta(minutes=2)
    kept.do_due()
    assert caplog.records == []  # nothing has changed
    kept.clock.by *= 2
    kept.pages[URL] = Page(b"name,image\nAda,a.jpg\nBo,\n")
    kept.do_due()
    assert said(caplog) == ("refreshed", "INFO", {**about, "version": 2, "rows": 2})
    caplog.clear()
    kept.clock.by *= 2
    kept.pages[URL] = Page(b"name,image\n")
    kept.do_due()
    told = kept.operations.get_dataset(CARS)
    assert told.refresh is not None
    problem = {"code": "malformed_input", "detail": told.refresh.problem}
    assert said(caplog) == ("refresh failed", "WARNING", {**about, **problem})
    assert "no rows" in str(told.refresh.problem)


def said(caplog: pytest.LogCaptureFixture) -> tuple[str, str, dict[str, object]]:
    """The only line of the log: its event, its level and its fields."""
    (record,) = caplog.records
    fields = ("dataset_id", "dataset", "kind", "version", "rows", "code", "detail")
    return record.msg, record.levelname, {name: getattr(record, name) for name in fields if hasattr(record, name)}


def taken(home: Home) -> Callable[[], None] | None:
    return home.take()


@attrs.define
class FullCatalogue:
    """A catalogue that can't take any change."""

    real: Catalogue

    def change(self, *_: object) -> Dataset:
        """Have no room."""
        raise DiskFull

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - all else is the real one's
        return getattr(self.real, name)


def test_a_source_whose_failure_can_not_be_noted_is_not_asked_each_second(kept: Kept) -> None:
    kept.land(refresh=60)
    kept.clock.by = timedelta(minutes=2)
    asked: list[str] = []
    real = kept.pages

    class Pages(dict[str, Page]):
        def get(self, url: str, default: Any = None) -> Any:  # noqa: ANN401 - as dict has it
            asked.append(url)
            return real.get(url, default)

    full = attrs.evolve(
        kept.driven, catalogue=cast("Catalogue", FullCatalogue(kept.driven.catalogue)), fetcher=MemoryFetcher(Pages())
    )
    upkeep = Upkeep(full, lambda: None)

    def look() -> int:
        with ThreadPoolExecutor(1) as pool:
            upkeep.look(pool)
        return len(asked)

    first = look()
    assert look() == first == 1
    kept.clock.by += timedelta(seconds=61)
    assert look() == first + 1
