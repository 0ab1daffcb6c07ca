"""Counts the values of columns."""

from collections.abc import Sequence

import msgspec
import polars as pl

from entrepot_adapters.polars.querying.matching import Places, Table
from entrepot_adapters.polars.querying.predicates import plain_values
from entrepot_adapters.polars.rows import json_array
from entrepot_core.rows.views import Facet, FacetValue

_VALUE, _COUNT = "value", "count"


class _Cell(msgspec.Struct):
    value: msgspec.Raw


def facets(table: Table, columns: Sequence[str], places: Places | None, limit: int) -> tuple[Facet, ...]:
    """The most frequent values of columns among some rows, or all."""
    return tuple(_facet(table, name, places, limit) for name in columns)


def _facet(table: Table, name: str, places: Places | None, limit: int) -> Facet:
    if not table.parts:
        return Facet(name, (), more=False)
    values = table.column(name) if places is None else table.column(name).gather(places)
    dtype = table.dtypes[name]
    plain = pl.DataFrame({_VALUE: values}).select(plain_values(pl.col(_VALUE), dtype).alias(_VALUE))
    counted = plain.to_series().value_counts(name=_COUNT)
    best = counted.sort(_COUNT, _VALUE, descending=[True, False], nulls_last=True).head(limit + 1)
    shown = best.head(limit)
    is_document = dtype.is_nested() or name in table.documents
    cells = json_array(shown.select(_VALUE), frozenset([_VALUE] if is_document else []))
    texts = [bytes(cell.value) for cell in msgspec.json.decode(cells, type=list[_Cell])]
    if dtype.is_float():  # JSON has null for infinities, which would look like one more null
        pairs = zip(texts, shown[_VALUE].is_infinite(), shown[_VALUE], strict=True)
        texts = [f'"{value}"'.encode() if is_infinite else text for text, is_infinite, value in pairs]
    found = zip(texts, shown[_COUNT].to_list(), strict=True)
    return Facet(name, tuple(FacetValue(msgspec.Raw(text), count) for text, count in found), more=best.height > limit)
