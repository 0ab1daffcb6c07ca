"""What is to be kept of a file settles while it is read."""

import io
from typing import BinaryIO

import attrs
import polars as pl
import pytest

from entrepot.settings import MEMORY, Settings
from entrepot.wiring import open_home
from entrepot_adapters.memory.blobs import MemoryStaged
from entrepot_core.dialect import ImportOptions, Report, no_report
from entrepot_core.formats import Format
from entrepot_core.ports.importer import Imported, Importer, ImportTask
from entrepot_core.ports.operations import Source
from entrepot_core.source import Label, NewDataset
from entrepot_core.use_cases.local import LocalOperations
from tests.contracts.working import source


@attrs.frozen
class WatchedImporter:
    """Remembers of each file whether it had begun to settle when it was read."""

    inner: Importer
    settling: list[BinaryIO]
    seen: list[bool] = attrs.field(factory=list)

    def prepare(self) -> None: ...

    def load(self, source: BinaryIO, table: BinaryIO, rejects: BinaryIO, task: ImportTask, report: Report) -> Imported:
        self.seen.append(source in self.settling)
        return self.inner.load(source, table, rejects, task, report)


def table() -> Source:
    """A table from memory, of which the file that carries it is not kept."""
    file = io.BytesIO()
    pl.DataFrame({"a": [1]}).write_ipc(file)
    return Source([file.getvalue()], Label(media_type=Format.ARROW.media_type))


def test_a_file_settles_while_it_is_read_and_what_carries_a_table_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    settling = list[BinaryIO]()
    monkeypatch.setattr(MemoryStaged, "settle", lambda staged: settling.append(staged.file))
    with open_home(MEMORY, Settings()) as home:
        importer = WatchedImporter(home.driven.importer, settling)
        operations = LocalOperations(attrs.evolve(home.driven, importer=importer))
        for one in (source(), table()):
            operations.add_dataset(one, NewDataset(), ImportOptions(), no_report)
        operations.close()
    assert importer.seen == [True, False]
