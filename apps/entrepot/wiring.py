"""The composition root: the one place that knows every adapter, and builds what the transports are given.

Adapters are imported inside its functions, so that a command that needs none starts quickly.
"""

import os
import re
from collections.abc import Callable
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar, cast

from attrs import frozen

from entrepot.settings import MEMORY, Settings, is_url
from entrepot_core.errors import EntrepotError, InvalidOption, StoreUnusable
from entrepot_core.ports.blobs import Blobs
from entrepot_core.ports.catalogue import Catalogue
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.fetcher import Fetcher
from entrepot_core.ports.importer import Importer
from entrepot_core.ports.jobs import Jobs
from entrepot_core.ports.operations import Operations
from entrepot_core.ports.renderers import Charts, Workbooks
from entrepot_core.ports.tables import Tables
from entrepot_core.selection import DatasetQuery

if TYPE_CHECKING:
    from entrepot_adapters.sql.inspecting import CatalogueState

_Adapter = TypeVar("_Adapter")
_CATALOGUE = "catalogue.sqlite3"
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
    """A store of this process's own."""

    driven: Driven


def connect(target: str | Path | None, settings: Settings) -> Connection:
    """Open a store.

    Args:
        target: A home folder, a server's URL, or ``:memory:``; by default what the settings say.
        settings: The limits of the store, where it is embedded.

    Raises:
        InvalidOption: The target looks like a server, but is no URL of one.
        StoreUnusable: The folder can't be used as a home.
    """
    place = settings.store if target is None else str(target)
    if not is_url(place):
        _refuse_half_a_url(place)
        return open_home(place, settings)
    from entrepot_adapters.http.remote import RemoteOperations

    remote = RemoteOperations(place)
    return Connection(remote, remote.close)


def _refuse_half_a_url(place: str) -> None:
    """A server's address without its scheme would otherwise become a folder of that name."""
    if "://" in place or (_HOST_AND_PORT.fullmatch(place) and not Path(place).exists()):
        address = place.rpartition("://")[2]
        reason = f"for a server write http://{address}; a folder of such a name needs a ./ in front"
        raise InvalidOption(option="store", value=place, reason=reason)


def open_home(place: str, settings: Settings, *, tidy: bool = True) -> Home:
    """Open a store of this process's own: a folder, made and migrated as needed, or ``:memory:``.

    Args:
        place: Where it is.
        settings: The limits of the store.
        tidy: Whether to remove what processes left that died.
    """
    folder = Path(place).expanduser()
    driven, close = _in_memory(settings) if place == MEMORY else _on_disk(folder, settings, tidy=tidy)
    from entrepot_core.use_cases.local import LocalOperations
    from entrepot_core.use_cases.working import recover

    recover(driven)
    operations = LocalOperations(driven)

    def leave() -> None:
        operations.close()
        close()

    return Home(operations, leave, driven)


def is_sound(place: str) -> bool:
    """Whether a home looks as if ``open_home`` would have nothing to do or to say; a quick look, where that is slow."""
    from entrepot_adapters.sql.glance import is_current

    home = Path(place).expanduser()
    return all(os.access(home / part, os.W_OK | os.X_OK) for part in ("", "blobs", "tmp")) and is_current(
        home / _CATALOGUE
    )


def find_home(settings: Settings) -> Path:
    """The folder that the settings' store is.

    Raises:
        InvalidOption: It is a server or in memory.
        StoreUnusable: There is no store in it.
    """
    if settings.is_remote or settings.store == MEMORY:
        raise InvalidOption(option="store", value=settings.store, reason="give a folder of this machine with --store")
    folder = Path(settings.store).expanduser()
    if not (folder / _CATALOGUE).exists():
        raise StoreUnusable(f"There is no store at {folder}. Say with --store where it is.")
    return folder


def inspect_catalogue(home: Path) -> "CatalogueState":
    """Look at a home's database without changing it."""
    from entrepot_adapters.sql.inspecting import inspect_catalogue as inspect

    return inspect(home / _CATALOGUE)


