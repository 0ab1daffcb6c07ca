"""The metadata registry on the command line."""

import json
from pathlib import Path

import pytest

from tests.apps.cli.conftest import Run

NOBODY = "019aa5c0-8a11-7d0e-b2c4-1f2e3d4c5b6a"
PAYLOAD = '{"sourceName": "flights"}'


def add(run: Run, name: str = "flights", *words: str) -> str:
    """Register a record and answer its id."""
    shown = run("metadata", "add", name, *(words or (PAYLOAD,)), "--json")
    assert shown.status == 0, shown.err
    record: str = json.loads(shown.out)["id"]
    return record


def test_an_empty_registry_says_so(run: Run) -> None:
    shown = run("metadata", "list")
    assert (shown.status, shown.out, shown.err) == (0, "", "There are no records.\n")
    assert json.loads(run("metadata", "list", "--json").out) == []


def test_a_record_is_registered_shown_changed_and_removed(run: Run) -> None:
    record = add(run)
    assert run("metadata", "show", record).lines[0] == [f"id:         {record}"]
    assert run("metadata", "show", record).out.endswith(f"{PAYLOAD}\n")
    changed = run("metadata", "update", record, '{"sourceName": "rail"}')
    assert (changed.status, changed.out.splitlines()[-1]) == (0, '{"sourceName": "rail"}')
    assert "flights" in changed.out
    assert run("metadata", "update", record, "--name", "trains").out.splitlines()[-1] == '{"sourceName": "rail"}'
    history = run("metadata", "show", record, "--history")
    assert [line[0] for line in history.lines] == ["revision", "3", "2", "1"]
    removed = run("metadata", "remove", record)
    assert (removed.status, removed.err) == (0, f"Removed record {record}.\n")
    assert run("metadata", "show", record).status == 3


def test_a_payload_comes_from_a_file_or_the_standard_input(run: Run, home: Path) -> None:
    Path("payload.json").write_text(PAYLOAD)
    add(run, "a", "--file", "payload.json")
    shown = run("metadata", "add", "b", "--file", "-", stdin=PAYLOAD.encode())
    assert shown.status == 0
    assert home.is_dir()
    listed = run("metadata", "list", "--source-name", "flights")
    assert [line[1] for line in listed.lines[1:]] == ["a", "b"]
    assert run("metadata", "list", "--name", "c").err == "No record fits.\n"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("add", "x", "{}"), 4, "payload: 'sourceName' is a required property."),
        (("add", "x", '{"sourceName": 5}'), 4, "payload at /sourceName: 5 is not of type 'string'."),
        (("add", "x"), 2, """Give PAYLOAD, as '{"sourceName": "flights"}', or --file."""),
        (("add", "x", ""), 4, "it is no JSON (it is empty)"),
        (("add", "x", PAYLOAD, "--file", "nowhere.json"), 2, "Give PAYLOAD or --file, not both."),
        (("update", NOBODY, PAYLOAD, "--file", "nowhere.json"), 2, "Give PAYLOAD or --file, not both."),
        (("add", "x", "[" * 500 + "]" * 500), 4, "nested more than 64 levels"),
        (("add", " ", PAYLOAD), 4, "name=' '"),
        (("add", "x", "--file", "nowhere.json"), 3, "Can't read nowhere.json"),
        (("show", NOBODY), 3, "There is no record"),
        (("update", NOBODY, PAYLOAD), 3, "There is no record"),
        (("remove", NOBODY, "x"), 3, "There is no record 'x'"),
    ],
)
def test_what_is_wrong_is_told(run: Run, words: tuple[str, ...], status: int, said: str) -> None:
    shown = run("metadata", *words)
    assert shown.status == status
    assert said in shown.err
    assert len(shown.err.splitlines()) <= 2
