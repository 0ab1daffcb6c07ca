"""Reading tables: rows, exports and the original file."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import BinaryIO

import msgspec

from entrepot_core.dataset import Dataset
from entrepot_core.download import Download
from entrepot_core.errors import InvalidCursor, InvalidOption, NoOriginal, NoRejects, RowNotFound, UnknownFormat
from entrepot_core.formats import TABLE_FORMATS, Format
from entrepot_core.names import DatasetRef
from entrepot_core.paging import check_page, write_cursor
from entrepot_core.ports.driven import Driven
from entrepot_core.rows.filters import Condition, Operator, fields_of
from entrepot_core.rows.query import FacetQuery, RowCursor, RowQuery
from entrepot_core.rows.selection import Selection, filters, known, select
from entrepot_core.rows.views import Facets, RowView
from entrepot_core.schema import ROW_ID, Schema
from entrepot_core.use_cases.finding import found
from entrepot_core.use_cases.rendering import rendered, stored
from entrepot_core.views import Column, RowsPage

_TELLING = slice(-12, None)
"""The part of a dataset's id that is random, and enough to tell it from others."""


def read_rows(
    driven: Driven, ref: DatasetRef, query: RowQuery, version: int | None, unsearched: Sequence[str] = ()
) -> RowsPage:
    """Read a page of rows, from the query's offset or cursor on; ``q`` is not looked for in ``unsearched`` columns."""
    check_page(query.page_limit, query.offset, query.cursor)
    place = query.place(version)
    with _found(driven, ref, query, place) as dataset:
        read, limit = dataset.version, query.page_limit
        selection = select(query, read.schema, unsearched)
        counted = query.count == "exact"
        page = driven.tables.page(read.parts, _with_id(selection), place.offset, limit, count=counted)
    columns = _subschema(read.schema, selection.columns).fields
    return RowsPage(
        columns=tuple(Column(field.name, field.type, field.name in page.decimals) for field in columns),
        rows=msgspec.Raw(page.rows),
        total=page.total if counted else None,
        limit=limit,
        offset=place.offset,
        next=_following(place, dataset, limit) if page.more else None,
        version=read.number,
    )


def _following(place: RowCursor, dataset: Dataset, limit: int) -> str:
    """The cursor of the page after one of so many rows, in the version that was read."""
    told, version, offset = dataset.id[_TELLING], dataset.version.number, place.offset + limit
    return write_cursor(msgspec.structs.replace(place, dataset=told, version=version, offset=offset))


@contextmanager
def _found(driven: Driven, ref: DatasetRef, query: RowQuery, place: RowCursor) -> Generator[Dataset]:
    """The dataset at the version where reading begins.

    Raises:
        InvalidCursor: The cursor is of another dataset.
    """
    with found(driven, ref, place.version) as dataset:
        if query.cursor is not None and place.dataset != dataset.id[_TELLING]:
            raise InvalidCursor(cursor=query.cursor)
        yield dataset


def get_row(driven: Driven, ref: DatasetRef, row: int, version: int | None) -> RowView:
    """Read one row, by its number."""
    with found(driven, ref, version) as dataset:
        read = dataset.version
        wanted = Condition(ROW_ID, Operator.EXACT, (row,))
        selection = Selection(columns=(ROW_ID, *read.schema.names), filters=(wanted,))
        page = driven.tables.page(read.parts, selection, 0, 1, count=False)
    rows = msgspec.json.decode(page.rows, type=list[msgspec.Raw])
    if not rows:
        raise RowNotFound(ref=dataset.name, row=row)
    return RowView(row=msgspec.Raw(bytes(rows[0])), version=read.number)


def facets(driven: Driven, ref: DatasetRef, query: FacetQuery, version: int | None) -> Facets:
    """Count the values of some columns, among the rows that fit."""
    if not query.columns:
        raise InvalidOption(option="columns", value="", reason="name the columns whose values to count")
    with found(driven, ref, version) as dataset:
        read = dataset.version
        selection = Selection(tuple(known(query.columns, read.schema)), filters(query, read.schema))
        counted = driven.tables.facets(read.parts, selection, query.limit)
    return Facets(facets=counted, version=read.number)


def export(driven: Driven, ref: DatasetRef, format: Format, query: RowQuery, version: int | None) -> Download:
    """Write the selected part of a table in a table format."""
    if format not in TABLE_FORMATS:
        raise UnknownFormat(format=str(format), formats=[str(one) for one in TABLE_FORMATS])
    place = query.place(version)
    with _found(driven, ref, query, place) as dataset:
        return _exported(driven, dataset, format, query, place.offset)


def _exported(driven: Driven, dataset: Dataset, format: Format, query: RowQuery, offset: int) -> Download:
    read, file_name = dataset.version, f"{dataset.name}.{format}"
    selection = select(query, read.schema)
    rows = slice(offset, None if query.limit is None else offset + query.limit)
    if format is Format.PARQUET and rows == slice(0, None) and _is_whole(selection, read.schema):
        whole = driven.tables.whole(read.parts)
        if whole is not None:
            every = whole.read(0, whole.size)
            return Download(file_name, format.content_type, every, whole.size, whole.read, every.close)
    if format is not Format.XLSX:
        chunks = driven.tables.stream(read.parts, selection, format, rows)
        return Download(file_name, format.content_type, _begun(chunks), release=chunks.close)

    def write(out: BinaryIO) -> None:
        batches = driven.tables.batches(read.parts, selection, rows)
        columns = _subschema(read.schema, selection.columns)
        title = dataset.title or dataset.name
        driven.workbooks.write(batches, columns, out, title=title, created=read.created_at)

    return rendered(driven.blobs, write, file_name, format)


def _begun(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same chunks, of which the first was asked for: what is wrong shows now, and what is read is open."""
    first = tuple(islice(chunks, 1))
    return chain(first, chunks)


def open_file(driven: Driven, ref: DatasetRef, version: int | None) -> Download:
    """Give back the file that the version was imported from."""
    with found(driven, ref, version) as dataset:
        original = dataset.version.original
        if original is None:
            raise NoOriginal(ref=dataset.name, version=dataset.version.number)
        return stored(driven.blobs, original, original.file_name or dataset.name, original.media_type)


def open_rejects(driven: Driven, ref: DatasetRef, version: int | None) -> Download:
    """Give the rows that the import of the version set aside."""
    with found(driven, ref, version) as dataset:
        rejects = dataset.version.rejects
        if rejects is None:
            raise NoRejects(ref=dataset.name, version=dataset.version.number)
        return stored(driven.blobs, rejects, f"{dataset.name}-rejects.csv", Format.CSV.content_type)


def _is_whole(selection: Selection, schema: Schema) -> bool:
    return selection.is_stored and list(selection.columns) == schema.names


def _with_id(selection: Selection) -> Selection:
    """The selection with ``_id`` in front of its columns."""
    others = (name for name in selection.columns if name != ROW_ID)
    return msgspec.structs.replace(selection, columns=(ROW_ID, *others))


def _subschema(schema: Schema, columns: Sequence[str]) -> Schema:
    fields = fields_of(schema)
    return Schema(fields=tuple(fields[name] for name in columns))
