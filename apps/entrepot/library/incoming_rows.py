"""Rows that people hand in, as JSON has them: dicts, or whatever can be landed as a dataset."""

import re
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias, cast

import msgspec

from entrepot.library.incoming import Landable, opened
from entrepot.library.incoming_decimals import with_decimals
from entrepot.library.incoming_pandas import check_levels, is_pandas
from entrepot.library.reading import decimals_of, decode_objects
from entrepot.library.telling import rows_told
from entrepot.library.values import json_row
from entrepot.settings import MEMORY, load_settings
from entrepot.wiring import open_home
from entrepot_core.dialect import ImportOptions, TypeChanges, no_report
from entrepot_core.errors import CellError, InvalidFilter, InvalidOption, InvalidRows, MalformedInput, NoOriginal
from entrepot_core.formats import Format
from entrepot_core.names import DatasetRef
from entrepot_core.ports.operations import Operations
from entrepot_core.rows.edits import Row
from entrepot_core.rows.lists import quoted
from entrepot_core.rows.query import RowQuery
from entrepot_core.schema import ROW_ID, FieldType, Schema
from entrepot_core.source import NewDataset
from entrepot_core.views import DatasetView

Appendable: TypeAlias = "Mapping[Any, object] | Iterable[Mapping[Any, object]] | Landable"
"""One row, rows, or what ``Store.add`` takes: a path, a URL, bytes, an open file, or a table."""

Decimals: TypeAlias = Callable[[], AbstractSet[str]]
"""Asks a store for columns of decimals, where that matters."""

_RENAMED_ID = re.compile(r"Column (\d+), '_id', is called .*")
"""What an import says of a file's own column ``_id``, as no column of a table may be called so."""

_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00:00(?:\.0+)?", re.ASCII)
_NOT_ASKED_FOR = {FieldType.DURATION, FieldType.BINARY}
"""Types that no file has as text."""

_NUMBERS = {FieldType.INTEGER, FieldType.NUMBER}
_WITH_UNIT = re.compile(r"^(?=.*\d)(?!.*#)(?:.*[^\d.,'’\s+eE\u2212-]|.*\d[.,]?\s*[\u2212-]+\s*$)", re.DOTALL)
"""A text with digits and with something else than a number has; ``#`` stands in texts for null, as ``1.#IND``."""
_CODE = re.compile(r"[+-]?0\d|\+\d{7,}$", re.ASCII)
"""A text with zeros in front, or a plus before as many digits as only the number of a telephone has."""
_ADVICE = "write plain numbers, or name the type of the column for this file"
_UNIT_TOLD = f"this has a unit, or a sign that is none; {_ADVICE}"
_CODE_TOLD = f"this may be a code: it has zeros or a plus in front, which a number would lose; {_ADVICE}"
_MOST_WRONG = 100

_ALIKE = {
    (FieldType.INTEGER, FieldType.NUMBER),
    (FieldType.NUMBER, FieldType.INTEGER),
    (FieldType.DATE, FieldType.DATETIME),
    (FieldType.DATETIME, FieldType.DATE),
}
"""Types of a file and of a dataset whose values are written alike, where they are the same."""


def decimals_in(operations: Operations, dataset: DatasetView) -> Decimals:
    """What asks for the columns of decimals of a dataset."""
    return lambda: decimals_of(operations, DatasetRef(dataset.id), dataset.version, dataset.schema)


class IncomingRows(NamedTuple):
    """The rows of what was handed in, and what became of those that did not fit, in words."""

    rows: list[Row]
    told: tuple[str, ...] = ()


def rows_of(thing: Appendable, schema: Schema, options: ImportOptions, decimals: Decimals) -> IncomingRows:
    """The rows of what people hand in.

    Args:
        thing: What they hand in.
        schema: The columns of the dataset that the rows are for: a file's columns of the same name are read as these.
        options: How to read a file, where looking at it doesn't tell.
        decimals: Asks which of these columns hold decimals.

    Raises:
        Refused: The file can't be read, or a value of it does not fit its column.
        TypeError: It is nothing that has rows.
    """
    dates = [field.name for field in schema.fields if field.type is FieldType.DATE]
    found = _rows(thing, schema, options, decimals)
    return found._replace(rows=[_dated(row, dates) for row in found.rows])


def _rows(thing: Appendable, schema: Schema, options: ImportOptions, decimals: Decimals) -> IncomingRows:
    if isinstance(thing, Mapping):
        return IncomingRows([json_row(thing)])
    if isinstance(thing, Sequence | Iterable) and _has_dicts(thing):
        return IncomingRows([json_row(row, number) for number, row in enumerate(thing, 1)])
    if is_pandas(thing):
        check_levels(thing, schema.names)
    return _landed_rows(cast("Landable", thing), schema, options, decimals)


def _dated(row: Row, dates: Sequence[str]) -> Row:
    """A row with dates where it has their midnights, which pandas and workbooks have in the place of dates."""
    given = {name: row[name] for name in dates if isinstance(row.get(name), str)}
    found = {name: _MIDNIGHT.fullmatch(cast("str", text)) for name, text in given.items()}
    return (
        {**row, **{name: midnight[1] for name, midnight in found.items() if midnight}} if any(found.values()) else row
    )


def _has_dicts(thing: Iterable[object]) -> bool:
    """Whether something is no file and no table, so that its items are to be rows."""
    return not isinstance(thing, str | bytes | bytearray | memoryview) and not any(
        hasattr(thing, name) for name in ("read", "__arrow_c_stream__", "collect", "columns", "__fspath__")
    )


