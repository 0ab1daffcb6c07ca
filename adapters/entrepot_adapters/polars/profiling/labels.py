"""Counts texts of which few differ.

By one hash: two of a thousand different texts share one by chance once in 10^13 columns.
"""

import numpy as np
import polars as pl

from entrepot_adapters.polars.profiling.distinct import runs
from entrepot_adapters.polars.profiling.hashes import hashes

MOST_BYTES = 262_144
"""The most text that is kept: it becomes part of the profile. Longer texts are no labels."""

_SEED = 1


class Labels:
    """How often each text came; given up once too many differ, or they are too long.

    Attributes:
        are_few: Whether it was not.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._texts: dict[int, str] = {}
        self._counts: dict[int, int] = {}
        self._bytes = 0
        self.are_few = True

    def add(self, texts: pl.Series) -> bool:
        """Count some more texts, all or none of them; answer whether that was done."""
        if self.are_few:
            found, counts = runs(np.sort(hashes(texts, _SEED)))
            counted = dict(zip(found.tolist(), counts.tolist(), strict=True)) if len(found) <= self._limit else None
            self.are_few = counted is not None and self._take(texts, counted)
        return self.are_few

    def counts(self) -> dict[str, int]:
        """How often each of the texts came that were counted, in the order they were first seen."""
        return {text: self._counts[hashed] for hashed, text in self._texts.items()}

    def _take(self, texts: pl.Series, counted: dict[int, int]) -> bool:
        if len(self._counts | counted) > self._limit:
            return False
        if not counted.keys() <= self._texts.keys():
            different = texts.unique(maintain_order=True)
            self._bytes += int(different.str.len_bytes().sum())
            if self._bytes > MOST_BYTES:
                return False
            for hashed, text in zip(hashes(different, _SEED).tolist(), different.to_list(), strict=True):
                self._texts.setdefault(hashed, text)
        for hashed, count in counted.items():
            self._counts[hashed] = self._counts.get(hashed, 0) + count
        return True
