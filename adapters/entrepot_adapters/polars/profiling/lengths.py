"""How long texts and lists are."""

from collections import Counter

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot_adapters.polars.histograms import integer_edges
from entrepot_adapters.polars.profiling.numbers import BINS
from entrepot_core.profile import Histogram, Summary

Integers = npt.NDArray[np.int64]


class Lengths:
    """Counts lengths as they come; there are few different ones, however many values."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()

    def add(self, lengths: pl.Series) -> None:
        """Count some more."""
        found, counts = np.unique(lengths.to_numpy(), return_counts=True)
        self._counts.update(dict(zip(found.tolist(), counts.tolist(), strict=True)))

    def summary(self) -> Summary:
        """Where the lengths lie."""
        lengths, counts = self._ascending()
        total = int(counts.sum())
        if not total:
            return Summary(mean=None, std=None, min=None, q25=None, median=None, q75=None, max=None)
        mean = float((lengths * counts).sum()) / total
        squares = float(((lengths - mean) ** 2 * counts).sum())
        low, middle, high = (_quantile(lengths, counts, part) for part in (0.25, 0.5, 0.75))
        return Summary(
            mean=mean,
            std=(squares / (total - 1)) ** 0.5 if total > 1 else None,
            min=int(lengths[0]),
            q25=low,
            median=middle,
            q75=high,
            max=int(lengths[-1]),
        )

    def histogram(self) -> Histogram | None:
        """How the lengths spread; None where there are none."""
        lengths, counts = self._ascending()
        if not len(lengths):
            return None
        edges = integer_edges(int(lengths[0]), int(lengths[-1]), BINS)
        before = np.concatenate(([0], np.cumsum(counts)))
        counted = np.diff(before[np.searchsorted(lengths, np.array(edges), "left")])
        return Histogram(counts=tuple(counted.tolist()), edges=tuple(edges))

    def _ascending(self) -> tuple[Integers, Integers]:
        """The different lengths, ascending, and how often each was seen."""
        lengths = sorted(self._counts)
        return np.array(lengths, dtype=np.int64), np.array([self._counts[length] for length in lengths], dtype=np.int64)


def _quantile(lengths: Integers, counts: Integers, part: float) -> float:
    """A quantile, interpolated linearly between the two lengths around it."""
    last = np.cumsum(counts) - 1
    place = float(last[-1]) * part
    before = lengths[np.searchsorted(last, int(place))]
    after = lengths[np.searchsorted(last, min(int(place) + 1, last[-1]))]
    return float(before + (after - before) * (place - int(place)))
