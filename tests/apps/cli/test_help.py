"""What the program says of itself, and what that costs."""

import inspect
import shlex
import subprocess
import sys

import pytest
from cyclopts import App

from entrepot.cli.app import app
from entrepot.cli.session import STDIN
from entrepot.cli.table import ALIASES, COMMANDS
from tests.apps.cli.conftest import Run

SUMMARIES = {name: (help_, example) for group in COMMANDS.values() for name, (_, help_, example) in group.items()}
EVERYWHERE = {"--json", "--store", "http://127.0.0.1:8000"}
HEAVY = {
    "alembic", "entrepot_adapters", "entrepot_core", "granian", "httpx", "litestar", "matplotlib", "msgspec", "numpy",
    "polars", "sqlalchemy", "structlog",
}  # fmt: skip


def found(command: str) -> App:
    first, *more = command.split()
    return app[first][more[0]] if more else app[first]


@pytest.mark.parametrize("command", [*SUMMARIES, "--install-completion"])
def test_every_command_has_an_example_in_its_help(run: Run, command: str) -> None:
    shown = run(*command.split(), "--help")
    assert shown.status == 0
    assert "Example:\n  " in shown.out
    assert f"entrepot {command}" in shown.out.split("Example:")[1]


@pytest.mark.parametrize("command", SUMMARIES)
def test_what_the_help_says_is_what_the_function_says(command: str) -> None:
    function = found(command).default_command
    assert (inspect.getdoc(function) or "").partition("\n")[0] == SUMMARIES[command][0]


@pytest.mark.parametrize("command", SUMMARIES)
def test_every_parameter_is_explained(command: str) -> None:
    arguments = found(command).assemble_argument_collection(parse_docstring=True)
    without = [argument.name for argument in arguments if argument.show and not argument.parameter.help]
    assert without == []


def test_the_help_lists_every_command_with_its_other_name(run: Run) -> None:
    shown = run("--help").out
    assert {name for name in SUMMARIES if f"│ {name.split()[0]} " not in shown} == set()
    assert {alias for alias in ALIASES.values() if f"({alias})" not in shown} == set()


def test_the_examples_are_commands_that_can_be_parsed() -> None:
    for _, example in SUMMARIES.values():
        for line in example.split("\n"):
            pipe = [shlex.split(part) for part in line.split("|")]
            words = next(part for part in pipe if part[0] == "entrepot")
            tokens = [STDIN if word == "-" else word for word in words[1:]]
            app.meta.parse_args(tokens, exit_on_error=False, print_error=False)
            command = [word for word in tokens if word not in EVERYWHERE]
            app.parse_args(command, exit_on_error=False, print_error=False)


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_help_and_version_import_nothing_heavy(flag: str) -> None:
    program = f"import sys; from entrepot.cli.app import run; run(['{flag}']); print(*sys.modules, file=sys.stderr)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr
    assert HEAVY.isdisjoint(loaded.split())


def test_completion_is_set_up_for_a_shell(run: Run) -> None:
    done = run("--install-completion", "--shell", "bash")
    assert done.status == 0
    with open(done.out.strip()) as script:  # noqa: PTH123 - one file, read once
        assert "statistics" in script.read()
