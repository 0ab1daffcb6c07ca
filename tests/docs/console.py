"""Runs what pages show: blocks of ``console`` with ``$`` before each command, and blocks of ``pycon``.

All the blocks of a page run in order, in one home folder with the sample in it, with an empty store. What is shown is
what stands on a terminal of 100 columns. ``entrepot serve`` goes on until the end of the page; 8000 is its port.
The folder ``showroom`` is served at port 8001.
"""

import code
import doctest
import io
import os
import re
import sys
import traceback
from collections.abc import Generator, Iterator
from contextlib import ExitStack, chdir, contextmanager, redirect_stdout
from pathlib import Path
from unittest import mock

from attrs import define, field

from tests.docs.surroundings import environment, folder, free_port, showroom, wait_for
from tests.docs.terminal import end, output_of, terminal

_BLOCK = re.compile(r"^```(?P<kind>console|pycon)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
_SERVER, _SHOWROOM = "8000", "8001"
"""The ports as they are shown."""
_TRACEBACK = "Traceback (most recent call last):\n    ...\n"
_SERVES = re.compile(r"\bentrepot serve\b")
_EXPORT = re.compile(r"export (\w+)=(\S+)")
_READY = "(Ctrl-C stops it)"
_VOLATILE = {
    "ID": re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    "CURSOR": re.compile(r"Wy[IJ][0-9A-Za-z_-]{10,}"),
    "DURATION": re.compile(r'"ms": ?\d+(\.\d+)?'),
    "TIME": re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?Z?)?"),
}
"""What differs from run to run."""


def renewed(text: str) -> str:
    """A page with the output of its commands made anew."""
    with _session() as session:
        return _BLOCK.sub(lambda found: f"```{found['kind']}\n{session.run(found['kind'], found['body'])}```", text)


def stable(text: str) -> str:
    """A page without what differs from run to run."""
    for name, pattern in _VOLATILE.items():
        text = pattern.sub(name, text)
    return text


def has_commands(text: str) -> bool:
    """Whether a page has something to run."""
    return _BLOCK.search(text) is not None


@define
class _Session:
    """One page's shell and Python.

    Attributes:
        home: The folder it works in.
        ports: Where its server listens, and that of the showroom, by the ports that are shown.
        names: The names that Python knows.
        closing: What ends with the page.
    """

    home: Path
    ports: dict[str, str]
    closing: ExitStack
    names: dict[str, object] = field(factory=dict[str, object])

    def run(self, kind: str, body: str) -> str:
        """Run a block, and answer it with its outputs."""
        lines = self._commands(body) if kind == "console" else self._statements(body)
        shown = _exchanged("".join(lines), {real: port for port, real in self.ports.items()}).replace(
            str(self.home), "~"
        )
        return re.sub(r"[ \t]+$", "", shown, flags=re.MULTILINE)

    def _commands(self, body: str) -> Iterator[str]:
        for command in re.findall(r"^\$ ((?:.*\\\n)*.*)\n", body, re.MULTILINE):
            called = _exchanged(command, self.ports)
            if exported := _EXPORT.fullmatch(called):
                os.environ[exported[1]] = exported[2]
            serves = _SERVES.search(command) is not None
            yield f"$ {command}\n{self._started(called) if serves else output_of(called)}"

    def _started(self, command: str) -> str:
        """What a server says until it is there."""
        process, screen = self.closing.enter_context(terminal(command))
        self.closing.callback(end, process)  # the shell may have started the server beside itself
        output = ""
        for piece in screen:
            output += piece
            if _READY in output:
                wait_for(self.ports[_SERVER])
                break
        return output

    def _statements(self, body: str) -> Iterator[str]:
        for example in doctest.DocTestParser().get_examples(body):
            first, *more = example.source.splitlines()
            yield "\n".join([f">>> {first}", *(f"... {line}" for line in more)]) + "\n"
            output = io.StringIO()
            with redirect_stdout(output):
                self._execute(_exchanged(example.source, self.ports))
            yield output.getvalue()

    def _execute(self, source: str) -> None:
        try:
            exec(code.compile_command(source, symbol="single") or "", self.names)  # noqa: S102 - our own pages
        except Exception as error:  # noqa: BLE001 - shown as Python shows it
            sys.stdout.write(f"{_TRACEBACK}{''.join(traceback.format_exception_only(error))}")


def _exchanged(text: str, ports: dict[str, str]) -> str:
    """A text with other ports; one that was put in is no place for the next."""
    return re.sub("|".join(ports), lambda found: ports[found[0]], text)


@contextmanager
def _session() -> Generator[_Session]:
    with ExitStack() as stack:
        home, port = stack.enter_context(folder()), free_port()
        stack.enter_context(mock.patch.dict(os.environ, environment(home, port), clear=True))
        stack.enter_context(chdir(home))
        session = _Session(home, {_SERVER: port, _SHOWROOM: stack.enter_context(showroom(home))}, stack)
        yield session
        for value in session.names.values():
            getattr(value, "close", lambda: None)()
