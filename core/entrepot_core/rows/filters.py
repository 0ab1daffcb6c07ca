"""Which rows: conditions on columns, read from the texts that people write."""

from decimal import Decimal
from enum import StrEnum

import msgspec

from entrepot_core.errors import InvalidFilter, UnknownColumn
from entrepot_core.rows.lists import read_list
from entrepot_core.rows.values import Value, from_text, number
from entrepot_core.schema import ROW_ID, Field, FieldType, Schema


class Operator(StrEnum):
    """How a column's value is compared. A null is left in by those that say no: not, notin and notcontains."""

    EXACT = "exact"
    NOT = "not"
    CONTAINS = "contains"
    NOTCONTAINS = "notcontains"
    STARTSWITH = "startswith"
    ENDSWITH = "endswith"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    IN = "in"
    NOTIN = "notin"
    LIKE = "like"
    ISNULL = "isnull"
    NOTNULL = "notnull"
    DATE = "date"


_NULLS = frozenset({Operator.ISNULL, Operator.NOTNULL})
_EQUALITY = frozenset({Operator.EXACT, Operator.NOT, Operator.IN, Operator.NOTIN})
_ORDER = frozenset({Operator.GT, Operator.GTE, Operator.LT, Operator.LTE})
_TEXT = frozenset({
    Operator.CONTAINS, Operator.NOTCONTAINS, Operator.STARTSWITH, Operator.ENDSWITH, Operator.LIKE,
})  # fmt: skip
_LONGEST_PATTERN = 1_000
_TRUTHS = {"1": True, "true": True, "0": False, "false": False}

OPERATORS: dict[FieldType, frozenset[Operator]] = {
    FieldType.BOOLEAN: _NULLS | _EQUALITY,
    FieldType.INTEGER: _NULLS | _EQUALITY | _ORDER,
    FieldType.NUMBER: _NULLS | _EQUALITY | _ORDER,
    FieldType.STRING: _NULLS | _EQUALITY | _ORDER | _TEXT,
    FieldType.DATE: _NULLS | _EQUALITY | _ORDER | {Operator.DATE},
    FieldType.DATETIME: _NULLS | _EQUALITY | _ORDER | {Operator.DATE},
    FieldType.TIME: _NULLS | _EQUALITY | _ORDER,
    FieldType.DURATION: _NULLS | _EQUALITY | _ORDER,
    FieldType.BINARY: _NULLS | _EQUALITY,
    FieldType.JSON: _NULLS | _TEXT,
}
"""The operators that columns of a type have; those of ``json`` compare the value's JSON text."""


class Condition(msgspec.Struct, frozen=True):
    """One condition on one column. NaN counts as null.

    Attributes:
        column: The column, or ``_id``.
        operator: How it is compared.
        values: With what: one value, of ``in`` and ``notin`` any number, of ``isnull`` and ``notnull`` none. Of
            integers that are compared by order, a value may be a decimal; of ``like`` it is a pattern in which ``%``
            stands for any text and ``_`` for one character, but after a backslash.
        with_null: Whether the list of ``in`` or ``notin`` holds null.
    """

    column: str
    operator: Operator
    values: tuple[Value, ...] = ()
    with_null: bool = False


class AnyOf(msgspec.Struct, frozen=True):
    """Conditions of which one has to hold."""

    conditions: tuple[Condition, ...]


def condition(key: str, value: str, schema: Schema) -> Condition:
    """Read a filter ``column=value`` or ``column__op=value``.

    Raises:
        UnknownColumn: There is no such column.
        InvalidFilter: There is no such operator, not for this type, or the value is none of the column's type.
    """
    field, operator = resolve(key, schema)
    if operator not in OPERATORS[field.type]:
        known = ", ".join(one for one in Operator if one in OPERATORS[field.type])
        reason = f"{operator} is not for columns of type {field.type}; use {known}"
        raise InvalidFilter(filter=key, value=value[:200], reason=reason)
    try:
        return _condition(field, operator, value)
    except ValueError as error:
        advice = f"; rows without a value are {field.name}__isnull=1" if value.strip().lower() in _NOTHING else ""
        raise InvalidFilter(filter=key, value=value[:200], reason=f"{error}{advice}") from error


def resolve(key: str, schema: Schema) -> tuple[Field, Operator]:
    """The column and the operator that a filter's left side names; the longest name of a column wins.

    Raises:
        UnknownColumn: There is no such column.
        InvalidFilter: There is no such operator.
    """
    fields = fields_of(schema)
    if key in fields:
        return fields[key], Operator.EXACT
    column, separator, operator = key.rpartition("__")
    if not separator or column not in fields:
        raise UnknownColumn(column=(column if operator in _BY_NAME else key)[:200], columns=schema.names)
    if operator not in _BY_NAME:
        reason = f"there is no operator {operator[:50]!r}; there are {', '.join(Operator)}"
        raise InvalidFilter(filter=key[:200], value=None, reason=reason)
    return fields[column], _BY_NAME[operator]


def fields_of(schema: Schema) -> dict[str, Field]:
    """The columns of a table by their names, ``_id`` included."""
    return {ROW_ID: Field(ROW_ID, FieldType.INTEGER, nullable=False), **{one.name: one for one in schema.fields}}


_NOTHING = frozenset({"", "null", "none", "nan", "na", "n/a", "nat"})
"""What people write for no value."""

_BY_NAME = {str(operator): operator for operator in Operator}


def _condition(field: Field, operator: Operator, text: str) -> Condition:
    kind = field.type
    match operator:
        case Operator.ISNULL | Operator.NOTNULL:
            if text.lower() not in _TRUTHS:
                message = "give 1 or 0"
                raise ValueError(message)
            wants_null = _TRUTHS[text.lower()] == (operator is Operator.ISNULL)
            return Condition(field.name, Operator.ISNULL if wants_null else Operator.NOTNULL)
        case Operator.IN | Operator.NOTIN:
            texts = read_list(text)
            values = tuple(from_text(kind, one) for one in texts if one is not None)
            return Condition(field.name, operator, values, with_null=None in texts)
        case Operator.LIKE if len(text) > _LONGEST_PATTERN:
            message = f"give a pattern of at most {_LONGEST_PATTERN:,} characters"
            raise ValueError(message)
        case Operator.DATE:
            return Condition(field.name, operator, (from_text(FieldType.DATE, text),))
        case Operator.GT | Operator.GTE | Operator.LT | Operator.LTE if kind is FieldType.INTEGER:
            return Condition(field.name, operator, (_whole_or_not(text),))
        case _:
            return Condition(field.name, operator, (from_text(kind, text),))


def _whole_or_not(text: str) -> int | Decimal:
    found = number(text)
    if found is None:
        message = "give a number"
        raise ValueError(message)
    return int(found) if found.is_finite() and found == found.to_integral_value() else found
