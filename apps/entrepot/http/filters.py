"""Filters in a query: every parameter that is no word of the API's own is one."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from entrepot_core.rows.query import RowFilter

WORDS = frozenset({"limit", "offset", "cursor", "count", "sort", "q", "columns", "or", "version", "format"})
"""What is no filter where rows are read or removed; a column that is called so is reached as ``limit__exact``."""

FILTERS: dict[str, object] = {
    "name": "filters",
    "in": "query",
    "description": (
        "Filters, all of which must hold: `column=value` or `column__op=value`, where `op` is one of `exact, not, "
        "contains, notcontains, startswith, endswith, gt, gte, lt, lte, in, notin, like, isnull, notnull, date`. "
        "The object's members stand in the query as parameters of their own; one may stand there several times."
    ),
    "schema": {"type": "object", "additionalProperties": {"type": "string"}},
    "style": "form",
    "explode": True,
    "examples": {
        "equal": {"summary": "make=audi", "value": {"make": "audi"}},
        "range": {"summary": "price__gte=5000&price__lt=10000", "value": {"price__gte": "5000", "price__lt": "10000"}},
        "list": {"summary": "make__in=audi,bmw", "value": {"make__in": "audi,bmw"}},
        "null": {"summary": "price__isnull=1", "value": {"price__isnull": "1"}},
    },
}
"""How the OpenAPI document tells of filters."""


def takes_filters(kinds: Iterable[type[msgspec.Struct]]) -> bool:
    """Whether an operation whose query has these structs takes filters."""
    return any(issubclass(kind, RowFilter) for kind in kinds)


def is_filter(name: str) -> bool:
    """Whether a parameter is a filter where filters are taken."""
    return name not in WORDS


def filters_of(given: Mapping[str, Sequence[str]]) -> tuple[tuple[str, str], ...]:
    """The filters among what was given, each with its value."""
    return tuple((name, text) for name, texts in given.items() if is_filter(name) for text in texts)
