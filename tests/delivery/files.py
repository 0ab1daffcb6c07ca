"""The files of the delivery, read, and programs that look at them."""

import subprocess
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import yaml

from entrepot.settings import Settings, load_settings
from tests.architecture.tree import ROOT

_SECONDS = 60


def documents(path: Path) -> list[dict[str, object]]:
    """The documents of a YAML file."""
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


def at(document: object, *keys: str | int) -> object:
    """What stands at a place in a document."""
    for key in keys:
        document = cast("dict[str | int, object]", document)[key]
    return document


def variables_of_the_image() -> dict[str, str]:
    """The environment variables that the Dockerfile sets."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").rpartition("\nENV ")[2].partition("\nUSER")[0]
    pairs = (word.partition("=") for word in text.replace("\\\n", " ").split())
    return {name: value for name, _, value in pairs}


def settings_with(variables: Mapping[str, str]) -> Settings:
    """The settings of a container with these variables besides the image's own; an unknown one is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return load_settings({**variables_of_the_image(), **variables}, dotenv=Path("none"))


def complaints(program: str, *arguments: str) -> str:
    """What a program of our environment says against its arguments; nothing if all is well."""
    command = [str(Path(sys.executable).parent / program), *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=_SECONDS)
    return ran.stdout + ran.stderr if ran.returncode else ""
