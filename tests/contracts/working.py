"""What every implementation of ``Operations`` does with long work, embedded or remote."""

import time
from collections.abc import Callable, Iterator
from threading import Event

import pytest

from entrepot_core import errors
from entrepot_core.changes import DatasetChanges
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.job import Job, JobId, JobQuery
from entrepot_core.names import DatasetName, DatasetRef
from entrepot_core.ports.operations import Operations, Source
from entrepot_core.selection import DatasetQuery
from entrepot_core.source import Label, NewDataset

CARS = "make,price\nFiat,10.5\nAudi,\n"
NOBODY = JobId("00000000-0000-7000-8000-000000000000")
_SECONDS = 30


def source(text: str = CARS, file_name: str = "cars.csv") -> Source:
    """A file in two chunks."""
    data = text.encode()
    return Source([data[:7], data[7:]], Label(file_name=file_name), len(data))


def large(megabytes: int = 120) -> Source:
    """A file that takes several seconds to read: row by row, for the sake of its quotes."""
    line = "".join(f'{number},some "words" of text {number},{number / 7}\n' for number in range(20_000)).encode()
    times = megabytes * 1_000_000 // len(line)
    return Source([b"a,b,c\n", *[line] * times], Label(file_name="large.csv"), 6 + times * len(line))


def begin(operations: Operations, what: Source | None = None, **details: object) -> Job:
    """Begin to add a dataset."""
    return operations.begin_add_dataset(what or source(), NewDataset(**details), ImportOptions(), no_report)  # type: ignore[arg-type]  # what a test says


def ended(operations: Operations, job: Job) -> Job:
    """How a job ended."""
    *_, last = operations.watch_job(job.id)
    return last


def eventually(fact: Callable[[], bool]) -> None:
    """Wait for a fact."""
    until = time.monotonic() + _SECONDS
    while not fact():
        assert time.monotonic() < until, "it did not come true"
        time.sleep(0.02)


def count(operations: Operations) -> int:
    """How many datasets there are."""
    return operations.list_datasets(DatasetQuery(limit=1)).total


