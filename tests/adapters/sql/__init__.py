"""Tests of the catalogue in a database."""
