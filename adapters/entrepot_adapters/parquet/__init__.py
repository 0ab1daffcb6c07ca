"""Parquet files as bytes: joined without being read."""

from entrepot_adapters.parquet.joining import JoinedFile, join

__all__ = ["JoinedFile", "join"]
