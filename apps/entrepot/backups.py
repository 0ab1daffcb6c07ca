"""A copy of a home that is whole, made while others use it."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from entrepot.wiring import CATALOGUE
from entrepot_core.dialect import Report
from entrepot_core.errors import InvalidOption, StoreBusy, StoreUnusable
from entrepot_core.names import Digest
from entrepot_core.selection import DatasetQuery

MARK = "backup.json"
"""The file that says that a folder is a backup, and of what."""

_NEW = "catalogue.new"
_LOCK = "backup.lock"


class Backup(msgspec.Struct, frozen=True):
    """What a backup holds.

    Attributes:
        target: Where it is.
        datasets: How many datasets.
        blobs: How many blobs their versions and images have.
        copied: How many of these were copied now; the others were there.
        size: How many bytes those that were copied have.
        missing: Blobs that the store itself lacks, or that are not what they were.
    """

    target: str
    datasets: int
    blobs: int
    copied: int
    size: int
    missing: tuple[Digest, ...]


class _Mark(msgspec.Struct, frozen=True):
    of: str
    begun: datetime


def back_up(home: Path, target: Path, report: Report) -> Backup:
    """Copy a home into a folder, as it is at one moment; others may use it meanwhile.

    The blobs are copied that the catalogue names, however long that takes. Then nobody may keep or remove any for
    a moment, in which the catalogue is copied, and what is new since. A backup that is there stays whole until the new
    catalogue takes the place of its own, and blobs that it has are not copied again.

    Args:
        home: A folder that holds a store.
        target: An empty folder, one that is not there, or one that holds a backup of this store.
        report: Told how many bytes were copied.

    Raises:
        InvalidOption: The target lies in the home, or the other way round.
        StoreUnusable: It holds something else, or can't be written.
        StoreBusy: Another backup is made there.
        DiskFull: There is no room for it. What was there is as it was.
    """
    from entrepot_adapters.filesystem.mirroring import Mirror, sync

    home, target = home.resolve(), target.expanduser().resolve()
    with _opened(home, target):
        mirror = Mirror(home, target, lambda size: report("import", size, None))
        for digest in _named(home, target)[1]:
            mirror.copy(digest)
        with mirror.held():
            datasets, wanted = _named(home, target)
            missing = {digest for digest in wanted if not mirror.copy(digest)}
        mirror.sync()
        _replace_catalogue(target)
        sync([target])
        mirror.keep_only(wanted)
    return Backup(
        target=str(target),
        datasets=datasets,
        blobs=len(wanted),
        copied=mirror.copied,
        size=mirror.size,
        missing=tuple(sorted(missing | (mirror.changed & wanted))),
    )


@contextmanager
def _opened(home: Path, target: Path) -> Generator[None]:
    """The target, made where it is missing, for this backup alone."""
    from entrepot_adapters.filesystem.faults import faults_of
    from entrepot_adapters.filesystem.locks import take_turn

    if home == target or home in target.parents or target in home.parents:
        reason = "a backup lies neither in the store nor around it"
        raise InvalidOption(option="target", value=str(target), reason=reason)
    with faults_of(target):
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check(home, target)
        release = take_turn(target / _LOCK)
    if release is None:
        raise StoreBusy
    try:
        with faults_of(target):
            (target / "blobs").mkdir(exist_ok=True)
            (target / MARK).write_bytes(msgspec.json.encode(_Mark(str(home), datetime.now(UTC))))
        yield
    finally:
        release()


def _check(home: Path, target: Path) -> None:
    mark = target / MARK
    if not mark.exists():
        if any(target.iterdir()):
            raise StoreUnusable(f"{target} holds other files. Give an empty folder, or one that holds a backup.")
        return
    try:
        of = msgspec.json.decode(mark.read_bytes(), type=_Mark).of
    except msgspec.MsgspecError as error:
        raise StoreUnusable(f"{mark} is damaged. Give another folder.") from error
    if of != str(home):
        raise StoreUnusable(f"{target} holds a backup of {of}. Give another folder.")


def _named(home: Path, target: Path) -> tuple[int, set[Digest]]:
    """Copy the catalogue beside the target's own; answer how many datasets it has, and the blobs that it names."""
    from entrepot_adapters.filesystem.faults import faults_of
    from entrepot_adapters.sql import SqlCatalogue, SqlImages, open_database
    from entrepot_adapters.sql.copying import copy_catalogue

    copy = target / _NEW
    with faults_of(target):
        copy_catalogue(home / CATALOGUE, copy)
    database = open_database(copy)
    try:
        catalogue = SqlCatalogue(database)
        number = catalogue.list(DatasetQuery(limit=1)).total
        return number, {*catalogue.digests(), *(blob.digest for blob in SqlImages(database).blobs())}
    finally:
        database.dispose()


def _replace_catalogue(target: Path) -> None:
    from entrepot_adapters.filesystem.faults import faults_of
    from entrepot_adapters.filesystem.mirroring import sync

    with faults_of(target):
        for end in ("-wal", "-shm"):  # of whoever opened the backup: they belong to the file that goes
            Path(f"{target / CATALOGUE}{end}").unlink(missing_ok=True)
        sync([target / _NEW])
        os.replace(target / _NEW, target / CATALOGUE)  # noqa: PTH105 - as one step
