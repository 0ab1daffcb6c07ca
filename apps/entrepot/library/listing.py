"""All datasets, and all versions of one, page by page."""

import sys
from collections.abc import Iterator
from itertools import islice
from typing import TypeVar

import msgspec

from entrepot_core.errors import EntrepotError, InvalidOption
from entrepot_core.names import DatasetRef
from entrepot_core.paging import MAX_LIMIT
from entrepot_core.ports.operations import Operations
from entrepot_core.selection import DatasetQuery, VersionQuery
from entrepot_core.views import DatasetView, VersionView

_T = TypeVar("_T")

_LOOKED_AT = 2_000
"""Datasets among which a name is looked for, the newest first."""


def first(items: Iterator[_T], limit: int | None) -> list[_T]:
    """The first items, or all.

    Raises:
        InvalidOption: The limit is less than 1.
    """
    if limit is not None and limit < 1:
        raise InvalidOption(option="limit", value=str(limit), reason="give 1 or more")
    return list(items if limit is None else islice(items, min(limit, sys.maxsize)))


def every_dataset(operations: Operations, query: DatasetQuery) -> Iterator[DatasetView]:
    """The datasets that fit, of this page and all after it."""
    page = operations.list_datasets(query)
    yield from page.items
    while page.next:
        page = operations.list_datasets(msgspec.structs.replace(query, cursor=page.next, offset=0))
        yield from page.items


def newest_names(operations: Operations) -> list[str] | None:
    """The names of the newest datasets, among which one that was meant is looked for; none if they can't be had."""
    try:
        found = first(every_dataset(operations, DatasetQuery(limit=MAX_LIMIT)), _LOOKED_AT)
    except (EntrepotError, OSError):  # what went wrong first is told
        return None
    return [view.name for view in found]


def every_version(operations: Operations, ref: DatasetRef) -> Iterator[VersionView]:
    """The versions of a dataset, the newest first."""
    page = operations.list_versions(ref, VersionQuery())
    yield from page.items
    while page.next:
        page = operations.list_versions(ref, VersionQuery(cursor=page.next))
        yield from page.items
