"""The contract of ``Operations``, over each implementation that is shipped."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from entrepot.settings import MEMORY, Settings
from entrepot.wiring import connect
from entrepot_core.names import DatasetRef
from entrepot_core.paging import MAX_LIMIT
from entrepot_core.ports.operations import Operations
from entrepot_core.selection import DatasetQuery
from tests.contracts.operations import OperationsContract
from tests.contracts.registry import RegistryContract
from tests.contracts.rows import RowsContract
from tests.contracts.working import WorkingContract
from tests.serving import served


class TestInMemory(OperationsContract, RegistryContract, RowsContract, WorkingContract):
    @pytest.fixture
    def operations(self) -> Iterator[Operations]:
        with connect(MEMORY, Settings()) as connection:
            yield connection.operations


class TestOnDisk(OperationsContract, RegistryContract, RowsContract, WorkingContract):
    @pytest.fixture
    def operations(self, tmp_path: Path) -> Iterator[Operations]:
        with connect(tmp_path / "home", Settings()) as connection:
            yield connection.operations


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("served")) as url:
        yield url


class TestRemote(OperationsContract, RegistryContract, RowsContract, WorkingContract):
    @pytest.fixture
    def operations(self, url: str) -> Iterator[Operations]:
        with connect(url, Settings()) as connection:
            yield connection.operations
            _empty(connection.operations)


def _empty(operations: Operations) -> None:
    """Remove all that a test left in the store that the next one is given."""
    for dataset in operations.list_datasets(DatasetQuery(limit=MAX_LIMIT)).items:
        operations.remove_dataset(DatasetRef(dataset.id))
