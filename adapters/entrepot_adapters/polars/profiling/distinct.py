"""Counts different integers exactly, in bounded memory."""

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from entrepot_adapters.polars.moments import PIECE

CEILING = 6_291_456
"""The most integers a count holds at a time: 48 MB, and up to four times that again while they are counted."""

_LOOK = 1 << 14
"""Values that are looked at in one go for a first one."""

_END = 2**64

Array = npt.NDArray[Any]
Hashes = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]


class Repeats(msgspec.Struct, frozen=True):
    """How often values stand in a column.

    Attributes:
        count: How many values there are.
        unique: How many different ones.
        freq: How often the most frequent ones are there; 0 where there is none.
        tops: These, ascending; where every value stands there once, none are told, for it would be all.
    """

    count: int
    unique: int
    freq: int
    tops: Array

    def is_top(self, values: Array) -> npt.NDArray[np.bool_]:
        """Which values are among the most frequent."""
        if self.freq <= 1:
            return np.ones(len(values), dtype=np.bool_)
        return _find(values, self.tops)[1]

    def first_top(self, values: Array, missing: npt.NDArray[np.bool_] | None = None) -> int:
        """The place of the first value that is among the most frequent; of those that were counted one is."""
        pieces = (slice(start, start + _LOOK) for start in range(0, len(values), _LOOK))
        return next(
            piece.start + int(place[0]) for piece in pieces if len(place := self._tops_in(piece, values, missing))
        )

    def _tops_in(self, piece: slice, values: Array, missing: npt.NDArray[np.bool_] | None) -> npt.NDArray[np.intp]:
        is_top = self.is_top(values[piece])
        return np.flatnonzero(is_top if missing is None else is_top & ~missing[piece])


def repeats(ordered: Array) -> Repeats:
    """Count ascending integers."""
    unique = freq = 0
    tops = [ordered[:0]]
    last = -1
    for start in range(0, len(ordered), PIECE):
        ends = _ends(ordered, start)
        lengths = np.diff(ends, prepend=last)
        longest = int(lengths.max(initial=0))
        if longest > freq:
            freq, tops = longest, []
        if longest == freq > 1:
            tops.append(ordered[ends[lengths == freq]])
        unique += len(ends)
        last = ends[-1] if len(ends) else last
    return Repeats(count=len(ordered), unique=unique, freq=freq, tops=np.concatenate(tops or [ordered[:0]]))


def _ends(ordered: Array, start: int) -> Counts:
    """Where, from a place on, each different one of ascending integers ends."""
    piece, after = ordered[start : start + PIECE], ordered[start + 1 : start + 1 + PIECE]
    ends = np.flatnonzero(piece[: len(after)] != after) + start
    return ends if len(after) == len(piece) else np.append(ends, len(ordered) - 1)


def _starts(ordered: Array) -> Counts | None:
    """Where each different one of ascending integers begins; None if at every place, for which no array is needed."""
    begins = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    return None if begins.all() else np.flatnonzero(begins)


def _lengths(starts: Counts, end: int) -> Counts:
    """How far it is from each start to the next, and from the last to the end."""
    lengths = np.empty_like(starts)
    np.subtract(starts[1:], starts[:-1], out=lengths[:-1])
    lengths[-1] = end - starts[-1]
    return lengths


def runs(ordered: Array) -> tuple[Array, Counts]:
    """The different ones of ascending integers, and how often each is there; where that is once, in no memory."""
    starts = _starts(ordered)
    if starts is None:
        return ordered, np.broadcast_to(np.int64(1), len(ordered))
    return ordered[starts], _lengths(starts, len(ordered))


def _find(wanted: Array, values: Array) -> tuple[Counts, npt.NDArray[np.bool_]]:
    """Where integers stand, or would, among ascending ones, and which of them do."""
    places = np.searchsorted(values, wanted)
    if not len(values):
        return places, np.zeros(len(wanted), dtype=np.bool_)
    return places, np.asarray(values[np.minimum(places, len(values) - 1)] == wanted)


