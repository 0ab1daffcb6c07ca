"""Statistics of integers and floats."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot_adapters.polars.columns import StoredColumn
from entrepot_adapters.polars.histograms import histogram_of_sorted
from entrepot_adapters.polars.moments import Array, Mask, moments
from entrepot_core.profile import FieldStatistics, Summary
from entrepot_core.schema import Field

BINS = 20
"""The most bins of the histograms that are stored with a version."""

_AS_FLOATS = (pl.Decimal, pl.Int128, pl.UInt128, pl.Float16)


def profile_numbers(column: StoredColumn, field: Field) -> FieldStatistics:
    """Describe a column of integers, floats or decimals (these as floats)."""
    values, missing = read_values(column)
    ordered = sorted_values(values, missing)
    return FieldStatistics(
        name=field.name,
        type=field.type,
        count=len(ordered),
        missing=column.rows - len(ordered),
        summary=_summary(values, missing, ordered),
        histogram=histogram_of_sorted(ordered, BINS),
    )


def read_values(column: StoredColumn, scale: int = 1) -> tuple[Array, Mask | None]:
    """Read a whole column as numbers.

    Args:
        column: Of numbers, or of dates or times, which are read as the integers that stand for them.
        scale: What to multiply them by.

    Returns:
        The values in their order, zero where there is none, and where there is none; None where there are all.
    """
    dtype = _number_type(column.dtype) if scale == 1 else np.dtype(np.int64)
    values = np.zeros(column.rows, dtype=dtype)
    missing = np.zeros(column.rows, dtype=np.bool_)
    start = 0
    for batch in column.batches():
        stop = start + len(batch)
        _fill(values[start:stop], missing[start:stop], batch)
        start = stop
    if scale != 1:
        values *= scale
    return values, missing if missing.any() else None


def _number_type(dtype: pl.DataType) -> np.dtype[Any]:
    if isinstance(dtype, _AS_FLOATS):
        return np.dtype(np.float64)
    stored: np.dtype[Any] = pl.Series([], dtype=dtype).to_physical().to_numpy().dtype
    return stored


def _fill(values: Array, missing: npt.NDArray[np.bool_], batch: pl.Series) -> None:
    if isinstance(batch.dtype, _AS_FLOATS):
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


def _summary(values: Array, missing: Mask | None, ordered: Array) -> Summary:
    found = moments(values, missing, ordered)
    low, middle, high = found.quartiles
    return Summary(
        mean=finite(found.mean),
        std=finite(found.std),
        min=finite(ordered[0].item()) if len(ordered) else None,
        q25=finite(low),
        median=finite(middle),
        q75=finite(high),
        max=finite(ordered[-1].item()) if len(ordered) else None,
    )


def finite(value: float) -> float | None:
    """The number, or None for what JSON has no number for."""
    return value if math.isfinite(value) else None
