"""Adapters that are made when they are first used: their libraries take longer to load than most commands to run."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TypeVar, cast

from entrepot.setting_values import networks
from entrepot.settings import Settings
from entrepot_core.ports.blobs import Blobs
from entrepot_core.ports.editor import Editor
from entrepot_core.ports.fetcher import Fetcher
from entrepot_core.ports.imaging import Imaging
from entrepot_core.ports.importer import Importer
from entrepot_core.ports.records import Payloads
from entrepot_core.ports.renderers import Charts, Workbooks
from entrepot_core.ports.tables import Tables

_IMAGES = "image/webp,image/jpeg,image/png,image/gif,image/avif;q=0.9,*/*;q=0.1"
"""What is asked for where an image is expected."""

_Adapter = TypeVar("_Adapter")


def fetcher(settings: Settings) -> Fetcher:
    """Fetches by URL."""

    def make() -> Fetcher:
        from entrepot_adapters.http.fetcher import HttpFetcher

        return HttpFetcher(
            allowed=networks(settings.fetch_allow),
            max_bytes=settings.fetch_bytes,
            seconds=settings.fetch_seconds,
        )

    return _deferred(make)


def image_fetcher(settings: Settings) -> Fetcher:
    """Fetches images."""

    def make() -> Fetcher:
        from entrepot_adapters.http.fetcher import HttpFetcher

        return HttpFetcher(
            allowed=networks(settings.fetch_allow),
            max_bytes=settings.max_image_bytes,
            seconds=settings.image_seconds,
            bytes_limit="ENTREPOT_MAX_IMAGE_BYTES",
            seconds_limit="ENTREPOT_IMAGE_SECONDS",
            accept=_IMAGES,
        )

    return _deferred(make)


def imaging(settings: Settings, scratch: Path | None, stack: ExitStack) -> Imaging:
    """Decodes images; in a sandbox, unless the store is gone with this process and need not have one.

    Args:
        settings: The limits.
        scratch: Where the sandbox puts what it needs for a while; none where nothing is to be put on a disk.
        stack: What closes the sandbox, if one was needed.
    """
    held = stack.enter_context(ExitStack())

    def make() -> Imaging:
        if scratch is None and settings.sandbox != "require":
            from entrepot_adapters.images.pillow import PillowImaging

            return PillowImaging(max_pixels=settings.max_image_pixels)
        from entrepot_adapters.sandbox.imaging import SandboxedImaging

        imaging = SandboxedImaging(
            max_pixels=settings.max_image_pixels,
            memory_bytes=settings.image_memory_bytes,
            seconds=settings.image_seconds,
            mode=settings.sandbox,
            scratch=scratch,
        )
        held.callback(imaging.close)
        return imaging

    return _deferred(make)


def payloads(settings: Settings) -> Payloads:
    """Holds payloads to a schema; one that was given is read at once, so that the start tells what is wrong with it.

    Raises:
        InvalidOption: It is no JSON Schema.
    """

    def make() -> Payloads:
        from entrepot_adapters.payloads import read_payloads

        return read_payloads(None if settings.metadata_schema is None else Path(settings.metadata_schema))

    return _deferred(make) if settings.metadata_schema is None else make()


def importer(settings: Settings) -> Importer:
    """Reads files in this process."""

    def make() -> Importer:
        from entrepot_adapters.polars.importer import PolarsImporter

        return PolarsImporter(limits=settings.limits)

    return _deferred(make)


def tables(blobs: Blobs, settings: Settings) -> Tables:
    """Reads tables."""

    def make() -> Tables:
        from entrepot_adapters.polars.tables import PolarsTables

        return PolarsTables(blobs, cache_bytes=settings.cache_bytes // settings.workers)

    return _deferred(make)


def editor(blobs: Blobs) -> Editor:
    """Changes tables."""

    def make() -> Editor:
        from entrepot_adapters.polars.editing import PolarsEditor

        return PolarsEditor(blobs)

    return _deferred(make)


def workbooks() -> Workbooks:
    """Writes workbooks."""

    def make() -> Workbooks:
        from entrepot_adapters.excel import ExcelWorkbooks

        return ExcelWorkbooks()

    return _deferred(make)


def charts() -> Charts:
    """Draws charts."""

    def make() -> Charts:
        from entrepot_adapters.charts import MatplotlibCharts

        return MatplotlibCharts()

    return _deferred(make)


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
