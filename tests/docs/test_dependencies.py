"""Every dependency has its reason in the documentation."""

import re
import tomllib
from collections.abc import Iterable
from itertools import chain

from tests.architecture.tree import ROOT


def _names(requirements: Iterable[str]) -> set[str]:
    return {match[0] for text in requirements if (match := re.match(r"[a-z0-9-]+", text))}


def _told(heading: str) -> list[str]:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    section = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| ([a-z][a-z0-9-]*) \| \S", section, re.MULTILINE)[1:]


def test_every_dependency_has_its_reason_and_nothing_else_is_listed() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = pyproject["project"]
    to_run = _names(project["dependencies"])
    optional = _names(chain.from_iterable(project["optional-dependencies"].values()))
    to_develop = _names(chain.from_iterable(pyproject["dependency-groups"].values())) - to_run - optional
    told = {heading: _told(heading) for heading in ("To run", "Optional", "To develop")}
    assert told == {"To run": sorted(to_run), "Optional": sorted(optional), "To develop": sorted(to_develop)}
