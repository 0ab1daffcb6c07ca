"""Rows that are to be added or changed, held against the schema."""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import cast

import msgspec

from entrepot_core.errors import CellError, InvalidRows
from entrepot_core.meant import nearest
from entrepot_core.rows.values import from_json
from entrepot_core.schema import ROW_ID, Field, Schema

Row = Mapping[str, object]
"""A row as JSON has it: column to value; dates, times and durations in ISO 8601, binary in base64."""

MOST_ROW_ID = 2**63 - 1
_MOST_ERRORS = 100
_LONGEST_SHOWN = 200
_MOST_MEANT = 10
"""For how many columns that there are not it is looked what may have been meant; wide tables make that slow."""


class TypedRow(msgspec.Struct, frozen=True):
    """A row whose values are of their columns' types.

    Attributes:
        values: The columns that were given, to what ``from_json`` makes of their values.
        id: The row's number, where it has one.
    """

    values: dict[str, object]
    id: int | None = None


def new_rows(rows: Sequence[Row], schema: Schema) -> list[TypedRow]:
    """Rows to be added.

    Raises:
        InvalidRows: A value is not of its column's type, a column isn't there, or a row has a number already.
    """
    return _typed(rows, schema, numbered=False)


def changed_rows(rows: Sequence[Row], schema: Schema) -> list[TypedRow]:
    """Rows to be changed, each with its ``_id``.

    Raises:
        InvalidRows: As of ``new_rows``; or a row has no number, or that of another of them.
    """
    return _typed(rows, schema, numbered=True)


@contextmanager
def shown_as_given(rows: Sequence[Row]) -> Generator[None]:
    """Put values as they were given into what ``InvalidRows`` says of them."""
    try:
        yield
    except InvalidRows as error:
        seen = (msgspec.structs.replace(one, value=shown(rows[one.row - 1].get(one.column))) for one in error.errors)
        raise InvalidRows(errors=list(seen)) from error


def _typed(rows: Sequence[Row], schema: Schema, *, numbered: bool) -> list[TypedRow]:
    fields = {field.name: field for field in schema.fields}
    found, errors, seen = list[TypedRow](), list[CellError](), set[object]()
    unknown = dict[str, str]()
    for place, row in enumerate(rows, 1):
        values = dict[str, object]()
        errors.extend(_number_errors(place, row, seen) if numbered else _numbered_errors(place, row))
        errors.extend(_read(place, row, fields, values, unknown))
        if len(errors) >= _MOST_ERRORS:
            break
        found.append(TypedRow(values, cast("int | None", row.get(ROW_ID))))
    if errors:
        raise InvalidRows(errors=errors[:_MOST_ERRORS])
    return found


def _numbered_errors(place: int, row: Row) -> Iterator[CellError]:
    if ROW_ID in row:
        yield _wrong(place, ROW_ID, row[ROW_ID], "the store numbers new rows itself; leave it out")


def _number_errors(place: int, row: Row, seen: set[object]) -> Iterator[CellError]:
    number = row.get(ROW_ID)
    is_number = isinstance(number, int) and not isinstance(number, bool) and 0 < number <= MOST_ROW_ID
    if not is_number:
        yield _wrong(place, ROW_ID, number, "give the row's number")
    elif number in seen:
        yield _wrong(place, ROW_ID, number, "another row of this batch has this number")
    seen.add(number if is_number else None)


def _read(
    place: int, row: Row, fields: Mapping[str, Field], values: dict[str, object], unknown: dict[str, str]
) -> Iterator[CellError]:
    """Put a row's values into ``values``, and tell of those that don't fit; what is said of columns is kept."""
    for name, value in row.items():
        if name == ROW_ID:
            continue
        if name not in fields:
            if name not in unknown:
                meant = nearest(name[:_LONGEST_SHOWN], fields) if len(unknown) < _MOST_MEANT else None
                unknown[name] = "there is no such column" + ("" if meant is None else f", did you mean {meant!r}")
            yield _wrong(place, name, value, unknown[name])
            continue
        try:
            values[name] = from_json(fields[name].type, value)
        except ValueError as error:
            yield _wrong(place, name, value, f"{error}: the column is of type {fields[name].type}")


def _wrong(place: int, column: str, value: object, detail: str) -> CellError:
    return CellError(row=place, column=column[:_LONGEST_SHOWN], value=shown(value), detail=detail)


def shown(value: object) -> str | bool | int | float | None:
    """A value as an error shows it: as JSON has it where that can be, else as a text, cut and readable."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= MOST_ROW_ID:
        return value
    if isinstance(value, float):
        return float(value)  # of a subclass, which no codec knows
    try:
        text = json.dumps(value, ensure_ascii=False, default=str) if _is_nested(value) else str(value)
    except ValueError:  # Python writes no whole number of so many digits
        text = "a number of thousands of digits"
    return text[:_LONGEST_SHOWN].encode("utf-8", "backslashreplace").decode()


def _is_nested(value: object) -> bool:
    """Whether it is what JSON has lists and objects for."""
    if isinstance(value, dict):
        return all(isinstance(key, str) for key in cast("dict[object, object]", value))
    return isinstance(value, list)
