"""A home's mirror on a share: what was carried over comes back, whole."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from deploy.container.mirror import CATALOGUE, OWNER, Mirror

import entrepot
from tests.architecture.tree import ROOT
from tests.serving import free_port

CARS = ROOT / "samples" / "cars.csv"
PROGRAM = ROOT / "deploy" / "container" / "mirror.py"


def _land(home: Path, text: str) -> Path:
    """Make what a dataset leaves in a home: a blob, and a row of the catalogue."""
    digest = sha256(text.encode()).hexdigest()
    blob = home / "blobs" / digest[:2] / digest
    blob.parent.mkdir(parents=True, exist_ok=True)
    blob.write_text(text)
    with closing(sqlite3.connect(home / CATALOGUE)) as catalogue, catalogue:
        catalogue.execute("PRAGMA journal_mode=WAL")
        catalogue.execute("CREATE TABLE IF NOT EXISTS landed (digest TEXT)")
        catalogue.execute("INSERT INTO landed VALUES (?)", (digest,))
    return blob


def _landed(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / CATALOGUE)) as catalogue:
        digests = [digest for (digest,) in catalogue.execute("SELECT digest FROM landed")]
    return sorted((home / "blobs" / digest[:2] / digest).read_text() for digest in digests)


def _files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def share(tmp_path: Path) -> Path:
    return tmp_path / "share"


def test_a_home_comes_back_from_its_mirror(home: Path, share: Path, tmp_path: Path) -> None:
    mirror = Mirror(home, share)
    assert not mirror.restore()
    _land(home, "a")
    _land(home, "b")
    assert mirror.update()
    assert Mirror(tmp_path / "another", share).restore()
    assert _landed(tmp_path / "another") == ["a", "b"]


def test_what_did_not_change_is_not_carried_over_again(home: Path, share: Path) -> None:
    mirror = Mirror(home, share)
    mirror.restore()
    assert not mirror.update()
    _land(home, "a")
    assert mirror.update()
    assert not mirror.update()
    _land(home, "b")
    assert mirror.update()


def test_what_is_still_in_the_write_ahead_log_is_carried_over(home: Path, share: Path, tmp_path: Path) -> None:
    mirror = Mirror(home, share)
    mirror.restore()
    _land(home, "a")
    with closing(sqlite3.connect(home / CATALOGUE)) as reader:
        reader.execute("BEGIN").execute("SELECT * FROM landed").fetchall()
        _land(home, "b")
        mirror.update()
    Mirror(tmp_path / "another", share).restore()
    assert _landed(tmp_path / "another") == ["a", "b"]


def test_what_was_removed_goes_from_the_mirror_too(home: Path, share: Path) -> None:
    mirror = Mirror(home, share)
    mirror.restore()
    blob = _land(home, "a")
    mirror.update()
    assert blob.name in _files(share)
    blob.unlink()
    _land(home, "b")
    mirror.update()
    assert blob.name not in _files(share)


def test_a_home_that_is_there_is_left_as_it_is(home: Path, share: Path) -> None:
    share.mkdir()
    (share / CATALOGUE).write_text("not a database")
    home.mkdir()
    _land(home, "a")
    assert not Mirror(home, share).restore()
    assert _landed(home) == ["a"]


def test_who_started_last_owns_the_mirror(home: Path, share: Path, tmp_path: Path) -> None:
    old, new = Mirror(home, share), Mirror(tmp_path / "new", share)
    old.restore()
    new.restore()
    _land(home, "a")
    with pytest.raises(PermissionError, match="Another server owns the mirror"):
        old.update()
    assert _files(share) == {OWNER}


def test_a_copy_that_was_cut_off_harms_nothing(home: Path, share: Path, tmp_path: Path) -> None:
    mirror = Mirror(home, share)
    mirror.restore()
    blob = _land(home, "a")
    mirror.update()
    for name in (CATALOGUE, f"blobs/{blob.parent.name}/{blob.name}"):
        (share / f"{name}.new").write_bytes(b"half")
    Mirror(tmp_path / "another", share).restore()
    assert _landed(tmp_path / "another") == ["a"]
    assert not any(name.endswith(".new") for name in _files(tmp_path / "another"))


def test_a_server_that_is_told_to_stop_carries_its_last_changes_over(home: Path, share: Path, tmp_path: Path) -> None:
    port = free_port()
    settings = {"ENTREPOT_STORE": str(home), "ENTREPOT_PORT": str(port), "ENTREPOT_LOG_LEVEL": "warning"}
    command = [sys.executable, str(PROGRAM), str(share), sys.executable, "-m", "entrepot", "serve"]
    server = subprocess.Popen(command, env=os.environ | settings, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}/api/v1/datasets/"
        _until_up(url)
        added = httpx.post(url, files={"file": ("cars.csv", CARS.read_bytes(), "text/csv")}, timeout=60)
        assert added.status_code == 201
        server.send_signal(signal.SIGTERM)
        server.wait(60)
    finally:
        server.kill()
    Mirror(tmp_path / "another", share).restore()
    with entrepot.connect(str(tmp_path / "another")) as store:
        assert len(store["cars"].frame()) == 300


def _until_up(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server did not come up")
