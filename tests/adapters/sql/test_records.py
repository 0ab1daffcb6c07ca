"""The metadata registry in SQLite does what every registry does."""

from collections.abc import Iterator

import pytest

from entrepot_adapters.sql import SqlRecords, open_database
from entrepot_core.ports.records import Records
from tests.contracts.records import RecordsContract


class TestSqliteRecords(RecordsContract):
    @pytest.fixture
    def records(self, url: str) -> Iterator[Records]:
        records = SqlRecords(open_database(url))
        yield records
        records.close()
