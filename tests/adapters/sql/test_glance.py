"""A glance at a catalogue: true only where nothing is to be done."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from entrepot_adapters.sql import open_catalogue
from entrepot_adapters.sql.glance import is_current


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where a catalogue is; its path has characters that mean something in URIs."""
    place = tmp_path / "a #b?c%20d.sqlite3"
    open_catalogue(place).close()
    return place


def test_a_catalogue_that_is_up_to_date_needs_no_longer_look(place: Path) -> None:
    assert is_current(place)


@pytest.mark.parametrize(
    "change",
    ["UPDATE alembic_version SET version_num='9999'", "DROP TABLE alembic_version", "PRAGMA journal_mode=DELETE"],
)
def test_one_that_is_not_needs_it(place: Path, change: str) -> None:
    with closing(sqlite3.connect(place)) as connection:
        connection.execute(change)
        connection.commit()
    assert not is_current(place)


def test_what_is_no_catalogue_needs_it_and_is_not_made(place: Path) -> None:
    place.write_bytes(b"no database" * 100)
    missing = place.with_name("missing")
    assert not any(is_current(one) for one in (place, missing, place.parent))
    assert not missing.exists()


def test_it_imports_nothing_that_takes_long() -> None:
    program = "import sys, entrepot_adapters.sql.glance; print('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout == b"False\n"
