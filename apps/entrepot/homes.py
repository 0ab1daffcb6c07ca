"""Looking after homes: is one there, is it sound, is its database up to date."""

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import msgspec

from entrepot.settings import MEMORY, Settings
from entrepot.wiring import CATALOGUE, Home, is_read_only
from entrepot_core.errors import EntrepotError, InvalidOption, ReadOnlyStore, StoreUnusable
from entrepot_core.selection import DatasetQuery

if TYPE_CHECKING:
    from entrepot_adapters.sandbox.importer import SandboxedImporter
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
    from entrepot_adapters.filesystem.faults import faults_of
    from entrepot_adapters.sql.copying import copy_catalogue
    from entrepot_adapters.sql.inspecting import inspect_catalogue as inspect

    if not is_read_only(home):
        return inspect(home / CATALOGUE)
    with TemporaryDirectory(prefix="entrepot-") as folder:
        copy = Path(folder, CATALOGUE)
        with faults_of(home):
            copy_catalogue(home / CATALOGUE, copy)
        return inspect(copy)


def upgrade_catalogue(home: Path) -> None:
    """Bring a home's database up to date.

    Raises:
        ReadOnlyStore: It can't be written.
    """
    from entrepot_adapters.sql import open_catalogue

    if is_read_only(home):
        raise ReadOnlyStore
    open_catalogue(home / CATALOGUE).close()


class SandboxCheck(msgspec.Struct, frozen=True):
    """What the sandbox says when it is asked.

    Attributes:
        status: ``ok``, or what is wrong.
        layers: What locks down the processes that read files, and whether it holds; of ``uid``, their user.
    """

    status: str
    layers: dict[str, bool | int]


def checks(home: Home) -> dict[str, str | SandboxCheck]:
    """What each part of a home says when it is asked for something small: ``ok``, or what is wrong.

    Where the home is, is for the log only; whoever may ask a server how it is needs not know.
    """
    return {
        "catalogue": _said(lambda: home.driven.catalogue.list(DatasetQuery(limit=1))),
        "blobs": _said(home.driven.blobs.probe),
        "sandbox": _sandbox_check(home.sandbox),
    }


def _sandbox_check(sandbox: "SandboxedImporter | None") -> SandboxCheck:
    from entrepot_adapters.sandbox.spec import no_layers

    if sandbox is None:
        return SandboxCheck("ok", no_layers())
    found: dict[str, bool | int] = {}
    said = _said(lambda: found.update(sandbox.held_layers()))
    return SandboxCheck(said if said != "ok" else _said(lambda: sandbox.require(found)), found)


def _said(ask: Callable[[], object]) -> str:
    import structlog

    try:
        ask()
    except StoreUnusable as error:
        structlog.stdlib.get_logger("entrepot").error("store unusable", reason=str(error))
        return "It can't be used; the log says why."
    except EntrepotError as error:
        return str(error)
    return "ok"
