"""What a person reads who does something wrong: one or two lines, and what to do."""

from pathlib import Path

import pytest

from entrepot.cli import failing
from tests.apps.cli.conftest import Run

WRONG = {
    "a command that is none": (["shwo", "cars"], 2, 'Did you mean "show"?'),
    "help for a command that is none": (["shwo", "--help"], 2, 'Did you mean "show"?'),
    "an option that is none": (["stats", "cars", "--columns", "x"], 2, "--columns"),
    "a word too many": (["show", "cars", "trucks"], 2, "What is trucks?"),
    "no word at all": (["show"], 2, "requires an argument"),
    "a number that is none": (["rows", "cars", "--limit", "many"], 2, '"many"'),
    "a number out of range": (["rows", "cars", "--limit", "0"], 2, "limit='0'"),
    "no file": (["add"], 2, "Give a file to add"),
    "one name for two files": (["add", "a.csv", "b.csv", "--name", "x"], 2, "--name is for one file"),
    "a name that can be none": (["add", "cars.csv", "--name", "My Cars"], 2, "'My Cars' can't be a dataset's name"),
    "a type that is none": (["add", "cars.csv", "--type", "price=money"], 2, "the types are boolean"),
    "a type without a column": (["add", "cars.csv", "--type", "string"], 2, "give a column and its type"),
    "an order of dates that is none": (["add", "cars.csv", "--date-order", "dmy"], 2, '"day_first", "month_first"'),
    "a delimiter of three characters": (["add", "cars.csv", "--delimiter", "abc"], 2, "one or two characters"),
    "an encoding that is none": (["add", "cars.csv", "--encoding", "klingon"], 2, "encoding='klingon'"),
    "a workbook named otherwise": (["excel", "cars", "-o", "cars.pdf"], 2, ".xlsx"),
    "a server without its scheme": (["list", "--store", "localhost:9"], 2, "write http://localhost:9"),
    "a scheme that is none": (["list", "--store", "htp://localhost:9"], 2, "write http://localhost:9"),
    "a file for a home": (["list", "--store", "cars.csv"], 1, "it is a file, not a folder"),
    "nothing to change": (["edit", "cars"], 2, "Say what to change"),
    "nothing to remove": (["remove"], 2, "Say which datasets"),
    "a format that is none": (["export", "cars", "--format", "doc"], 2, "'doc'"),
    "an ending that tells none": (["export", "cars", "-o", "cars.doc"], 2, "The ending of 'cars.doc' tells no format"),
    "no ending": (["plot", "cars", "-o", "cars"], 2, "give one of pdf, svg, png, or say --format"),
    "a chart as a table": (["plot", "cars", "-o", "cars.csv"], 2, "pdf, svg, png"),
    "a chart as a text": (["plot", "cars", "-o", "a.txt"], 2, "The ending of 'a.txt' tells no format that can be used"),
    "a column that is none": (
        ["export", "cars", "--columns", "prize"],
        2,
        "Did you mean 'price'? The columns are: make",
    ),
    "no bins": (["plot", "cars", "--bins", "0"], 2, "bins='0'"),
    "a server's URL to serve": (["serve", "--store", "http://127.0.0.1:9"], 2, "only a folder"),
    "a server's URL for the demo": (["demo", "--store", "http://127.0.0.1:9"], 2, "give a folder"),
    "a port for a demo that does not serve": (["demo", "--port", "8080"], 2, "entrepot demo cars"),
    "a sample that is none": (["demo", "vans"], 2, "cars"),
    "a port that is none": (["serve", "--port", "99999"], 2, "--port"),
    "a dataset that is none": (["show", "nope"], 3, "no dataset 'nope'"),
    "a version that is none": (["show", "cars", "--version", "7"], 3, "its latest is 1"),
    "a file that is none": (["add", "nope.csv"], 3, "Can't read nope.csv: there is no such file."),
    "a folder": (["add", "."], 3, "it is a folder"),
    "a URL of this machine": (["add", "http://127.0.0.1/x.csv"], 4, "ENTREPOT_FETCH_ALLOW"),
    "a URL that is none": (["add", "ftp://ada:secret@x.org/x.csv"], 2, "the URL: url='ftp:…': only http and https"),
    "a folder to write into that is none": (["excel", "cars", "-o", "nope/x.xlsx"], 3, "Can't write nope/x.xlsx"),
    "a dataset to remove that is none": (["remove", "carz"], 3, "Did you mean 'cars'?"),
    "more lines to skip than there are": (
        ["add", "cars.csv", "--skip-lines", "99"],
        4,
        "nothing below line 99, up to which lines are skipped (--skip-lines)",
    ),
    "an empty file": (["add", "empty.csv"], 4, "empty.csv is empty"),
    "a picture": (["add", "picture.png"], 4, "picture.png"),
    "broken JSON": (["add", "broken.json"], 4, "broken.json"),
    "a value that does not fit": (["add", "cars.csv", "--type", "make=integer"], 4, "column make"),
    "no numbers to draw": (["plot", "words"], 4, "is numeric and has values"),
    "a name that is taken": (["add", "cars.csv", "--name", "cars"], 5, "cars"),
    "a server that is none": (["list", "--store", "http://127.0.0.1:9"], 6, "No Entrepot server answers"),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_has_its_exit_status_and_at_most_two_lines(cars: Run, mistake: str) -> None:
    words, status, said = WRONG[mistake]
    Path("empty.csv").touch()
    Path("picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    Path("broken.json").write_text('[{"a": 1}, {"a":')
    before = cars("list").out
    ran = cars(*words)
    assert said in ran.err
    assert (ran.status, ran.out) == (status, "")
    assert 1 <= len(ran.err.splitlines()) <= 2
    assert ran.err.startswith("entrepot: ")
    assert cars("list").out == before


def test_a_setting_that_is_wrong_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTREPOT_PORT", "http")
    assert run("list").err.startswith("entrepot: ENTREPOT_PORT='http': give a whole number")


def test_a_setting_that_is_unknown_is_warned_of(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTREPOT_PROT", "80")
    listed = run("list", "--json")
    assert (listed.status, listed.out) == (0, "[]\n")
    assert (
        listed.err
        == "entrepot: warning: ENTREPOT_PROT is not a setting of Entrepot and is ignored. Did you mean ENTREPOT_PORT?\n"
    )


def test_what_was_not_foreseen_is_told_without_a_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("boom\x1b[2J\nboom")

    monkeypatch.setattr("entrepot.wiring.connect", fail)
    ran = run("list")
    assert ran.status == 1
    assert ran.err.splitlines()[0] == r"entrepot: This was not foreseen: RuntimeError: boom\x1b[2J\nboom"
    assert len(ran.err.splitlines()) == 2
    assert "Traceback" in run("list", "--debug").err


def test_ctrl_c_is_quiet(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("entrepot.wiring.connect", interrupt)
    ran = run("list")
    assert (ran.status, ran.out, ran.err) == (130, "", "")


@pytest.mark.parametrize(
    ("error", "status"),
    [(PermissionError(13, "Permission denied", "/x"), 7), (FileNotFoundError(2, "No such file", "/x"), 3)],
)
def test_a_path_that_can_not_be_written_is_named(
    error: OSError, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert failing.tell(error) == status
    assert capsys.readouterr().err.startswith("entrepot: Can't write /x: ")
