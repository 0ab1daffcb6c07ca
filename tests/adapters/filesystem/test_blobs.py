from collections.abc import Iterator
from pathlib import Path

import pytest

from entrepot_adapters.filesystem import FilesystemBlobs
from entrepot_core.ports.blobs import Blobs
from tests.contracts.blobs import BlobsContract


class TestFilesystemBlobs(BlobsContract):
    @pytest.fixture
    def blobs(self, tmp_path: Path) -> Iterator[Blobs]:
        blobs = FilesystemBlobs(tmp_path / "home")
        yield blobs
        blobs.close()
