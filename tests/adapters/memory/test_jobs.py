import pytest

from entrepot_adapters.memory import MemoryJobs
from entrepot_core.ports.jobs import Jobs
from tests.contracts.jobs import JobsContract


class TestMemoryJobs(JobsContract):
    @pytest.fixture
    def jobs(self) -> Jobs:
        return MemoryJobs()
