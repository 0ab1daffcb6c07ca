"""Rows that people hand in, as JSON has them: dicts, or whatever can be landed as a dataset."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any, TypeAlias, TypedDict, cast

import msgspec

from entrepot.library.incoming import Landable, opened
from entrepot.library.values import json_value
from entrepot.settings import MEMORY, load_settings
from entrepot.wiring import open_home
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.errors import InvalidFilter, MalformedInput, NoOriginal
from entrepot_core.formats import Format
from entrepot_core.names import DatasetRef
from entrepot_core.ports.operations import Operations
from entrepot_core.rows.edits import Row
from entrepot_core.rows.lists import quoted
from entrepot_core.rows.query import RowQuery
from entrepot_core.schema import ROW_ID, FieldType, Schema
from entrepot_core.source import NewDataset
from entrepot_core.views import DatasetView

Appendable: TypeAlias = "Row | Iterable[Row] | Landable"
"""One row, rows, or what ``Store.add`` takes: a path, a URL, bytes, an open file, or a table."""

_RENAMED_ID = re.compile(r"_id_\d+")
_NOT_ASKED_FOR = {FieldType.DURATION, FieldType.BINARY}
"""Types that no file has as text."""


def rows_of(
    thing: Appendable, schema: Schema, options: ImportOptions | None = None, file_name: str | None = None
) -> list[Row]:
    """The rows of what people hand in.

    Args:
        thing: What they hand in.
        schema: The columns of the dataset that the rows are for: a file's columns of the same name are read as these.
        options: How to read a file, where looking at it doesn't tell.
        file_name: What to call a file that has no name.

    Raises:
        Refused: The file can't be read, or a value of it does not fit its column.
        TypeError: It is nothing that has rows.
    """
    if isinstance(thing, Mapping):
        return [_plain(cast("Row", thing))]
    if isinstance(thing, Sequence | Iterable) and _has_dicts(thing):
        return [_plain(row) for row in cast("Iterable[Row]", thing)]
    return _landed_rows(cast("Landable", thing), schema, options or ImportOptions(), file_name)


def numbered(rows: Mapping[int, Row]) -> list[Row]:
    """Rows by their numbers, each with its number."""
    return [_plain({**row, ROW_ID: number}) for number, row in rows.items()]


def _has_dicts(thing: Iterable[object]) -> bool:
    """Whether something is no file and no table, so that its items are to be rows."""
    return not isinstance(thing, str | bytes | bytearray | memoryview) and not any(
        hasattr(thing, name) for name in ("read", "__arrow_c_stream__", "collect", "columns", "__fspath__")
    )


def _plain(row: object) -> Row:
    if not isinstance(row, Mapping):
        raise TypeError(f"{row!r:.100} is no row; give a dict of columns and values")
    return {str(name): json_value(value) for name, value in cast("Mapping[object, object]", row).items()}


def _landed_rows(thing: Landable, schema: Schema, options: ImportOptions, file_name: str | None) -> list[Row]:
    """The rows of a file or table, read as an import reads it, in a store that is gone afterwards."""
    with open_home(MEMORY, load_settings()) as home, opened(thing, file_name) as source:
        operations = home.operations
        found = operations.add_dataset(source, NewDataset(), options, no_report)
        ref, types = DatasetRef(found.id), _types_to_ask(found, schema, options)
        if types:
            with suppress(NoOriginal):  # of a table in memory, whose types are what they are
                found = operations.retype_dataset(ref, types, no_report)
        _refuse_infinities(operations, found)
        with operations.export(ref, Format.JSON, RowQuery(limit=None)) as download:
            rows = _decoded(download.read(), found.schema)
    renamed = _renamed_id(found.schema, schema)
    return rows if renamed is None else [_with_id(row, renamed) for row in rows]


def _types_to_ask(found: DatasetView, schema: Schema, options: ImportOptions) -> dict[str, FieldType | None]:
    """The types of the dataset's columns, for those that looking at the file found another for."""
    wanted = {field.name: field.type for field in schema.fields}
    return {
        field.name: wanted[field.name]
        for field in found.schema.fields
        if field.name in wanted
        and wanted[field.name] is not field.type
        and wanted[field.name] not in _NOT_ASKED_FOR
        and not (wanted[field.name].is_numeric and field.type.is_numeric)  # numbers are numbers in JSON
        and field.name not in options.types
    }


def _refuse_infinities(operations: Operations, found: DatasetView) -> None:
    """JSON, in which rows are sent, has null for infinities: what is lost there is refused here."""
    for field in found.schema.fields:
        if field.type is FieldType.NUMBER:
            infinities = f"({','.join(f'{quoted(field.name)}.{sign}inf' for sign in ('', '-'))})"
            with suppress(InvalidFilter):  # of decimals, which have none
                page = operations.read_rows(DatasetRef(found.id), RowQuery(any_of=(infinities,), limit=1))
                if page.total:
                    first = msgspec.json.decode(page.rows, type=list[dict[str, Any]])[0][ROW_ID]
                    reason = "JSON has no infinities; leave the cell empty, or replace the dataset by the whole file"
                    raise MalformedInput(reason=reason, row=first, column=field.name)


def _decoded(rows: bytes, schema: Schema) -> list[Row]:
    """Rows with exact numbers."""
    exact = {
        field.name: Decimal | None if field.type is FieldType.NUMBER else int | None
        for field in schema.fields
        if field.type.is_numeric
    }
    row: Any = TypedDict("row", exact | {name: Any for name in schema.names if name not in exact})  # type: ignore[misc]  # the fields are the data's
    return cast("list[Row]", msgspec.json.decode(rows, type=list[row]))


def _renamed_id(found: Schema, schema: Schema) -> str | None:
    """What a file's own column ``_id`` is called since it was read, as no column may be called so.

    Raises:
        MalformedInput: Several columns might be it.
    """
    names = [name for name in found.names if _RENAMED_ID.fullmatch(name) and name not in schema.names]
    if len(names) > 1:
        raise MalformedInput(reason=f"any of the columns {', '.join(names)} may hold the rows' numbers; leave one")
    return names[0] if names else None


def _with_id(row: Row, renamed: str) -> Row:
    return {ROW_ID: row[renamed], **{name: value for name, value in row.items() if name != renamed}}
