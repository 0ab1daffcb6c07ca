"""A backup is whole, whatever others do meanwhile, and stays so until the next one is."""

import errno
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import entrepot
from entrepot.backups import Backup, back_up
from entrepot.settings import Settings
from entrepot.wiring import CATALOGUE, open_home
from entrepot_adapters.filesystem import mirroring
from entrepot_adapters.filesystem.mirroring import Mirror
from entrepot_core.dialect import no_report
from entrepot_core.errors import DiskFull
from entrepot_core.names import Digest
from entrepot_core.paging import DEFAULT_LIMIT
from entrepot_core.use_cases.checking import Checkup, check


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with entrepot.connect(tmp_path / "home") as store:
        store.add(b"n\n0\n", "counts", progress=False)
        store.add(b"a\nx\n", "others", progress=False)
    return tmp_path / "home"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "entrepot"


def backup(home: Path, target: Path) -> Backup:
    return back_up(home, target, no_report)


def checked(target: Path) -> Checkup:
    with open_home(str(target), Settings(sandbox="off")) as opened:
        return check(opened.driven, no_report)


def files(target: Path) -> set[str]:
    return {file.name for file in (target / "blobs").glob("??/*")}


def count(target: Path) -> int:
    with entrepot.connect(target) as store:
        return int(store["counts"].row(1)["n"])


