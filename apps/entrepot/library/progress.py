"""Progress of long work: a bar in a terminal and in a notebook, or what the caller wishes."""

import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from html import escape
from typing import IO, TYPE_CHECKING, Protocol

from entrepot_core.dialect import Report, Stage, no_report

if TYPE_CHECKING:
    from rich.progress import TaskID

_PATIENCE = 0.3
"""Seconds of work before a bar shows; shorter work would only flicker."""
_INTERVAL = 0.1
"""Seconds between two changes of a bar in a notebook."""

_VERBS: dict[Stage, str] = {
    "upload": "Sending",
    "fetch": "Fetching",
    "unpack": "Unpacking",
    "import": "Reading",
    "profile": "Counting",
    "images": "Fetching images of",
}


class Bar(Protocol):
    """Something that shows how far the work is."""

    def show(self, stage: Stage, done: int, total: int | None) -> None:
        """Show how far it is."""
        ...

    def close(self) -> None:
        """Take the bar away."""
        ...


def reporting(what: str, *, progress: Report | bool) -> AbstractContextManager[Report]:
    """Take reports of progress while work goes on.

    Args:
        what: What is worked on, for the bar's label.
        progress: What takes the reports; ``False`` for nothing, ``True`` for a bar if a person is looking.
    """
    if not isinstance(progress, bool):
        return nullcontext(progress)
    if progress and in_notebook():
        return _shown(lambda: NotebookBar(what))
    if progress and sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        return _shown(lambda: TerminalBar(what, sys.stderr))
    return nullcontext(no_report)


def in_notebook() -> bool:
    """Whether this runs in a Jupyter kernel."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


@contextmanager
def _shown(make: Callable[[], Bar]) -> Generator[Report]:
    """Report to a bar that is made once the work turns out to be long."""
    began = time.monotonic()
    bars: list[Bar] = []

    def report(stage: Stage, done: int, total: int | None) -> None:
        if not bars and time.monotonic() - began >= _PATIENCE:
            bars.append(make())
        for bar in bars:
            bar.show(stage, done, total)

    try:
        yield report
    finally:
        for bar in bars:
            bar.close()


class TerminalBar:
    """A bar on a terminal, which goes away when the work is done."""

    def __init__(self, what: str, file: IO[str]) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

        label = TextColumn("{task.description}", markup=False)
        columns = (label, BarColumn(), TaskProgressColumn(show_speed=False), TimeElapsedColumn())
        self._what = what
        self._progress: Progress = Progress(*columns, console=Console(file=file), transient=True)
        self._task: TaskID = self._progress.add_task(what, total=None)
        self._progress.start()

    def show(self, stage: Stage, done: int, total: int | None) -> None:
        """Show how far it is."""
        label = f"{_VERBS[stage]} {self._what}"
        self._progress.update(self._task, description=label, completed=done, total=total)

    def close(self) -> None:
        """Take the bar away."""
        self._progress.stop()


class NotebookBar:
    """A bar in a notebook's output, which goes away when the work is done."""

    def __init__(self, what: str) -> None:
        from IPython.display import DisplayHandle

        self._what = what
        self._last = float("-inf")
        self._shown = False
        self._handle: DisplayHandle = DisplayHandle()
        self._put("")

    def show(self, stage: Stage, done: int, total: int | None) -> None:
        """Show how far it is."""
        if time.monotonic() - self._last < _INTERVAL:
            return
        self._last = time.monotonic()
        value = f'value="{done}" max="{total}"' if total else ""
        self._put(f"<progress {value}></progress> {_VERBS[stage]} {escape(self._what)}")

    def close(self) -> None:
        """Take the bar away."""
        self._put("")

    def _put(self, html: str) -> None:
        bundle = {"text/html": html, "text/plain": ""}
        self._handle.display(bundle, raw=True, update=self._shown)
        self._shown = True
