"""The catalogue, the jobs and the metadata registry in an SQL database: a SQLite file, or PostgreSQL by its URL."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entrepot_adapters.sql.catalogue import SqlCatalogue
    from entrepot_adapters.sql.images import SqlImages
    from entrepot_adapters.sql.jobs import SqlJobs
    from entrepot_adapters.sql.opening import open_catalogue, open_database
    from entrepot_adapters.sql.records import SqlRecords
    from entrepot_adapters.sql.stamp import DatabaseStamp

__all__ = ["DatabaseStamp", "SqlCatalogue", "SqlImages", "SqlJobs", "SqlRecords", "open_catalogue", "open_database"]

_HOMES = {
    "DatabaseStamp": "stamp",
    "SqlCatalogue": "catalogue",
    "SqlImages": "images",
    "SqlJobs": "jobs",
    "SqlRecords": "records",
    "open_catalogue": "opening",
    "open_database": "opening",
}


def __getattr__(name: str) -> object:
    """Import a name when it is first used: ``glance`` beside them needs no SQLAlchemy."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
