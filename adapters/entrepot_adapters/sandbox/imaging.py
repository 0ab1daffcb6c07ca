"""Decodes images in processes of their own, which are locked down and may die without harm to this one."""

import os
import signal
import sys
import tempfile
from pathlib import Path
from time import monotonic
from typing import BinaryIO

import msgspec
from attrs import define, field

from entrepot_adapters.images.faults import Fault
from entrepot_adapters.images.geometry import wanted
from entrepot_adapters.images.kinds import START
from entrepot_adapters.images.telling import invalid, too_large
from entrepot_adapters.sandbox.child import Child, Overdue, started
from entrepot_adapters.sandbox.crew import Crew
from entrepot_adapters.sandbox.deaths import Death
from entrepot_adapters.sandbox.distrust import LOG, senseless
from entrepot_adapters.sandbox.files import readable
from entrepot_adapters.sandbox.image_distrust import check
from entrepot_adapters.sandbox.image_messages import Answer, Failed, Inspect, Made, Render, Seen, Task, TooLarge
from entrepot_adapters.sandbox.importer import Mode
from entrepot_adapters.sandbox.spec import LAYERS, Layer, WorkerLimits, missing
from entrepot_core.errors import DiskFull, EntrepotError, ImportCrashed, InvalidImage, SandboxUnavailable
from entrepot_core.image import Look, Rendition, RenditionFormat

PROGRAM = (sys.executable, "-P", "-m", "entrepot_adapters.sandbox.image_worker")
"""What a worker runs."""

_CPUS = os.cpu_count() or 1
_BYTES_PER_PIXEL = 8
"""No rendition has more, whatever it shows."""


@define(eq=False)
class SandboxedImaging:
    """An ``Imaging`` whose work is done by worker processes, each for many images. Close it when done.

    Attributes:
        max_pixels: The most pixels of an image, in all its frames together.
        memory_bytes: The most memory of a worker; by default enough for that many pixels in any format.
        seconds: The most seconds that an image takes, by the clock.
        workers: How many work at once; others wait.
        images: After so many a worker is replaced.
        idle_seconds: After so many without an image a worker is ended.
        mode: What of the sandbox there has to be.
        scratch: Where workers put what they need for a while; by default the system's place for such.
        layers: What locks workers down, as far as the system can.
    """

    max_pixels: int = field(default=50_000_000, kw_only=True)
    memory_bytes: int = field(default=2**30, kw_only=True)
    seconds: int = field(default=30, kw_only=True)
    workers: int = field(default=2, kw_only=True)
    images: int = field(default=500, kw_only=True)
    idle_seconds: float = field(default=60, kw_only=True)
    mode: Mode = field(default="auto", kw_only=True)
    scratch: Path | None = field(default=None, kw_only=True)
    layers: tuple[Layer, ...] = field(default=LAYERS, kw_only=True)
    _crew: Crew = field(init=False, repr=False)
    _limits: WorkerLimits = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        layers, scratch = () if self.mode == "off" else self.layers, self.scratch
        self._limits = limits = WorkerLimits(
            memory_bytes=self.memory_bytes,
            cpu_seconds=self.seconds * self.images * _CPUS,
            file_bytes=self.max_pixels * _BYTES_PER_PIXEL,
        )
        self._crew = Crew(
            lambda: started(layers, limits, scratch, PROGRAM), self.workers, self.images, self.idle_seconds
        )

    def inspect(self, source: BinaryIO) -> Look:
        """Decode an image; see ``Imaging``."""
        answer, _ = self._asked(Inspect(self.max_pixels), source)
        if isinstance(answer, Seen):
            return msgspec.convert(answer, Look, from_attributes=True)
        raise self._error(answer)

    def render(self, source: BinaryIO, out: BinaryIO, rendition: Rendition, format: RenditionFormat) -> tuple[int, int]:
        """Make a rendition; see ``Imaging``."""
        answer, content = self._asked(Render(self.max_pixels, wanted(rendition, format)), source)
        if isinstance(answer, Made):
            out.write(content)
            return answer.width, answer.height
        raise self._error(answer)

    def close(self) -> None:
        """End the workers."""
        self._crew.close()

    def _asked(self, task: Task, source: BinaryIO) -> tuple[Answer, bytes]:
        """Have a job done, and copy what it made: a worker may keep what it wrote into, and change it later."""
        with readable(source) as image:
            try:
                return self._tried(task, image)
            except Overdue:
                raise InvalidImage(reason=f"decoding it takes longer than {self.seconds} seconds") from None
            except ImportCrashed as error:  # it could not begin, or what it says makes no sense
                raise InvalidImage(reason=error.reason) from error

    def _tried(self, task: Task, image: int) -> tuple[Answer, bytes]:
        """Once more in a new worker, if an old one dies: it may have died of what others left."""
        is_new = True
        try:
            with self._crew.worker() as worker:
                is_new = not worker.jobs
                return self._done(worker.child, task, image)
        except Death as death:
            if is_new:
                raise self._explained(death) from death
        try:
            with self._crew.worker(is_new=True) as worker:
                return self._done(worker.child, task, image)
        except Death as death:
            raise self._explained(death) from death

    def _done(self, child: Child, task: Task, image: int) -> tuple[Answer, bytes]:
        layers = child.ready(lambda: None)
        if self.mode == "require" and (lacking := missing(layers)):
            raise SandboxUnavailable(missing=lacking)
        with tempfile.TemporaryFile(dir=self.scratch) as target:
            child.hand(task, (image, target.fileno()))
            answer = _understood(next(child.lines(lambda: None, monotonic() + self.seconds)))
            content = os.pread(target.fileno(), min(os.fstat(target.fileno()).st_size, self._limits.file_bytes), 0)
        if child.has_more_to_say:  # else that would be taken for the answer to the next job
            raise senseless("it answers more than it was asked")
        check(answer, task, os.pread(image, START, 0), content)
        return answer, content

    def _error(self, answer: Answer) -> EntrepotError:
        match answer:
            case Failed(fault):
                return invalid(fault)
            case TooLarge():
                return too_large(self.max_pixels)
            case _:
                return DiskFull()

    def _explained(self, death: Death) -> InvalidImage:
        """What the end of a worker says of the image; its words are logged, as they may be the image's."""
        LOG.warning("a worker for images ended with status %d; it said: %r", death.status, death.complaints)
        if death.ran_out_of_memory and self.mode != "off":
            return InvalidImage(reason=f"decoding it takes more memory than {self.memory_bytes:,} bytes")
        if death.ran_out_of_memory or death.status == -signal.SIGKILL:  # the kernel kills what uses most
            return invalid(Fault.MEMORY)
        return InvalidImage(reason="decoding it crashed")


def _understood(line: bytes) -> Answer:
    try:
        answer: Answer = msgspec.json.decode(line, type=Answer)
    except (msgspec.DecodeError, RecursionError) as error:
        raise senseless(error) from error
    return answer
