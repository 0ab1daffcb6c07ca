"""The contract of ``Operations``, over each implementation that is shipped."""

from collections.abc import Iterator

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


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operations]:
    """A folder for all tests, each of which leaves it empty: to open one takes longer than most tests."""
    with connect(tmp_path_factory.mktemp("disk") / "home", Settings()) as connection:
        yield connection.operations


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operations]:
    """A server for all tests, likewise."""
    with served(tmp_path_factory.mktemp("served")) as url, connect(url, Settings()) as connection:
        yield connection.operations


class TestOnDisk(OperationsContract, RegistryContract, RowsContract, WorkingContract):
    @pytest.fixture
    def operations(self, on_disk: Operations) -> Iterator[Operations]:
        yield on_disk
        _empty(on_disk)


class TestRemote(OperationsContract, RegistryContract, RowsContract, WorkingContract):
    @pytest.fixture
    def operations(self, remote: Operations) -> Iterator[Operations]:
        yield remote
        _empty(remote)


def _empty(operations: Operations) -> None:
    """Remove all that a test left in the store that the next one is given."""
    for dataset in operations.list_datasets(DatasetQuery(limit=MAX_LIMIT)).items:
        operations.remove_dataset(DatasetRef(dataset.id))
