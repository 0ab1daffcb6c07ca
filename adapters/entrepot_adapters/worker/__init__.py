"""Imports in a process of their own. What is imported here is light: polars is loaded in that process only."""

from entrepot_adapters.worker.importer import WorkerImporter

__all__ = ["WorkerImporter"]
