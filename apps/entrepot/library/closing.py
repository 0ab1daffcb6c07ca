"""A store that is closed answers nothing any more, wherever its datasets and jobs are still held."""

from typing import NoReturn, Self, cast

from entrepot.wiring import Connection
from entrepot_core.errors import StoreUnusable
from entrepot_core.ports.operations import Operations


class _OpenOperations:
    """Other operations, until it is closed.

    Raises:
        StoreUnusable: It was closed.
    """

    def __init__(self, operations: Operations) -> None:
        self._operations: Operations | None = operations

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(f"there is no operation {name!r}", name=name, obj=self)
        if self._operations is None:
            raise StoreUnusable("The store was closed. Open it again.")
        return getattr(self._operations, name)

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        way = "Take its place and the dataset's name there, and open it by entrepot.connect."
        message = f"a store that is open, and what is in it, can't go to another process. {way}"
        raise TypeError(message)

    def close(self) -> None:
        """Answer nothing from now on."""
        self._operations = None


def until_closed(connection: Connection) -> Connection:
    """The connection, with operations that refuse whatever is asked of them once it is closed."""
    operations = _OpenOperations(connection.operations)

    def close() -> None:
        operations.close()
        connection.close()

    return Connection(cast("Operations", operations), close)
