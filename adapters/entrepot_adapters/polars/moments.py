"""Mean, standard deviation and quartiles to the last bit as pandas computes them.

After pandas 3.1 (``core/nanops.py``: ``nanmean``, ``nanvar``; ``core/array_algos/quantile.py``) and the ``linear``
method of numpy's ``quantile``. Sums are rounded at every step, so their order counts: it is numpy's pairwise order
over the values as they stand in the file, with zero for the missing ones.
"""

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]

_PIECE = 1 << 19
"""Values whose squares are held at a time."""


class Moments(msgspec.Struct, frozen=True):
    """The moments of a column; NaN where there is none, or where floats overflow."""

    mean: float
    std: float
    quartiles: tuple[float, float, float]


def moments(values: Array, missing: Mask | None, ordered: Array) -> Moments:
    """Compute what pandas' ``describe()`` gives.

    Args:
        values: Floats in their original order, zero where missing; or integers, if pandas keeps them as such: those
            without nulls, and what stands for dates and times.
        missing: Where there is no value; None where there is one everywhere.
        ordered: The values that are there, ascending.
    """
    with np.errstate(all="ignore"):
        return Moments(
            mean=mean(values, missing),
            std=standard_deviation(values, missing),
            quartiles=quartiles(ordered, some_missing=missing is not None),
        )


def mean(values: Array, missing: Mask | None) -> float:
    """The arithmetic mean, in the precision of the column."""
    count = _count(values, missing)
    if not count:
        return float("nan")
    precision = _precision(values)
    return float(values.sum(dtype=precision) / precision(count))


def standard_deviation(values: Array, missing: Mask | None) -> float:
    """The sample standard deviation, in two passes."""
    precision = _precision(values)
    count = precision(_count(values, missing))
    if count <= 1:
        return float("nan")
    if values.dtype.kind == "f":
        average = values.sum(dtype=np.float64) / count
    else:
        average = _pairwise(len(values), lambda start, stop: values[start:stop].astype(np.float64).sum()) / count

    def squares(start: int, stop: int) -> np.float64:
        piece = values[start:stop]
        apart = (average - (piece if piece.dtype.kind == "f" else piece.astype(np.float64))) ** 2
        if missing is not None:
            np.putmask(apart, missing[start:stop], 0)
        return np.float64(apart.sum(dtype=np.float64))

    variance = _pairwise(len(values), squares) / (count - precision(1))
    return float(np.sqrt(precision(variance)))


def quartiles(ordered: Array, *, some_missing: bool) -> tuple[float, float, float]:
    """The quartiles of ascending values, interpolated as numpy does."""
    if not len(ordered):
        nothing = float("nan")
        return nothing, nothing, nothing
    low, middle, high = _quantile(ordered, 0.25), _quantile(ordered, 0.5), _quantile(ordered, 0.75)
    if some_missing and ordered.dtype.kind == "f":  # pandas then puts them back into the column's precision
        low, middle, high = (ordered.dtype.type(value) for value in (low, middle, high))
    return float(low), float(middle), float(high)


def _quantile(ordered: Array, part: float) -> np.float64:
    place = np.float64(len(ordered) - 1) * part
    # At the upper end numpy takes the last value for both neighbours and counts from -1.
    left = -1 if place >= len(ordered) - 1 else int(place)
    before, after = ordered[left], ordered[left if left < 0 else left + 1]
    weight = np.float64(place - left)
    apart = after - before  # integers wrap around here, in numpy too
    return np.float64(before + apart * weight if weight < 0.5 else after - apart * (1 - weight))  # noqa: PLR2004 - a half


def _precision(values: Array) -> type[np.floating[Any]]:
    return values.dtype.type if values.dtype.kind == "f" else np.float64


def _count(values: Array, missing: Mask | None) -> int:
    return len(values) - (int(missing.sum()) if missing is not None else 0)


def _pairwise(length: int, part: Callable[[int, int], np.float64], start: int = 0) -> np.float64:
    """Add up what ``part`` gives for pieces, halving the range as numpy's sum does, so that no copy is made whole."""
    if length <= _PIECE:
        return part(start, start + length)
    half = length // 2
    half -= half % 8
    return _pairwise(half, part, start) + _pairwise(length - half, part, start + half)
