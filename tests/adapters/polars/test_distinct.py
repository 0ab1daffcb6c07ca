"""Different values are counted exactly, whatever the ceiling on memory and whatever the hashes."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_adapters.polars.profiling import distinct
from entrepot_adapters.polars.profiling import hashes as hashing
from entrepot_adapters.polars.profiling.distinct import Hashes, RepeatCount, repeats
from entrepot_adapters.polars.profiling.hashes import TextCount
from entrepot_adapters.polars.profiling.texts import MISSING_TEXTS

NUMBERS = st.lists(st.lists(st.integers(0, 40) | st.integers(0, 2**64 - 1), max_size=30), max_size=8)


@given(batches=NUMBERS, ceiling=st.integers(2, 64))
def test_counting_in_several_passes_misses_nothing(batches: list[list[int]], ceiling: int) -> None:
    ignored = np.array([0, 7], dtype=np.uint64)
    count = RepeatCount(ignored, ceiling)
    while not count.is_done:
        count.expect(sum(map(len, batches)))
        for batch in batches:
            count.add(np.array(batch, dtype=np.uint64))
        count.end_pass()
    expected = Counter(value for batch in batches for value in batch if value not in (0, 7))
    found = count.result
    assert (found.count, found.unique) == (expected.total(), len(expected))
    assert found.freq == max(expected.values(), default=0)
    if found.freq > 1:
        assert found.tops.tolist() == sorted(value for value, times in expected.items() if times == found.freq)


@given(values=st.lists(st.integers(-3, 12), max_size=40), piece=st.integers(1, 9))
def test_runs_that_cross_pieces_are_counted_whole(values: list[int], piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distinct, "PIECE", piece)
        found = repeats(np.array(sorted(values), dtype=np.int64))
    expected = Counter(values)
    freq = max(expected.values(), default=0)
    assert (found.count, found.unique, found.freq) == (len(values), len(expected), freq)
    tops = sorted(value for value, times in expected.items() if times == freq)
    assert found.tops.tolist() == (tops if freq > 1 else [])
    if values:
        place = found.first_top(np.array([0, *values]), np.array([True] + [False] * len(values)))
        assert place == 1 + min(values.index(top) for top in tops)


TEXTS = st.lists(st.lists(st.sampled_from("abcdefgh") | st.text(), max_size=20), max_size=6)


def counted(
    batches: list[list[str]], ignored: tuple[str, ...], ceiling: int = 99
) -> tuple[int, int | None, object, int]:
    """The count, the different ones, the top one and its frequency as the hashes tell them."""

    def scan() -> Iterator[pl.Series]:
        return (pl.Series(batch, dtype=pl.String) for batch in batches)

    count = TextCount(scan, pl.Series(ignored, dtype=pl.String), sum(map(len, batches)), ceiling)
    for texts in scan():
        count.add(texts)
    result = count.result()
    return result.count, result.unique, count.first_top(result), result.freq


def expected_of(batches: list[list[str]], ignored: tuple[str, ...]) -> tuple[int, int, str | None, int]:
    seen = Counter(text for batch in batches for text in batch if text not in ignored)
    top, freq = seen.most_common(1)[0] if seen else (None, 0)  # of equals the one seen first
    return seen.total(), len(seen), top, freq


@given(batches=TEXTS, ignored=st.sampled_from([(), ("a", "b"), MISSING_TEXTS]))
def test_texts_are_counted_by_hashes_as_by_themselves(batches: list[list[str]], ignored: tuple[str, ...]) -> None:
    assert counted(batches, ignored) == expected_of(batches, ignored)


@given(batches=TEXTS)
def test_a_low_ceiling_changes_nothing(batches: list[list[str]]) -> None:
    assert counted(batches, ("a",), ceiling=8) == expected_of(batches, ("a",))


def test_texts_that_share_a_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first hash of one bit, as bad as can be, is found out by the second, and new seeds are taken."""
    honest = hashing.hashes

    def colliding(texts: pl.Series, seed: int) -> Hashes:
        found = honest(texts, seed)
        return found & np.uint64(1) if seed == 1 else found

    monkeypatch.setattr(hashing, "hashes", colliding)
    batches = [[f"user {number % 5000}" for number in range(start, start + 3000)] for start in range(0, 9000, 3000)]
    assert counted(batches, (), ceiling=10_000) == expected_of(batches, ())


@pytest.mark.parametrize("bits", [np.uint64(0xFFFFFFFF), np.uint64(0xFFFFFFFF << 32)])
def test_hashes_of_two_seeds_collide_at_different_texts(bits: np.uint64) -> None:
    """What the count rests on: half of a hash collides as often as chance has it, and not at the same pairs."""
    texts = pl.Series([f"user{number}@example.com" for number in range(300_000)])
    one, other = (hashing.hashes(texts, seed) & bits for seed in (1, 2))
    by_chance = 300_000**2 / 2**33
    for found in (one, other):
        assert len(texts) - len(np.unique(found)) < 4 * by_chance
    assert len(set(zip(one.tolist(), other.tolist(), strict=True))) == len(texts)
