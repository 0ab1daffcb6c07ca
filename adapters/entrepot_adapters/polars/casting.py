"""Columns that have a type already, kept as they are or read as the type that is asked for."""

import polars as pl

from entrepot_adapters.polars.field_types import field_type
from entrepot_adapters.polars.inference.candidates import asked
from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.inference.epochs import EPOCHS_OF_NUMBERS
from entrepot_adapters.polars.inference.readings import Reading, as_is
from entrepot_core.errors import InvalidOption
from entrepot_core.schema import FieldType

_TARGETS: dict[FieldType, pl.DataType] = {
    FieldType.BOOLEAN: pl.Boolean(),
    FieldType.INTEGER: pl.Int64(),
    FieldType.NUMBER: pl.Float64(),
    FieldType.DATE: pl.Date(),
    FieldType.DATETIME: pl.Datetime("us"),
}
_NUMERIC = {FieldType.BOOLEAN, FieldType.INTEGER, FieldType.NUMBER}
_MOMENTS = {FieldType.DATE, FieldType.DATETIME}
_AS_TEXT = _NUMERIC | _MOMENTS | {FieldType.TIME}


def column_of(
    name: str,
    raw: str,
    dtype: pl.DataType,
    wanted: FieldType | None,
    *,
    is_document: bool = False,
    is_held: bool = False,
) -> Column:
    """The column for values that have a type.

    Args:
        name: Its name in the table.
        raw: Its name in the frame it is read from.
        dtype: Its type there.
        wanted: The type asked for.
        is_document: Whether its strings hold JSON.
        is_held: Whether texts have been of the type asked for so far; see ``asked``.

    Raises:
        InvalidOption: Values of its type can't be read as the type asked for.
    """
    found = FieldType.JSON if is_document else field_type(dtype)
    if wanted is None or wanted is found:
        return Column(name, raw, (as_is(found, is_document=is_document),), tokens=frozenset())
    if found is FieldType.STRING:
        readings = asked(wanted, is_held=is_held)
    elif (found, wanted) == (FieldType.INTEGER, FieldType.DATETIME):
        readings = () if is_held else EPOCHS_OF_NUMBERS
    else:
        readings = _cast(dtype, found, wanted)
    if not readings:
        reason = f"the column is {found}, which can't be read as {wanted}"
        raise InvalidOption(option="types", value=f"{name}: {wanted}", reason=reason)
    return Column(name, raw, readings, tokens=frozenset(), asked=wanted)


def _cast(dtype: pl.DataType, found: FieldType, wanted: FieldType) -> tuple[Reading, ...]:
    if wanted is FieldType.STRING and found in _AS_TEXT:
        return (Reading(wanted, lambda column: column.cast(pl.String), is_lossless=True),)
    if not any({found, wanted} <= group for group in (_NUMERIC, _MOMENTS)):
        return ()
    target = _TARGETS[wanted]

    def is_same(column: pl.Expr, value: pl.Expr) -> pl.Expr:
        return value.cast(dtype, strict=False).eq_missing(column)

    def differ(column: pl.Expr, value: pl.Expr) -> pl.Expr:
        return (~is_same(column, value)).any()

    return (
        Reading(
            wanted,
            lambda column: column.cast(target, strict=False),
            valid=is_same,
            doubts=differ,
            is_stripped=True,  # these are no texts
        ),
    )
