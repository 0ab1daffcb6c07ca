import pytest

from entrepot_adapters.memory import MemoryBlobs
from entrepot_core.ports.blobs import Blobs
from tests.contracts.blobs import BlobsContract


class TestMemoryBlobs(BlobsContract):
    @pytest.fixture
    def blobs(self) -> Blobs:
        return MemoryBlobs()
