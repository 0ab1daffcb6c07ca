"""Finding what is to be read."""

from collections.abc import Generator
from contextlib import contextmanager

from entrepot_core.dataset import Dataset
from entrepot_core.errors import BlobDamaged
from entrepot_core.names import DatasetRef
from entrepot_core.ports.driven import Driven


@contextmanager
def found(driven: Driven, ref: DatasetRef, version: int | None) -> Generator[Dataset]:
    """Give a dataset at a version, to be read while this lasts.

    Raises:
        DatasetNotFound: There is none, or it was removed while it was read: its bytes go with it.
        VersionNotFound: It has no such version.
    """
    dataset = driven.catalogue.find(ref, version)
    try:
        yield dataset
    except BlobDamaged:
        driven.catalogue.find(DatasetRef(dataset.id), dataset.version.number)
        raise
