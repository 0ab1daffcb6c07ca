"""Mean, standard deviation and quartiles to the last bit as pandas computes them.

After pandas 3.1 (``core/nanops.py``: ``nanmean``, ``nanvar``; ``core/array_algos/quantile.py``) and the ``linear``
method of numpy's ``quantile``. Sums are rounded at every step, so their order counts: it is numpy's pairwise order
over the values as they stand in the file, with zero for the missing ones.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]

PIECE = 1 << 16
"""Values of which copies are made at a time: they stay in a processor's cache."""


def mean(values: Array, missing: Mask | None) -> float:
    """The arithmetic mean, in the precision of the column; NaN where there is no value.

    Args:
        values: Floats in their original order, zero where missing; or integers, if pandas keeps them as such: those
            without nulls, and what stands for dates and times.
        missing: Where there is no value; None where there is one everywhere.
    """
    count = _count(values, missing)
    if not count:
        return float("nan")
    precision = _precision(values)
    with np.errstate(all="ignore"):  # sums may overflow
        return float(values.sum(dtype=precision) / precision(count))


def standard_deviation(values: Array, missing: Mask | None) -> float:
    """The sample standard deviation, in two passes; NaN for one value. Takes what ``mean`` takes."""
    with np.errstate(all="ignore"):  # infinities make NaNs
        precision = _precision(values)
        count = precision(_count(values, missing))
        if count <= 1:
            return float("nan")
        variance = _squares(values, missing, _average(values, count)) / (count - precision(1))
        return float(np.sqrt(precision(variance)))


def _average(values: Array, count: np.floating[Any]) -> np.float64:
    if values.dtype.kind == "f":
        return np.float64(values.sum(dtype=np.float64) / count)
    return np.float64(_pairwise(len(values), lambda piece: values[piece].astype(np.float64).sum()) / count)


def _squares(values: Array, missing: Mask | None, average: np.float64) -> np.float64:
    """The sum of the squared distances from the average."""

    def part(piece: slice) -> np.float64:
        squares = np.subtract(average, values[piece], dtype=np.float64)
        np.square(squares, out=squares)
        if missing is not None:
            np.putmask(squares, missing[piece], 0)
        return np.float64(squares.sum(dtype=np.float64))

    return _pairwise(len(values), part)


def quartiles(ordered: Array, *, some_missing: bool, scale: int = 1) -> tuple[float, float, float]:
    """The quartiles, interpolated as numpy does; NaN where there is no value.

    Args:
        ordered: The values that are there, ascending.
        some_missing: Whether others are not, so that pandas takes integers for floats; False for dates and times.
        scale: How much one is, as an integer of 64 bits.
    """
    if not len(ordered):
        nothing = float("nan")
        return nothing, nothing, nothing
    own = ordered.dtype.type if scale == 1 else np.int64
    kind = np.float64 if some_missing and ordered.dtype.kind != "f" else own
    with np.errstate(all="ignore"):  # between infinities there is nothing
        low, middle, high = (_quantile(ordered, part, kind, scale) for part in (0.25, 0.5, 0.75))
    if some_missing:  # pandas then puts them back into the column's precision
        low, middle, high = kind(low), kind(middle), kind(high)
    return float(low), float(middle), float(high)


def _quantile(ordered: Array, part: float, kind: type[np.number[Any]], scale: int) -> np.number[Any]:
    place = np.float64(len(ordered) - 1) * part
    # At the upper end numpy takes the last value for both neighbours and counts from -1.
    left = -1 if place >= len(ordered) - 1 else int(place)
    before, after = kind(ordered[left]) * scale, kind(ordered[left if left < 0 else left + 1]) * scale
    weight = np.float64(place - left)
    apart = after - before  # integers wrap around here, in numpy too
    return np.float64(before + apart * weight if weight < 0.5 else after - apart * (1 - weight))  # noqa: PLR2004 - a half


def _precision(values: Array) -> type[np.floating[Any]]:
    return values.dtype.type if values.dtype.kind == "f" else np.float64


def _count(values: Array, missing: Mask | None) -> int:
    return len(values) - (int(missing.sum()) if missing is not None else 0)


def _pairwise(length: int, part: Callable[[slice], np.float64], start: int = 0) -> np.float64:
    """Add up what ``part`` gives for pieces, halving the range as numpy's sum does, so that no copy is made whole."""
    if length <= PIECE:
        return part(slice(start, start + length))
    half = length // 2
    half -= half % 8
    return np.float64(_pairwise(half, part, start) + _pairwise(length - half, part, start + half))
