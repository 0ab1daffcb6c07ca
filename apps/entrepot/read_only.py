"""The operations of a store that can only be read."""

from typing import NoReturn

from entrepot_core.errors import ReadOnlyStore
from entrepot_core.ports.collections import CollectionQueries
from entrepot_core.ports.operations import Operations, Queries
from entrepot_core.ports.registry import RecordQueries

MARK = "backup.json"
"""The file by which a folder says that it is a backup: what was written there would be gone with the next one."""

READ = {name for queries in (Queries, RecordQueries, CollectionQueries) for name in dir(queries) if name[0] != "_"}
"""The operations that only read."""


class ReadOnlyOperations:
    """Reads as other operations do, and refuses to write.

    Args:
        operations: Those.

    Raises:
        ReadOnlyStore: Something is to be written.
    """

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    def __getattr__(self, name: str) -> object:
        found: object = getattr(self._operations, name)
        return found if name in READ else refuse


def refuse(*_: object, **__: object) -> NoReturn:
    """Do nothing of what was to be written.

    Raises:
        ReadOnlyStore: Always.
    """
    raise ReadOnlyStore
