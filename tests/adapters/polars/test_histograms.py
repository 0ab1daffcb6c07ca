"""Histograms: numpy's edges for floats, whole ones for integers, and no value lost."""

import math
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from entrepot_adapters.polars.histograms import histogram
from entrepot_core.profile import Histogram

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def numbers(found: Histogram) -> list[float]:
    """The edges of a histogram of numbers."""
    return [edge for edge in found.edges if not isinstance(edge, str)]


@given(values=st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=60), bins=st.integers(1, 40))
def test_floats_have_the_edges_and_counts_of_numpy(values: list[float], bins: int) -> None:
    assume(min(values) < max(values))
    try:
        counts, edges = np.histogram(values, bins)
    except ValueError:  # numpy refuses to split a range that is too small
        reject()
    found = histogram(pl.Series(values), bins)
    assert found is not None
    assert found.edges == tuple(np.histogram_bin_edges(values, bins).tolist()) == tuple(edges.tolist())
    assert found.counts == tuple(counts.tolist())


@given(values=st.lists(FINITE, min_size=1, max_size=60), bins=st.integers(1, 40))
def test_any_finite_floats_fall_into_ascending_bins(values: list[float], bins: int) -> None:
    """Also those of a range past the greatest float, or between two neighbouring floats."""
    found = histogram(pl.Series(values), bins)
    assert found is not None
    edges = numbers(found)
    assert sum(found.counts) == len(values)
    assert len(edges) == len(found.counts) + 1 <= bins + 1
    assert all(math.isfinite(edge) for edge in edges)
    assert all(low < high for low, high in pairwise(edges))


@given(values=st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-9, 9), min_size=1), bins=st.integers(1, 40))
def test_integers_fall_into_bins_of_one_whole_width(values: list[int], bins: int) -> None:
    found = histogram(pl.Series(values, dtype=pl.Int64), bins)
    assert found is not None
    edges = numbers(found)
    assert len({high - low for low, high in pairwise(edges)}) == 1
    assert len(found.counts) <= bins
    assert edges[0] == min(values)
    assert edges[-2] <= max(values) < edges[-1]
    expected = [sum(low <= value < high for value in values) for low, high in pairwise(edges)]
    assert list(found.counts) == expected


def test_the_last_edge_of_the_greatest_integers_is_the_greatest() -> None:
    found = histogram(pl.Series([0, 2**64 - 1], dtype=pl.UInt64), 20)
    assert found is not None
    assert found.edges[-1] == 2**64 - 1
    assert found.counts[-1] == 1


def test_few_different_integers_get_a_bin_each() -> None:
    found = histogram(pl.Series([0, 1, 1, 0, 1]), 20)
    assert found is not None
    assert (found.counts, found.edges) == ((2, 3), (0, 1, 2))


@pytest.mark.parametrize("value", [0.0, 3.5, -1e15, 1e300, 1.7976931348623157e308, 5e-324])
def test_a_constant_stands_within_its_one_bin(value: float) -> None:
    found = histogram(pl.Series([value, value]), 20)
    assert found is not None
    low, high = found.edges
    assert found.counts == (2,)
    assert float(low) <= value <= float(high)
    assert float(low) < float(high)


def test_what_is_no_finite_number_is_left_out() -> None:
    found = histogram(pl.Series([1.0, None, float("nan"), float("inf"), float("-inf"), 2.0]), 2)
    assert found is not None
    assert (found.counts, found.edges) == ((1, 1), (1.0, 1.5, 2.0))


@pytest.mark.parametrize("values", [[], [None], [float("nan")], [float("inf")]])
def test_without_a_finite_number_there_is_none(values: list[float | None]) -> None:
    assert histogram(pl.Series(values, dtype=pl.Float64), 20) is None


@pytest.mark.parametrize("dtype", [pl.Int8, pl.UInt8, pl.Float32, pl.Decimal(10, 2), pl.Int128])
def test_every_type_of_number_has_one(dtype: pl.DataType) -> None:
    found = histogram(pl.Series([1, 100, None, 100]).cast(dtype), 10)
    assert found is not None
    assert sum(found.counts) == 3
    assert found.edges[0] == 1
