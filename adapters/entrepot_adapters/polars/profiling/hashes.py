"""Counts different texts by their hashes.

Sorting numbers costs a tenth of grouping texts, and takes as much memory for long texts as for short ones. A text is
told by two 64-bit hashes of different seeds, which are counted apart. Two texts with one hash are missed only if there
is such a pair for each of the seeds: by chance once in 10^12 columns of 6 million different texts. Where the two counts
disagree, new seeds are taken.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import polars as pl

from entrepot_adapters.polars.profiling.distinct import CEILING, Hashes, RepeatCount, Repeats

_PIECE = 1 << 14
"""Texts that are looked at in one go for a first one."""

Scan = Callable[[], Iterable[pl.Series]]


class TextCount:
    """How often each of many texts comes.

    ``add`` all texts, then ask for the ``result``.
    """

    def __init__(
        self, scan: Scan, ignored: pl.Series, rows: int, ceiling: int = CEILING, seeds: tuple[int, int] = (1, 2)
    ) -> None:
        """Make ready.

        Args:
            scan: Gives the same texts again, where they do not fit into memory at once.
            ignored: Texts not to count.
            rows: How many texts there are at most.
            ceiling: The most hashes of each seed to hold at a time.
            seeds: Of the two hashes.
        """
        self._scan = scan
        self._ignored = ignored
        self._rows = rows
        self._ceiling = ceiling
        self._seeds = seeds
        self._counts = [RepeatCount(hashes(ignored, seed), ceiling) for seed in seeds]
        self._expect()

    def add(self, texts: pl.Series, times: Sequence[int] | None = None) -> None:
        """Count some more texts, each once or as often as ``times`` says."""
        for seed, count in zip(self._seeds, self._counts, strict=True):
            if not count.is_done:
                found = hashes(texts, seed)
                count.add(found if times is None else np.repeat(found, times))

    def result(self) -> Repeats:
        """How often the texts come; the top ones are told by their hash."""
        while not self._end_pass():
            self._expect()
            for texts in self._scan():
                self.add(texts)
        one, other = (count.result for count in self._counts)
        if one.freq <= 1 or (one.unique, one.count) == (other.unique, other.count):
            return one
        self._seeds = (self._seeds[0] + 2, self._seeds[1] + 2)
        again = TextCount(self._scan, self._ignored, self._rows, self._ceiling, self._seeds)
        for texts in self._scan():
            again.add(texts)
        return again.result()

    def first_top(self, result: Repeats) -> object:
        """The first text of those that come most often; None where there is none."""
        ignored = hashes(self._ignored, self._seeds[0])
        for texts in self._scan():
            for start in range(0, len(texts), _PIECE):  # it mostly stands near the beginning
                piece = texts[start : start + _PIECE]
                found = hashes(piece, self._seeds[0])
                wanted = result.is_top(found) & ~np.isin(found, ignored)
                if wanted.any():
                    return piece[int(np.argmax(wanted))]
        return None

    def _expect(self) -> None:
        for count in self._counts:
            count.expect(self._rows)

    def _end_pass(self) -> bool:
        """Close the pass; answer whether it was the last. The second hash need not confirm that all texts differ."""
        one, other = self._counts
        one.end_pass()
        if one.is_done and one.result.freq <= 1:
            return True
        other.end_pass()
        return one.is_done and other.is_done


def hashes(texts: pl.Series, seed: int) -> Hashes:
    """A 64-bit hash of each text."""
    return texts.hash(seed).to_numpy()
