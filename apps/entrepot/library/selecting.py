"""What people say about rows, as queries: filters with Python's values, an order, columns, a part."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypedDict, cast

from entrepot.library.values import text_value
from entrepot_core.errors import InvalidFilter, InvalidOption, UnknownColumn
from entrepot_core.rows.filters import Operator, resolve
from entrepot_core.rows.lists import quoted
from entrepot_core.rows.query import FacetQuery, RowFilter, RowQuery
from entrepot_core.schema import Field, Schema

Filters = Mapping[str, object]
"""Filters, as ``{"price__gt": 10, "make": "Volvo"}``."""

Groups = Filters | Sequence[tuple[str, object]] | str | Sequence[str]
"""Filters of which one has to hold; or in the form that URLs have, ``(price__lt.5,doors.3)``, one group or several."""

_NULLS = (("isnull", "1", "0"), ("notnull", "0", "1"), ("in", "[null]", None), ("notin", None, "[null]"))


class Selecting(TypedDict, total=False):
    """Which rows and columns of a table, and in which order; what is left out is all of them as they are stored.

    Attributes:
        columns: Only these, in this order; ``_id`` may be one.
        sort: A column to sort by, or several; a minus in front for descending. Nulls come last.
        q: Words that stand in some column of text, whatever their case.
        where: Filters, as the keyword arguments; for columns whose names are no words of Python.
        any_of: Filters of which one has to hold.
        limit: The most rows.
        offset: How many rows to skip.
    """

    columns: str | Sequence[str] | None
    sort: str | Sequence[str]
    q: str | None
    where: Filters | None
    any_of: Groups | None
    limit: int | None
    offset: int


def row_query(schema: Schema, said: Mapping[str, object], *, limit: int | None = None, count: bool = True) -> RowQuery:
    """Make a query of what was said.

    Args:
        schema: The table's columns.
        said: What ``Selecting`` has; all else are filters.
        limit: The most rows, where nothing is said.
        count: Whether to count all matches.

    Raises:
        UnknownColumn: A filter names a column that isn't there.
        InvalidFilter: A filter does not fit its column.
        InvalidOption: Something else can't be so.
    """
    columns = said.get("columns")
    rows = row_filter(schema, said)
    return RowQuery(
        where=rows.where,
        any_of=rows.any_of,
        q=rows.q,
        columns=None if columns is None else names(columns, "columns"),
        sort=names(said.get("sort") or (), "sort"),
        limit=_whole(said.get("limit", limit), "limit"),
        offset=_whole(said.get("offset"), "offset") or 0,
        count="exact" if count else "none",
    )


def facet_query(
    schema: Schema, columns: Sequence[str], said: Mapping[str, object], limit: int | None = None
) -> FacetQuery:
    """Make a query for the values of columns of what was said; see ``row_query``."""
    rows = row_filter(schema, said)
    most = _whole(limit, "limit")
    usual = FacetQuery.__struct_defaults__[-1]
    return FacetQuery(rows.where, rows.any_of, rows.q, names(columns, "columns"), usual if most is None else most)


def row_filter(schema: Schema, said: Mapping[str, object]) -> RowFilter:
    """Make a filter of what was said; see ``row_query``."""
    q, where, any_of = said.get("q"), said.get("where"), said.get("any_of")
    if not isinstance(q, str | None):
        raise _invalid("q", q, "give a text")
    if not isinstance(where, Mapping | None):
        raise _invalid("where", where, 'give a dict, as {"price__gt": 10}')
    filters = {name: value for name, value in said.items() if name not in Selecting.__optional_keys__}
    both = [*cast("Filters", where or {}).items(), *filters.items()]
    single = tuple(_filter(key, value, schema) for key, value in both)
    return RowFilter(where=single, any_of=tuple(_groups(any_of, schema)), q=q)


def names(given: object, option: str) -> tuple[str, ...]:
    """The names of columns, of one or of several.

    Raises:
        InvalidOption: It is none of that.
    """
    if isinstance(given, str):
        return (given,)
    found = tuple(cast("Iterable[object]", given)) if isinstance(given, Iterable) else (None,)
    if any(not isinstance(name, str) for name in found):
        raise _invalid(option, given, "give the name of a column, or a list of names")
    return cast("tuple[str, ...]", found)


def _groups(given: object, schema: Schema) -> Iterator[str]:
    """Groups of filters, in the form that URLs have."""
    if given is None:
        return
    items: list[object] = list(cast("Filters", given).items()) if isinstance(given, Mapping) else [given]
    if isinstance(given, Iterable) and not isinstance(given, str | Mapping):
        items = list(cast("Iterable[object]", given))
    pairs = [cast("tuple[str, object]", item) for item in items if _is_pair(item)]
    if items and len(pairs) == len(items):
        filters = [_filter(key, value, schema) for key, value in pairs]
        yield f"({','.join(f'{quoted(key)}.{quoted(text)}' for key, text in filters)})"
    elif items and all(isinstance(item, str) for item in items):
        yield from cast("list[str]", items)
    else:
        raise _invalid("any_of", given, 'give a dict of filters, as {"price__lt": 5, "doors": 3}, or a list of pairs')


def _is_pair(item: object) -> bool:
    return isinstance(item, tuple) and len(cast("tuple[object, ...]", item)) == len("kv") and isinstance(item[0], str)


def _filter(key: object, value: object, schema: Schema) -> tuple[str, str]:
    """A filter with its value as a text; None says something of nulls."""
    if not isinstance(key, str):
        raise _invalid("where", key, "a filter begins with the name of a column")
    field, operator = resolve(key, schema)
    if value is None and operator in {Operator.EXACT, Operator.NOT}:
        return _of_nulls(field, schema, wanted=operator is Operator.EXACT)
    if operator in {Operator.IN, Operator.NOTIN} and not isinstance(value, str):
        several = isinstance(value, Iterable) and not isinstance(value, bytes | Mapping)
        return key, _list(key, cast("Iterable[object]", value) if several else [value])
    text = text_value(value)
    if text is None:
        reason = "give a single value; a list is for in and notin, None says on its own or with not what nulls do"
        raise InvalidFilter(filter=key[:200], value=_shown(value), reason=reason)
    is_whole = isinstance(value, float) and value.is_integer() and field.type == "integer"
    return key, str(int(value)) if is_whole and isinstance(value, float) else text


def _list(key: str, values: Iterable[object]) -> str:
    import msgspec

    items = list(values)
    texts = [text_value(one) for one in items]
    for item, text in zip(items, texts, strict=True):
        if text is None and item is not None:
            raise InvalidFilter(filter=key[:200], value=_shown(item), reason="a list holds single values")
    return msgspec.json.encode(texts).decode()


def _of_nulls(field: Field, schema: Schema, *, wanted: bool) -> tuple[str, str]:
    """A filter for nulls, or for all else, whose left side no other column's name looks like."""
    for operator, for_nulls, for_others in _NULLS:
        text, key = for_nulls if wanted else for_others, f"{field.name}__{operator}"
        if text is not None and resolve(key, schema)[0] == field:
            return key, text
    raise UnknownColumn(column=field.name[:200], columns=schema.names)


def _whole(value: object, option: str) -> int | None:
    if not isinstance(value, int | None) or isinstance(value, bool):
        raise _invalid(option, value, "give a whole number")
    return value


def _invalid(option: str, value: object, reason: str) -> InvalidOption:
    return InvalidOption(option=option, value=_shown(value), reason=reason)


def _shown(value: object) -> str:
    return repr(value)[:100]
