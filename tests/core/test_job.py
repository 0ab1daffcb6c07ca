"""What a job can become."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.errors import Cancelled, Interrupted, JobFinished, MalformedInput
from entrepot_core.job import Job, JobId, follow, progress
from entrepot_core.names import DatasetId

ID = JobId("019aa5c0-9b40-7a11-8c1d-5f0e7d2b6a90")
DATASET = DatasetId("019aa5c0-7d1e-7c3b-9f5e-2b6d1c0a4e77")
NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
LATER = NOON + timedelta(seconds=1)
QUEUED = Job(id=ID, kind="import", file_name="cars.csv", created_at=NOON)
RUNNING = QUEUED.started(NOON)
STEPS = {
    "start": lambda job: job.started(LATER),
    "advance": lambda job: job.advanced(progress("import", 1, 2)),
    "ask": lambda job: job.to_be_cancelled(LATER),
    "cancel": lambda job: job.cancelled(LATER),
    "fail": lambda job: job.failed(MalformedInput(reason="no"), LATER),
    "succeed": lambda job: job.succeeded(DATASET, 1, LATER),
}


@given(st.lists(st.sampled_from([name for name in STEPS if name != "succeed"])), st.sampled_from([*STEPS]))
def test_a_job_that_has_ended_never_changes(steps: list[str], last: str) -> None:
    job = RUNNING
    for step in steps:
        if job.is_finished:
            with pytest.raises(JobFinished) as caught:
                STEPS[last](job)
            assert (caught.value.job, caught.value.state) == (ID, job.state)
            return
        job = STEPS[step](job)
        assert (job.id, job.created_at) == (ID, NOON)


def test_a_job_that_waits_is_cancelled_at_once() -> None:
    job = QUEUED.to_be_cancelled(LATER)
    assert (job.state, job.started_at, job.ended_at) == ("cancelled", None, LATER)


def test_a_job_that_runs_is_asked_first() -> None:
    asked = RUNNING.to_be_cancelled(LATER)
    assert (asked.state, asked.cancelling) == ("running", True)
    assert asked.to_be_cancelled(LATER) == asked
    assert repr(asked.cancelled(LATER).error) == repr(Cancelled(job=ID))


def test_a_job_that_was_asked_too_late_has_succeeded() -> None:
    done = RUNNING.to_be_cancelled(LATER).succeeded(DATASET, 3, LATER)
    assert (done.state, done.dataset, done.version, done.error) == ("succeeded", DATASET, 3, None)


def test_a_job_that_failed_gives_the_error_back() -> None:
    error = MalformedInput(reason="not a number", row=17, column="price", value="cheap")
    job = RUNNING.failed(error, LATER)
    assert job.problem is not None
    assert (job.problem["code"], job.problem["detail"]) == ("malformed_input", str(error))
    assert repr(job.error) == repr(error)


def test_an_error_that_is_unknown_here_still_says_what_it_says() -> None:
    job = Job(
        id=ID,
        kind="import",
        file_name=None,
        created_at=NOON,
        state="failed",
        problem={"code": "new", "detail": "It rains"},
        ended_at=LATER,
    )
    assert repr(job.error) == repr(Interrupted(reason="It rains"))


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "running"},
        {"state": "queued", "started_at": NOON},
        {"state": "succeeded", "started_at": NOON, "ended_at": NOON},
        {"state": "failed", "started_at": NOON, "ended_at": NOON},
        {"state": "cancelled"},
        {"state": "running", "started_at": NOON, "ended_at": NOON},
        {"state": "running", "started_at": NOON, "problem": {}},
    ],
)
def test_what_makes_no_sense_is_no_job(facts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no job can be like this"):
        Job(id=ID, kind="import", file_name=None, created_at=NOON, **facts)  # type: ignore[arg-type]  # facts of a test


def test_columns_are_counted_when_a_table_is_profiled() -> None:
    assert [progress(stage, 1, 2).unit for stage in ("upload", "import", "profile")] == ["bytes", "bytes", "columns"]


def test_progress_is_reported_while_a_job_is_followed() -> None:
    told: list[tuple[str, int, int | None]] = []
    states = [QUEUED, RUNNING.advanced(progress("import", 1, 2)), RUNNING.succeeded(DATASET, 1, LATER)]
    last = follow(states, lambda stage, done, total: told.append((stage, done, total)))
    assert (last, told) == (states[-1], [("import", 1, 2)])
