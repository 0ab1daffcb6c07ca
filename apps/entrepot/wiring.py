"""The composition root: the one place that knows every adapter, and builds what the transports are given.

Adapters are imported inside its functions, so that a command that needs none starts quickly.
"""

import os
import re
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

import msgspec
from attrs import evolve, frozen

from entrepot import deferring
from entrepot.pending import PendingOperations, check_not_lost, may_be_there
from entrepot.read_only import MARK, ReadOnlyOperations
from entrepot.setting_values import is_url
from entrepot.settings import MEMORY, Settings
from entrepot_core.errors import InvalidOption
from entrepot_core.ports.blobs import Blobs
from entrepot_core.ports.catalogue import Catalogue
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.images import Images
from entrepot_core.ports.importer import Importer
from entrepot_core.ports.jobs import Jobs
from entrepot_core.ports.operations import Operations
from entrepot_core.ports.records import Records

if TYPE_CHECKING:
    from entrepot_adapters.sandbox.importer import SandboxedImporter

CATALOGUE = "catalogue.sqlite3"
"""The file in a home that is its database."""
UPKEEP = "upkeep.lock"
"""The file in a home that is locked by the process which looks after it."""

_HOST_AND_PORT = re.compile(r"[\w.-]+:\d{1,5}(/.*)?")


@frozen
class Connection:
    """``Operations`` on some store, and how to let go of it. A context manager; leaving it closes it."""

    operations: Operations
    close: Callable[[], None]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@frozen
class Home(Connection):
    """A store of this process's own.

    Attributes:
        driven: Its adapters.
        sandbox: That of its imports, where they run in processes of their own.
        stamp: Tells the catalogue's state: equal ones mean that nothing has changed in between.
        take: Takes what one process at a time can have, and answers how to let go of it; none where another has it.
        is_read_only: Whether its operations only read, as its folder can't be written or is a backup.
    """

    driven: Driven
    sandbox: "SandboxedImporter | None"
    stamp: Callable[[], object]
    take: Callable[[], Callable[[], None] | None]
    is_read_only: bool = False

    def keep_up(self) -> Callable[[], None]:
        """Look after the store from now on, unless another process does; answer how to stop."""
        from entrepot_core.use_cases.upkeep import Upkeep

        upkeep = Upkeep(self.driven, self.take)
        upkeep.begin()
        return upkeep.close

    def keep_warm(self) -> None:
        """From now on have processes at hand that wait for imports."""
        if self.sandbox is not None and not self.is_read_only:
            self.sandbox.keep_warm()


def connect(target: str | Path | None, settings: Settings, *, for_import: bool = False) -> Connection:
    """Open a store. A folder that holds none is made one when something is stored there.

    Args:
        target: A home folder, a server's URL, or ``:memory:``; by default what the settings say.
        settings: The limits of the store, where it is embedded.
        for_import: Whether the next thing will be an import, which can be made ready while the store opens.

    Raises:
        InvalidOption: The target looks like a server, but is no URL of one.
        StoreUnusable: The folder can't be used as a home.
    """
    place = settings.store if target is None else str(target)
    if not is_url(place):
        _refuse_half_a_url(place)
        folder = place if place == MEMORY else str(Path(place).expanduser().absolute())  # whatever folder is gone to
        make = partial(open_home, folder, settings)
        if place == MEMORY or may_be_there(Path(folder, CATALOGUE)):
            return make(for_import=for_import)
        check_not_lost(Path(folder, CATALOGUE))
        nothing = _in_memory(msgspec.structs.replace(settings, sandbox="off"))
        pending = PendingOperations(nothing, make, Path(folder, CATALOGUE))
        return Connection(cast("Operations", pending), pending.close)
    from entrepot_adapters.http.remote import RemoteOperations

    remote = RemoteOperations(place)
    return Connection(remote, remote.close)


def _refuse_half_a_url(place: str) -> None:
    """A server's address without its scheme would otherwise become a folder of that name."""
    if "://" in place or (_HOST_AND_PORT.fullmatch(place) and not Path(place).exists()):
        address = place.rpartition("://")[2]
        reason = f"for a server write http://{address}; a folder of such a name needs a ./ in front"
        raise InvalidOption(option="store", value=place, reason=reason)


def open_home(place: str, settings: Settings, *, for_import: bool = False, tidy: bool = True) -> Home:
    """Open a store of this process's own: a folder, made and migrated as needed, or ``:memory:``.

    Of a folder that can't be written it is the state at this moment, and can only be read.

    Args:
        place: Where it is.
        settings: The limits of the store.
        for_import: Whether the next thing will be an import.
        tidy: Whether to remove what processes left that died.
    """
    if place == MEMORY:
        return _in_memory(settings)
    folder = Path(place).expanduser()
    if is_read_only(folder):
        return _copied(folder, settings)
    return _on_disk(folder, settings, for_import=for_import, tidy=tidy)


def is_read_only(folder: Path) -> bool:
    """Whether there is a store in a folder which this process may not write to, or which is a backup."""
    is_written = os.access(folder, os.W_OK) and not (folder / MARK).exists()
    return may_be_there(folder / CATALOGUE) and not is_written


