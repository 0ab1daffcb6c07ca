"""Rows that were given, as columns of the types that a table stores."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot_adapters.polars.editing.storable import carrier, document, storable
from entrepot_core.errors import CellError, InvalidRows
from entrepot_core.rows.edits import TypedRow
from entrepot_core.schema import ROW_ID

Ids = npt.NDArray[Any]
"""Numbers of rows, ascending, each once."""

_MOST_ERRORS = 100


class Columns(msgspec.Struct, frozen=True):
    """What columns store.

    Attributes:
        dtypes: The type of each, ``_id`` included, in order.
        documents: Those whose texts are JSON.
    """

    dtypes: Mapping[str, pl.DataType]
    documents: AbstractSet[str]

    def series(self, name: str, values: Sequence[object]) -> pl.Series:
        """Values that ``stored`` gave, as a column."""
        dtype, carried = self.dtypes[name], carrier(self.dtypes[name])
        series = pl.Series(name, values, dtype=carried)
        return series if carried == dtype else series.cast(dtype)

    def stored(self, name: str, value: object) -> object:
        """What a column stores for a value.

        Raises:
            ValueError: It can't be stored.
        """
        return document(value) if name in self.documents else storable(self.dtypes[name], value)


def new_frame(rows: Sequence[TypedRow], columns: Columns, first: int) -> pl.DataFrame:
    """The rows as a table stores them, numbered from ``first``; what they don't give is null.

    Raises:
        InvalidRows: A value can't be stored as its column stores values.
    """
    found = {name: values for name, _, values in _stored(rows, columns, whole=True)}
    numbers = pl.Series(ROW_ID, range(first, first + len(rows)), dtype=columns.dtypes[ROW_ID])
    return pl.DataFrame([numbers, *(columns.series(name, values) for name, values in found.items())])


class Given(msgspec.Struct, frozen=True):
    """The new values of a column, and the numbers of their rows."""

    ids: Ids
    values: pl.Series


def new_values(rows: Sequence[TypedRow], columns: Columns, *, whole: bool) -> dict[str, Given]:
    """The new values of each column that some row gives, in the order of the rows' numbers.

    Raises:
        InvalidRows: A value can't be stored as its column stores values.
    """
    stored = _stored(rows, columns, whole=whole)
    return {name: Given(np.array(ids), columns.series(name, values)) for name, ids, values in _in_order(stored)}


_Stored = tuple[str, list[int], list[object]]
"""A column, and of each of its values the row's number and what is stored."""


def _in_order(stored: Sequence[_Stored]) -> Iterator[_Stored]:
    for name, ids, values in stored:
        order = sorted(range(len(ids)), key=ids.__getitem__)
        if order:
            yield name, [ids[place] for place in order], [values[place] for place in order]


def _stored(rows: Sequence[TypedRow], columns: Columns, *, whole: bool) -> list[_Stored]:
    found, errors = list[_Stored](), list[CellError]()
    for name in columns.dtypes:
        if name == ROW_ID:
            continue
        ids, values = list[int](), list[object]()
        for place, row in enumerate(rows, 1):
            if whole or name in row.values:
                try:
                    values.append(columns.stored(name, row.values.get(name)))
                    ids.append(row.id or 0)
                except ValueError as error:
                    errors.append(CellError(row=place, column=name[:200], value=None, detail=str(error)))
        found.append((name, ids, values))
    if errors:
        raise InvalidRows(errors=sorted(errors, key=lambda error: error.row)[:_MOST_ERRORS])
    return found
