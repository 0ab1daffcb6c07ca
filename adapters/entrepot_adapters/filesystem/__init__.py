"""Blobs as files. POSIX only: Windows has neither ``flock`` nor the renaming of open files."""

from entrepot_adapters.filesystem.blobs import FilesystemBlobs

__all__ = ["FilesystemBlobs"]
