"""The catalogue in an SQL database: a SQLite file, or PostgreSQL by its URL."""

from entrepot_adapters.sql.catalogue import SqlCatalogue
from entrepot_adapters.sql.opening import open_catalogue

__all__ = ["SqlCatalogue", "open_catalogue"]
