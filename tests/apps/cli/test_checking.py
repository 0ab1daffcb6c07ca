"""Looking after a home: ``check``, ``backup`` and ``db``."""

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from entrepot_adapters.filesystem import FilesystemBlobs
from tests.apps.cli.conftest import CARS, Run
from tests.apps.conftest import FRONT, HERE
from tests.contracts.blobs import CONTENT, digest_of, keep
from tests.sources import Sources

DIE = """
import os, pathlib, signal, sys
from entrepot_adapters.filesystem import FilesystemBlobs
blobs = FilesystemBlobs(pathlib.Path(sys.argv[1]))
staged = blobs.stage()
staged.write(b"half")
os.kill(os.getpid(), signal.SIGKILL)
"""


def place_of(home: Path, content: bytes) -> Path:
    digest = digest_of(content)
    return home / "blobs" / digest[:2] / digest


def orphan(home: Path) -> None:
    blobs = FilesystemBlobs(home)
    keep(blobs, CONTENT)
    blobs.close()


def spoil(home: Path, content: bytes) -> None:
    place = place_of(home, content)
    place.chmod(0o644)
    place.write_bytes(content.swapcase())


def test_a_store_that_is_well_has_status_0(cars: Run) -> None:
    checked = cars("check")
    assert (checked.status, checked.out) == (0, "")
    assert checked.err == f"Checked 6 blobs, {checked.err.split(', ')[1].split(':')[0]}: 0 missing or changed.\n"
    found = json.loads(cars("check", "--json").out)
    assert (found["blobs"], found["damages"], found["orphans"], found["processes"]) == (6, [], [], 0)


def test_a_store_is_copied_into_a_folder(cars: Run, home: Path) -> None:
    target = home.parent / "backup"
    told = cars("backup", str(target)).out
    assert re.fullmatch(rf"{target} holds 2 datasets in 6 files, 6 of them copied now \(.*B\)\.\n", told)
    assert json.loads(cars("backup", str(target), "--json").out)["copied"] == 0
    assert cars("check", "--store", str(target)).status == 0
    next((home / "blobs").glob("??/*")).unlink()
    for blob in target.glob("blobs/*/*"):
        blob.unlink()
    lacking = cars("backup", str(target))
    assert (lacking.status, "The store itself lacks 1 file" in lacking.err) == (1, True)


def test_what_nobody_needs_is_found_and_removed_on_demand(cars: Run, home: Path) -> None:
    orphan(home)
    subprocess.run([sys.executable, "-c", DIE, str(home)], check=False)
    for _ in range(2):
        checked = cars("check")
        assert checked.status == 1
        assert checked.lines[1:] == [
            ["needless", digest_of(CONTENT), f"nowhere ({len(CONTENT)} B)"],
            ["needless", "scratch files", "of 1 that died"],
        ]
        assert "check --repair" in checked.err
    repaired = cars("check", "--repair")
    assert (repaired.status, len(repaired.lines)) == (0, 3)
    assert not place_of(home, CONTENT).exists()
    assert [path.name for path in (home / "tmp").iterdir()] == ["lock"]
    assert cars("check").out == ""


def test_what_a_living_process_works_on_is_left_alone(cars: Run, home: Path) -> None:
    blobs = FilesystemBlobs(home)
    with blobs.stage() as staged, blobs.stage():
        staged.write(CONTENT)
        blobs.keep(staged)
        assert cars("check", "--repair").status == 0
        assert place_of(home, CONTENT).exists()
    blobs.close()


def test_bytes_that_changed_are_named_with_what_they_belong_to(cars: Run, home: Path) -> None:
    cars("add", "cars.csv", "--name", "twin")
    spoil(home, CARS)
    checked = cars("check")
    assert (checked.status, checked.lines[1][0]) == (1, "changed")
    assert checked.lines[1][2] == "cars version 1 (original), twin version 1 (original)"
    assert "entrepot replace" in checked.err
    assert cars("file", "cars").status == 0


def test_a_damaged_image_is_named_with_the_way_to_have_it_again(
    run: Run, home: Path, source: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENTREPOT_FETCH_ALLOW", HERE)
    source.gives("/front.jpg", FRONT.content)
    url = source.gives("/shop.csv", b"id,photo\n1,front.jpg\n")
    assert run("add", url, "--image", "photo").status == 0
    spoil(home, FRONT.content)
    checked = run("check", "--repair")
    assert (checked.status, checked.lines[1]) == (1, ["changed", digest_of(FRONT.content), "images"])
    assert "set them aside (entrepot check --repair) and upload them again, or fetch their dataset" in checked.err
    assert "can't be read in full" not in checked.err
    run("replace", "shop")
    assert run("check").status == 0
    assert place_of(home, FRONT.content).read_bytes() == FRONT.content


def test_changed_bytes_are_set_aside_and_come_back_with_their_file(cars: Run, home: Path) -> None:
    spoil(home, CARS)
    assert cars("check", "--repair").status == 1
    assert (home / "damaged" / digest_of(CARS)).read_bytes() == CARS.swapcase()
    assert cars("file", "cars").status == 1
    assert [line[0] for line in cars("check").lines] == ["found", "missing"]
    cars("replace", "cars", "cars.csv")
    assert cars("check").status == 0
    assert cars("file", "cars", "--version", "1").out.encode() == CARS


def test_only_a_store_that_is_there_is_looked_at(run: Run, home: Path) -> None:
    for words in (["check"], ["db", "check"], ["db", "upgrade"]):
        assert run(*words).status == 1
        assert run(*words, "--store", "http://127.0.0.1:1").status == 2
        assert run(*words, "--store", ":memory:").status == 2
    assert not home.exists()


def test_the_database_is_up_to_date(cars: Run) -> None:
    checked = cars("db", "check")
    assert (checked.status, checked.err) == (0, "")
    state = json.loads(cars("db", "check", "--json").out)
    assert checked.out == f"revision {state['revision']}, the newest is {state['revision']}\n"


def test_an_old_database_is_told_and_upgraded(cars: Run, home: Path) -> None:
    (home / "catalogue.sqlite3").unlink()
    with closing(sqlite3.connect(home / "catalogue.sqlite3")) as empty:
        empty.execute("PRAGMA user_version=1")
    checked = cars("db", "check")
    assert (checked.status, checked.out.split(",")[0]) == (1, "revision none")
    assert "entrepot db upgrade" in checked.err
    assert cars("db", "upgrade").status == 0
    assert cars("db", "check").status == 0


def test_rows_without_what_they_refer_to_are_told(cars: Run, home: Path) -> None:
    with closing(sqlite3.connect(home / "catalogue.sqlite3")) as catalogue:
        catalogue.execute("DELETE FROM versions")
        catalogue.commit()
    checked = cars("db", "check")
    assert checked.status == 1
    assert "refers to one of versions that is not there" in checked.out
    assert "backup" in checked.err
