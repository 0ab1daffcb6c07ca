"""Jobs in one process: who waits for whom, and what stops them. The importer is one that takes its time."""

from collections.abc import Callable, Iterator
from threading import Event
from typing import BinaryIO

import attrs
import pytest

from entrepot.settings import MEMORY, Settings
from entrepot.wiring import open_home
from entrepot_adapters.memory import MemoryJobs
from entrepot_core.dialect import ImportOptions, Report, no_report
from entrepot_core.errors import Cancelled, DiskFull, Interrupted, StoreBusy
from entrepot_core.job import Job, JobId, JobQuery
from entrepot_core.ports.blobs import Staged
from entrepot_core.ports.fetcher import Fetched
from entrepot_core.ports.importer import Imported, Importer, ImportTask
from entrepot_core.ports.operations import Source
from entrepot_core.source import Label, Link, NewDataset
from entrepot_core.use_cases import ending, queueing, repeating, working
from entrepot_core.use_cases.local import LocalOperations
from entrepot_core.validators import NO_VALIDATORS, Validators
from tests.contracts.working import begin, count, ended, eventually, source


@attrs.frozen
class SlowImporter:
    """Reads files once it may; until then it says that it is at it."""

    inner: Importer
    may: Event = attrs.field(factory=Event)

    def prepare(self) -> None: ...

    def load(self, source: BinaryIO, table: BinaryIO, rejects: BinaryIO, task: ImportTask, report: Report) -> Imported:
        while not self.may.wait(0.01):
            try:
                report("import", 1, 2)
            except Exception as error:
                message = "as polars wraps what a callback raises"
                raise RuntimeError(message) from error
        return self.inner.load(source, table, rejects, task, report)


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "INTERVAL", 0.02)


@pytest.fixture
def operations() -> Iterator[LocalOperations]:
    with open_home(MEMORY, Settings()) as home:
        slow = SlowImporter(home.driven.importer)
        operations = LocalOperations(attrs.evolve(home.driven, importer=slow))
        yield operations
        operations.close()


def let_go(operations: LocalOperations) -> None:
    """Let the importer read."""
    importer = operations.driven.importer
    assert isinstance(importer, SlowImporter)
    importer.may.set()


def states(operations: LocalOperations, jobs: list[Job]) -> list[str]:
    return [operations.get_job(job.id).state for job in jobs]


def test_two_jobs_run_at_once_and_the_others_wait_their_turn(operations: LocalOperations) -> None:
    jobs = [begin(operations) for _ in range(4)]
    eventually(lambda: states(operations, jobs) == ["running", "running", "queued", "queued"])
    assert operations.cancel_job(jobs[2].id).state == "cancelled"
    let_go(operations)
    assert [ended(operations, job).state for job in jobs] == ["succeeded", "succeeded", "cancelled", "succeeded"]
    assert count(operations) == 3


def test_a_store_that_is_closed_cuts_its_jobs_off(operations: LocalOperations) -> None:
    jobs = [begin(operations) for _ in range(3)]
    eventually(lambda: states(operations, jobs) == ["running", "running", "queued"])
    operations.close()
    for job in jobs:
        found = operations.get_job(job.id)
        assert (found.state, found.problem and found.problem["reason"]) == ("failed", "the store was closed")
    assert count(operations) == 0


def test_what_stops_an_import_reaches_the_caller_as_it_was(operations: LocalOperations) -> None:
    def cancel(*_: object) -> None:
        for job in operations.list_jobs(JobQuery(state="running")).items:
            operations.cancel_job(job.id)

    with pytest.raises(Cancelled):
        operations.add_dataset(source(), NewDataset(), ImportOptions(), cancel)
    (job,) = operations.list_jobs(JobQuery()).items
    assert job.state == "cancelled"


def test_a_short_import_leaves_no_job(operations: LocalOperations, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "INTERVAL", 60)
    let_go(operations)
    operations.add_dataset(source(), NewDataset(), ImportOptions(), no_report)
    assert operations.list_jobs(JobQuery()).total == 0


class BusyJobs(MemoryJobs):
    """A store that others hold whenever progress is told."""

    def change(self, job_id: JobId, edit: Callable[[Job], Job]) -> Job:
        before = self.find(job_id)
        if edit(before).state == before.state == "running":
            raise StoreBusy
        return super().change(job_id, edit)


