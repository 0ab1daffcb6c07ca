"""Statistics of integers and floats."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot_adapters.polars.columns import StoredColumn
from entrepot_adapters.polars.histograms import AS_FLOATS, histogram_of_sorted
from entrepot_adapters.polars.moments import PIECE, Array, Mask, mean, quartiles, standard_deviation
from entrepot_core.profile import FieldStatistics, Summary
from entrepot_core.schema import Field

BINS = 20
"""The most bins of the histograms that are stored with a version."""


def profile_numbers(column: StoredColumn, field: Field) -> FieldStatistics:
    """Describe a column of integers, floats or decimals (these as floats)."""
    values, missing = read_values(column)
    average, deviation = _mean_and_deviation(values, missing)
    ordered = in_order(values, missing)
    return FieldStatistics(
        name=field.name,
        type=field.type,
        count=len(ordered),
        missing=column.rows - len(ordered),
        summary=_summary(average, deviation, ordered, some_missing=missing is not None),
        histogram=histogram_of_sorted(ordered, BINS),
    )


def _mean_and_deviation(values: Array, missing: Mask | None) -> tuple[float, float]:
    # pandas has no integers with nulls
    numbers = values if missing is None or values.dtype.kind == "f" else values.astype(np.float64)
    return mean(numbers, missing), standard_deviation(numbers, missing)


def read_values(column: StoredColumn) -> tuple[Array, Mask | None]:
    """Read a whole column as numbers.

    Args:
        column: Of numbers, or of dates or times, which are read as the integers that stand for them.

    Returns:
        The values in their order, zero where there is none, and where there is none; None where there are all.
    """
    values = np.zeros(column.rows, dtype=_number_type(column.dtype))
    missing = np.zeros(column.rows, dtype=np.bool_)
    start = 0
    for batch in column.batches():
        stop = start + len(batch)
        _fill(values[start:stop], missing[start:stop], batch)
        start = stop
    return values, missing if missing.any() else None


def in_order(values: Array, missing: Mask | None) -> Array:
    """The values that are there, ascending, in the memory of ``values``: new memory costs as much as sorting."""
    count = len(values) if missing is None else _brought_forward(values, missing)
    ordered = values[:count]
    ordered.sort()
    return ordered


def _brought_forward(values: Array, missing: Mask) -> int:
    """Put the values that are there one behind the other, and say how many they are."""
    count = 0
    for start in range(0, len(values), PIECE):
        piece = slice(start, start + PIECE)
        present = values[piece][~missing[piece]]
        values[count : count + len(present)] = present
        count += len(present)
    return count


def _number_type(dtype: pl.DataType) -> np.dtype[Any]:
    if isinstance(dtype, AS_FLOATS):
        return np.dtype(np.float64)
    stored: np.dtype[Any] = pl.Series([], dtype=dtype).to_physical().to_numpy().dtype
    return stored


def _fill(values: Array, missing: npt.NDArray[np.bool_], batch: pl.Series) -> None:
    if isinstance(batch.dtype, AS_FLOATS):
        batch = batch.cast(pl.Float64)
    batch = batch.to_physical()
    if batch.null_count():
        missing[:] = batch.is_null().to_numpy()
        batch = batch.fill_null(0)
    values[:] = batch.to_numpy()
    if values.dtype.kind == "f":
        absent = np.isnan(values)
        missing |= absent
        values[absent] = 0


def _summary(average: float, deviation: float, ordered: Array, *, some_missing: bool) -> Summary:
    low, middle, high = quartiles(ordered, some_missing=some_missing)
    return Summary(
        mean=_finite(average),
        std=_finite(deviation),
        min=_finite(ordered[0].item()) if len(ordered) else None,
        q25=_finite(low),
        median=_finite(middle),
        q75=_finite(high),
        max=_finite(ordered[-1].item()) if len(ordered) else None,
    )


def _finite(value: float) -> float | None:
    """The number, or None for what JSON has no number for."""
    return value if math.isfinite(value) else None
