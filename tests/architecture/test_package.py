"""What is tried here is what people install."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SOURCES, tracked


def build(kind: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return next(folder.iterdir())


def shipped() -> set[str]:
    """The packages' files as the tree has them: code, migrations, static files, type markers."""
    names = (path.relative_to(ROOT) for path in tracked())
    return {name.as_posix() for name in names if name.parts[0] in SOURCES}


def test_the_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    with zipfile.ZipFile(build("wheel", tmp_path)) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == {name.split("/", 1)[1] for name in shipped()}


def test_the_sdist_holds_them_too_and_the_licence(tmp_path: Path) -> None:
    with tarfile.open(build("sdist", tmp_path)) as sdist:
        held = {name.split("/", 1)[1] for name in sdist.getnames()}
    assert shipped() | {"LICENSE", "README.md", "pyproject.toml"} <= held


@pytest.mark.parametrize("package", ["core/entrepot_core", "adapters/entrepot_adapters", "apps/entrepot"])
def test_each_package_says_it_is_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()
