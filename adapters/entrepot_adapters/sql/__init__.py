"""The catalogue and the jobs in an SQL database: a SQLite file, or PostgreSQL by its URL."""

from entrepot_adapters.sql.catalogue import SqlCatalogue
from entrepot_adapters.sql.jobs import SqlJobs
from entrepot_adapters.sql.opening import open_catalogue, open_database

__all__ = ["SqlCatalogue", "SqlJobs", "open_catalogue", "open_database"]
