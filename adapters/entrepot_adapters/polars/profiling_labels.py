"""Counts texts of which few differ."""

import polars as pl

_GLANCE = 4096
"""Texts looked at before a batch is grouped: where these differ, grouping all would cost much for nothing."""


class Labels:
    """How often each text came, in the order they were first seen; given up once too many differ.

    Attributes:
        counts: The texts that came before it was given up.
        are_few: Whether it was not.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.counts: dict[str, int] = {}
        self.are_few = limit > 0

    def add(self, texts: pl.Series) -> bool:
        """Count some more texts, all or none of them; answer whether that was done."""
        if not self.are_few:
            return False
        if texts.head(_GLANCE).n_unique() <= self._limit:
            seen = texts.to_frame("text").group_by("text", maintain_order=True).len()
            self.are_few = len(seen) <= self._limit and self._take(dict(seen.iter_rows()))
        else:
            self.are_few = False
        return self.are_few

    def _take(self, seen: dict[str, int]) -> bool:
        if len(self.counts | seen) > self._limit:
            return False
        for text, count in seen.items():
            self.counts[text] = self.counts.get(text, 0) + count
        return True
