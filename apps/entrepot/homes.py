"""Looking after homes: is one there, is it sound, is its database up to date."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from entrepot.settings import MEMORY, Settings
from entrepot.wiring import CATALOGUE
from entrepot_core.errors import InvalidOption, StoreUnusable

if TYPE_CHECKING:
    from entrepot_adapters.sql.inspecting import CatalogueState


def is_sound(place: str) -> bool:
    """Whether a home looks as if ``open_home`` would have nothing to do or to say; a quick look, where that is slow."""
    from entrepot_adapters.sql.glance import is_current

    home = Path(place).expanduser()
    return all(os.access(home / part, os.W_OK | os.X_OK) for part in ("", "blobs", "tmp")) and is_current(
        home / CATALOGUE
    )


def find_home(settings: Settings) -> Path:
    """The folder that the settings' store is.

    Raises:
        InvalidOption: It is a server or in memory.
        StoreUnusable: There is no store in it.
    """
    if settings.is_remote or settings.store == MEMORY:
        raise InvalidOption(option="store", value=settings.store, reason="give a folder of this machine with --store")
    folder = Path(settings.store).expanduser()
    if not (folder / CATALOGUE).exists():
        raise StoreUnusable(f"There is no store at {folder}. Say with --store where it is.")
    return folder


def inspect_catalogue(home: Path) -> "CatalogueState":
    """Look at a home's database without changing it."""
    from entrepot_adapters.sql.inspecting import inspect_catalogue as inspect

    return inspect(home / CATALOGUE)


def upgrade_catalogue(home: Path) -> None:
    """Bring a home's database up to date."""
    from entrepot_adapters.sql import open_catalogue

    open_catalogue(home / CATALOGUE).close()
