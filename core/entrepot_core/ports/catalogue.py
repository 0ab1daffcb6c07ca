"""The curated set of datasets, with their versions."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import Protocol

from attrs import frozen

from entrepot_core.dataset import Dataset
from entrepot_core.names import DatasetName, DatasetRef, Digest
from entrepot_core.selection import DatasetQuery


@frozen
class DatasetList:
    """Part of the catalogue: datasets at their newest versions.

    Attributes:
        items: The datasets of this part.
        total: How many match in all.
        offset: How many matches come before the first item.
        next: The cursor of the next part, if there is one.
    """

    items: tuple[Dataset, ...]
    total: int
    offset: int
    next: str | None


class Catalogue(Protocol):
    """Remembers datasets. Every method is atomic and safe to use from several threads and processes.

    What a writing method has acknowledged is durable. Any method may raise ``StoreBusy`` when another
    process holds the store for too long, and ``DiskFull``; then nothing was changed.
    """

    def list(self, query: DatasetQuery) -> DatasetList:
        """The datasets that fit, in order, one page of them.

        Raises:
            InvalidCursor: The query's cursor is of another list or order.
        """
        ...

    def find(self, ref: DatasetRef, version: int | None = None) -> Dataset:
        """A dataset by its id or name, at a version, by default its newest.

        Raises:
            DatasetNotFound: There is none.
            VersionNotFound: It has no such version.
        """
        ...

    def add(self, dataset: Dataset, names: Iterable[DatasetName]) -> Dataset:
        """Record a new dataset with its first version, under the first of ``names`` that is free.

        Raises:
            NameTaken: None of them is free; it names the last.
        """
        ...

    def change(self, ref: DatasetRef, edit: Callable[[Dataset], Dataset]) -> Dataset:
        """Replace a dataset, at its newest version, by what ``edit`` makes of it; answer that.

        No other change comes between the reading and the writing. Where ``edit`` answers with a version of
        a higher number, that version is recorded beside the older ones. What ``edit`` raises leaves the
        dataset as it was and passes through. ``edit`` may be called again and must have no side effects.

        Raises:
            DatasetNotFound: There is none.
            NameTaken: ``edit`` gave it the name of another.
        """
        ...

    def remove(self, ref: DatasetRef, check: Callable[[Dataset], None]) -> None:
        """Forget a dataset and all its versions, unless ``check`` of it raises.

        Raises:
            DatasetNotFound: There is none.
        """
        ...

    def digests(self) -> AbstractSet[Digest]:
        """The blobs that some version refers to."""
        ...
