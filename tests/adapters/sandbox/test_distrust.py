"""What a worker says is believed as far as it can be true: it may be the file's words."""

import io
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest

from entrepot_adapters.polars.importer import PolarsImporter
from entrepot_adapters.sandbox.distrust import check
from entrepot_adapters.sandbox.footer import read_footer
from entrepot_adapters.sandbox.importer import SandboxedImporter
from entrepot_adapters.sandbox.messages import Failed, Finished
from entrepot_core.dialect import ImportOptions, ImportReport, no_report
from entrepot_core.errors import ImportCrashed
from entrepot_core.limits import Limits
from entrepot_core.ports.importer import Imported, ImportTask
from entrepot_core.schema import Field, FieldType, Schema
from tests.contracts.loading import load


class Answer(msgspec.Struct, frozen=True):
    """What an import answered, and the descriptor of the table it wrote."""

    imported: Imported
    table: int


@pytest.fixture
def answer() -> Iterator[Answer]:
    with tempfile.TemporaryFile() as table:
        task = ImportTask(None, None, ImportOptions())
        source, rejects = io.BytesIO(b"n,text\n1,a\n2,b\n"), io.BytesIO()
        imported = PolarsImporter().load(source, table, rejects, task, no_report)
        table.flush()
        yield Answer(imported, table.fileno())


def _schema(*names: str) -> Schema:
    return Schema(tuple(Field(name, FieldType.STRING) for name in names))


def test_a_true_answer_is_believed(answer: Answer) -> None:
    check(answer.imported, answer.table, Limits())


@pytest.mark.parametrize(
    "lie",
    [
        {"media_type": "text/html"},
        {"media_type": "image/svg+xml"},
        {"rows": 3},
        {"rows": -1},
        {"schema": _schema("n")},
        {"schema": _schema("n", "n")},
        {"schema": _schema("n", "other")},
        {"schema": _schema("text", "n")},
        {"schema": _schema("n", "text")},  # of other types than the statistics
        {"report": ImportReport(repaired=-1)},
    ],
)
def test_a_lie_is_a_crash(answer: Answer, lie: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ImportCrashed) as caught:
        check(msgspec.structs.replace(answer.imported, **lie), answer.table, Limits())
    assert caught.value.reason == "the worker's answer makes no sense"
    assert [record.name for record in caplog.records] == ["entrepot.imports"]


LIAR = """
import json, socket, sys
with socket.socket(fileno=json.loads(sys.argv[2])["socket"]) as parent:
    parent.sendall(b'{"type": "ready", "layers": {"rlimits": false}}\\n')
    parent.recv(1)
    parent.sendall(sys.argv[1].encode() + b"\\n")
    parent.recv(1 << 20)
    parent.recv(1)
"""


@pytest.mark.parametrize("words", ["finished", "/srv/secret", '{"type": "ready", "layers": {}}', "{}", "[" * 100_000])
def test_a_worker_that_was_taken_over_is_not_believed(
    answer: Answer, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = msgspec.json.encode(Finished(answer.imported)).decode() if words == "finished" else words
    monkeypatch.setattr("entrepot_adapters.sandbox.child.start.__defaults__", ((sys.executable, "-c", LIAR, told),))
    importer = SandboxedImporter(workers=1)
    with pytest.raises(ImportCrashed) as caught:
        load(importer, "n,text\n1,a\n2,b\n")
    assert caught.value.reason == "the worker's answer makes no sense"
    importer.close()


@pytest.mark.parametrize("limits", [Limits(rows=1), Limits(columns=1)])
def test_a_limit_that_the_worker_passed_is_a_crash(answer: Answer, limits: Limits) -> None:
    with pytest.raises(ImportCrashed):
        check(answer.imported, answer.table, limits)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1\0\0\0\0PAR1", b"PAR1\xff\xff\xff\xffPAR1", bytes(100)])
def test_a_table_that_is_none_is_a_crash(answer: Answer, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_bytes(content)
    with path.open("rb") as table, pytest.raises(ImportCrashed, match="makes no sense"):
        check(answer.imported, table.fileno(), Limits())


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("made_up", {}),
        ("malformed_input", {"reason": 7}),
        ("store_busy", {}),
        ("dataset_not_found", {"ref": "secrets"}),
        ("stale", {}),
    ],
)
def test_an_error_that_no_import_has_is_a_crash(code: str, fields: dict[str, object]) -> None:
    error = Failed(code, fields).error()
    assert isinstance(error, ImportCrashed)
    assert error.reason == "the worker's answer makes no sense"


def test_a_footer_is_read_with_columns_in_others(tmp_path: Path) -> None:
    path = tmp_path / "table"
    inner = {"x": [1, 2], "y": {"z": "deep", "w": [{"v": 1.5}]}}
    many = {f"c{number}": [number] for number in range(300)}
    frame = pl.DataFrame({"_id": [1], "list": [[1]], "inner": [inner], "ü\0\n": [b"x"], "": [None], **many})
    frame.write_parquet(path)
    with path.open("rb") as file:
        footer = read_footer(file.fileno())
    assert footer.rows == 1
    assert [name.decode() for name in footer.columns] == frame.columns


def test_a_footer_is_read_or_refused_whatever_stands_there(tmp_path: Path) -> None:
    path, dice = tmp_path / "table", random.Random(1)
    pl.DataFrame({"_id": [1], "a": [[1]], "b": [{"x": "y"}]}).write_parquet(path)
    whole = path.read_bytes()
    with path.open("r+b") as file:
        for _ in range(2000):
            bad = bytearray(whole)
            for _ in range(dice.randint(1, 5)):
                bad[dice.randrange(len(whole) // 2, len(whole) - 4)] = dice.randrange(256)
            os.pwrite(file.fileno(), bad, 0)
            try:
                read_footer(file.fileno())
            except ValueError:
                continue