def _repeats(values: Array, counts: Counts) -> Repeats:
    freq = int(np.max(counts)) if len(counts) else 0
    tops = values[counts == freq] if freq > 1 else values[:0]
    return Repeats(count=int(counts.sum()), unique=int(np.count_nonzero(counts)), freq=freq, tops=tops)


class RepeatCount:
    """Counts how often each of many unsigned 64-bit integers comes, a range of them at a time.

    A pass over the values counts those from where the pass before ended to as far as ``ceiling`` allows; mostly
    one pass gets to the end. After each pass call ``end_pass``.
    """

    def __init__(self, ignored: Hashes, ceiling: int) -> None:
        self._ignored = ignored
        self._ceiling = ceiling
        self._low, self._high = 0, _END
        self._pending = np.empty(0, dtype=np.uint64)
        self._held = 0
        self._values, self._counts = self._pending[:0], np.zeros(0, dtype=np.int64)
        self.result = Repeats(count=0, unique=0, freq=0, tops=self._values)

    @property
    def is_done(self) -> bool:
        """Whether the passes got to the end."""
        return self._low >= _END

    def expect(self, values: int) -> None:
        """Make room for that many values, or the ceiling, before a pass."""
        self._pending = np.empty(min(values, self._ceiling), dtype=np.uint64)

    def add(self, hashes: Hashes) -> None:
        """Count some more values."""
        if self._low or self._high < _END:
            hashes = hashes[(hashes >= self._low) & (hashes <= self._high - 1)]
        while len(hashes):
            free = len(self._pending) - self._held
            taken, hashes = hashes[:free], hashes[free:]
            self._pending[self._held : self._held + len(taken)] = taken
            self._held += len(taken)
            if len(hashes):
                self._compact()

    def end_pass(self) -> None:
        """Add what the pass counted to the result, and make ready for the next range."""
        self.result = _united(self.result, self._counted() if len(self._values) else self._counted_at_once())
        self._low, self._high = self._high, _END
        self._values, self._counts = self._values[:0].copy(), self._counts[:0].copy()

    def _counted_at_once(self) -> Repeats:
        """Count what is held, without a copy."""
        held = self._pending[: self._held]
        held.sort()
        held = held[: np.searchsorted(held, np.uint64(self._high - 1), "right")]
        self._held = 0
        return repeats(held[~np.isin(held, self._ignored)] if _find(self._ignored, held)[1].any() else held)

    def _counted(self) -> Repeats:
        self._merge()
        places, known = _find(self._ignored, self._values)
        if known.any():
            self._counts = _own(self._counts)
            self._counts[places[known]] = 0
        return _repeats(self._values, self._counts)

    def _compact(self) -> None:
        """Hold equal values once; where too many differ leave the upper half of the range to the next pass."""
        self._merge()
        kept = self._ceiling // 2
        if len(self._values) > kept:
            self._high = int(self._values[kept])
            self._values, self._counts = self._values[:kept].copy(), self._counts[:kept].copy()
        self._pending = np.empty(self._ceiling - len(self._values), dtype=np.uint64)

    def _merge(self) -> None:
        held = self._pending[: self._held]
        held.sort()
        values, counts = runs(held[: np.searchsorted(held, np.uint64(self._high - 1), "right")])
        self._held = 0
        if not len(self._values):
            self._values, self._counts = values, counts
            return
        places, known = _find(values, self._values)
        self._counts = _own(self._counts)
        self._counts[places[known]] += counts[known]
        self._values = np.insert(self._values, places[~known], values[~known])
        self._counts = np.insert(self._counts, places[~known], counts[~known])


def _own(counts: Counts) -> Counts:
    """Counts that can be changed."""
    return np.require(counts, requirements="W")


def _united(one: Repeats, other: Repeats) -> Repeats:
    """The counts of two ranges together."""
    tops = [each.tops for each in (one, other) if each.freq == max(one.freq, other.freq)]
    return Repeats(
        count=one.count + other.count,
        unique=one.unique + other.unique,
        freq=max(one.freq, other.freq),
        tops=np.concatenate(tops),
    )
