"""What everything does that remembers jobs."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import get_args

import msgspec
import pytest

from entrepot_adapters.clock import SystemClock
from entrepot_core.errors import InvalidCursor, JobFinished, JobNotFound, MalformedInput
from entrepot_core.job import Job, JobId, JobQuery, JobState, progress
from entrepot_core.ports.jobs import Jobs
from tests.contracts.datasets import NOON

LATER = NOON + timedelta(seconds=1)
_clock = SystemClock()


def job(file_name: str | None = "čars.csv") -> Job:
    """A new job."""
    return Job(id=JobId(_clock.new_id()), kind="import", file_name=file_name, created_at=NOON)


def in_state(state: JobState) -> Job:
    """A new job, brought into a state."""
    running = job().started(NOON)
    return {
        "queued": job(),
        "running": running.advanced(progress("import", 3, None)),
        "succeeded": running.succeeded(_clock.new_id(), 7, LATER),
        "failed": running.failed(MalformedInput(reason="ünfit", row=3), LATER),
        "cancelled": job().to_be_cancelled(LATER),
    }[state]


def add(jobs: Jobs, *several: Job) -> None:
    """Record jobs."""
    for one in several:
        jobs.add(one)


class JobsContract:
    """The facts; a subclass gives the fixture ``jobs``, with none in it."""

    @pytest.fixture
    def jobs(self) -> Jobs | Iterator[Jobs]:
        raise NotImplementedError

    @pytest.mark.parametrize("state", get_args(JobState))
    def test_what_is_added_is_found_as_it_was(self, jobs: Jobs, state: JobState) -> None:
        one = in_state(state)
        add(jobs, one)
        assert jobs.find(one.id) == one
        assert jobs.list(JobQuery()).items == (one,)

    def test_a_file_may_have_no_name(self, jobs: Jobs) -> None:
        one = job(None)
        add(jobs, one)
        assert jobs.find(one.id).file_name is None

    @pytest.mark.parametrize("job_id", ["01a22de9-4177-7126-8f5d-0f77819a13da", "", "nobody"])
    def test_what_is_not_there_is_not_found(self, jobs: Jobs, job_id: str) -> None:
        add(jobs, job())
        with pytest.raises(JobNotFound) as caught:
            jobs.find(JobId(job_id))
        assert caught.value.job == job_id
        with pytest.raises(JobNotFound):
            jobs.change(JobId(job_id), lambda found: found)

    def test_a_change_is_answered_and_stays(self, jobs: Jobs) -> None:
        one, other = job(), job()
        add(jobs, one, other)
        changed = jobs.change(one.id, lambda found: found.started(LATER).advanced(progress("profile", 1, 2)))
        assert changed == one.started(LATER).advanced(progress("profile", 1, 2))
        assert (jobs.find(one.id), jobs.find(other.id)) == (changed, other)

    def test_what_an_edit_raises_leaves_the_job_as_it_was(self, jobs: Jobs) -> None:
        ended = in_state("succeeded")
        add(jobs, ended)
        with pytest.raises(JobFinished):
            jobs.change(ended.id, lambda found: found.cancelled(LATER))
        assert jobs.find(ended.id) == ended

    def test_no_change_is_lost(self, jobs: Jobs) -> None:
        one = job().started(NOON).advanced(progress("import", 0, None))
        add(jobs, one)

        def further(found: Job) -> Job:
            assert found.progress is not None
            return found.advanced(msgspec.structs.replace(found.progress, done=found.progress.done + 1))

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: jobs.change(one.id, further), range(20)))
        assert jobs.find(one.id).progress == progress("import", 20, None)

    def test_jobs_are_listed_the_newest_first_page_by_page(self, jobs: Jobs) -> None:
        several = [job(f"{number}.csv") for number in range(5)]
        add(jobs, *several)
        first = jobs.list(JobQuery(limit=2))
        second = jobs.list(JobQuery(limit=2, cursor=first.next))
        add(jobs, job("new.csv"))
        third = jobs.list(JobQuery(limit=2, cursor=second.next))
        assert [one.file_name for page in (first, second, third) for one in page.items] == [
            "4.csv", "3.csv", "2.csv", "1.csv", "0.csv",
        ]  # fmt: skip
        assert [(page.total, page.offset, page.next is None) for page in (first, second, third)] == [
            (5, 0, False),
            (5, 2, False),
            (6, 4, True),
        ]
        assert [one.file_name for one in jobs.list(JobQuery(offset=4)).items] == ["1.csv", "0.csv"]

    def test_a_state_narrows_the_list(self, jobs: Jobs) -> None:
        several = {state: in_state(state) for state in get_args(JobState)}
        add(jobs, *several.values())
        for state, one in several.items():
            page = jobs.list(JobQuery(state=state))
            assert (page.items, page.total) == ((one,), 1)

    def test_a_cursor_of_another_list_is_refused(self, jobs: Jobs) -> None:
        for cursor in ("x!", "WzEsMl0"):
            with pytest.raises(InvalidCursor):
                jobs.list(JobQuery(cursor=cursor))

    def test_the_jobs_of_a_process_that_lives_are_not_abandoned(self, jobs: Jobs) -> None:
        add(jobs, *(in_state(state) for state in get_args(JobState)))
        assert jobs.abandoned() == ()

    def test_the_oldest_that_have_ended_are_forgotten(self, jobs: Jobs) -> None:
        waiting, *ended = job(), in_state("failed"), in_state("succeeded"), in_state("cancelled")
        add(jobs, waiting, *ended)
        jobs.trim(3)
        assert jobs.list(JobQuery()).total == 4
        jobs.trim(2)
        assert {one.id for one in jobs.list(JobQuery()).items} == {waiting.id, *(one.id for one in ended[1:])}
        jobs.trim(0)
        assert jobs.list(JobQuery()).items == (waiting,)
