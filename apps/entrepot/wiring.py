"""The composition root: the one place that knows every adapter, and builds what the transports are given.

Adapters are imported inside its functions, so that a command that needs none starts quickly.
"""

import os
import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar, cast

from attrs import frozen

from entrepot.settings import MEMORY, Settings, is_url
from entrepot_core.errors import EntrepotError, InvalidOption
from entrepot_core.ports.blobs import Blobs
from entrepot_core.ports.catalogue import Catalogue
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.importer import Importer
from entrepot_core.ports.operations import Operations
from entrepot_core.ports.renderers import Charts, Workbooks
from entrepot_core.ports.tables import Tables
from entrepot_core.selection import DatasetQuery

_Adapter = TypeVar("_Adapter")
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


def open_home(place: str, settings: Settings) -> Home:
    """Open a store of this process's own: a folder, made and migrated as needed, or ``:memory:``."""
    driven, close = _in_memory(settings) if place == MEMORY else _on_disk(Path(place).expanduser(), settings)
    from entrepot_core.use_cases.local import LocalOperations

    return Home(LocalOperations(driven), close, driven)


def _on_disk(folder: Path, settings: Settings) -> tuple[Driven, Callable[[], None]]:
    from entrepot_adapters.filesystem import FilesystemBlobs
    from entrepot_adapters.sql import open_catalogue
    from entrepot_adapters.worker import WorkerImporter

    blobs = FilesystemBlobs(folder)
    catalogue = open_catalogue(folder / "catalogue.sqlite3")
    importer = WorkerImporter(
        max_columns=settings.max_columns,
        max_rows=settings.max_rows,
        max_cell_bytes=settings.max_cell_bytes,
        scratch=blobs.scratch,
    )

    def close() -> None:
        catalogue.close()
        blobs.close()

    return _driven(catalogue, blobs, importer), close


def _in_memory(settings: Settings) -> tuple[Driven, Callable[[], None]]:
    from entrepot_adapters.memory import MemoryBlobs, MemoryCatalogue
    from entrepot_adapters.polars.importer import PolarsImporter

    importer = PolarsImporter(
        max_columns=settings.max_columns, max_rows=settings.max_rows, max_cell_bytes=settings.max_cell_bytes
    )
    return _driven(MemoryCatalogue(), MemoryBlobs(), importer), lambda: None


def _driven(catalogue: Catalogue, blobs: Blobs, importer: Importer) -> Driven:
    from entrepot_adapters.clock import SystemClock

    return Driven(
        catalogue=catalogue,
        blobs=blobs,
        importer=importer,
        tables=_deferred(lambda: _tables(blobs)),
        workbooks=_deferred(_workbooks),
        charts=_deferred(_charts),
        clock=SystemClock(),
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
