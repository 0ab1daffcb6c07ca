"""Sizes of renditions, against a plain model of them in fractions."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from entrepot_adapters.images.geometry import MOST_SIDE, Format, plan, wanted
from entrepot_core.image import Rendition

_IMAGES = st.tuples(st.integers(1, 70_000), st.integers(1, 70_000))
_SIDES = st.integers(1, 16_383)
_FORMATS = st.sampled_from(["webp", "jpeg"])


def _scale(image: tuple[int, int], frame: tuple[int, int]) -> Fraction:
    """By how much an image is made smaller to be within a frame."""
    return min(Fraction(1), *(Fraction(most, side) for most, side in zip(frame, image, strict=True)))


def _is_rounded(side: int, exact: Fraction) -> bool:
    return abs(side - exact) <= Fraction(1, 2) or (side == 1 and exact < 1)


@given(_IMAGES, st.none() | _SIDES, st.none() | _SIDES, _FORMATS)
def test_fitting_keeps_the_shape_and_the_whole(
    image: tuple[int, int], width: int | None, height: int | None, format_: Format
) -> None:
    planned = plan(image, wanted(Rendition(width=width, height=height), format_))
    frame = (width or MOST_SIDE[format_], height or MOST_SIDE[format_])
    scale = _scale(image, frame)
    assert list(planned.box) == [0, 0, *image]
    for side, before, most in zip(planned.size, image, frame, strict=True):
        assert 1 <= side <= min(before, most)
        assert _is_rounded(side, before * scale)


@given(_IMAGES, _SIDES, _SIDES, _FORMATS)
def test_filling_keeps_the_shape_of_the_frame_and_the_middle(
    image: tuple[int, int], width: int, height: int, format_: Format
) -> None:
    planned = plan(image, wanted(Rendition(width=width, height=height, fit="fill"), format_))
    scale = _scale((width, height), image)
    for side, before, most in zip(planned.size, image, (width, height), strict=True):
        assert 1 <= side <= min(before, most)
        assert _is_rounded(side, most * scale)
    left, top, right, bottom = planned.box
    assert 0 <= left < right <= image[0]
    assert 0 <= top < bottom <= image[1]
    assert abs(left - (image[0] - right)) < 1e-6 * image[0]
    assert abs(top - (image[1] - bottom)) < 1e-6 * image[1]
    across, down = (right - left) / planned.size[0], (bottom - top) / planned.size[1]
    assert abs(across - down) < 1e-6 * across  # nothing is stretched
    assert across > 1 - 1e-6  # nor enlarged


@given(_IMAGES, _SIDES, _SIDES)
def test_filling_takes_as_much_as_it_can(image: tuple[int, int], width: int, height: int) -> None:
    left, top, right, bottom = plan(image, wanted(Rendition(width=width, height=height, fit="fill"), "webp")).box
    assert abs(right - left - image[0]) < 1e-6 * image[0] or abs(bottom - top - image[1]) < 1e-6 * image[1]
