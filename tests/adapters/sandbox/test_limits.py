"""What an import may use is limited, and passing a limit is told by its name."""

import random
import string
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from entrepot_adapters.sandbox.deaths import Death
from entrepot_adapters.sandbox.importer import SandboxedImporter
from entrepot_adapters.sandbox.spec import LAYERS, WorkerLimits, missing
from entrepot_core.errors import ImportCrashed, LimitExceeded, SandboxUnavailable
from tests.adapters.sandbox.surroundings import nothing_is_left, workers
from tests.contracts.loading import load

LIMITS = WorkerLimits(memory_bytes=1000, cpu_seconds=10, file_bytes=1000)


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    with nothing_is_left():
        yield


@pytest.fixture
def make() -> Iterator[Callable[..., SandboxedImporter]]:
    """Builds importers, which are closed at the end."""
    made: list[SandboxedImporter] = []

    def build(**limits: Any) -> SandboxedImporter:  # noqa: ANN401 - those of the importer
        made.append(SandboxedImporter(**limits))
        return made[-1]

    yield build
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def large() -> str:
    """A file that takes some hundred megabytes to read."""
    letters = random.Random(1)
    lines = ("".join(letters.choices(string.ascii_letters, k=60)) for _ in range(2000))
    body = "\n".join(f"{number},{line}" for number, line in enumerate(lines))
    return "n,text\n" + f"{body}\n" * 200


def test_memory_is_limited(make: Callable[..., SandboxedImporter], large: str, tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded) as caught:
        load(make(memory_bytes=200_000_000, scratch=tmp_path), large)
    assert (caught.value.limit, caught.value.allowed) == ("ENTREPOT_IMPORT_MEMORY_BYTES", 200_000_000)
    assert list(tmp_path.iterdir()) == []


def test_so_little_memory_that_no_worker_begins_is_told_as_that(make: Callable[..., SandboxedImporter]) -> None:
    with pytest.raises(LimitExceeded) as caught:
        load(make(memory_bytes=80_000_000), "a\n1\n")
    assert caught.value.limit == "ENTREPOT_IMPORT_MEMORY_BYTES"


def test_the_clock_is_limited(make: Callable[..., SandboxedImporter], large: str, tmp_path: Path) -> None:
    def stop(stage: str, done: int, total: int | None) -> None:  # noqa: ARG001 - a report
        if done:
            for worker in workers():
                worker.suspend()

    with pytest.raises(LimitExceeded) as caught:
        load(make(seconds=1, scratch=tmp_path), large, report=stop)
    assert (caught.value.limit, caught.value.allowed) == ("ENTREPOT_IMPORT_SECONDS", 1)
    assert list(tmp_path.iterdir()) == []


def test_the_size_of_a_file_is_limited(make: Callable[..., SandboxedImporter], large: str) -> None:
    with pytest.raises(ImportCrashed, match="far too large"):
        load(make(file_bytes=50_000), large)


def test_a_sandbox_that_is_required_has_to_be_whole(make: Callable[..., SandboxedImporter], tmp_path: Path) -> None:
    importer = make(mode="require", layers=tuple(set(LAYERS) - {"landlock"}), scratch=tmp_path)
    with pytest.raises(SandboxUnavailable) as caught:
        load(importer, "a\n1\n")
    assert "landlock" in caught.value.missing
    assert list(tmp_path.iterdir()) == []


def test_a_sandbox_that_is_required_and_whole_imports(make: Callable[..., SandboxedImporter]) -> None:
    importer = make(mode="require")
    if lacking := missing(importer.held_layers()):
        pytest.skip(f"this system has no {', '.join(lacking)}")
    assert load(importer, "a\n1\n").values("a") == [1]


def test_without_a_sandbox_it_is_told_that_no_layer_holds(make: Callable[..., SandboxedImporter]) -> None:
    importer = make(mode="off")
    assert set(missing(importer.held_layers())) >= set(LAYERS) - {"uid"}
    assert load(importer, "a\n1\n").values("a") == [1]


@pytest.mark.parametrize(
    ("status", "complaints", "told"),
    [
        (-6, "memory allocation of 1024 bytes failed\nskipping backtrace", "ENTREPOT_IMPORT_MEMORY_BYTES"),
        (1, "MemoryError", "ENTREPOT_IMPORT_MEMORY_BYTES"),
        (-24, "", "ENTREPOT_IMPORT_SECONDS"),
        (-6, "", "most likely because memory ran out"),
        (-9, "", "the machine's memory ran out"),
        (-25, "", "far too large"),
        (-31, "", "SIGSYS"),
        (-40, "", "signal 40"),
        (3, "KeyError: 'x'", "the worker ended with status 3."),
    ],
)
def test_a_death_is_explained(status: int, complaints: str, told: str) -> None:
    assert told in str(Death(status, complaints).explained(LIMITS, 10))


def test_what_a_worker_said_is_logged_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    told = Death(3, "FileNotFoundError: '/srv/secret'\nforged line").explained(LIMITS, 10)
    assert "secret" not in str(told)
    [record] = caplog.records
    assert (record.name, record.levelname) == ("entrepot.imports", "WARNING")
    assert "/srv/secret'\\nforged line" in record.getMessage()


def test_a_limit_that_did_not_hold_is_not_said_to_be_passed() -> None:
    assert isinstance(Death(-24, "").explained(None, 10), ImportCrashed)