@pytest.fixture
def forgetful(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[entrepot.Dataset]:
    """The dataset of counts, of which no version is kept but the newest."""
    monkeypatch.setenv("ENTREPOT_KEEP_VERSIONS", "1")
    with entrepot.connect(home) as store:
        yield store["counts"]


def test_a_backup_is_a_store_and_the_next_one_copies_what_is_new(home: Path, target: Path) -> None:
    first = backup(home, target)
    assert (first.datasets, first.copied, first.missing) == (2, first.blobs, ())
    assert (checked(target).is_tidy, count(target)) == (True, 0)
    with entrepot.connect(home) as store:
        store["counts"].update([{"_id": 1, "n": 7}])
        store["others"].delete()
    second = backup(home, target)
    assert (second.datasets, second.copied, count(target)) == (1, 1, 7)
    found = checked(target)
    assert (found.damages, found.orphans) == ((), ())
    with entrepot.connect(target) as store:
        assert list(store) == ["counts"]


def test_what_is_edited_and_forgotten_meanwhile_is_missed_by_no_backup(
    home: Path, target: Path, forgetful: entrepot.Dataset
) -> None:
    stopped = threading.Event()

    def edit() -> None:
        number = 0
        while not stopped.is_set():
            number += 1
            forgetful.update([{"_id": 1, "n": number}])

    editor = threading.Thread(target=edit)
    editor.start()
    try:
        seen = []
        for _ in range(6):
            assert backup(home, target).missing == ()
            assert checked(target).damages == ()
            seen.append(count(target))
    finally:
        stopped.set()
        editor.join()
    assert seen == sorted(seen)
    assert seen[-1] > seen[0]


def test_a_backup_that_is_broken_off_leaves_the_one_before(
    home: Path, target: Path, forgetful: entrepot.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(home, target)
    forgetful.update([{"_id": 1, "n": 5}])
    copy = Mirror.copy

    def broken_off(self: Mirror, digest: Digest) -> None:
        copy(self, digest)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Mirror, "copy", broken_off)
        with pytest.raises(KeyboardInterrupt):
            backup(home, target)
    assert (checked(target).damages, count(target)) == ((), 0)
    assert backup(home, target).missing == ()
    assert (checked(target).orphans, count(target)) == ((), 5)


def test_what_one_left_that_was_broken_off_makes_room_before_more_is_copied(
    home: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(home, target)
    copy, before = Mirror.copy, files(target)

    def full(self: Mirror, digest: Digest) -> None:
        if not self.has(digest):
            copy(self, digest)
            raise DiskFull

    with entrepot.connect(home) as store, monkeypatch.context() as patch:
        large = store.add(b"n\n1\n", "large", progress=False)
        patch.setattr(Mirror, "copy", full)
        with pytest.raises(entrepot.StoreUnusable, match=f"no room at {target}, .* Make room, or give another folder"):
            backup(home, target)
        large.delete()
        store["others"].delete()
    assert files(target) > before
    seen = []

    def look(self: Mirror, digest: Digest) -> None:
        seen.append(files(target))
        copy(self, digest)

    monkeypatch.setattr(Mirror, "copy", look)
    backup(home, target)
    assert seen[0] == before
    assert files(target) < before


@pytest.mark.parametrize("fault", ["gone", "changed"])
def test_what_the_store_itself_lacks_is_named_and_the_rest_copied(home: Path, target: Path, fault: str) -> None:
    victim = max((home / "blobs").glob("??/*"), key=lambda file: file.stat().st_size)
    victim.unlink()
    if fault == "changed":
        victim.write_bytes(b"other bytes")
    made = backup(home, target)
    assert (made.missing, made.copied) == ((victim.name,), made.blobs - 1)
    assert [damage.digest for damage in checked(target).damages] == [victim.name]


def test_a_folder_that_is_something_else_is_not_touched(home: Path, target: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("dear")
    with pytest.raises(entrepot.StoreUnusable, match="holds other files"):
        backup(home, other)
    assert [file.name for file in other.iterdir()] == ["letter.txt"]
    for place in (home, home / "blobs" / "x", tmp_path):
        with pytest.raises(entrepot.InvalidOption, match="neither in the store nor around it"):
            backup(home, place)
    backup(home, target)
    with entrepot.connect(tmp_path / "second") as store:
        store.add(b"a\n1\n", "a", progress=False)
    with pytest.raises(entrepot.StoreUnusable, match=f"holds a backup of {home}"):
        backup(tmp_path / "second", target)


@pytest.mark.parametrize("fault", ["newer", "no database", "cut off"])
@pytest.mark.parametrize("where", ["home", "target"])
def test_a_catalogue_that_cant_be_read_is_named_where_it_lies(home: Path, target: Path, where: str, fault: str) -> None:
    backup(home, target)
    catalogue = (home if where == "home" else target) / CATALOGUE
    if fault == "newer":
        with closing(sqlite3.connect(catalogue)) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
            connection.commit()
    elif fault == "no database":
        catalogue.write_bytes(b"x" * 5000)
    else:
        catalogue.write_bytes(catalogue.read_bytes()[:9000])
    with pytest.raises(entrepot.StoreUnusable) as caught:
        backup(home, target)
    assert str(catalogue) in str(caught.value)
    if where == "target":  # which is opened by a copy, too
        with pytest.raises(entrepot.StoreUnusable) as caught:
            entrepot.connect(target)
        assert str(catalogue) in str(caught.value)


@pytest.mark.parametrize("mark", [b"", b"{}", b'{"of": "caf\xe9"}', b"[" * 100_000])
def test_a_damaged_mark_is_told(home: Path, target: Path, mark: bytes) -> None:
    target.mkdir(parents=True)
    (target / "backup.json").write_bytes(mark)
    with pytest.raises(entrepot.StoreUnusable, match=r"backup\.json is damaged"):
        backup(home, target)


def test_a_backup_is_only_read_so_that_nobody_spoils_the_next(home: Path, target: Path) -> None:
    backup(home, target)
    with entrepot.connect(target) as store:
        with pytest.raises(entrepot.ReadOnlyStore, match="or is a backup"):
            store.add(b"b\n1\n", "strange", progress=False)
        with entrepot.connect(home) as original:
            original.add(b"b\n1\n", "new", progress=False)
        backup(home, target)
        with pytest.raises(entrepot.ReadOnlyStore):
            store["others"].delete()
    assert (checked(target).damages, checked(target).orphans) == ((), ())
    with entrepot.connect(target) as store:
        assert sorted(store) == ["counts", "new", "others"]


def test_a_copy_of_a_backup_without_its_mark_is_a_store_again(home: Path, target: Path, tmp_path: Path) -> None:
    backup(home, target)
    restored = Path(shutil.copytree(target, tmp_path / "restored"))
    (restored / "backup.json").unlink()
    with entrepot.connect(restored) as store:
        store.add(b"b\n1\n", "new", progress=False)
        assert sorted(store) == ["counts", "new", "others"]
    assert checked(restored).damages == ()


def test_a_backup_of_a_backup_leaves_it_one(home: Path, target: Path, tmp_path: Path) -> None:
    backup(home, target)
    assert backup(target, tmp_path / "far").missing == ()
    assert {file.name for file in (target / "blobs").iterdir() if file.is_file()} == set()
    (target / "blobs" / "lock").touch()  # of whoever held it as a store
    assert backup(home, target).missing == ()
    assert checked(tmp_path / "far").damages == ()


def test_another_store_in_the_place_of_the_first_does_not_replace_its_backup(home: Path, target: Path) -> None:
    backup(home, target)
    shutil.rmtree(home)
    with entrepot.connect(home) as store:
        store.add(b"n\n0\n", "counts", progress=False)
    with pytest.raises(entrepot.StoreUnusable, match="none of them is in the store any more"):
        backup(home, target)
    with entrepot.connect(target) as store:
        assert sorted(store) == ["counts", "others"]
    assert checked(target).damages == ()


def test_records_of_metadata_tell_one_store_from_another_too(home: Path, target: Path) -> None:
    shutil.rmtree(home)
    with entrepot.connect(home) as store:
        *_, last = [store.metadata.add("shop", {"sourceName": str(number)}) for number in range(DEFAULT_LIMIT + 1)]
    backup(home, target)
    with entrepot.connect(home) as store:
        for record in store.metadata.list(limit=DEFAULT_LIMIT):
            store.metadata.remove(record.id)
    backup(home, target)  # which has still something of it
    shutil.rmtree(home)
    with entrepot.connect(home) as store:
        store.add(b"n\n0\n", "counts", progress=False)
    with pytest.raises(entrepot.StoreUnusable, match="datasets or metadata: none of them is in the store any more"):
        backup(home, target)
    with entrepot.connect(target) as store:
        assert [record.id for record in store.metadata.list()] == [last.id]


@pytest.mark.parametrize("fault", [errno.EROFS, errno.EACCES])
def test_a_store_that_can_only_be_read_has_backups_too(
    home: Path, target: Path, monkeypatch: pytest.MonkeyPatch, fault: int
) -> None:
    def refuse(_: Path) -> None:
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(mirroring, "locked", refuse)
    assert backup(home, target).missing == ()
    assert checked(target).damages == ()


def test_what_was_broken_off_before_the_first_backup_is_begun_again(home: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for name in ("backup.lock", "backup.json.new"):
        (target / name).touch()
    (target / "lost+found").mkdir()
    assert backup(home, target).missing == ()
