"""Files stay small, and name no machine."""

import re
import tomllib

import pytest

from tests.architecture.tree import ROOT, SOURCES, text_of, tracked

LINES = 300
BYTES = 1 << 20
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|tmp/w|opt/(?:pypi|wheels))/")
PRIVATE_HOST = re.compile(r"https?://(?:10\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.|[\w.-]+\.(?:internal|corp|lan)\b)")
"""What only one machine or network knows."""


def test_no_source_file_is_over_300_lines() -> None:
    sources = [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in SOURCES]
    assert sources
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources}
    assert {name: length for name, length in lengths.items() if length > LINES} == {}


def test_no_tracked_file_is_over_a_mebibyte() -> None:
    sizes = {str(path.relative_to(ROOT)): path.stat().st_size for path in tracked()}
    assert {name: size for name, size in sizes.items() if size > BYTES} == {}


@pytest.mark.parametrize("pattern", [MACHINE_PATH, PRIVATE_HOST], ids=["path", "host"])
def test_no_tracked_file_names_a_machine(pattern: re.Pattern[str]) -> None:
    found = {str(path.relative_to(ROOT)): match[0] for path in tracked() if (match := pattern.search(text_of(path)))}
    assert found == {}


def test_the_lock_names_no_host_and_no_path() -> None:
    lock = (ROOT / "pdm.lock").read_text()
    said_of_itself = re.compile(r"^summary = .*", re.MULTILINE)  # a package's own words, which may name its home page
    assert re.findall(r"\w+://\S+", said_of_itself.sub("", lock)) == []
    packages = tomllib.loads(lock)["package"]
    assert packages
    kept_elsewhere = {"path", "url", "git", "editable"}
    assert [package["name"] for package in packages if kept_elsewhere & package.keys()] == []


def test_pyproject_names_no_index() -> None:
    pdm = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"].get("pdm", {})
    assert "source" not in pdm
