from collections.abc import Iterator

import pytest
from attrs import field, frozen

from entrepot_adapters.sql import SqlJobs, open_database
from entrepot_core.ports.jobs import Jobs
from tests.contracts.jobs import JobsContract, in_state, job


@frozen
class KnownProcesses:
    """This process by a name, and others of whom some have died."""

    own: str = "1-me"
    dead: set[str] = field(factory=set[str])

    def is_alive(self, name: str) -> bool:
        return name not in self.dead


class TestSqliteJobs(JobsContract):
    @pytest.fixture
    def jobs(self, url: str) -> Iterator[Jobs]:
        jobs = SqlJobs(open_database(url), KnownProcesses())
        yield jobs
        jobs.close()


def test_what_a_process_that_died_has_not_ended_is_abandoned(url: str) -> None:
    processes = KnownProcesses("2-it")
    engine = open_database(url)
    its, ours = SqlJobs(engine, processes), SqlJobs(engine, KnownProcesses(dead=processes.dead))
    waiting, running, ended = job(), in_state("running"), in_state("failed")
    for one in (waiting, running, ended):
        its.add(one)
    ours.add(job())
    assert ours.abandoned() == ()
    processes.dead.add("2-it")
    assert set(ours.abandoned()) == {waiting, running}
    engine.dispose()
