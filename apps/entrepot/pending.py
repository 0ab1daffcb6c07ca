"""A store in a folder that holds none yet: reading finds nothing and makes nothing, the first write makes it."""

from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NoReturn, Protocol

from entrepot_core.errors import StoreUnusable
from entrepot_core.ports.operations import Operations

if TYPE_CHECKING:
    from entrepot.wiring import Connection, Home

OPERATIONS = {name for name in dir(Operations) if not name.startswith("_")}
IMPORT = {"add_dataset", "begin_add_dataset"}
"""The operations that read a file into a store where nothing is."""
MAKE = {*IMPORT, "add_record"}
"""The operations that store something where nothing is; all others read, or name what has to be there."""


class _Make(Protocol):
    def __call__(self, *, for_import: bool) -> "Home": ...


class PendingOperations:
    """Stands for the operations of a store, which is made when something is to be written.

    Until then all else is answered by a store that holds nothing. What another process makes meanwhile is found.

    Args:
        nothing: A store that holds nothing.
        make: Opens the store, and makes it where it is missing; it is told whether the next thing is an import.
        catalogue: A file that is there if the store is.
    """

    def __init__(self, nothing: "Connection", make: _Make, catalogue: Path) -> None:
        self._nothing, self._make, self._catalogue = nothing, make, catalogue
        self._made: Connection | None = None
        self._lock = Lock()

    def __getattr__(self, name: str) -> object:
        if name not in OPERATIONS:
            raise AttributeError(f"there is no operation {name!r}", name=name, obj=self)
        return partial(self._answer, name)  # which store answers is known when it is called

    def _answer(self, name: str, *arguments: object, **named: object) -> object:
        with self._lock:
            if self._made is None and (name in MAKE or may_be_there(self._catalogue)):
                self._made = self._make(for_import=name in IMPORT)
        return getattr((self._made or self._nothing).operations, name)(*arguments, **named)

    def close(self) -> None:
        """Let go of the store, if it was made."""
        with self._lock:
            self._make = _refuse
        self._nothing.close()
        if self._made is not None:
            self._made.close()


def may_be_there(file: Path) -> bool:
    """Whether a file is there, or can't be looked at, which opening it tells better."""
    try:
        file.lstat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


def check_not_lost(catalogue: Path) -> None:
    """See that no store has lost its database: a new one, in which nothing is, would have all stored bytes removed.

    Args:
        catalogue: The file, which stands beside the blobs and is made before any of them.

    Raises:
        StoreUnusable: One has.
    """
    if may_be_there(catalogue):
        return
    blobs = catalogue.with_name("blobs")
    if any(blobs.glob("??/*")) and not may_be_there(catalogue):  # which another process may have made just now
        remedy = f"Restore it from a backup, or move {blobs} away to begin anew"
        raise StoreUnusable(f"{catalogue.name} is missing, which tells what the files in {blobs} are. {remedy}.")


def _refuse(*, for_import: bool) -> NoReturn:  # noqa: ARG001 - as whatever opens a store
    raise StoreUnusable("The store was closed. Open it again.")
