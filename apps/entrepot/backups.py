"""A copy of a home that is whole, made while others use it."""

import shutil
from collections.abc import Generator, Iterator
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import gettempdir

import msgspec
from attrs import frozen

from entrepot.read_only import MARK
from entrepot.wiring import CATALOGUE
from entrepot_core.dialect import Report
from entrepot_core.errors import DiskFull, InvalidOption, StoreBusy, StoreUnusable
from entrepot_core.json_text import decode_json
from entrepot_core.names import Digest
from entrepot_core.paging import MAX_LIMIT
from entrepot_core.ports.catalogue import Catalogue
from entrepot_core.ports.records import Records
from entrepot_core.record import RecordQuery
from entrepot_core.selection import DatasetQuery

_LOCK = "backup.lock"
_NEW = "catalogue.new"
_OURS = {_LOCK, f"{MARK}.new", "lost+found"}
"""What may stand in a folder in which no backup is yet; the last in every new file system."""


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
    since: datetime


@frozen
class _Snapshot:
    """A catalogue at one moment: a copy of it in one file, the ids of what it has, and the blobs that it names."""

    file: Path
    datasets: AbstractSet[str]
    records: AbstractSet[str]
    blobs: AbstractSet[Digest]

    @property
    def ids(self) -> AbstractSet[str]:
        """The ids of all that it has."""
        return self.datasets | self.records


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
        StoreUnusable: It holds something else, another store's datasets or metadata among it, can't be written, or has
            no room. What was there is as it was.
        StoreBusy: Another backup is made there.
    """
    home, target = home.resolve(), target.expanduser().resolve()
    try:
        return _backed_up(home, target, report)
    except DiskFull as error:
        places = f"at {target}, or at {gettempdir()} for a copy of the catalogue"
        reason = f"There is no room {places}; what was there is as it was"
        raise StoreUnusable(f"{reason}. Make room, or give another folder.") from error


def _backed_up(home: Path, target: Path, report: Report) -> Backup:
    from entrepot_adapters.filesystem.mirroring import Mirror

    with _scratch() as scratch, _opened(home, target):
        before = _snapshot(target, scratch / "before") if (target / CATALOGUE).exists() else None
        first = _snapshot(home, scratch / "first")
        if before is not None:
            _check_alike(before, first, target)
        mirror = Mirror(home, target, lambda size: report("import", size, None))
        # One that was broken off, as the disk was full, may have left there what nobody needs any more.
        mirror.keep_only(first.blobs | (before.blobs if before else set()))
        for digest in first.blobs:
            mirror.copy(digest)
        with mirror.held(home / _LOCK if (home / MARK).exists() else home / "blobs" / "lock"):
            last = _snapshot(home, scratch / "last")
            for digest in last.blobs:
                mirror.copy(digest)
        mirror.sync()
        _replace_catalogue(target, last.file)
        mirror.keep_only(last.blobs)
        missing = sorted(digest for digest in last.blobs if not mirror.has(digest))
    return Backup(
        target=str(target),
        datasets=len(last.datasets),
        blobs=len(last.blobs),
        copied=mirror.copied,
        size=mirror.size,
        missing=tuple(missing),
    )


@contextmanager
def _scratch() -> Generator[Path]:
    """A folder of this machine for copies of catalogues; what is left there if this process is killed goes later."""
    from entrepot_adapters.filesystem.faults import faults_of
    from entrepot_adapters.filesystem.staging import private_staging

    place = Path(gettempdir())
    with faults_of(place):
        staging = private_staging(place)
    try:
        yield staging.folder
    finally:
        staging.close()


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
            _mark(home, target)
            (target / "blobs").mkdir(exist_ok=True)
        yield
    finally:
        release()


def _check(home: Path, target: Path) -> None:
    mark = target / MARK
    if not mark.exists():
        if {file.name for file in target.iterdir()} - _OURS:
            raise StoreUnusable(f"{target} holds other files. Give an empty folder, or one that holds a backup.")
        return
    try:
        of = decode_json(mark.read_bytes(), _Mark).of
    except msgspec.MsgspecError as error:
        raise StoreUnusable(f"{mark} is damaged. Give another folder.") from error
    if of != str(home):
        raise StoreUnusable(f"{target} holds a backup of {of}. Give another folder.")


def _mark(home: Path, target: Path) -> None:
    """Say in the folder what it is, before anything else stands there."""
    from entrepot_adapters.filesystem.mirroring import replace

    if not (target / MARK).exists():
        new = target / f"{MARK}.new"
        new.write_bytes(msgspec.json.encode(_Mark(str(home), datetime.now(UTC))))
        replace(new, target / MARK)


def _check_alike(before: _Snapshot, now: _Snapshot, target: Path) -> None:
    """See that the home is still the store of the backup: a volume may be missing, with a new store in its place."""
    if before.ids and not before.ids & now.ids:
        reason = f"{target} holds a backup of other datasets or metadata: none of them is in the store any more"
        raise StoreUnusable(f"{reason}. If that is right, give another folder.")


def _snapshot(home: Path, scratch: Path) -> _Snapshot:
    """Copy a home's catalogue into a folder of this machine, and look at the copy: looking may bring it up to date."""
    from entrepot_adapters.filesystem.faults import faults_of
    from entrepot_adapters.sql import SqlCatalogue, SqlImages, SqlRecords, open_database
    from entrepot_adapters.sql.copying import copy_catalogue, told_of

    looked, whole = scratch / CATALOGUE, scratch / "whole"
    scratch.mkdir()
    with faults_of(home):
        copy_catalogue(home / CATALOGUE, looked)
        copy_catalogue(looked, whole)  # in one file, without a log beside it
    with told_of(home, scratch), ExitStack() as stack:
        database = open_database(looked)
        stack.callback(database.dispose)
        catalogue = SqlCatalogue(database)
        blobs = {*catalogue.digests(), *(blob.digest for blob in SqlImages(database).blobs())}
        return _Snapshot(whole, set(_datasets(catalogue)), set(_records(SqlRecords(database))), blobs)


def _datasets(catalogue: Catalogue) -> Iterator[str]:
    query: DatasetQuery | None = DatasetQuery(sort="created_at", limit=MAX_LIMIT)
    while query is not None:
        part = catalogue.list(query)
        yield from (dataset.id for dataset in part.items)
        query = msgspec.structs.replace(query, cursor=part.next) if part.next else None


def _records(records: Records) -> Iterator[str]:
    query: RecordQuery | None = RecordQuery()  # in small parts: each may have a megabyte
    while query is not None:
        part = records.list(query)
        yield from (record.id for record in part.items)
        query = msgspec.structs.replace(query, cursor=part.next) if part.next else None


def _replace_catalogue(target: Path, file: Path) -> None:
    from entrepot_adapters.filesystem.faults import faults_of
    from entrepot_adapters.filesystem.mirroring import replace

    with faults_of(target):
        shutil.copyfile(file, target / _NEW)
        (target / _NEW).chmod(0o600)
        for end in ("-wal", "-shm"):  # which would belong to the file that goes
            Path(f"{target / CATALOGUE}{end}").unlink(missing_ok=True)
        replace(target / _NEW, target / CATALOGUE)
