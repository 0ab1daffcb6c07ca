"""Empty catalogues, quickly: the tables are made once, and every test gets a copy of them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from entrepot_adapters.sql import SqlCatalogue, open_catalogue


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty catalogue, not to be opened."""
    path = tmp_path_factory.mktemp("empty") / "catalogue.sqlite3"
    open_catalogue(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def url(empty_file: Path, tmp_path: Path) -> str:
    """Where an empty catalogue is."""
    path = tmp_path / "catalogue.sqlite3"
    shutil.copy(empty_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
def catalogue(url: str) -> Iterator[SqlCatalogue]:
    catalogue = open_catalogue(url)
    yield catalogue
    catalogue.close()
