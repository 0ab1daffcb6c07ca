import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest

from entrepot_adapters.filesystem import FilesystemBlobs
from entrepot_adapters.memory.blobs import MemoryBlobs
from entrepot_adapters.polars.stored import DATA_PAGE, ROW_GROUP, part_metadata
from entrepot_adapters.polars.tables import PolarsTables
from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Blobs
from tests.contracts.selecting import SelectingContract
from tests.contracts.tables import Store, TablesContract


def stores(blobs: Blobs) -> Store:
    """Keeps frames as an import does."""

    def store(
        *frames: pl.DataFrame, documents: Sequence[str] = (), metadata: Mapping[str, str] | None = None
    ) -> list[Digest]:
        return [keep(blobs, frame, dict(metadata or part_metadata(documents))) for frame in frames]

    return store


def keep(blobs: Blobs, frame: pl.DataFrame, metadata: dict[str, str]) -> Digest:
    file = io.BytesIO()
    frame.write_parquet(file, row_group_size=ROW_GROUP, data_page_size=DATA_PAGE, metadata=metadata)
    with blobs.stage() as staged:
        staged.write(file.getvalue())
        return blobs.keep(staged).digest


class OverBlobs(TablesContract, SelectingContract):
    @pytest.fixture
    def tables(self, blobs: Blobs) -> PolarsTables:
        return PolarsTables(blobs)

    @pytest.fixture
    def store(self, blobs: Blobs) -> Store:
        return stores(blobs)


class TestPolarsTablesInMemory(OverBlobs):
    @pytest.fixture
    def blobs(self) -> Blobs:
        return MemoryBlobs()


class TestPolarsTablesInFiles(OverBlobs):
    @pytest.fixture
    def blobs(self, tmp_path: Path) -> Iterator[Blobs]:
        blobs = FilesystemBlobs(tmp_path)
        yield blobs
        blobs.close()
