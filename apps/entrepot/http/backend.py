"""What the routes are given: the use cases, and threads of their own to run them in."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import copy_context
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import ParamSpec, TypeVar

from attrs import define, field, frozen
from litestar import Litestar

from entrepot.http.addresses import Network
from entrepot.http.metrics import Metrics
from entrepot.origins import Origins
from entrepot_core.ports.blobs import Staged
from entrepot_core.ports.operations import Operations

_P = ParamSpec("_P")
_T = TypeVar("_T")

MOST_ANSWER_BYTES = 32 << 20
"""More would only keep answers that nobody asks for again."""

MOST_IMAGE_BYTES = 20 * 10**6
"""What an uploaded image may have where nothing else is said."""


def _readers() -> int:
    return max(8, 2 * (os.cpu_count() or 1))


def _writers() -> int:
    return max(2, os.cpu_count() or 1)


def _version() -> str:
    try:
        return version("entrepot")
    except PackageNotFoundError:  # a source tree that was not installed
        return "unknown"


@frozen
class HttpSettings:
    """What can be set of the HTTP transport.

    Attributes:
        max_upload_bytes: The most bytes of an uploaded file.
        max_image_bytes: The most bytes of an uploaded image.
        readers: How many queries run at once.
        writers: How many commands, imports among them, run at once; the others wait, as files on disk.
        fetchers: How many files are fetched at once; sources may be slow, and hold up no upload.
        answer_bytes: How many bytes of answers are kept, to be given again while nothing has changed.
        allow_origins: The origins whose pages may read and change everything.
        trusted_proxies: The networks of the proxies that are believed when they tell what a client asked of them.
        image_base_url: What stands in front of ``/images/…`` in answers, a content delivery network's URL say; by
            default where the client asked.
        metrics_folder: Where the processes of a server count requests together; none where there is but one.
        version: The software's version.
    """

    max_upload_bytes: int = 10 * 10**9
    max_image_bytes: int = MOST_IMAGE_BYTES
    readers: int = field(factory=_readers)
    writers: int = field(factory=_writers)
    fetchers: int = 8
    answer_bytes: int = MOST_ANSWER_BYTES
    allow_origins: Origins = field(factory=Origins)
    trusted_proxies: tuple[Network, ...] = ()
    image_base_url: str | None = None
    metrics_folder: str | None = None
    version: str = field(factory=_version)


@frozen
class _Pools:
    """Threads by the kind of work, so that no kind can hold up another."""

    queries: ThreadPoolExecutor
    commands: ThreadPoolExecutor
    fetches: ThreadPoolExecutor
    images: ThreadPoolExecutor
    scratch: ThreadPoolExecutor
    health: ThreadPoolExecutor


@define
class Backend:
    """The use cases and what runs them; it works between the app's start and its end.

    Attributes:
        operations: The use cases.
        stage: Opens a scratch file for an upload.
        checks: Asks the parts that the server needs, and tells what each says: ``ok``, or what is wrong.
        settings: What can be set.
        on_shutdown: Lets go of what the others hold, when the app ends.
        metrics: Counts the requests.
    """

    operations: Operations
    stage: Callable[[], Staged]
    checks: Callable[[], Mapping[str, object]]
    settings: HttpSettings
    on_shutdown: Callable[[], None]
    metrics: Metrics = field(init=False)
    _pools: _Pools | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self.metrics = Metrics(self.settings.version, self.settings.metrics_folder)

    @asynccontextmanager
    async def running(self, _app: Litestar) -> AsyncGenerator[None]:
        """Hold the threads while the app runs."""
        with (
            ThreadPoolExecutor(self.settings.readers, "query") as queries,
            ThreadPoolExecutor(self.settings.writers, "command") as commands,
            ThreadPoolExecutor(self.settings.fetchers, "fetch") as fetches,
            ThreadPoolExecutor(self.settings.readers, "image") as images,
            ThreadPoolExecutor(2, "scratch") as scratch,
            ThreadPoolExecutor(1, "health") as health,
        ):
            self._pools = _Pools(queries, commands, fetches, images, scratch, health)
            yield
            self._pools = None
        self.on_shutdown()

    async def query(self, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run what reads, or writes a mere note."""
        return await _run(self._running.queries, partial(call, *args, **kwargs))

    async def command(self, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run what writes."""
        return await _run(self._running.commands, partial(call, *args, **kwargs))

    async def fetch(self, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run what writes, and fetches first what it writes."""
        return await _run(self._running.fetches, partial(call, *args, **kwargs))

    async def image(self, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run what reads an image, and may have to make it first; queries don't wait behind it."""
        return await _run(self._running.images, partial(call, *args, **kwargs))

    async def scratch(self, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run short work on a scratch file."""
        return await _run(self._running.scratch, partial(call, *args, **kwargs))

    async def check(self) -> Mapping[str, object]:
        """Ask the parts how they are."""
        return await self.watch(self.checks)

    async def watch(self, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run what tells how the server is; neither queries nor commands hold it up."""
        return await _run(self._running.health, partial(call, *args, **kwargs))

    @property
    def is_running(self) -> bool:
        """Whether the app has not been told to end."""
        return self._pools is not None

    @property
    def _running(self) -> _Pools:
        if self._pools is None:
            message = "the app has not been started"
            raise RuntimeError(message)
        return self._pools


async def _run(pool: ThreadPoolExecutor, call: Callable[[], _T]) -> _T:
    """Run a call in a pool, with the request's context; one that has begun is waited for even when cancelled.

    What the caller closes afterwards is then in no thread's hands any more.
    """
    work = pool.submit(copy_context().run, _without_panic, call)
    future = asyncio.wrap_future(work)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        if not work.cancel():
            await asyncio.gather(future, return_exceptions=True)
        raise


def _without_panic(call: Callable[[], _T]) -> _T:
    """Call, and make an error of a panic of polars: it is none for Python, and no handler would see it."""
    try:
        return call()
    except Exception:
        raise
    except BaseException as error:
        message = f"a library panicked: {error}"
        raise RuntimeError(message) from error
