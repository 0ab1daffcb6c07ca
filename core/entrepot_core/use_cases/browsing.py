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
from entrepot_core.use_cases.finding import found
from entrepot_core.views import DatasetPage, DatasetView, view


def list_datasets(driven: Driven, query: DatasetQuery) -> DatasetPage:
    """List the datasets that fit, a page of them."""
    part = driven.catalogue.list(query)
    return DatasetPage(
        items=tuple(view(dataset) for dataset in part.items),
        total=part.total,
        limit=query.limit,
        offset=part.offset,
        next=part.next,
    )


def get_dataset(driven: Driven, ref: DatasetRef, version: int | None) -> DatasetView:
    """Show a dataset at a version."""
    return view(driven.catalogue.find(ref, version))


def describe(driven: Driven, ref: DatasetRef, version: int | None, *, include_all: bool) -> Description:
    """Answer pandas' ``describe()`` from the stored profile."""
    with found(driven, ref, version) as dataset:
        return describing.describe(read_profile(driven.blobs, dataset), include_all=include_all)


def get_statistics(driven: Driven, ref: DatasetRef, version: int | None) -> Statistics:
    """Give the statistics of each column from the stored profile."""
    with found(driven, ref, version) as dataset:
        return statistics.statistics(read_profile(driven.blobs, dataset))


def read_profile(blobs: Blobs, dataset: Dataset) -> Profile:
    """The stored statistics of a dataset at its version."""
    with blobs.open(dataset.version.profile) as file:
        return msgspec.json.decode(file.read(), type=Profile)
