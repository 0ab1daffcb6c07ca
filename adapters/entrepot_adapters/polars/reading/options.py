"""What a caller's options mean for a file, whatever its format."""

from collections.abc import Mapping, Sequence

import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.inference.readings import Sense
from entrepot_core.dialect import ImportOptions
from entrepot_core.errors import UnknownColumn
from entrepot_core.formats import Format
from entrepot_core.ports.importer import ImportTask
from entrepot_core.schema import FieldType

_OTHERS = "*"
_FORMATS_OF = {
    "encoding": "text",
    "delimiter": "CSV",
    "quote": "CSV",
    "escape": "CSV",
    "header": "CSV and Excel",
    "header_rows": "CSV and Excel",
    "skip_lines": "CSV and Excel",
    "on_error": "CSV",
    "sheet": "Excel",
    "date_order": "CSV, JSON and texts asked to be dates",
    "decimal": "CSV",
}

_ORDERS = {"day_first": Sense.DAY_FIRST, "month_first": Sense.MONTH_FIRST}
_DATES = {FieldType.DATE, FieldType.DATETIME}
NUMBERS = frozenset({FieldType.INTEGER, FieldType.NUMBER})
"""The types of which texts may be written with a comma before decimals."""


def types_asked(types: Mapping[str, FieldType], names: Sequence[str]) -> dict[str, FieldType]:
    """Say which type is asked for, by column.

    Raises:
        UnknownColumn: A type is asked for a column that is not there.
    """
    for name in types:
        if name != _OTHERS and name not in names:
            raise UnknownColumn(column=name, columns=list(names))
    others = dict.fromkeys(names, types[_OTHERS]) if _OTHERS in types else {}
    return others | {name: kind for name, kind in types.items() if name in names}


def nulled(column: pl.Expr, null_values: Sequence[str]) -> pl.Expr:
    """Texts, with null in the place of those that mean it."""
    return pl.when(~column.is_in(list(null_values))).then(column) if null_values else column


def with_conventions(columns: Sequence[Column], task: ImportTask) -> list[Column]:
    """The columns, told how dates and numbers are read in them that could be either way round."""
    options = task.options.over(task.usual)
    order = _ORDERS.get(options.date_order or "")
    return [replace(column, date_order=order, decimal=options.decimal) for column in columns]


def conventions(columns: Sequence[Column], usual: ImportOptions) -> dict[str, str]:
    """Which conventions the columns that were read show, all of them the same; by the name of the option for it.

    Args:
        columns: The columns.
        usual: What was shown before, which holds on where nothing speaks against it.
    """
    senses = {column.reading.sense for column in columns}
    orders: list[str] = [name for name, sense in _ORDERS.items() if sense in senses]
    marks = [column.reading.point for column in columns if column.shows_decimal]
    is_open = all(column.reading.point is None for column in columns)
    order = orders[0] if len(orders) == 1 else None
    mark = marks[0] if len(set(marks)) == 1 else None
    found = {
        "date_order": order if orders else usual.date_order,
        "decimal": usual.decimal if is_open else mark,
    }
    return {name: said for name, said in found.items() if said is not None}


def used_by_types(options: ImportOptions) -> frozenset[str]:
    """The options that mean something for texts which are not guessed, by the types asked for."""
    asked = {*options.types.values()}
    return frozenset(name for name, types in (("date_order", _DATES), ("decimal", NUMBERS)) if asked & types)


def unused(options: ImportOptions, kind: Format, used: frozenset[str]) -> list[str]:
    """Say which of the options that a caller gave mean nothing for a format.

    They are no error, as they may have come from the version before, which was made of another format.
    """
    given = [name for name in _FORMATS_OF if getattr(options, name) is not None and name not in used]
    return [f"The option {name} is for {_FORMATS_OF[name]} and was not used for {kind}." for name in given]
