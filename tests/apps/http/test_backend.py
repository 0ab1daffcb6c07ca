"""Where the use cases run."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest
import structlog

from entrepot.http.backend import Backend, HttpSettings


def run(work: Callable[[Backend], Coroutine[Any, Any, None]]) -> None:
    """Run something on a backend that works."""
    backend = Backend(cast("Any", None), cast("Any", None), dict, HttpSettings(readers=2, writers=1), lambda: None)

    async def running() -> None:
        async with backend.running(cast("Any", None)):
            await work(backend)

    asyncio.run(running())


def test_each_kind_of_work_has_threads_of_its_own() -> None:
    held = threading.Event()

    async def work(backend: Backend) -> None:
        busy = [asyncio.create_task(backend.command(held.wait, 5)) for _ in range(3)]
        busy += [asyncio.create_task(backend.query(held.wait, 5)) for _ in range(3)]
        assert await backend.check() == {}
        assert await backend.scratch(lambda: threading.current_thread().name.partition("_")[0]) == "scratch"
        held.set()
        assert all(await asyncio.gather(*busy))

    run(work)


def test_work_that_has_begun_is_waited_for_even_when_it_is_cancelled() -> None:
    begun, held, ended = threading.Event(), threading.Event(), threading.Event()

    def last() -> None:
        begun.set()
        held.wait(5)
        ended.set()

    async def work(backend: Backend) -> None:
        task = asyncio.create_task(backend.command(last))
        await asyncio.to_thread(begun.wait)
        task.cancel()
        await asyncio.sleep(0.01)
        assert not task.done()
        held.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended.is_set()

    run(work)


def test_work_that_waits_for_a_thread_can_be_cancelled() -> None:
    held, ran = threading.Event(), threading.Event()

    async def work(backend: Backend) -> None:
        first = asyncio.create_task(backend.command(held.wait, 5))
        second = asyncio.create_task(backend.command(ran.set))
        await asyncio.sleep(0.01)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        held.set()
        await first
        assert not ran.is_set()

    run(work)


def test_threads_see_the_context_of_their_request() -> None:
    async def work(backend: Backend) -> None:
        with structlog.contextvars.bound_contextvars(correlation_id="c1"):
            assert await backend.query(structlog.contextvars.get_contextvars) == {"correlation_id": "c1"}

    run(work)


def test_an_app_that_was_not_started_says_so() -> None:
    backend = Backend(cast("Any", None), cast("Any", None), dict, HttpSettings(), lambda: None)
    with pytest.raises(RuntimeError, match="not been started"):
        asyncio.run(backend.check())
