"""Computes the statistics of a table, column by column."""

from entrepot_adapters.polars.profiling.table import profile

__all__ = ["profile"]