def _landed_rows(thing: Landable, schema: Schema, options: ImportOptions, decimals: Decimals) -> IncomingRows:
    """The rows of a file or table, read as an import reads it, in a store that is gone afterwards."""
    with open_home(MEMORY, load_settings()) as home, opened(thing, None) as source:
        operations = home.operations
        strict = msgspec.structs.replace(options, on_error=options.on_error or "reject")  # none may be left out unseen
        found = operations.add_dataset(source, NewDataset(), strict, no_report)
        ref, types, renamed = DatasetRef(found.id), _types_to_ask(found, schema, options), _renamed_id(found)
        if types.types:
            with _by_names_of_file(renamed):
                _refuse_units_and_codes(operations, found, types)
                found = _retyped(operations, found, types)
        _refuse_infinities(operations, found)
        with operations.export(ref, Format.JSON, RowQuery(limit=None)) as download:
            rows = with_decimals(operations, found, _decoded(download.read(), found.schema), decimals())
    rows = rows if renamed is None else [_with_id(row, renamed) for row in rows]
    return IncomingRows(rows, tuple(rows_told(found.import_report)))


@contextmanager
def _by_names_of_file(renamed: str | None) -> Generator[None]:
    """Name the file's own column ``_id`` so in errors."""
    try:
        yield
    except InvalidRows as error:
        named = [msgspec.structs.replace(one, column=ROW_ID) if one.column == renamed else one for one in error.errors]
        raise InvalidRows(errors=named) from error


def _retyped(operations: Operations, found: DatasetView, changes: TypeChanges) -> DatasetView:
    """The file read again with types; a table in memory stays as it is.

    Raises:
        InvalidRows: A value is not of the type.
    """
    try:
        return operations.retype_dataset(DatasetRef(found.id), changes, no_report)
    except NoOriginal:
        return found
    except InvalidOption as error:
        if error.option != "types":
            raise
        advice = "write dates as 2024-03-02 and numbers as 5500.25, or say which way (options date_order, decimal)"
        reason = f"its values can be read in two ways; {advice}"
        raise MalformedInput(reason=reason, column=error.value.rpartition(": ")[0]) from error
    except MalformedInput as error:
        kind = changes.types.get(error.column or "")
        if kind is None or error.row is None:
            raise
        detail = f"this is no {kind}, the type of the column"
        wrong = CellError(row=error.row, column=error.column or "", value=error.value, detail=detail)
        raise InvalidRows(errors=[wrong]) from error


def _types_to_ask(found: DatasetView, schema: Schema, options: ImportOptions) -> TypeChanges:
    """The types of the dataset's columns, for those that looking at the file found another for, and for those of text.

    A column of text keeps ``NA`` and the like, which a file that has nothing else there would have as nulls.
    """
    wanted = {field.name: field.type for field in schema.fields}
    if (renamed := _renamed_id(found)) is not None:
        wanted[renamed] = FieldType.INTEGER
    types: dict[str, FieldType | None] = {
        field.name: wanted[field.name]
        for field in found.schema.fields
        if field.name in wanted
        and (wanted[field.name] is not field.type or field.type is FieldType.STRING)
        and wanted[field.name] not in _NOT_ASKED_FOR
        and (field.type, wanted[field.name]) not in _ALIKE
        and field.name not in options.types
    }
    return TypeChanges(types)


def _refuse_units_and_codes(operations: Operations, found: DatasetView, changes: TypeChanges) -> None:
    """Refuse amounts, percentages and codes, where nobody asks for numbers but the column has them: 5 in which unit?

    Raises:
        InvalidRows: There are some.
    """
    texts = {field.name for field in found.schema.fields if field.type is FieldType.STRING}
    columns = [name for name, kind in changes.types.items() if name in texts and kind in _NUMBERS]
    if not columns:
        return
    with operations.export(DatasetRef(found.id), Format.JSON, RowQuery(columns=(ROW_ID, *columns), limit=None)) as file:
        rows = msgspec.json.decode(file.read(), type=list[dict[str, Any]])
    wrong = [
        CellError(row=row[ROW_ID], column=name, value=row[name], detail=detail)
        for row in rows
        for name in columns
        if row[name] is not None and (detail := _no_number(row[name]))
    ]
    if wrong:
        raise InvalidRows(errors=wrong[:_MOST_WRONG])


def _no_number(text: str) -> str | None:
    """Why a text is not taken for a number without anyone asking for that; None where it may be."""
    if _WITH_UNIT.search(text):
        return _UNIT_TOLD
    return _CODE_TOLD if _CODE.match(text.strip()) else None


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
    return cast("list[Row]", decode_objects(rows, dict.fromkeys(schema.names, Any) | exact))


def _renamed_id(found: DatasetView) -> str | None:
    """What a file's own column ``_id`` is called since it was read, if it has one.

    Raises:
        MalformedInput: It has several.
    """
    told = [match for text in found.import_report.warnings if (match := _RENAMED_ID.fullmatch(text))]
    if len(told) > 1:
        raise MalformedInput(reason="several columns are called _id; leave the one with the rows' numbers")
    return found.schema.names[int(told[0][1]) - 1] if told else None


def _with_id(row: Row, renamed: str) -> Row:
    return {ROW_ID: row[renamed], **{name: value for name, value in row.items() if name != renamed}}
