"""Changing and removing what is there."""

from collections.abc import Set as AbstractSet
from contextlib import suppress

from entrepot_core.dataset import Dataset, DatasetChanges
from entrepot_core.errors import Unavailable
from entrepot_core.names import DatasetRef, Digest
from entrepot_core.ports.driven import Driven


def edit_dataset(driven: Driven, ref: DatasetRef, changes: DatasetChanges, expected: int | None) -> Dataset:
    """Change how a dataset is described."""
    at = driven.clock.now()

    def edit(dataset: Dataset) -> Dataset:
        dataset.require(expected)
        return dataset.edited(changes, at)

    return driven.catalogue.change(ref, edit)


def remove_dataset(driven: Driven, ref: DatasetRef, expected: int | None) -> None:
    """Remove a dataset with all its versions, and the blobs that nothing refers to any more."""
    driven.catalogue.remove(ref, lambda dataset: dataset.require(expected))
    sweep(driven)


def sweep(driven: Driven) -> None:
    """Remove the blobs that nothing refers to and nobody is about to refer to."""
    driven.images.trim()
    driven.blobs.sweep(lambda: in_use(driven))


def in_use(driven: Driven) -> AbstractSet[Digest]:
    """The blobs that something refers to: a version, or what is known of an image."""
    return {*driven.catalogue.digests(), *(blob.digest for blob in driven.images.blobs())}


def tidy(driven: Driven) -> None:
    """Sweep after work that has ended, whose end this must not change: what fails here the next sweep makes up for."""
    with suppress(Unavailable):
        sweep(driven)