def _copied(folder: Path, settings: Settings) -> Home:
    """A home that can't be written: its catalogue is copied, and its blobs are read where they lie."""
    from entrepot_adapters.filesystem.faults import faults_of
    from entrepot_adapters.filesystem.staging import private_staging
    from entrepot_adapters.sql.copying import copy_catalogue, told_of

    with ExitStack() as stack:
        place = Path(tempfile.gettempdir())
        with faults_of(place):
            staging = private_staging(place)
        stack.callback(staging.close)
        copy = staging.folder / "home"
        copy.mkdir()
        with faults_of(folder):
            copy_catalogue(folder / CATALOGUE, copy / CATALOGUE)
        with told_of(folder, copy):
            home = stack.enter_context(_on_disk(copy, settings, for_import=False, tidy=False, beneath=folder))
        operations = cast("Operations", ReadOnlyOperations(home.operations))
        return evolve(home, operations=operations, close=stack.pop_all().close, take=lambda: None, is_read_only=True)


def _on_disk(folder: Path, settings: Settings, *, for_import: bool, tidy: bool, beneath: Path | None = None) -> Home:
    from entrepot_adapters.filesystem import FilesystemBlobs
    from entrepot_adapters.filesystem.locks import take_turn
    from entrepot_core.use_cases.editing import sweep

    check_not_lost(folder / CATALOGUE)
    with ExitStack() as stack:
        blobs = FilesystemBlobs(folder, tidy=tidy, beneath=beneath)
        stack.callback(blobs.close)
        importer = _sandbox(settings, blobs.scratch)
        stack.callback(importer.close)
        if for_import:
            importer.prepare()
        from entrepot_adapters.sql import DatabaseStamp, SqlCatalogue, SqlImages, SqlJobs, SqlRecords, open_database

        database = open_database(folder / CATALOGUE)
        stamp = DatabaseStamp(folder / CATALOGUE)
        stack.callback(stamp.close)
        catalogue = SqlCatalogue(database, stamp)
        stack.callback(catalogue.close)
        kept = _Kept(
            catalogue, blobs, SqlJobs(database, blobs.processes), SqlRecords(database), SqlImages(database, stamp)
        )
        driven = _driven(kept, importer, settings, blobs.scratch, stack)
        if blobs.follows_a_crash:
            sweep(driven)
        return _home(driven, stack, importer, stamp, lambda: take_turn(folder / UPKEEP))


def _in_memory(settings: Settings) -> Home:
    """A store that is gone with this process; imports run in it as well, unless they have to be sandboxed."""
    from entrepot_adapters.memory import MemoryBlobs, MemoryCatalogue, MemoryImages, MemoryJobs, MemoryRecords

    stack, sandbox = ExitStack(), _sandbox(settings, None) if settings.sandbox == "require" else None
    if sandbox is not None:
        stack.callback(sandbox.close)
    importer = deferring.importer(settings) if sandbox is None else sandbox
    catalogue = MemoryCatalogue()
    kept = _Kept(catalogue, MemoryBlobs(), MemoryJobs(), MemoryRecords(), MemoryImages(catalogue.find))
    return _home(_driven(kept, importer, settings, None, stack), stack, sandbox, catalogue.stamp, lambda: _nothing)


def _nothing() -> None:
    """Let go of nothing: no other process can have this store."""


def _home(
    driven: Driven,
    stack: ExitStack,
    sandbox: "SandboxedImporter | None",
    stamp: Callable[[], object],
    take: Callable[[], Callable[[], None] | None],
) -> Home:
    """The home of these adapters, which closes what ``stack`` holds."""
    from entrepot_core.use_cases.local import LocalOperations
    from entrepot_core.use_cases.working import recover

    recover(driven)
    operations = LocalOperations(driven)
    stack.callback(operations.close)
    return Home(operations, stack.pop_all().close, driven, sandbox, stamp, take)


def _sandbox(settings: Settings, scratch: Path | None) -> "SandboxedImporter":
    from entrepot_adapters.sandbox.importer import SandboxedImporter

    return SandboxedImporter(
        limits=settings.limits,
        memory_bytes=settings.import_memory_bytes,
        seconds=settings.import_seconds,
        # what an import writes is seldom larger than what it reads
        file_bytes=max(4 * settings.max_upload_bytes, settings.max_decompressed_bytes),
        workers=settings.import_workers,
        mode=settings.sandbox,
        scratch=scratch,
    )


@frozen
class _Kept:
    """Where a store keeps what it has."""

    catalogue: Catalogue
    blobs: Blobs
    jobs: Jobs
    records: Records
    images: Images


def _driven(kept: _Kept, importer: Importer, settings: Settings, scratch: Path | None, stack: ExitStack) -> Driven:
    from entrepot_adapters.clock import SystemClock

    return Driven(
        catalogue=kept.catalogue,
        blobs=kept.blobs,
        fetcher=deferring.fetcher(settings),
        importer=importer,
        tables=deferring.tables(kept.blobs, settings),
        editor=deferring.editor(kept.blobs),
        workbooks=deferring.workbooks(),
        charts=deferring.charts(),
        clock=SystemClock(),
        jobs=kept.jobs,
        records=kept.records,
        payloads=deferring.payloads(settings),
        images=kept.images,
        imaging=deferring.imaging(settings, scratch, stack),
        image_fetcher=deferring.image_fetcher(settings),
        image_bytes=settings.max_image_bytes,
        renditions=settings.platforms,
        renders_ahead=settings.make_renditions == "import",
        keep_versions=settings.keep_versions,
        limits=settings.limits,
    )


def begin_process() -> None:
    """Have this process end when the one that started it does, and numpy leave alone what the processor is slow at."""
    from entrepot_adapters.instructions import avoided
    from entrepot_adapters.sandbox.life import die_with

    die_with(os.getppid())
    for name, value in avoided().items():
        os.environ.setdefault(name, value)
