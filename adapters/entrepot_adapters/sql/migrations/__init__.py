"""The steps from an empty database to the tables of today, which Alembic runs."""
