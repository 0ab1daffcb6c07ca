"""All datasets, and all versions of one, page by page."""

from collections.abc import Iterator

import msgspec

from entrepot_core.names import DatasetRef
from entrepot_core.ports.operations import Operations
from entrepot_core.selection import DatasetQuery, VersionQuery
from entrepot_core.views import DatasetView, VersionView


def every_dataset(operations: Operations, query: DatasetQuery) -> Iterator[DatasetView]:
    """The datasets that fit, of this page and all after it."""
    page = operations.list_datasets(query)
    yield from page.items
    while page.next:
        page = operations.list_datasets(msgspec.structs.replace(query, cursor=page.next, offset=0))
        yield from page.items


def every_version(operations: Operations, ref: DatasetRef) -> Iterator[VersionView]:
    """The versions of a dataset, the newest first."""
    page = operations.list_versions(ref, VersionQuery())
    yield from page.items
    while page.next:
        page = operations.list_versions(ref, VersionQuery(cursor=page.next))
        yield from page.items