def upgrade_catalogue(home: Path) -> None:
    """Bring a home's database up to date."""
    from entrepot_adapters.sql import open_catalogue

    open_catalogue(home / _CATALOGUE).close()


def _on_disk(folder: Path, settings: Settings, *, tidy: bool) -> tuple[Driven, Callable[[], None]]:
    from entrepot_adapters.filesystem import FilesystemBlobs
    from entrepot_adapters.sql import SqlCatalogue, SqlJobs, open_database
    from entrepot_adapters.worker import WorkerImporter

    blobs = FilesystemBlobs(folder, tidy=tidy)
    database = open_database(folder / _CATALOGUE)
    catalogue, jobs = SqlCatalogue(database), SqlJobs(database, blobs.processes)
    importer = WorkerImporter(
        max_columns=settings.max_columns,
        max_decompressed_bytes=settings.max_decompressed_bytes,
        max_rows=settings.max_rows,
        scratch=blobs.scratch,
    )

    def close() -> None:
        catalogue.close()
        blobs.close()

    if blobs.follows_a_crash:
        blobs.sweep(catalogue.digests)
    return _driven(catalogue, blobs, importer, jobs, settings), close


def _in_memory(settings: Settings) -> tuple[Driven, Callable[[], None]]:
    from entrepot_adapters.memory import MemoryBlobs, MemoryCatalogue, MemoryJobs
    from entrepot_adapters.polars.importer import PolarsImporter

    importer = PolarsImporter(
        max_columns=settings.max_columns,
        max_decompressed_bytes=settings.max_decompressed_bytes,
        max_rows=settings.max_rows,
    )
    return _driven(MemoryCatalogue(), MemoryBlobs(), importer, MemoryJobs(), settings), lambda: None


def _driven(catalogue: Catalogue, blobs: Blobs, importer: Importer, jobs: Jobs, settings: Settings) -> Driven:
    from entrepot_adapters.clock import SystemClock

    return Driven(
        catalogue=catalogue,
        blobs=blobs,
        fetcher=_deferred(lambda: _fetcher(settings)),
        importer=importer,
        tables=_deferred(lambda: _tables(blobs)),
        workbooks=_deferred(_workbooks),
        charts=_deferred(_charts),
        clock=SystemClock(),
        jobs=jobs,
    )


def _fetcher(settings: Settings) -> Fetcher:
    from entrepot_adapters.http.fetcher import HttpFetcher

    networks = (settings.fetch_allow or "").split(",")
    return HttpFetcher(
        allowed=tuple(ip_network(one) for one in networks if one),
        max_bytes=settings.fetch_bytes,
        seconds=settings.fetch_seconds,
    )


def _tables(blobs: Blobs) -> Tables:
    from entrepot_adapters.polars.tables import PolarsTables

    return PolarsTables(blobs)


def _workbooks() -> Workbooks:
    from entrepot_adapters.excel import ExcelWorkbooks

    return ExcelWorkbooks()


def _charts() -> Charts:
    from entrepot_adapters.charts import MatplotlibCharts

    return MatplotlibCharts()


class _Deferred:
    """Stands for an adapter until it is used: its libraries take longer to load than most commands to run."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> object:
        return self._make()

    def __getattr__(self, name: str) -> object:
        return getattr(self._made, name)


def _deferred(make: Callable[[], _Adapter]) -> _Adapter:
    return cast("_Adapter", _Deferred(make))


def end_with_parent() -> None:
    """Have this process end when the one that started it does, however that ends."""
    from entrepot_adapters.worker.life import die_with

    die_with(os.getppid())


def checks(home: Home) -> dict[str, str]:
    """What each part of a home says when it is asked for something small: ``ok``, or what is wrong."""
    return {
        "catalogue": _said(lambda: home.driven.catalogue.list(DatasetQuery(limit=1))),
        "blobs": _said(lambda: home.driven.blobs.stage().close()),
    }


def _said(ask: Callable[[], object]) -> str:
    try:
        ask()
    except EntrepotError as error:
        return str(error)
    return "ok"
