"""A worker process, as the one that started it holds it."""

import os
import shutil
import socket
import subprocess
import tempfile
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import IO

import msgspec

from entrepot_adapters.disks import FULL
from entrepot_adapters.sandbox.deaths import Death, tail
from entrepot_adapters.sandbox.distrust import senseless
from entrepot_adapters.sandbox.messages import Message
from entrepot_adapters.sandbox.privileges import NOBODY
from entrepot_adapters.sandbox.spec import Layer, Layers, Ready, Spec, WorkerLimits
from entrepot_adapters.sandbox.surroundings import PROGRAM, environment
from entrepot_core.errors import DiskFull, ImportCrashed

PAUSE = 0.2
"""The most seconds for which whoever waits for a worker is not asked whether to go on."""
_SECONDS_TO_BEGIN = 300
_SECONDS_TO_DIE = 2
_LONGEST = 1 << 25
"""The most bytes of a message: a table of very many columns has a large profile, but nobody may fill our memory."""
_MESSAGES: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)
"""Made on import: msgspec crashes where two threads are the first to decode a struct."""


class Overdue(Exception):
    """A worker has not answered in time."""


class Child:
    """A worker process. It is gone, with its files, when ``end`` returns, and at the latest with this value."""

    def __init__(self, process: "subprocess.Popen[bytes]", talk: socket.socket, folder: Path, said: IO[bytes]) -> None:
        self._process = process
        self._talk = talk
        self._said = said
        self._heard = bytearray()
        self._layers: Layers | None = None
        self._asking = Lock()
        self._end = weakref.finalize(self, _end, process, talk, folder, said, os.getpid())
        talk.settimeout(PAUSE)

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def ready(self, tick: Callable[[], None]) -> Layers:
        """Wait until it can take a job, and say what locks it down.

        Raises:
            Death: It died before.
            ImportCrashed: It said something else, or nothing for a long time.
        """
        with self._asking:
            return self._begun(tick)

    def _begun(self, tick: Callable[[], None]) -> Layers:
        if self._layers is None:
            try:
                message = next(self.messages(tick, monotonic() + _SECONDS_TO_BEGIN))
            except Overdue:
                raise ImportCrashed(reason="the worker did not begin in time") from None
            if not isinstance(message, Ready):
                raise senseless("it answers before it was asked")
            self._layers = message.layers
        return self._layers

    def hand(self, job: msgspec.Struct, files: Sequence[int]) -> None:
        """Give it a job, with the files; these may be closed after this."""
        with suppress(BrokenPipeError, ConnectionResetError):  # it is dead, which its end explains better
            text = msgspec.json.encode(job) + b"\n"
            self._talk.settimeout(None)
            socket.send_fds(self._talk, [text[:1]], files)
            self._talk.sendall(text[1:])
            self._talk.settimeout(PAUSE)

    def messages(self, tick: Callable[[], None], until: float) -> Iterator[Message]:
        """What it says.

        Args:
            tick: Called while it says nothing; what it raises passes through.
            until: When to give it up.

        Raises:
            Overdue: It is past that time.
            Death: It died.
            ImportCrashed: What it says makes no sense.
        """
        return map(_understood, self.lines(tick, until))

    def lines(self, tick: Callable[[], None], until: float) -> Iterator[bytes]:
        """What it says, line by line; otherwise as ``messages``."""
        while True:
            searched = 0
            while (at := self._heard.find(b"\n", searched)) < 0:
                searched = len(self._heard)
                if searched > _LONGEST:
                    raise ImportCrashed(reason="the worker's answer is too long")
                if monotonic() > until:
                    raise Overdue
                self._listen(tick)
            line = bytes(self._heard[:at])
            del self._heard[: at + 1]
            yield line

    @property
    def has_more_to_say(self) -> bool:
        """Whether more has come from it than was listened to."""
        return bool(self._heard)

    def end(self) -> None:
        """Kill it and remove its files; more than once is allowed."""
        self._end()

    def _listen(self, tick: Callable[[], None]) -> None:
        try:
            chunk = self._talk.recv(1 << 16)
        except TimeoutError:
            tick()
            return
        except ConnectionError:
            chunk = b""
        if not chunk:
            raise self._death()
        self._heard += chunk

    def _death(self) -> Death:
        try:
            status = self._process.wait(_SECONDS_TO_DIE)
        except subprocess.TimeoutExpired:  # it only fell silent
            self._process.kill()
            status = self._process.wait()
        return Death(status, tail(self._said))


def start(
    layers: tuple[Layer, ...], limits: WorkerLimits, scratch: Path | None, program: Sequence[str] = PROGRAM
) -> Child:
    """Start a worker. It is tied to the thread that calls this.

    Args:
        layers: What to lock it down with.
        limits: What it may use.
        scratch: Where to make its folder; by default where the system has such.
        program: What to run.

    Raises:
        OSError: The folder can't be made, or the process not be started.
    """
    folder = Path(tempfile.mkdtemp(prefix="import-", dir=scratch)).resolve()
    ours, theirs = socket.socketpair()
    try:
        if os.geteuid() == 0:
            with suppress(OSError):  # then it will have no place for temporary files, and say so
                os.chown(folder, NOBODY, NOBODY)
        said = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed when the worker is gone
        spec = Spec(os.getpid(), theirs.fileno(), str(folder), layers, limits)
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*program, msgspec.json.encode(spec).decode()],
            stdin=subprocess.DEVNULL,
            stdout=said,  # what libraries print is no answer
            stderr=said,
            pass_fds=(theirs.fileno(),),
            env=environment(limits.memory_bytes),
        )
    except BaseException:
        ours.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        theirs.close()
    return Child(process, ours, folder, said)


def started(
    layers: tuple[Layer, ...], limits: WorkerLimits, scratch: Path | None, program: Sequence[str] | None = None
) -> Child:
    """Start a worker, as ``start`` does.

    Raises:
        DiskFull: There is no room for its folder.
        ImportCrashed: It can't be started.
    """
    try:
        return start(layers, limits, scratch, *([] if program is None else [program]))
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull from error
        raise ImportCrashed(reason=f"no worker can be started: {error.strerror}") from error


def _understood(line: bytes) -> Message:
    try:
        message: Message = _MESSAGES.decode(line)
    except (msgspec.DecodeError, RecursionError) as error:
        raise senseless(error) from error
    return message


def _end(process: "subprocess.Popen[bytes]", talk: socket.socket, folder: Path, said: IO[bytes], owner: int) -> None:
    """Leave nothing of a worker, unless this process is a fork of the one that started it."""
    talk.close()
    said.close()
    if os.getpid() == owner:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)
