from collections.abc import Iterator
from pathlib import Path

import pytest

from entrepot_adapters.filesystem import FilesystemBlobs
from entrepot_adapters.memory.blobs import MemoryBlobs
from entrepot_adapters.polars.editing import PolarsEditor
from entrepot_core.ports.blobs import Blobs
from tests.adapters.polars.test_tables import stores
from tests.contracts.editing import Desk, WatchedBlobs
from tests.contracts.editor import EditorContract
from tests.contracts.tables import Store


class OverBlobs(EditorContract):
    @pytest.fixture
    def desk(self, blobs: Blobs) -> Desk:
        watched = WatchedBlobs(blobs)
        return Desk(PolarsEditor(watched), watched)

    @pytest.fixture
    def store(self, blobs: Blobs) -> Store:
        return stores(blobs)


class TestPolarsEditorInMemory(OverBlobs):
    @pytest.fixture
    def blobs(self) -> Blobs:
        return MemoryBlobs()


class TestPolarsEditorInFiles(OverBlobs):
    @pytest.fixture
    def blobs(self, tmp_path: Path) -> Iterator[Blobs]:
        blobs = FilesystemBlobs(tmp_path)
        yield blobs
        assert not list(blobs.scratch.glob("tmp*"))
        blobs.close()
