"""The metadata registry in memory does what every registry does."""

import pytest

from entrepot_adapters.memory import MemoryRecords
from entrepot_core.ports.records import Records
from tests.contracts.records import RecordsContract


class TestMemoryRecords(RecordsContract):
    @pytest.fixture
    def records(self) -> Records:
        return MemoryRecords()
