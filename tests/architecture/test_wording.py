"""Messages of the inner rings fit every transport: they name options, which the command line shows as its flags."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from entrepot.cli.table import COMMANDS
from tests.architecture.tree import ROOT

NAMES = sorted({name.partition(" ")[0] for group in COMMANDS.values() for name in group})
COMMAND = re.compile(rf"\bentrepot ({'|'.join(NAMES)})\b")


def texts(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_no_text_of_the_core_or_an_adapter_names_a_command() -> None:
    files = [*ROOT.glob("core/**/*.py"), *ROOT.glob("adapters/**/*.py")]
    assert len(files) > 100
    assert [(file.name, text) for file in files for text in texts(file) if COMMAND.search(text)] == []
