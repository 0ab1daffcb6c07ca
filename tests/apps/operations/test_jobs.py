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
from entrepot_core.errors import Cancelled, StoreBusy
from entrepot_core.job import Job, JobId, JobQuery
from entrepot_core.ports.importer import Imported, Importer, ImportTask
from entrepot_core.source import NewDataset
from entrepot_core.use_cases import working
from entrepot_core.use_cases.local import LocalOperations
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
    monkeypatch.setattr(working, "KEPT", 2)
    let_go(operations)
    jobs = [begin(operations) for _ in range(4)]
    eventually(lambda: {one.id for one in operations.list_jobs(JobQuery()).items} <= {job.id for job in jobs[1:]})
    operations.close()
    assert operations.list_jobs(JobQuery()).total == 2
