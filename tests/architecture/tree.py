"""The files of the tree, as git knows them."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("core", "adapters", "apps")


def tracked() -> list[Path]:
    """Every file of the tree, those about to be tracked included; where git can't tell, the test is skipped."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip(f"git does not list this tree: {listed.stderr.decode().strip()}")
    paths = (ROOT / name.decode() for name in listed.stdout.split(b"\0") if name)
    return [path for path in paths if path.is_file()]


def text_of(path: Path) -> str:
    """A file's text; of a binary file, nothing."""
    data = path.read_bytes()
    return "" if b"\0" in data else data.decode("utf-8", "replace")
