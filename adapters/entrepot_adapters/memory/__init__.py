"""A store in memory: for trying things out, for tests, for data that should not outlive its process."""

from entrepot_adapters.memory.blobs import MemoryBlobs
from entrepot_adapters.memory.catalogue import MemoryCatalogue
from entrepot_adapters.memory.fetcher import MemoryFetcher, Page
from entrepot_adapters.memory.images import MemoryImages
from entrepot_adapters.memory.jobs import MemoryJobs
from entrepot_adapters.memory.records import MemoryRecords

__all__ = ["MemoryBlobs", "MemoryCatalogue", "MemoryFetcher", "MemoryImages", "MemoryJobs", "MemoryRecords", "Page"]
