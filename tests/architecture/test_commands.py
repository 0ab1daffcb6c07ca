"""The test command of the README is the one the build runs."""

import re

from tests.architecture.tree import ROOT


def test_the_build_runs_the_command_the_readme_gives() -> None:
    commands = re.findall(r"python3 -m venv .*nox$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert len(commands) == 1
    assert f"\n{commands[0]}\n" in (ROOT / "README.md").read_text()