class WorkingContract:
    """Inherit, and give the fixture ``operations``: an empty store."""

    def test_a_file_is_read_while_nobody_waits(self, operations: Operations) -> None:
        begun = begin(operations, name=DatasetName("fleet"), title="Fleet")
        assert (begun.kind, begun.file_name, begun.state, begun.dataset) == ("import", "cars.csv", "queued", None)
        states = list(operations.watch_job(begun.id))
        last = states[-1]
        assert [one.is_finished for one in states] == [False] * (len(states) - 1) + [True]
        assert (last.state, last.version, last.error) == ("succeeded", 1, None)
        made = operations.get_dataset(DatasetRef("fleet"))
        assert (last.dataset, made.title, made.rows) == (made.id, "Fleet", 2)
        assert operations.get_job(begun.id) == last

    def test_a_dataset_is_replaced_while_nobody_waits(self, operations: Operations) -> None:
        made = operations.add_dataset(source(), NewDataset(), ImportOptions(delimiter=","), no_report)
        ref = DatasetRef(made.name)
        begun = operations.begin_replace_dataset(
            ref, source("a\n1\n"), DatasetChanges(title="New"), ImportOptions(), no_report, made.revision
        )
        last = ended(operations, begun)
        assert (last.kind, last.dataset, last.version) == ("replace", made.id, 2)
        assert operations.get_dataset(ref).title == "New"

    def test_progress_is_told_while_the_file_is_taken_in(self, operations: Operations) -> None:
        told: list[tuple[str, int, int | None]] = []
        begun = operations.begin_add_dataset(source(), NewDataset(), ImportOptions(), lambda *one: told.append(one))
        ended(operations, begun)
        size = len(CARS.encode())
        assert told == [("upload", 7, size), ("upload", size, size)]

    def test_a_job_fails_as_the_import_would(self, operations: Operations) -> None:
        begun = begin(operations, source("a,b\n1,\0\n"))
        last = ended(operations, begun)
        assert (last.state, last.dataset) == ("failed", None)
        with pytest.raises(errors.MalformedInput) as caught:
            operations.add_dataset(source("a,b\n1,\0\n"), NewDataset(), ImportOptions(), no_report)
        assert repr(last.error) == repr(caught.value)
        assert count(operations) == 0

    def test_a_source_that_breaks_off_begins_nothing(self, operations: Operations) -> None:
        def broken() -> Iterator[bytes]:
            yield b"a,b\n1,2\n"
            message = "the cable came out"
            raise OSError(message)

        before = operations.list_jobs(JobQuery()).total
        with pytest.raises(OSError, match="cable"):
            begin(operations, Source(broken(), Label(file_name="a.csv")))
        assert operations.list_jobs(JobQuery()).total == before

    def test_jobs_are_listed_the_newest_first(self, operations: Operations) -> None:
        begun = [begin(operations) for _ in range(3)]
        for one in begun:
            ended(operations, one)
        failed = ended(operations, begin(operations, source("")))
        page = operations.list_jobs(JobQuery(limit=2))
        rest = operations.list_jobs(JobQuery(limit=2, cursor=page.next))
        assert [one.id for one in (*page.items, *rest.items)] == [failed.id, *(one.id for one in reversed(begun))]
        assert failed.id in {one.id for one in operations.list_jobs(JobQuery(state="failed")).items}
        with pytest.raises(errors.InvalidCursor):
            operations.list_jobs(JobQuery(cursor="x!"))

    @pytest.mark.parametrize("name", [NOBODY, "nobody", "a/b", "č"])
    def test_a_job_that_is_not_there_is_not_found(self, operations: Operations, name: str) -> None:
        for ask in (operations.get_job, operations.cancel_job, lambda one: list(operations.watch_job(one))):
            with pytest.raises(errors.JobNotFound) as caught:
                ask(JobId(name))
            assert caught.value.job == name

    def test_a_job_that_has_ended_is_not_cancelled(self, operations: Operations) -> None:
        last = ended(operations, begin(operations))
        with pytest.raises(errors.JobFinished) as caught:
            operations.cancel_job(last.id)
        assert (caught.value.job, caught.value.state) == (last.id, "succeeded")
        assert operations.get_job(last.id) == last

    def test_a_job_is_cancelled_while_it_runs_and_leaves_nothing(self, operations: Operations) -> None:
        begun = begin(operations, large())
        eventually(lambda: operations.get_job(begun.id).progress is not None)
        assert operations.cancel_job(begun.id).cancelling
        last = ended(operations, begun)
        assert (last.state, type(last.error), count(operations)) == ("cancelled", errors.Cancelled, 0)

    def test_an_import_that_takes_long_is_a_job_that_others_can_cancel(self, operations: Operations) -> None:
        reached, told = Event(), []

        def report(stage: str, done: int, total: int | None) -> None:
            told.append((stage, done, total))
            if stage == "import" and not reached.is_set():
                running = operations.list_jobs(JobQuery(state="running")).items
                if any(job.file_name == "large.csv" and job.progress for job in running):
                    operations.cancel_job(running[0].id)
                    reached.set()

        with pytest.raises(errors.Cancelled):
            operations.add_dataset(large(), NewDataset(), ImportOptions(), report)
        assert reached.is_set()
        assert {stage for stage, _, _ in told} >= {"upload", "import"}
        assert count(operations) == 0

    def test_a_caller_that_gives_up_stops_the_work(self, operations: Operations) -> None:
        def report(stage: str, done: int, total: int | None) -> None:  # noqa: ARG001 - a report's signature
            if stage == "import":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            operations.add_dataset(large(), NewDataset(), ImportOptions(), report)
        eventually(lambda: not operations.list_jobs(JobQuery(state="running")).items)
        assert count(operations) == 0
