"""The curated set of datasets, with their versions."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Protocol

from attrs import frozen

from entrepot_core.dataset import Dataset, Distribution, Version
from entrepot_core.names import DatasetId, DatasetName, DatasetRef, Digest
from entrepot_core.selection import DatasetQuery, VersionQuery


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


@frozen
class VersionList:
    """Part of a dataset's history.

    Attributes:
        items: The versions of this part, the newest first.
        total: How many there are in all.
        offset: How many newer ones come before the first item.
    """

    items: tuple[Version, ...]
    total: int
    offset: int


@frozen
class Match:
    """A dataset that a text was found in, and the columns whose names have it."""

    dataset: Dataset
    columns: tuple[str, ...]


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

    def change(self, ref: DatasetRef, edit: Callable[[Dataset], Dataset], having: int | None = None) -> Dataset:
        """Replace a dataset, at its newest version, by what ``edit`` makes of it; answer that.

        No other change comes between the reading and the writing. Where ``edit`` answers with a version of
        a higher number, that version is recorded beside the older ones; of one of the same number, only the report may
        be another. What ``edit`` raises leaves the
        dataset as it was and passes through. ``edit`` may be called again and must have no side effects.

        ``having`` insists on a version that must still be there, as when ``edit`` answers with that one's forms.

        Raises:
            DatasetNotFound: There is none.
            VersionNotFound: It has no version ``having``.
            NameTaken: ``edit`` gave it the name of another.
        """
        ...

    def remove(self, ref: DatasetRef, check: Callable[[Dataset], None]) -> None:
        """Forget a dataset and all its versions, unless ``check`` of it raises.

        Raises:
            DatasetNotFound: There is none.
        """
        ...

    def versions(self, ref: DatasetRef, query: VersionQuery) -> VersionList:
        """The versions of a dataset, the newest first, one page of them.

        Raises:
            DatasetNotFound: There is none.
            InvalidCursor: The query's cursor is of another list.
        """
        ...

    def complete(self, ref: DatasetRef, version: int, form: Distribution) -> None:
        """Record a form that was made of a version later, unless it has one of that role, or is there no more."""
        ...

    def forget(self, ref: DatasetRef, keep: int) -> int:
        """Forget all versions of a dataset but its newest ``keep``; answer how many.

        Raises:
            DatasetNotFound: There is none.
        """
        ...

    def search(self, text: str, limit: int) -> tuple[Match, ...]:
        """The datasets that have a text, compared as ``fold`` makes it, at most ``limit``.

        Those come first that have it in their name, then in their title, in a tag, in their description, and in the
        name of a column of their newest version; of equals, the last updated.
        """
        ...

    def due(self, at: datetime) -> tuple[DatasetId, ...]:
        """The datasets whose source is to be fetched again by then, or that have images nobody has asked for.

        Those that somebody claims are left out.
        """
        ...

    def digests(self) -> AbstractSet[Digest]:
        """The blobs that some version refers to."""
        ...