def test_a_busy_store_is_no_reason_to_give_up(operations: LocalOperations) -> None:
    busy = LocalOperations(attrs.evolve(operations.driven, jobs=BusyJobs()))
    job = begin(busy)
    eventually(lambda: busy.get_job(job.id).state == "running")
    let_go(operations)
    assert ended(busy, job).state == "succeeded"
    busy.close()


class BrokenImporter:
    """Has a mistake in it."""

    def prepare(self) -> None: ...

    def load(self, *_: object) -> Imported:
        raise ZeroDivisionError


def test_a_mistake_of_ours_is_logged_and_not_shown(
    operations: LocalOperations, caplog: pytest.LogCaptureFixture
) -> None:
    broken = LocalOperations(attrs.evolve(operations.driven, importer=BrokenImporter()))
    last = ended(broken, begin(broken))
    broken.close()
    assert last.problem is not None
    assert (last.state, last.problem["reason"]) == ("failed", "something went wrong that nobody foresaw")
    assert "ZeroDivisionError" in caplog.text


def test_only_the_newest_jobs_are_remembered(operations: LocalOperations, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "KEPT", 2)
    let_go(operations)
    jobs = [begin(operations) for _ in range(4)]
    eventually(lambda: {one.id for one in operations.list_jobs(JobQuery()).items} <= {job.id for job in jobs[1:]})
    operations.close()
    assert operations.list_jobs(JobQuery()).total == 2


@attrs.frozen
class SlowFetcher:
    """Fetches a file once it may; until then it says that it is at it."""

    may: Event = attrs.field(factory=Event)

    def fetch(self, link: Link, into: Staged, report: Report, known: Validators = NO_VALIDATORS) -> Fetched:
        del known
        while not self.may.wait(0.01):
            report("fetch", 0, None)
        into.write(b"a\n1\n")
        return Fetched(Label(link.shown[-5:]))


def test_uploads_wait_for_no_url_and_urls_have_threads_of_their_own(operations: LocalOperations) -> None:
    fetcher = SlowFetcher()
    store = LocalOperations(attrs.evolve(operations.driven, fetcher=fetcher))
    let_go(operations)
    fetched = [begin(store, Source(Link("http://slow.test/a.csv"))) for _ in range(9)]
    eventually(lambda: states(store, fetched) == ["running"] * 8 + ["queued"])
    assert ended(store, begin(store)).state == "succeeded"
    fetcher.may.set()
    assert {ended(store, job).state for job in fetched} == {"succeeded"}
    store.close()


def test_no_more_jobs_wait_than_may(operations: LocalOperations, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queueing, "MOST_WAITING", 3)
    running = [begin(operations) for _ in range(2)]
    eventually(lambda: states(operations, running) == ["running"] * 2)
    waiting = [begin(operations) for _ in range(3)]
    with pytest.raises(StoreBusy):
        begin(operations)
    assert operations.list_jobs(JobQuery()).total == 5
    operations.cancel_job(waiting[0].id)
    begin(operations)
    let_go(operations)
    assert ended(operations, waiting[2]).state == "succeeded"


@pytest.mark.parametrize("by", ["this store", "another"])
def test_a_job_that_is_cancelled_while_it_waits_lets_go_of_its_file(
    operations: LocalOperations, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeating, "EVERY", 0.02)
    jobs = [begin(operations) for _ in range(2)]
    eventually(lambda: states(operations, jobs) == ["running"] * 2)
    staged = operations.driven.blobs.stage()
    waiting = begin(operations, Source(staged, Label("cars.csv"), 0))
    assert not staged.file.closed
    canceller = operations if by == "this store" else LocalOperations(operations.driven)
    assert canceller.cancel_job(waiting.id).state == "cancelled"
    if by == "this store":
        assert staged.file.closed
    eventually(lambda: staged.file.closed)


@attrs.define
class LockedJobs(MemoryJobs):
    """A store that others hold when jobs end, for a while."""

    times: int = 3
    error: type[Exception] = StoreBusy

    def __attrs_pre_init__(self) -> None:
        super().__init__()

    def change(self, job_id: JobId, edit: Callable[[Job], Job]) -> Job:
        if edit(self.find(job_id)).is_finished and self.times > 0:
            self.times -= 1
            raise self.error
        return super().change(job_id, edit)


