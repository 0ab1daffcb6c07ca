"""How numbers and names are laid out, whatever they are."""

import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_adapters.charts.lettering import drawable, shortened, width
from entrepot_adapters.charts.scale import count_labels, labels, scale

integers = st.integers(-(2**63), 2**64 - 1)
floats = st.floats(allow_nan=False, allow_infinity=False)
edges = st.one_of(*(st.lists(one, min_size=2, max_size=30, unique=True).map(sorted) for one in (integers, floats)))


@given(edges)
def test_any_edges_have_places_in_order_of_ordinary_size(values: list[float]) -> None:
    places = scale(values).places
    assert places == sorted(places)
    assert places[0] < places[-1]
    assert 1e-3 <= max(map(abs, places)) < 1e7


@pytest.mark.parametrize(
    ("values", "places", "note"),
    [
        ([0.5, 1.5, 2.5], [0.5, 1.5, 2.5], ""),
        ([1, 2, 3], [0.5, 1.5, 2.5], ""),
        ([0, 10, 20], [-0.5, 9.5, 19.5], ""),
        ([-2.0, -1.0], [-2.0, -1.0], ""),
        ([0.0, 2.5e9], [0.0, 2.5], "× 10⁹"),
        ([-1e300, 1e300], [-1.0, 1.0], "× 10³⁰⁰"),
        ([0.0, 2.5e-7], [0.0, 250.0], "× 10⁻⁹"),
        ([5e-324, 1e-323], [4.940656458412465, 9.88131291682493], "× 10⁻³²⁴"),
        ([1_700_000_040, 1_700_000_140], [39.5, 139.5], "+ 1,700,000,000"),
        ([-1_000_000.5, -1_000_000.25], [0.5, 0.75], "− 1,000,001"),
        ([2**64 - 2, 2**64 - 1], [3.5, 4.5], "+ 1.844674407370955161 × 10¹⁹"),
    ],
)
def test_places_and_what_they_stand_for(values: list[float], places: list[float], note: str) -> None:
    found = scale(values)
    assert (found.places, found.note) == (places, note)


def test_the_last_bin_of_integers_is_as_wide_as_the_first_where_it_was_cut() -> None:
    assert scale([0, 5, 10, 11]).places == [-0.5, 4.5, 9.5, 14.5]


@pytest.mark.parametrize(
    ("ticks", "expected"),
    [
        ([1990, 2000, 2010], ["1990", "2000", "2010"]),
        ([0, 50_000, 100_000], ["0", "50,000", "100,000"]),
        ([-0.5, 0.0, 0.5], ["−0.5", "0.0", "0.5"]),
        ([0.0, 2.5, 5.0], ["0.0", "2.5", "5.0"]),
        ([-0.0, 0.30000000000000004], ["0.0", "0.3"]),
        ([], []),
    ],
)
def test_labels_of_ticks(ticks: list[float], expected: list[str]) -> None:
    assert labels(ticks) == expected


@given(st.lists(st.floats(-1e7, 1e7).map(lambda tick: round(tick, 6)), max_size=6, unique=True))
def test_labels_tell_ticks_apart_and_are_exact(ticks: list[float]) -> None:
    found = [float(label.replace(",", "").replace("−", "-")) for label in labels(ticks)]
    assert all(math.isclose(label, tick, rel_tol=1e-9, abs_tol=1e-11) for label, tick in zip(found, ticks, strict=True))


def test_counts_from_a_million_on_are_in_millions() -> None:
    assert count_labels([0, 500_000, 999_999]) == ["0", "500,000", "999,999"]
    assert count_labels([0, 500_000, 1_000_000]) == ["0", "0.5 M", "1.0 M"]


@given(st.text(), st.floats(5, 80))
def test_a_shortened_text_fits(text: str, room: float) -> None:
    found = shortened(text, room)
    assert width(found) <= room
    assert found == text or "…" in found


@given(st.text(st.characters()))
def test_any_text_is_drawn_on_one_line_without_control_characters(text: str) -> None:
    found = drawable(text)
    assert len(found) == len(text)
    assert not [letter for letter in found if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"}]
