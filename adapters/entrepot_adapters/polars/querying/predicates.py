"""Filters as polars expressions, which are true or false and never null."""

import re

import msgspec
import polars as pl

from entrepot_adapters.polars.encoding import json_text
from entrepot_adapters.polars.querying.comparing import any_of, compare, equal_to_any, on_day
from entrepot_adapters.polars.querying.folding import folded
from entrepot_core.errors import InvalidFilter
from entrepot_core.rows.filters import AnyOf, Condition, Operator
from entrepot_core.rows.selection import Filter, Search


class Column(msgspec.Struct, frozen=True):
    """A column to be asked about.

    Attributes:
        values: Its values, as an expression.
        dtype: Their type.
        folded: Its texts as searches compare them, where it is one of text that is searched.
    """

    values: pl.Expr
    dtype: pl.DataType
    folded: pl.Expr


Columns = dict[str, Column]


def columns_of(wanted: Filter) -> list[str]:
    """The columns that a filter asks about."""
    match wanted:
        case Condition():
            return [wanted.column]
        case AnyOf():
            return [condition.column for condition in wanted.conditions]
        case Search():
            return list(wanted.columns)


def predicate(wanted: Filter, columns: Columns) -> pl.Expr:
    """Whether a filter holds.

    Raises:
        InvalidFilter: A value doesn't fit how its column is stored.
    """
    match wanted:
        case Condition():
            return _condition(wanted, columns[wanted.column])
        case AnyOf():
            return any_of([_condition(condition, columns[condition.column]) for condition in wanted.conditions])
        case Search():
            return _search(wanted, columns)


def plain_values(values: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Values to be compared or sorted: NaN as null, words of a list as texts, nested values as JSON."""
    if dtype.is_float():
        return values.fill_nan(None)
    if isinstance(dtype, pl.Enum | pl.Categorical):
        return values.cast(pl.String)
    return json_text(values, dtype) if dtype.is_nested() else values


def _condition(wanted: Condition, column: Column) -> pl.Expr:
    values, dtype = plain_values(column.values, column.dtype), column.dtype
    try:
        return _decided(wanted, values, dtype)
    except InvalidFilter as error:
        raise InvalidFilter(filter=f"{wanted.column}__{wanted.operator}", value=None, reason=error.reason) from error


def _decided(wanted: Condition, values: pl.Expr, dtype: pl.DataType) -> pl.Expr:  # noqa: PLR0911 - a line for each operator
    is_null, first = values.is_null(), wanted.values[0] if wanted.values else None
    match wanted.operator:
        case Operator.ISNULL:
            return is_null
        case Operator.NOTNULL:
            return ~is_null
        case Operator.IN:
            return _listed(wanted, values, dtype)
        case Operator.NOTIN:
            return ~_listed(wanted, values, dtype)
        case Operator.NOT if first is not None:
            return ~_sure(compare(values, dtype, Operator.EXACT, first))
        case Operator.DATE if isinstance(first, int):
            return _sure(on_day(values, dtype, first))
        case Operator.NOTCONTAINS if isinstance(first, str):
            return ~_sure(_text(Operator.CONTAINS, values, first))
        case Operator.CONTAINS | Operator.STARTSWITH | Operator.ENDSWITH | Operator.LIKE if isinstance(first, str):
            return _sure(_text(wanted.operator, values, first))
        case how if first is not None:
            return _sure(compare(values, dtype, how, first))
        case how:
            raise TypeError(how)


def _listed(wanted: Condition, values: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    found = _sure(equal_to_any(values, dtype, wanted.values))
    return found | values.is_null() if wanted.with_null else found


def _text(how: Operator, values: pl.Expr, text: str) -> pl.Expr:
    match how:
        case Operator.STARTSWITH:
            return values.str.starts_with(text)
        case Operator.ENDSWITH:
            return values.str.ends_with(text)
        case Operator.LIKE:
            return values.str.contains(_regex_of(text))
        case _:
            return values.str.contains(text, literal=True)


def _regex_of(pattern: str) -> str:
    """A pattern of SQL's LIKE as a regular expression: ``%`` any text, ``_`` a character, but after a backslash."""
    wild = {"%": ".*", "_": "."}
    pieces = re.findall(r"\\.|.", pattern, re.DOTALL)
    regex = "".join(wild.get(piece) or _escaped(piece[1:] if len(piece) > 1 else piece) for piece in pieces)
    return f"(?s)^{regex}$"


def _escaped(character: str) -> str:
    """A character that means itself to the regular expressions of Rust."""
    return f"\\x{{{ord(character):x}}}" if not character.isalnum() else character


def _search(wanted: Search, columns: Columns) -> pl.Expr:
    """Whether each word stands in some column."""
    if not wanted.columns:
        return pl.lit(value=False)
    texts = [columns[name].folded for name in wanted.columns]
    words = folded(pl.Series(wanted.words, dtype=pl.String)).to_list()
    return pl.all_horizontal(any_of([_sure(text.str.contains(word, literal=True)) for text in texts]) for word in words)


def _sure(found: pl.Expr) -> pl.Expr:
    """A null answer is no."""
    return found.fill_null(value=False)
