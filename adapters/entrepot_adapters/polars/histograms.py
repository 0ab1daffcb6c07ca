"""Histograms of numbers."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot_core.profile import Histogram

AS_FLOATS = (pl.Decimal, pl.Int128, pl.UInt128, pl.Float16)
"""The types that numpy has no numbers for, or too narrow ones."""

_GREATEST = 2**64 - 1
"""The greatest integer that a column can hold, and JSON encoders write."""


def histogram(values: pl.Series, bins: int) -> Histogram | None:
    """Count how the values of a numeric series spread over bins of equal width.

    Args:
        values: Integers, floats or decimals; nulls, NaNs and infinities are left out.
        bins: The most bins there may be: integers get bins of a whole width (so few different ones get fewer bins),
            a constant gets one, and so do floats that lie too close for more.

    Returns:
        The histogram, or None where there is no finite value. Float edges are those of
        ``numpy.histogram_bin_edges``; integer edges those of the Hugging Face dataset viewer, but for the last one,
        which is a whole bin's width above the one before.
    """
    values = values.drop_nulls()
    if isinstance(values.dtype, AS_FLOATS):
        values = values.cast(pl.Float64)
    return histogram_of_sorted(np.sort(values.to_numpy()), bins)


def histogram_of_sorted(ordered: npt.NDArray[Any], bins: int) -> Histogram | None:
    """Count how ascending numbers spread over bins; infinities and NaNs are left out. See ``histogram``."""
    if ordered.dtype.kind == "f":
        ordered = ordered[np.searchsorted(ordered, -np.inf, "right") : np.searchsorted(ordered, np.inf, "left")]
    if not len(ordered):
        return None
    low, high = ordered[0].item(), ordered[-1].item()
    edges = integer_edges(low, high, bins) if ordered.dtype.kind in "iu" else float_edges(low, high, bins)
    kind = ordered.dtype if ordered.dtype.kind in "iu" else np.float64
    inner = np.searchsorted(ordered, np.array(edges[1:-1], dtype=kind), "left")
    counts = np.diff(np.concatenate(([0], inner, [len(ordered)])))
    return Histogram(counts=tuple(counts.tolist()), edges=tuple(edges))


def integer_edges(low: int, high: int, bins: int) -> list[int]:
    """The edges of at most ``bins`` bins of one whole width from ``low`` to beyond ``high``."""
    width = -(-(high - low + 1) // bins)
    edges = range(low, high + width + 1, width)
    return [min(edge, _GREATEST) for edge in edges]


def float_edges(low: float, high: float, bins: int) -> list[float]:
    """The edges of ``bins`` bins of one width, fewer where floats are too coarse for that; of one around a constant."""
    if low == high:
        return list(_around(low))
    if math.isfinite(high - low):
        with np.errstate(over="ignore"):  # of the last edge, which numpy then sets to ``high``
            edges = np.linspace(low, high, bins + 1, dtype=np.float64)
    else:  # the range itself is past the greatest float
        part = np.linspace(0.0, 1.0, bins + 1)
        edges = low * (1 - part) + high * part
    return [float(edge) for edge in np.unique(edges)]


def _around(value: float) -> Iterator[float]:
    """Two edges with a constant between them: half of one away, or as near as floats of its size can."""
    greatest = float(np.finfo(np.float64).max)
    apart = max(0.5, abs(value) * 2**-50)
    yield max(value - apart, -greatest)
    yield min(value + apart, greatest)
