"""Server-sent events: a job, whenever it has changed. They look into the store, so any process can send them."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

import msgspec
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from entrepot.http.backend import Backend
from entrepot.http.exchange import exchange_of
from entrepot.http.responses import until_gone
from entrepot_core.errors import DiskFull, EntrepotError, StoreBusy
from entrepot_core.job import Job

EVENT_STREAM = "text/event-stream"

_SOON, _LATER, _SLOWER = 0.05, 0.4, 1.5
"""Seconds to the first look at a job and to every later one, and how they grow."""
_HEARTBEAT = 15.0
"""Seconds after which something is sent though nothing has changed, for proxies that cut silent connections."""


class JobEvents(ASGIResponse):
    """A job's events. No thread is held while nothing happens, and nothing is once the client has gone."""

    def __init__(self, backend: Backend, job: Job, document: Callable[[Job], object]) -> None:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__(headers=headers, media_type=EVENT_STREAM)
        self._backend = backend
        self._job = job
        self._document = document

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the headers and, unless only those are wanted, the events."""
        gone = asyncio.ensure_future(until_gone(receive))
        try:
            self.headers.pop("content-length", None)
            await self.start_response(send)
            if not exchange_of(scope).is_head:
                with suppress(EntrepotError):  # the status is out: who asks again is told what is wrong
                    await self._send_events(send, gone)
            if not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()

    async def _send_events(self, send: Send, gone: asyncio.Future[None]) -> None:
        seen, number, pause, told = None, 0, _SOON, time.monotonic()
        while not gone.done():
            if self._job != seen:
                number, told = number + 1, time.monotonic()
                await _put(send, self._event(number))
            elif time.monotonic() - told >= _HEARTBEAT:
                told = time.monotonic()
                await _put(send, b": still here\n\n")
            if self._job.is_finished:
                return
            seen = self._job
            await asyncio.wait({gone}, timeout=pause)
            pause = min(pause * _SLOWER, _LATER)
            if not self._backend.is_running:  # who follows may ask another server, or this one when it is back
                return
            with suppress(StoreBusy, DiskFull):  # the next look may tell
                self._job = await self._backend.query(self._backend.operations.get_job, self._job.id)

    def _event(self, number: int) -> bytes:
        name = "done" if self._job.is_finished else "progress"
        data = msgspec.json.encode(self._document(self._job))
        return f"id: {number}\nevent: {name}\ndata: ".encode() + data + b"\n\n"


async def _put(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})
