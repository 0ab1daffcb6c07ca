"""Reading tables: rows, exports and the original file."""

from typing import BinaryIO

import msgspec

from entrepot_core.dataset import Distribution
from entrepot_core.download import Download
from entrepot_core.errors import NoOriginal, NoRejects, UnknownFormat
from entrepot_core.formats import TABLE_FORMATS, Format
from entrepot_core.names import DatasetRef
from entrepot_core.ports.driven import Driven
from entrepot_core.schema import Field, FieldType, Schema
from entrepot_core.selection import ROW_ID, RowCursor, RowQuery, check_page, read_cursor, write_cursor
from entrepot_core.use_cases.finding import found
from entrepot_core.use_cases.rendering import chunks_of, rendered
from entrepot_core.views import Column, RowsPage


def read_rows(driven: Driven, ref: DatasetRef, query: RowQuery, version: int | None) -> RowsPage:
    """Read a page of rows, from the query's offset or cursor on."""
    check_page(query.page_limit, query.offset, query.cursor)
    place = _place(query, version)
    with found(driven, ref, place.version) as dataset:
        read = dataset.version
        columns = query.chosen(read.schema)
        limit = query.page_limit
        end = place.offset + limit
        rows = driven.tables.page(read.parts, [ROW_ID, *_without_id(columns)], place.offset, limit)
    return RowsPage(
        columns=tuple(Column(name=field.name, type=field.type) for field in _subschema(read.schema, columns).fields),
        rows=msgspec.Raw(rows),
        total=read.rows if query.count == "exact" else None,
        limit=limit,
        offset=place.offset,
        next=write_cursor(RowCursor(version=read.number, offset=end)) if end < read.rows else None,
        version=read.number,
    )


def export(driven: Driven, ref: DatasetRef, format: Format, query: RowQuery, version: int | None) -> Download:
    """Write the selected part of a table in a table format."""
    if format not in TABLE_FORMATS:
        raise UnknownFormat(format=repr(str(format)), formats=[str(one) for one in TABLE_FORMATS])
    place = _place(query, version)
    dataset = driven.catalogue.find(ref, place.version)
    read, file_name = dataset.version, f"{dataset.name}.{format}"
    columns = query.chosen(read.schema)
    rows = slice(place.offset, None if query.limit is None else place.offset + query.limit)
    if format is not Format.XLSX:
        chunks = driven.tables.stream(read.parts, columns, format, rows)
        return Download(file_name, format.content_type, chunks, release=chunks.close)

    def write(out: BinaryIO) -> None:
        batches = driven.tables.batches(read.parts, columns, rows)
        driven.workbooks.write(batches, _subschema(read.schema, columns), out, title=dataset.title or dataset.name)

    return rendered(driven.blobs, write, file_name, format)


def open_file(driven: Driven, ref: DatasetRef, version: int | None) -> Download:
    """Give back the file that the version was imported from."""
    with found(driven, ref, version) as dataset:
        original = dataset.version.original
        if original is None:
            raise NoOriginal(ref=dataset.name, version=dataset.version.number)
        return _stored(driven, original, original.file_name or dataset.name, original.media_type)


def open_rejects(driven: Driven, ref: DatasetRef, version: int | None) -> Download:
    """Give the rows that the import of the version set aside."""
    with found(driven, ref, version) as dataset:
        rejects = dataset.version.rejects
        if rejects is None:
            raise NoRejects(ref=dataset.name, version=dataset.version.number)
        return _stored(driven, rejects, f"{dataset.name}-rejects.csv", Format.CSV.content_type)


def _stored(driven: Driven, form: Distribution, file_name: str, media_type: str) -> Download:
    file = driven.blobs.open(form.digest)
    return Download(file_name, media_type, chunks_of(file), form.size, release=file.close)


def _place(query: RowQuery, version: int | None) -> RowCursor:
    """Where to begin to read: of a cursor, the version it began on."""
    if query.cursor is None:
        return RowCursor(version=version, offset=query.offset)
    return read_cursor(query.cursor, RowCursor)


def _without_id(columns: list[str]) -> list[str]:
    return [name for name in columns if name != ROW_ID]


def _subschema(schema: Schema, columns: list[str]) -> Schema:
    by_name = {field.name: field for field in schema.fields}
    by_name[ROW_ID] = Field(ROW_ID, FieldType.INTEGER, nullable=False)
    return Schema(fields=tuple(by_name[name] for name in columns))
