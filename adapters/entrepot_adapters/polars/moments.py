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
        values: Floats or integers in their original order, zero where missing.
        missing: Where there is no value; None where there is one everywhere.
        ordered: The values that are there, ascending.
    """
    with np.errstate(all="ignore"):
        return Moments(
            mean=mean(values, missing), std=standard_deviation(values, missing), quartiles=quartiles(ordered, missing)
        )


def mean(values: Array, missing: Mask | None) -> float:
    """The arithmetic mean, in the precision of the column in pandas (integers with nulls are floats there)."""
    count = _count(values, missing)
    if not count:
        return float("nan")
    if values.dtype.kind == "f":
        return float(values.sum() / values.dtype.type(count))
    return float(_sum(values, missing) / np.float64(count))


def standard_deviation(values: Array, missing: Mask | None) -> float:
    """The sample standard deviation, in two passes."""
    precision = values.dtype.type if values.dtype.kind == "f" else np.float64
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


def quartiles(ordered: Array, missing: Mask | None) -> tuple[float, float, float]:
    """The quartiles of ascending values, interpolated as numpy does."""
    if not len(ordered):
        return (float("nan"),) * 3
    low, middle, high = (_quantile(ordered, part, missing) for part in (0.25, 0.5, 0.75))
    return low, middle, high


def _quantile(ordered: Array, part: float, missing: Mask | None) -> float:
    place = np.float64(len(ordered) - 1) * part
    # At the upper end numpy takes the last value for both neighbours and counts from -1.
    left = -1 if place >= len(ordered) - 1 else int(place)
    before, after = ordered[left], ordered[left if left < 0 else left + 1]
    if missing is not None and ordered.dtype.kind != "f":
        before, after = np.float64(before), np.float64(after)
    weight = np.float64(place - left)
    apart = after - before  # integers wrap around here, in numpy too
    value = before + apart * weight if weight < 0.5 else after - apart * (1 - weight)  # noqa: PLR2004 - a half
    return float(ordered.dtype.type(value) if missing is not None and ordered.dtype.kind == "f" else value)


def _count(values: Array, missing: Mask | None) -> int:
    return len(values) - (int(missing.sum()) if missing is not None else 0)


def _sum(values: Array, missing: Mask | None) -> np.float64:
    """The sum of integers: with nulls they are floats in pandas, which are added up in another order."""
    if missing is None:
        return np.float64(values.sum(dtype=np.float64))
    return _pairwise(len(values), lambda start, stop: values[start:stop].astype(np.float64).sum())


def _pairwise(length: int, part: Callable[[int, int], np.float64], start: int = 0) -> np.float64:
    """Add up what ``part`` gives for pieces, halving the range as numpy's sum does, so that no copy is made whole."""
    if length <= _PIECE:
        return part(start, start + length)
    half = length // 2
    half -= half % 8
    return _pairwise(half, part, start) + _pairwise(length - half, part, start + half)
