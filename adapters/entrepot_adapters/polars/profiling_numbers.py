"""Statistics of integers and floats."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot_adapters.polars.columns import StoredColumn
from entrepot_adapters.polars.histograms import AS_FLOATS, histogram_of_sorted
from entrepot_adapters.polars.moments import Array, Mask, Moments, moments
from entrepot_core.profile import FieldStatistics, Summary
from entrepot_core.schema import Field

BINS = 20
"""The most bins of the histograms that are stored with a version."""


def profile_numbers(column: StoredColumn, field: Field) -> FieldStatistics:
    """Describe a column of integers, floats or decimals (these as floats)."""
    values, missing = read_values(column)
    ordered = sorted_values(values, missing)
    ends = (ordered[0].item(), ordered[-1].item()) if len(ordered) else (None, None)
    bins = histogram_of_sorted(ordered, BINS)
    if missing is not None and values.dtype.kind != "f":  # pandas has no integers with nulls
        values, ordered = values.astype(np.float64), ordered.astype(np.float64)
    return FieldStatistics(
        name=field.name,
        type=field.type,
        count=len(ordered),
        missing=column.rows - len(ordered),
        summary=_summary(moments(values, missing, ordered), *ends),
        histogram=bins,
    )


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


def sorted_values(values: Array, missing: Mask | None) -> Array:
    """The values that are there, ascending."""
    ordered: Array = values.copy() if missing is None else values[~missing]
    ordered.sort()
    return ordered


def _summary(found: Moments, low: float | None, high: float | None) -> Summary:
    return Summary(
        mean=_finite(found.mean),
        std=_finite(found.std),
        min=_finite(low),
        q25=_finite(found.quartiles[0]),
        median=_finite(found.quartiles[1]),
        q75=_finite(found.quartiles[2]),
        max=_finite(high),
    )


def _finite(value: float | None) -> float | None:
    """The number, or None for what JSON has no number for."""
    return value if value is not None and math.isfinite(value) else None
