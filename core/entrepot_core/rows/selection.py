"""Which rows and columns of one table, in which order: a query that was held against the table's schema."""

import re
from collections.abc import Sequence

import msgspec

from entrepot_core.changes import check_texts
from entrepot_core.errors import InvalidFilter, InvalidOption, UnknownColumn
from entrepot_core.rows.filters import AnyOf, Condition, condition, fields_of, resolve
from entrepot_core.rows.lists import left_unquoted, read_alternatives, unquoted
from entrepot_core.rows.query import RowFilter, RowQuery
from entrepot_core.schema import ROW_ID, FieldType, Schema

_MOST_WORDS = 32
_MOST_CONDITIONS = 1_000


class Search(msgspec.Struct, frozen=True):
    """Words that must all stand somewhere in these columns, whatever their case.

    Attributes:
        words: The words; one may be several that stand together.
        columns: The columns of text.
    """

    words: tuple[str, ...]
    columns: tuple[str, ...]


class Order(msgspec.Struct, frozen=True):
    """A column to sort by."""

    column: str
    descending: bool = False


Filter = Condition | AnyOf | Search


class Selection(msgspec.Struct, frozen=True):
    """Rows and columns of a table.

    Attributes:
        columns: The columns, in order; ``_id`` may be one.
        filters: What all has to hold.
        order: What to sort by; then, and without, by ``_id``. Nulls and NaN come last.
    """

    columns: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    order: tuple[Order, ...] = ()

    @property
    def is_stored(self) -> bool:
        """Whether these are all rows in the order they are stored in."""
        return not self.filters and not self.order


def select(query: RowQuery, schema: Schema, unsearched: Sequence[str] = ()) -> Selection:
    """Hold a query against a schema.

    Args:
        query: What is asked for.
        schema: The columns there are.
        unsearched: Columns whose texts are not for people, in which ``q`` is not looked for.

    Raises:
        UnknownColumn: It names a column that isn't there.
        InvalidFilter: A filter does not fit its column.
        InvalidOption: There are too many words to search for, or what is searched for is no text.
    """
    columns = schema.names if query.columns is None else known(query.columns, schema)
    order = tuple(_order(one, schema) for one in query.sort)
    return Selection(tuple(columns), filters(query, schema, unsearched), order)


def filters(query: RowFilter, schema: Schema, unsearched: Sequence[str] = ()) -> tuple[Filter, ...]:
    """What has to hold of a row; see ``select``."""
    single = tuple(condition(key, value, schema) for key, value in query.where)
    groups = tuple(AnyOf(_alternatives(text, schema)) for text in query.any_of)
    if len(single) + sum(len(group.conditions) for group in groups) > _MOST_CONDITIONS:
        reason = f"give at most {_MOST_CONDITIONS:,} filters; for many values of one column there is in"
        raise InvalidOption(option="filters", value="…", reason=reason)
    words = _words(query.q or "")
    strings = (field.name for field in schema.fields if field.type is FieldType.STRING)
    texts = tuple(name for name in strings if name not in unsearched)
    return (*single, *groups, *((Search(words, texts),) if words else ()))


def known(columns: Sequence[str], schema: Schema) -> list[str]:
    """The columns, each once.

    Raises:
        UnknownColumn: One isn't there.
    """
    there = fields_of(schema)
    named = [column if column in there else column.strip() for column in columns]  # as in ``make, price``
    for column in named:
        if column not in there:
            raise UnknownColumn(column=column[:200], columns=schema.names)
    return list(dict.fromkeys(named))


def _order(text: str, schema: Schema) -> Order:
    there = fields_of(schema)
    text = text if text in there else text.strip()
    if text in there:
        return Order(text)
    [column] = known([text.removeprefix("-")], schema)
    return Order(column, descending=True)


def _alternatives(text: str, schema: Schema) -> tuple[Condition, ...]:
    """The conditions of a group, each once."""
    texts = dict.fromkeys(read_alternatives(text))
    if len(texts) > _MOST_CONDITIONS:
        raise InvalidOption(option="or", value="…", reason=f"give at most {_MOST_CONDITIONS:,} filters in a group")
    return tuple(_alternative(one, schema) for one in texts)


def _alternative(text: str, schema: Schema) -> Condition:
    """A filter ``column__op.value``. Names may hold dots: the longest that is a column's wins."""
    dots = [found.start() for found in re.finditer(r"\.", text)]
    for dot in reversed(dots):
        key = left_unquoted(text[:dot])
        try:
            resolve(key, schema)
        except (UnknownColumn, InvalidFilter):
            continue
        return condition(key, unquoted(text[dot + 1 :]), schema)
    if not dots:
        raise InvalidFilter(filter="or", value=text[:200], reason="give each filter as column__op.value")
    return condition(left_unquoted(text[: dots[0]]), "", schema)  # which tells what is wrong with it


def _words(text: str) -> tuple[str, ...]:
    check_texts(q=text)
    found = [phrase or word for phrase, word in re.findall(r'"([^"]+)"|([^\s"]+)', text)]
    if len(found) > _MOST_WORDS:
        raise InvalidOption(option="q", value=text[:200], reason=f"give at most {_MOST_WORDS} words")
    return tuple(dict.fromkeys(found))


__all__ = ["ROW_ID", "Filter", "Order", "Search", "Selection", "filters", "known", "select"]
