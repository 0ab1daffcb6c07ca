"""Reading collections: rows as things with an id and pictures."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

import msgspec

from entrepot_core.collection import CollectionPage, ItemView, image_path
from entrepot_core.dataset import Dataset
from entrepot_core.errors import CollectionNotFound, DatasetNotFound, InvalidFilter, ItemNotFound
from entrepot_core.image import ORIGINAL
from entrepot_core.names import DatasetRef, is_id
from entrepot_core.ports.driven import Driven
from entrepot_core.rows.lists import read_alternatives
from entrepot_core.rows.query import RowQuery
from entrepot_core.schema import ROW_ID
from entrepot_core.use_cases.reading import read_rows
from entrepot_core.views import Column

ID = "id"
"""What the id of an item is called."""

_NULL = msgspec.Raw(b"null")

Row = dict[str, msgspec.Raw]


def read_collection(driven: Driven, name: str, query: RowQuery, platform: str | None) -> CollectionPage:
    """Read a page of a published dataset, with images as originals or as a platform wishes them."""
    dataset = find_collection(driven, name)
    if platform is not None and platform not in driven.renditions:
        raise _no_item(driven, dataset, platform)
    return _page(driven, dataset, query, platform)


def get_item(driven: Driven, name: str, item: str, platform: str | None) -> ItemView:
    """Read one row of a collection, by its ``id``."""
    dataset = find_collection(driven, name)
    if platform is not None and platform not in driven.renditions:
        raise _no_item(driven, dataset, platform)
    try:
        page = _page(driven, dataset, RowQuery(where=((f"{ID}__exact", item),), limit=1, count="none"), platform)
    except InvalidFilter:  # an id of this type can't be written like this
        page = None
    if page is None or not page.items:
        raise _no_item(driven, dataset, item)
    return ItemView(page.items[0], page.images)


def find_collection(driven: Driven, name: str) -> Dataset:
    """A published dataset, by its name.

    Raises:
        CollectionNotFound: There is none.
    """
    try:
        dataset = driven.catalogue.find(DatasetRef("" if is_id(name) else name))
    except DatasetNotFound as error:
        raise CollectionNotFound(name=name) from error
    if not dataset.published:
        raise CollectionNotFound(name=name)
    return dataset


def _no_item(driven: Driven, dataset: Dataset, item: str) -> ItemNotFound:
    return ItemNotFound(name=dataset.name, item=item[:100], platforms=list(driven.renditions))


def _page(driven: Driven, dataset: Dataset, query: RowQuery, platform: str | None) -> CollectionPage:
    has_id = ID in dataset.version.schema.names
    names = set(dataset.version.schema.names)
    asked = query if has_id else _by_row_id(query, names)
    page = read_rows(driven, DatasetRef(dataset.id), asked, None, unsearched=dataset.image_columns)
    rows = msgspec.json.decode(page.rows, type=list[Row])
    columns = page.columns if has_id else _with_id(page.columns, query)
    images = tuple(column.name for column in columns if column.name in dataset.image_columns)
    items = [_item(row, columns, named=ROW_ID if not has_id else ID) for row in rows]
    _show(driven, dataset, items, images, platform or ORIGINAL)
    return CollectionPage(
        items=tuple(items),
        columns=columns,
        images=images,
        total=page.total,
        limit=page.limit,
        offset=page.offset,
        next=page.next,
    )


def _by_row_id(query: RowQuery, names: AbstractSet[str]) -> RowQuery:
    """The query of a table that has no column ``id``, whose items are called by their ``_id``."""
    return msgspec.structs.replace(
        query,
        where=tuple((_renamed(left, names), value) for left, value in query.where),
        any_of=tuple(_renamed_within(group, names) for group in query.any_of),
        sort=tuple(_renamed(name, names) for name in query.sort),
        columns=None if query.columns is None else tuple(_renamed(name, names) for name in query.columns),
    )


def _renamed(left: str, names: AbstractSet[str]) -> str:
    """A filter's left side, a column or what to sort by, with ``_id`` in place of ``id``."""
    sign = "-" if left.startswith("-") and left not in names else ""
    bare = left.removeprefix(sign)
    column, dunder, operator = bare.partition("__")
    is_other = bare in names or bare.rpartition("__")[0] in names  # a column that is called ``id__x``
    return left if is_other or column != ID else f"{sign}{ROW_ID}{dunder}{operator}"


def _renamed_within(group: str, names: AbstractSet[str]) -> str:
    """A group of filters, with ``_id`` in place of ``id``; one that is malformed is left for others to tell."""
    try:
        parts = read_alternatives(group)
    except InvalidFilter:
        return group
    return f"({','.join(_renamed_alternative(part, names) for part in parts)})"


def _renamed_alternative(part: str, names: AbstractSet[str]) -> str:
    left, dot, value = part.partition(".")
    return f"{_renamed(left, names)}{dot}{value}"


def _with_id(columns: tuple[Column, ...], query: RowQuery) -> tuple[Column, ...]:
    """The columns of a table that has no column ``id``, with one: first, or where it was wished."""
    called = Column(name=ID, type="integer")
    if query.columns is None:
        return called, *columns
    return tuple(called if column.name == ROW_ID else column for column in columns)


def _item(row: Row, columns: Iterable[Column], *, named: str) -> Row:
    return {column.name: row[named if column.name == ID else column.name] for column in columns}


def _show(driven: Driven, dataset: Dataset, items: list[Row], images: tuple[str, ...], rendition: str) -> None:
    """Put where an image is in place of the text that names it, and null where there is none."""
    if not images:
        return
    texts = {text for item in items for column in images if (text := _text(item[column])) is not None}
    known = driven.images.known(dataset.id, texts)
    paths: Mapping[str, msgspec.Raw] = {
        text: msgspec.Raw(msgspec.json.encode(image_path(record.image.digest, rendition)))
        for text, record in known.items()
        if record.image is not None
    }
    for item in items:
        for column in images:
            text = _text(item[column])
            item[column] = _NULL if text is None else paths.get(text, _NULL)


def _text(value: msgspec.Raw) -> str | None:
    """The text of a cell, if it has one; columns of images may have become ones of something else."""
    decoded = msgspec.json.decode(value)
    return decoded if isinstance(decoded, str) else None