@pytest.mark.parametrize("error", [StoreBusy, DiskFull, ZeroDivisionError])
@pytest.mark.parametrize("content", ["a\n1\n", "a,b\n1,\0\n"])
def test_how_a_job_ended_is_recorded_as_soon_as_that_can_be(
    operations: LocalOperations, error: type[Exception], content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeating, "EVERY", 0.02)
    store = LocalOperations(attrs.evolve(operations.driven, jobs=LockedJobs(error=error)))
    let_go(operations)
    job = begin(store, source(content))
    eventually(lambda: store.get_job(job.id).is_finished)
    assert store.get_job(job.id).state == ("failed" if "\0" in content else "succeeded")
    store.close()


@pytest.mark.parametrize("times", [1, 2])
def test_a_job_that_is_cancelled_ends_so_though_the_store_is_busy(
    operations: LocalOperations, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeating, "EVERY", 0.02)
    store = LocalOperations(attrs.evolve(operations.driven, jobs=LockedJobs(times=times)))
    job = begin(store)
    eventually(lambda: store.get_job(job.id).state == "running")
    store.cancel_job(job.id)
    assert ended(store, job).state == "cancelled"
    store.close()


class GrudgingJobs(MemoryJobs):
    """Never records how the first job ended."""

    tries = 0

    def change(self, job_id: JobId, edit: Callable[[Job], Job]) -> Job:
        if edit(self.find(job_id)).is_finished and job_id == self.list(JobQuery()).items[-1].id:
            self.tries += 1
            raise ZeroDivisionError
        return super().change(job_id, edit)


def test_an_ending_that_can_not_be_recorded_holds_up_no_other_and_is_given_up(
    operations: LocalOperations, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeating, "EVERY", 0.02)
    monkeypatch.setattr(ending, "MOST_TRIES", 20)
    jobs = GrudgingJobs()
    store = LocalOperations(attrs.evolve(operations.driven, jobs=jobs))
    let_go(operations)
    first = begin(store)
    eventually(lambda: jobs.tries > 0)
    assert ended(store, begin(store)).state == "succeeded"
    eventually(lambda: "given up" in caplog.text)
    assert (jobs.tries, caplog.text.count("Traceback")) == (20, 1)
    assert store.get_job(first.id).state == "running"
    store.close()


def test_a_store_that_is_closed_tries_to_record_a_last_time(operations: LocalOperations) -> None:
    store = LocalOperations(attrs.evolve(operations.driven, jobs=LockedJobs(times=2)))
    let_go(operations)
    job = begin(store)
    eventually(lambda: count(store) == 1)
    store.close()
    assert store.get_job(job.id).state == "succeeded"


class FaultyJobs(MemoryJobs):
    """Has a mistake in it that shows when jobs begin to run."""

    def change(self, job_id: JobId, edit: Callable[[Job], Job]) -> Job:
        if edit(self.find(job_id)).state == "running":
            raise ZeroDivisionError
        return super().change(job_id, edit)


def test_a_job_whose_thread_breaks_off_has_failed(operations: LocalOperations) -> None:
    store = LocalOperations(attrs.evolve(operations.driven, jobs=FaultyJobs()))
    last = ended(store, begin(store))
    assert (last.state, last.problem and last.problem["code"]) == ("failed", "interrupted")
    store.close()


def test_a_closed_store_begins_no_job(operations: LocalOperations) -> None:
    operations.close()
    with pytest.raises(Interrupted, match="the store was closed"):
        begin(operations)
    assert operations.list_jobs(JobQuery()).total == 0


@pytest.mark.parametrize("why", ["no place in line", "the store is closed"])
def test_a_job_that_is_refused_lets_go_of_its_file(
    operations: LocalOperations, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "MOST_WAITING", 0)
    if why == "the store is closed":
        operations.close()
    staged = operations.driven.blobs.stage()
    with pytest.raises((StoreBusy, Interrupted)):
        begin(operations, Source(staged, Label("cars.csv"), 0))
    assert staged.file.closed
