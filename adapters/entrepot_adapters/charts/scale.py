"""How numbers are laid along an axis: in what unit, with which ticks, labelled how."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

_CLOSE = 10_000
"""Values that differ by less than their size over this are shown as differences from a round number."""

_LEAST_PLAIN = -3
_MOST_PLAIN = 6
"""Numbers of these powers of ten are written out; others in units of a power of a thousand."""

_MOST_DECIMALS = 17
_MILLION = 1_000_000
_SEPARATED = 10_000
"""From here on thousands are separated: not in years."""

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@frozen
class Scale:
    """Places along an axis: numbers of ordinary size, and a note that says what they stand for.

    Attributes:
        places: ``(value - offset) / 10 ** exponent`` of each value; any float and integer has a finite place.
        note: ``× 10⁹ + 1,700,000,000``, say; empty where places are values.
        whole: Whether only whole numbers are values.
    """

    places: list[float]
    note: str
    whole: bool


def scale(edges: Sequence[int | float | str]) -> Scale:
    """Lay out the edges of bins.

    Args:
        edges: Ascending numbers. Where all are integers the bins hold whole numbers, so they are moved by a half: the
            bar of 3 stands above 3.
    """
    exact = [Fraction(edge) for edge in edges]
    whole = all(isinstance(edge, int) for edge in edges)
    offset = _offset(exact[0], exact[-1])
    moved = [edge - offset for edge in (_around_whole(exact) if whole else exact)]
    exponent = _exponent(max(abs(moved[0]), abs(moved[-1])))
    unit = Fraction(10) ** exponent
    return Scale([float(edge / unit) for edge in moved], _note(offset, exponent), whole and exponent == 0)


def labels(ticks: Sequence[float]) -> list[str]:
    """Write out the ticks of an axis, all with as many decimals as tell them apart exactly."""
    enough = (n for n in range(_MOST_DECIMALS) if all(_is_close(round(tick, n), tick) for tick in ticks))
    decimals = next(enough, _MOST_DECIMALS)
    comma = "," if any(abs(tick) >= _SEPARATED for tick in ticks) else ""
    return [f"{tick + 0.0:{comma}.{decimals}f}".replace("-", "−") for tick in (round(one, decimals) for one in ticks)]


def count_labels(ticks: Sequence[float]) -> list[str]:
    """Write out counts: from a million on in millions."""
    if max(ticks, default=0) < _MILLION:
        return labels(ticks)
    return [
        f"{label} M" if tick else "0" for tick, label in zip(ticks, labels([t / _MILLION for t in ticks]), strict=True)
    ]


def _around_whole(edges: Sequence[Fraction]) -> list[Fraction]:
    """Edges halfway between integers; the last bin, which may be cut at the greatest integer, as wide as the first."""
    width = max(edges[1] - edges[0], Fraction(1))
    return [edge - Fraction(1, 2) for edge in (*edges[:-1], edges[-2] + width)]


def _is_close(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * max(abs(one), abs(other), 1e-3)


def _offset(low: Fraction, high: Fraction) -> Fraction:
    """A round number to leave out of the labels, where values are too close together for their size."""
    span, size = high - low, max(abs(low), abs(high))
    if span <= 0 or span * _CLOSE > size:
        return Fraction(0)
    unit = Fraction(10) ** (_magnitude(span) + 1)
    return low // unit * unit


def _exponent(size: Fraction) -> int:
    if not size or _LEAST_PLAIN <= _magnitude(size) <= _MOST_PLAIN:
        return 0
    return _magnitude(size) // 3 * 3


def _magnitude(number: Fraction) -> int:
    return (Decimal(number.numerator) / Decimal(number.denominator)).adjusted()


def _note(offset: Fraction, exponent: int) -> str:
    parts = [f"× 10{str(exponent).translate(_SUPERSCRIPTS)}"] if exponent else []
    if offset:
        sign = "+" if offset > 0 else "−"
        parts.append(f"{sign} {_written(abs(offset))}")
    return " ".join(parts)


def _written(number: Fraction) -> str:
    decimal = (Decimal(number.numerator) / Decimal(number.denominator)).normalize()
    if _LEAST_PLAIN <= decimal.adjusted() <= 15:  # noqa: PLR2004 - digits that can be taken in at a glance
        return f"{decimal:,f}"
    mantissa, _, exponent = f"{decimal:e}".partition("e")
    return f"{mantissa} × 10{exponent.lstrip('+').translate(_SUPERSCRIPTS)}"
