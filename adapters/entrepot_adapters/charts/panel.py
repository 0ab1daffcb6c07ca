"""One histogram in its place on a page."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from entrepot_adapters.charts.fonts import families
from entrepot_adapters.charts.lettering import drawable, shortened, width
from entrepot_adapters.charts.scale import count_labels, labels, scale
from entrepot_adapters.charts.style import BAR, FAINT, INK, OUTLINE
from entrepot_core.profile import Histogram

_TITLE_ROOM = 33  # ordinary letters of the title's size in a panel's width
_TICKS_ROOM = 40  # likewise of the ticks' size
_MOST_DIVIDED = 60  # bins that are told apart by lines between them
_LEAST_HEIGHT = 1 / 150
"""A bin that holds something is drawn at least this high, of the highest: so high that it can be seen."""


def draw_panel(axes: Axes, name: str, histogram: Histogram) -> None:
    """Draw a histogram with its column's name above it."""
    _draw_bars(axes, histogram)
    total = sum(histogram.counts)
    values = f"{total:,} value{'' if total == 1 else 's'}"
    _write(axes, (0, 1.13), shortened(drawable(name), _TITLE_ROOM), size=10.5, color=INK, weight="bold")
    _write(axes, (0, 1.05), values)


def _write(
    axes: Axes, place: tuple[float, float], text: str, *, size: float = 7.5, color: str = FAINT, **style: str
) -> None:
    """Write text, which is never taken for a formula, at a place given in fractions of the axes."""
    fonts, fractions = families(text), axes.transAxes
    axes.text(*place, text, style, transform=fractions, size=size, color=color, family=fonts, parse_math=False)


def _draw_bars(axes: Axes, histogram: Histogram) -> None:
    counts, across = np.array(histogram.counts, dtype=float), scale(histogram.edges)
    highest = max(counts.max(), 1.0)
    heights = np.where(counts > 0, np.maximum(counts, highest * _LEAST_HEIGHT), 0)
    axes.stairs(heights, across.places, fill=True, facecolor=BAR, edgecolor=OUTLINE, linewidth=0.6)
    _draw_dividers(axes, heights, across.places)
    low, high = across.places[0], across.places[-1]
    axes.set_xlim(low - (high - low) * 0.02, high + (high - low) * 0.02)
    axes.set_ylim(0, highest * 1.05)
    ticks, texts = _ticks(low, high, whole=across.whole)
    axes.set_xticks(ticks, texts)
    counted = [tick for tick in MaxNLocator(4, integer=True).tick_values(0, highest) if tick <= highest * 1.05]
    axes.set_yticks(counted, count_labels(counted))
    if across.note:
        _write(axes, (1, -0.13), across.note, ha="right", va="top")


def _draw_dividers(axes: Axes, heights: npt.NDArray[np.float64], places: Sequence[float]) -> None:
    if len(heights) <= _MOST_DIVIDED:
        axes.vlines(places[1:-1], 0, np.minimum(heights[1:], heights[:-1]), color="white", linewidth=0.5)


def _ticks(low: float, high: float, *, whole: bool) -> tuple[Sequence[float], list[str]]:
    """As many ticks as there is room for their labels."""
    for most in (6, 5, 4, 3, 2, 1):
        places = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10], integer=whole, min_n_ticks=1).tick_values(low, high)
        ticks = [place for place in places if low <= place <= high]
        texts = labels(ticks)
        if sum(width(text) + 2 for text in texts) <= _TICKS_ROOM:
            return ticks, texts
    return [], []
