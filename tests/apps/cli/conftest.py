import io
import re
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from attrs import frozen

from entrepot.cli.app import run as run_program

CARS = b"""make,price,doors,sold
Ada,10.5,3,2024-01-05
Ada,11.5,5,2024-02-05
Bo,20.5,3,
Bo,25.5,3,2024-03-05
Cy,24.5,5,2024-04-05
Cy,30.5,5,2024-05-05
"""


STYLE = re.compile(r"\x1b\[[0-9;]*m")
"""What makes text bold or dim on a terminal."""


@frozen
class Ran:
    """What a run of the program gave."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[list[str]]:
        """The lines of the standard output, parted by tabs."""
        return [line.split("\t") for line in self.out.splitlines()]


Run = Callable[..., Ran]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that all runs use, and an empty current folder with a file of cars in it."""
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "cars.csv").write_bytes(CARS)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("ENTREPOT_STORE", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the program in this process; its standard output is no terminal, unless ``width`` says how wide one is."""

    def run(*words: str, stdin: bytes = b"", width: int | None = None) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        if width is not None:
            monkeypatch.setenv("COLUMNS", str(width))
            monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr(sys.stdout, "isatty", lambda: width is not None)
        status = run_program(words)
        out, err = capsysbinary.readouterr()
        return Ran(status, STYLE.sub("", out.decode()), err.decode())

    assert home.parent.is_dir()
    return run


@pytest.fixture(scope="session")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two datasets: cars, and words without a number among them."""
    folder = tmp_path_factory.mktemp("landed")
    (folder / "cars.csv").write_bytes(CARS)
    (folder / "words.csv").write_bytes(b"word\nx\n")
    with redirect_stdout(io.StringIO()):
        assert run_program(["add", *map(str, sorted(folder.iterdir())), "--store", str(folder / "home")]) == 0
    return folder / "home"


@pytest.fixture
def cars(run: Run, home: Path, landed: Path) -> Run:
    """The program, with cars and words landed."""
    shutil.copytree(landed, home)
    return run
