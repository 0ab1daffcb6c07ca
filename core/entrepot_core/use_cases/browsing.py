"""Looking at what is there."""

import msgspec

from entrepot_core import describing, statistics
from entrepot_core.dataset import Dataset
from entrepot_core.describing import Description
from entrepot_core.names import DatasetRef
from entrepot_core.ports.blobs import Blobs
from entrepot_core.ports.driven import Driven
from entrepot_core.profile import Profile
from entrepot_core.selection import DatasetQuery
from entrepot_core.statistics import Statistics
from entrepot_core.views import DatasetPage, DatasetView, view


def list_datasets(driven: Driven, query: DatasetQuery) -> DatasetPage:
    """List the datasets that fit, a page of them."""
    found = driven.catalogue.list(query)
    return DatasetPage(
        items=tuple(view(dataset) for dataset in found.items),
        total=found.total,
        limit=query.limit,
        offset=found.offset,
        next=found.next,
    )


def get_dataset(driven: Driven, ref: DatasetRef, version: int | None) -> DatasetView:
    """Show a dataset at a version."""
    return view(driven.catalogue.find(ref, version))


def describe(driven: Driven, ref: DatasetRef, version: int | None, *, include_all: bool) -> Description:
    """Answer pandas' ``describe()`` from the stored profile."""
    profile = read_profile(driven.blobs, driven.catalogue.find(ref, version))
    return describing.describe(profile, include_all=include_all)


def get_statistics(driven: Driven, ref: DatasetRef, version: int | None) -> Statistics:
    """Give the statistics of each column from the stored profile."""
    return statistics.statistics(read_profile(driven.blobs, driven.catalogue.find(ref, version)))


def read_profile(blobs: Blobs, dataset: Dataset) -> Profile:
    """The stored statistics of a dataset at its version."""
    with blobs.open(dataset.version.profile) as file:
        return msgspec.json.decode(file.read(), type=Profile)
