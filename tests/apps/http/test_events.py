"""The events of a job where the store fails while they are sent; and what is answered where too many jobs wait."""

from collections.abc import Iterator

import attrs
import pytest
from litestar.testing import TestClient

from entrepot.homes import checks
from entrepot.http.app import HttpSettings, create_app
from entrepot.settings import MEMORY, Settings
from entrepot.wiring import open_home
from entrepot_core.errors import DiskFull, JobNotFound, StoreBusy, StoreUnusable
from entrepot_core.job import Job, JobId
from entrepot_core.use_cases import queueing
from entrepot_core.use_cases.local import LocalOperations
from tests.apps.http.conftest import Client

HEADERS = {"Content-Type": "text/csv", "Prefer": "respond-async"}


@attrs.frozen
class Faltering(LocalOperations):
    """Shows a job as it is at first; then fails in one way after the other, and cancels it."""

    faults: list[Exception] = attrs.field(factory=list)
    seen: list[JobId] = attrs.field(factory=list)

    def get_job(self, job_id: JobId) -> Job:
        if job_id in self.seen:
            if self.faults:
                raise self.faults.pop(0)
            self.cancel_job(job_id)
        self.seen.append(job_id)
        return super().get_job(job_id)


@pytest.fixture
def operations() -> Iterator[Faltering]:
    with open_home(MEMORY, Settings()) as home:
        operations = Faltering(home.driven)
        yield operations
        operations.close()


@pytest.fixture
def client(operations: Faltering) -> Iterator[Client]:
    with open_home(MEMORY, Settings()) as home:
        settings = HttpSettings(max_upload_bytes=10_000)
        app = create_app(operations, operations.driven.blobs.stage, lambda: checks(home), settings)
        with TestClient(app) as client:
            yield client


def followed(client: Client, operations: Faltering, *faults: Exception) -> str:
    """The events of a job that nobody does, while the store fails."""
    now = operations.driven.clock.now()
    job = Job(id=JobId(operations.driven.clock.new_id()), kind="import", file_name="cars.csv", created_at=now)
    operations.driven.jobs.add(job)
    operations.faults.extend(faults)
    answer = client.get(f"/jobs/{job.id}/events")
    assert answer.status_code == 200
    return answer.text


def test_events_go_on_though_the_store_is_busy_or_full_for_a_while(client: Client, operations: Faltering) -> None:
    told = followed(client, operations, StoreBusy(), DiskFull(), StoreBusy())
    assert [line for line in told.splitlines() if line.startswith("event:")] == ["event: progress", "event: done"]
    assert operations.faults == []


@pytest.mark.parametrize("fault", [JobNotFound(job="gone"), StoreUnusable("It is damaged.")])
def test_events_end_where_nothing_more_can_be_said(client: Client, operations: Faltering, fault: Exception) -> None:
    told = followed(client, operations, fault)
    assert told.count("event:") == 1
    assert told.endswith("\n\n")


def test_a_job_that_finds_no_place_in_line_is_refused_for_a_moment(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "MOST_WAITING", 0)
    answer = client.post("/datasets/", content=b"a\n1\n", headers=HEADERS)
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "store_busy", "1")
    assert client.get("/jobs/").json()["total"] == 0
    monkeypatch.undo()
    assert client.post("/datasets/", content=b"a\n1\n", headers=HEADERS).status_code == 202
