"""Parquet files as bytes: joined without being read."""
