"""A store in a folder that can't be written is read, and left as it is."""

import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

import entrepot
from entrepot.pending import OPERATIONS
from entrepot.read_only import READ, ReadOnlyOperations
from entrepot.wiring import CATALOGUE
from entrepot_adapters.sql.copying import copy_catalogue
from entrepot_core.errors import ReadOnlyStore
from entrepot_core.ports.operations import Operations
from tests.apps.library.conftest import CARS

AS_ANYBODY = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
"""Begins a command that has no more rights to files than their modes give; root has otherwise."""

PROGRAM = """
import sys
import entrepot
from entrepot.settings import Settings
from entrepot.wiring import open_home

with entrepot.connect(sys.argv[1]) as store:
    cars = store["cars"]
    assert cars.rows(limit=1).total == 7 and [version.version for version in cars.versions()] == [2, 1]
    assert cars.stats()["price"][0] == 7, "statistics that nobody has asked for before are computed"
    for path in (cars.excel(sys.argv[2] + "/cars.xlsx"), cars.plot(sys.argv[2] + "/cars.svg")):
        path.unlink()
    assert [found.dataset.name for found in store.search("price")] == ["cars"]
    for write in (
        lambda: store.add(b"a\\n1\\n", "new"),
        lambda: cars.append({"make": "Di"}),
        lambda: cars.edit(title="New"),
        lambda: store.metadata.add("x", {"sourceName": "x"}),
        lambda: cars.delete(),
    ):
        try:
            write()
        except entrepot.ReadOnlyStore as error:
            assert "can only be read" in str(error)
        else:
            raise AssertionError("it was written")
with open_home(sys.argv[1], Settings()) as home:
    assert home.is_read_only and home.take() is None, "nobody looks after it"
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """The folder of a store with two versions of some cars, which can't be written."""
    folder = tmp_path / "home"
    with entrepot.connect(folder) as store:
        store.add(CARS, "cars", progress=False).append({"make": "Di", "price": 1})
    everything = [folder, *folder.rglob("*")]
    for path in everything:
        path.chmod(path.stat().st_mode & ~0o222)
    yield folder
    for path in everything:
        path.chmod(path.stat().st_mode | 0o200)


def as_anybody(*words: object) -> "subprocess.CompletedProcess[str]":
    """Run Python."""
    command = [*AS_ANYBODY, sys.executable, *map(str, words)]
    return subprocess.run(command, check=False, text=True, capture_output=True, timeout=60)


def state_of(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """All files of a folder, with what changes when they are written."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino, path.read_bytes()) for path in files}


def test_it_is_read_and_left_as_it_is(home: Path, tmp_path: Path) -> None:
    before, temporary = state_of(home), tmp_path / "temporary"
    temporary.mkdir()
    done = as_anybody("-c", f"import tempfile; tempfile.tempdir = {str(temporary)!r}\n{PROGRAM}", home, temporary)
    assert (done.returncode, done.stderr) == (0, "")
    assert state_of(home) == before
    assert [path.name for path in temporary.rglob("*") if path.is_file()] == ["lock"], "no copy is left"


def test_the_program_looks_after_it_too(home: Path) -> None:
    def run(*words: str) -> tuple[int, str, str]:
        done = as_anybody("-m", "entrepot", "--store", str(home), *words)
        return done.returncode, done.stdout, done.stderr

    assert json.loads(run("check", "--json")[1])["damages"] == []
    assert run("db", "check")[:2] == (0, "revision 0006, the newest is 0006\n")
    for words in (["check", "--repair"], ["db", "upgrade"], ["remove", "cars"]):
        status, out, err = run(*words)
        assert (status, out) == (7, "")
        assert "This store can only be read here" in err


def test_what_is_in_the_log_of_a_database_is_read(home: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn"
    home.chmod(0o755)
    for path in home.rglob("*"):
        path.chmod(path.stat().st_mode | 0o200)
    with closing(sqlite3.connect(home / CATALOGUE)) as writer:
        writer.execute("UPDATE datasets SET title = 'In the log'")
        writer.commit()
        copy_catalogue(home / CATALOGUE, tmp_path / "copy.sqlite3")  # while it is open
        shutil.copytree(home, torn)  # as a crash would leave it
    (torn / f"{CATALOGUE}-shm").unlink()
    with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy:
        assert copy.execute("SELECT title FROM datasets").fetchall() == [("In the log",)]
    for path in [torn, *torn.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)
    shown = as_anybody("-m", "entrepot", "--store", torn, "show", "cars", "--json")
    torn.chmod(0o755)
    assert json.loads(shown.stdout)["title"] == "In the log"


def test_a_fork_leaves_the_copy_and_what_a_killed_process_left_goes(home: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    program = f"""
import os, signal, sys, tempfile
tempfile.tempdir = {str(temporary)!r}
import entrepot
store = entrepot.connect(sys.argv[1])
if (child := os.fork()) == 0:
    sys.exit(0)
os.waitpid(child, 0)
assert store["cars"].stats()["price"][0] == 7
if sys.argv[2] == "die":
    os.kill(os.getpid(), signal.SIGKILL)
store.close()
"""
    assert as_anybody("-c", program, home, "die").returncode == -signal.SIGKILL
    assert list(temporary.rglob(CATALOGUE)) != []
    done = as_anybody("-c", program, home, "close")
    assert (done.returncode, done.stderr) == (0, "")
    assert list(temporary.rglob(CATALOGUE)) == []
    (root,) = temporary.iterdir()
    assert stat.S_IMODE(root.stat().st_mode) == 0o700


WRITER = """
import sqlite3, sys, time
until = time.monotonic() + 3
while time.monotonic() < until:
    connection = sqlite3.connect(sys.argv[1])
    for _ in range(5):
        connection.execute("UPDATE t SET a = a + 1")
        connection.commit()
    connection.close()
"""
READER = """
import sqlite3, sys
from pathlib import Path
from entrepot_adapters.sql.copying import copy_catalogue
place, copy = map(Path, sys.argv[1:])
for _ in range(60):
    copy_catalogue(place, copy)
    connection = sqlite3.connect(copy)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert len(connection.execute("SELECT DISTINCT a FROM t").fetchall()) == 1
    connection.close()
"""


def test_a_copy_is_of_one_moment_whatever_others_write(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    place = folder / CATALOGUE
    with closing(sqlite3.connect(place)) as first:
        first.execute("PRAGMA journal_mode=WAL")
        first.execute("CREATE TABLE t (a, b)")
        first.executemany("INSERT INTO t VALUES (0, ?)", [("x" * 500,) for _ in range(200)])
        first.commit()
    if AS_ANYBODY:
        folder.chmod(0o555)  # for the reader; root writes nevertheless
    with subprocess.Popen([sys.executable, "-c", WRITER, place]) as writing:
        done = as_anybody("-c", READER, place, tmp_path / "copy.sqlite3")
    folder.chmod(0o755)
    assert (writing.returncode, done.returncode, done.stderr) == (0, 0, "")


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_whatever_does_not_read_is_refused(name: str) -> None:
    class Asked:
        def __getattr__(self, name: str) -> Callable[..., str]:
            return lambda *_, **__: name

    operation: Any = getattr(ReadOnlyOperations(Asked()), name)  # type: ignore[arg-type]  # it answers to every name
    arguments = [None] * (len(signature(getattr(Operations, name)).parameters) - 1)
    if name in READ:
        assert operation(*arguments) == name
    else:
        with pytest.raises(ReadOnlyStore):
            operation(*arguments)
