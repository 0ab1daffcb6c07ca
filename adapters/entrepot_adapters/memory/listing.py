"""Lists datasets that are all in memory."""

from collections.abc import Iterable
from datetime import datetime

from entrepot_core.dataset import Dataset
from entrepot_core.names import as_id, is_id
from entrepot_core.ports.catalogue import DatasetList
from entrepot_core.selection import DatasetQuery, ListCursor, ListOrder, after, fold, sort_field
from entrepot_core.views import view


def listed(datasets: Iterable[Dataset], query: DatasetQuery) -> DatasetList:
    """The datasets that fit ``query``, in its order, the page it asks for.

    Raises:
        InvalidCursor: The query's cursor is of another list or order.
    """
    place = query.place
    down = query.sort.startswith("-")
    fitting = sorted(_fitting(datasets, query), key=lambda dataset: _key(dataset, query.sort), reverse=down)
    begin, offset = query.offset, query.offset
    if place is not None:
        begin, offset = _begin(fitting, place, down=down), place.offset
    items = tuple(fitting[begin : begin + query.limit])
    more = begin + query.limit < len(fitting)
    following = after(items[-1], query, offset + len(items)) if more else None
    return DatasetList(items, len(fitting), offset, following)


def _begin(fitting: list[Dataset], place: ListCursor, *, down: bool) -> int:
    """How many of the sorted datasets come before ``place`` or are there."""
    last = (place.value, place.id)
    keys = (_key(dataset, place.sort) for dataset in fitting)
    return sum(key >= last if down else key <= last for key in keys)


def _key(dataset: Dataset, sort: ListOrder) -> tuple[str | datetime, str]:
    """What a dataset is sorted by."""
    match sort_field(sort):
        case "name":
            return dataset.name, dataset.id
        case "created_at":
            return dataset.created_at, dataset.id
        case "updated_at":
            return dataset.updated_at, dataset.id


def _fitting(datasets: Iterable[Dataset], query: DatasetQuery) -> Iterable[Dataset]:
    ids = None if query.ids is None else {as_id(text) for text in query.ids if is_id(text)}
    text = None if query.q is None else fold(query.q)
    for dataset in datasets:
        if (
            (ids is None or dataset.id in ids)
            and (text is None or any(text in fold(part) for part in (dataset.name, dataset.title, dataset.description)))
            and (query.name is None or query.name == dataset.name)
            and (query.tag is None or query.tag in dataset.tags)
            and (query.media_type is None or query.media_type == view(dataset).media_type)
            and (query.published is None or query.published == dataset.published)
            and (query.failing is None or query.failing == dataset.is_failing)
            and (query.created_after is None or dataset.created_at > query.created_after)
            and (query.created_before is None or dataset.created_at < query.created_before)
        ):
            yield dataset
