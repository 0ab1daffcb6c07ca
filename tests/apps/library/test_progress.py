import io
import itertools
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from entrepot.library import progress
from entrepot.library.progress import NotebookBar, TerminalBar, reporting
from entrepot_core.dialect import no_report


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal as the standard error."""
    screen = Terminal()
    # pytest puts its own back before the test itself runs, so the module is given one
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=screen, modules={}))
    monkeypatch.setenv("TERM", "xterm")
    return screen


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock on which a second goes by at each look."""
    seconds = itertools.count()
    monkeypatch.setattr(time, "monotonic", lambda: float(next(seconds)))


@pytest.fixture
def notebook() -> Iterator[CapturingDisplayPublisher]:
    """What is shown in a notebook."""
    shell = InteractiveShell.instance()
    publisher = CapturingDisplayPublisher()
    shell.display_pub, before = publisher, shell.display_pub
    yield publisher
    shell.display_pub = before
    InteractiveShell.clear_instance()


def test_a_callback_takes_the_reports_itself() -> None:
    with reporting("x", progress=print) as report:
        assert report is print


def test_nothing_is_shown_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with reporting("x", progress=True) as report:
        assert report is no_report
    assert capsys.readouterr().err == ""


def test_false_shows_nothing_on_a_terminal(terminal: Terminal) -> None:
    with reporting("x", progress=False) as report:
        report("upload", 1, 2)
    assert terminal.getvalue() == ""


@pytest.mark.usefixtures("clock")
def test_long_work_shows_a_bar_on_a_terminal_with_names_taken_literally(terminal: Terminal) -> None:
    with reporting("[red]cars.csv", progress=True) as report:
        report("upload", 1, 2)
        report("import", 50, None)
    assert "Reading [red]cars.csv" in terminal.getvalue()


def test_short_work_shows_none(terminal: Terminal) -> None:
    with reporting("cars.csv", progress=True) as report:
        report("upload", 1, 2)
    assert terminal.getvalue() == ""


def test_a_bar_on_a_terminal_goes_away() -> None:
    screen = Terminal()
    bar = TerminalBar("cars.csv", screen)
    bar.show("upload", 1, 2)
    bar.close()
    assert screen.getvalue().endswith("\x1b[2K")


@pytest.mark.usefixtures("clock")
def test_a_bar_in_a_notebook_is_one_output_that_ends_empty(notebook: CapturingDisplayPublisher) -> None:
    bar = NotebookBar("<b>cars")
    bar.show("import", 1, 4)
    bar.show("import", 2, 4)
    bar.close()
    shown = [output["data"]["text/html"] for output in notebook.outputs]
    assert shown[1] == '<progress value="1" max="4"></progress> Reading &lt;b&gt;cars'
    assert (shown[0], shown[-1], len(shown)) == ("", "", 4)
    assert [output["update"] for output in notebook.outputs] == [False, True, True, True]
