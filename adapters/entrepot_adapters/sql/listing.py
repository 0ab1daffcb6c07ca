"""Lists datasets: a query as data becomes SQL."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, UnaryExpression, exists, false, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from entrepot_adapters.sql.loading import HEADS, load
from entrepot_adapters.sql.models import DatasetRow, DistributionRow, TagRow, VersionRow
from entrepot_adapters.sql.searching import has
from entrepot_core.changes import is_text
from entrepot_core.dataset import Role
from entrepot_core.names import as_id, is_id
from entrepot_core.ports.catalogue import DatasetList
from entrepot_core.selection import DatasetQuery, ListCursor, ListOrder, after, fold, sort_field

_COLUMNS: dict[str, InstrumentedAttribute[str] | InstrumentedAttribute[datetime]] = {
    "created_at": DatasetRow.created_at,
    "updated_at": DatasetRow.updated_at,
    "name": DatasetRow.name,
}


def listed(connection: Connection, query: DatasetQuery) -> DatasetList:
    """The datasets that fit ``query``, in its order, the page it asks for, in a fixed number of queries.

    Raises:
        InvalidCursor: The query's cursor is of another list or order.
    """
    place = query.place
    fits = list(_conditions(query))
    total = connection.scalars(select(func.count()).select_from(DatasetRow).where(*fits)).one()
    wanted = HEADS.where(*fits).order_by(*_order(query.sort)).limit(query.limit + 1)
    wanted = wanted.offset(query.offset) if place is None else wanted.where(_beyond(place))
    found = connection.execute(wanted).all()
    items = tuple(load(connection, found[: query.limit]))
    offset = query.offset if place is None else place.offset
    more = len(found) > query.limit
    return DatasetList(items, total, offset, after(items[-1], query, offset + len(items)) if more else None)


def _order(sort: ListOrder) -> list[UnaryExpression[str] | UnaryExpression[datetime]]:
    columns = (_COLUMNS[sort_field(sort)], DatasetRow.id)
    return [column.desc() if sort.startswith("-") else column.asc() for column in columns]


def _beyond(place: ListCursor) -> ColumnElement[bool]:
    """What comes after the last item of the page before, however many were added or removed before it."""
    column = _COLUMNS[sort_field(place.sort)]
    here = tuple_(column, DatasetRow.id)
    there = tuple_(place.value, place.id)
    return here < there if place.sort.startswith("-") else here > there


def _conditions(query: DatasetQuery) -> Iterator[ColumnElement[bool]]:
    if any(text is not None and not is_text(text) for text in (query.q, query.name, query.tag, query.media_type)):
        yield false()
        return
    if query.q:
        yield _search(fold(query.q))
    if query.tag is not None:
        yield exists().where(TagRow.dataset_id == DatasetRow.id, TagRow.tag == query.tag)
    if query.name is not None:
        yield DatasetRow.name == query.name
    if query.ids is not None:
        yield DatasetRow.id.in_({as_id(text) for text in query.ids if is_id(text)})
    if query.media_type is not None:
        yield _shows(query.media_type)
    yield from _marked(query)
    if query.created_after is not None:
        yield DatasetRow.created_at > query.created_after
    if query.created_before is not None:
        yield DatasetRow.created_at < query.created_before


def _marked(query: DatasetQuery) -> Iterator[ColumnElement[bool]]:
    for column, wanted in ((DatasetRow.published, query.published), (DatasetRow.failing, query.failing)):
        if wanted is not None:
            yield column == wanted


def _search(text: str) -> ColumnElement[bool]:
    columns = (DatasetRow.name, DatasetRow.folded_title, DatasetRow.folded_description)
    return or_(*(has(column, text) for column in columns))


def _shows(media_type: str) -> ColumnElement[bool]:
    """Datasets whose document shows this media type: the original's, or without one the table's."""
    form = DistributionRow
    newest = exists().where(
        VersionRow.dataset_id == DatasetRow.id,
        VersionRow.number == DatasetRow.latest,
        form.version_id == VersionRow.id,
    )
    original = newest.where(form.role == Role.ORIGINAL)
    part = newest.where(form.role == Role.PART, form.media_type == media_type)
    return or_(original.where(form.media_type == media_type), ~original & part)
