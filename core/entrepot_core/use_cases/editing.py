"""Changing and removing what is there."""

from collections.abc import Set as AbstractSet
from contextlib import suppress

import msgspec

from entrepot_core.changes import DatasetChanges
from entrepot_core.dataset import Dataset
from entrepot_core.errors import Unavailable
from entrepot_core.names import DatasetRef, Digest
from entrepot_core.ports.driven import Driven
from entrepot_core.use_cases.finding import found
from entrepot_core.use_cases.recognising import check_images, image_columns


def edit_dataset(driven: Driven, ref: DatasetRef, changes: DatasetChanges, expected: int | None) -> Dataset:
    """Change how a dataset is described."""
    at = driven.clock.now()
    if changes.published and changes.images is None:
        changes = _with_recognised(driven, ref, changes)

    def edit(dataset: Dataset) -> Dataset:
        dataset.require(expected)
        if changes.images is not None:
            check_images(dataset.version.schema, changes.images)
        return dataset.edited(changes, at)

    return driven.catalogue.change(ref, edit)


def _with_recognised(driven: Driven, ref: DatasetRef, changes: DatasetChanges) -> DatasetChanges:
    """The changes, and the columns that look like images, where nobody has said which hold some."""
    with found(driven, ref, None) as dataset:
        if dataset.images is not None:
            return changes
        return msgspec.structs.replace(changes, images=image_columns(driven, dataset.version) or None)


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
