"""The driving port: the one table of what Entrepot can do. Every transport covers it."""

from typing import Protocol, runtime_checkable

from entrepot_core.ports.collections import CollectionCommands, CollectionQueries, ImageUpload
from entrepot_core.ports.commands import Commands, Source
from entrepot_core.ports.queries import Queries
from entrepot_core.ports.registry import RecordCommands, RecordQueries

__all__ = ["Commands", "ImageUpload", "Operations", "Queries", "Source"]


@runtime_checkable
class Operations(Queries, Commands, RecordQueries, RecordCommands, CollectionQueries, CollectionCommands, Protocol):
    """All that Entrepot can do with datasets, reads and writes together."""
