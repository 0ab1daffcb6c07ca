"""Pages and sheets of histograms."""

import math
from collections.abc import Mapping
from itertools import islice
from threading import Lock
from typing import Any, BinaryIO

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from entrepot_adapters.charts.fonts import families
from entrepot_adapters.charts.lettering import drawable, shortened
from entrepot_adapters.charts.panel import draw_panel
from entrepot_adapters.charts.style import FAINT, INK, RULE, SETTINGS
from entrepot_core.formats import Format
from entrepot_core.profile import Histogram

# All in inches. A page is an A4 sheet on its side: three panels by two.
_CELL_WIDTH, _CELL_HEIGHT = 3.6, 3.4
_SIDE, _HEADER, _FOOT = 0.445, 0.95, 0.52
_LEFT, _RIGHT, _ABOVE, _BELOW = 0.52, 0.18, 0.58, 0.45  # of a cell, around the axes
_ACROSS, _DOWN = 3, 2

_DPI = 144
_MOST_SIDE = 16_384
_MOST_PIXELS = 50_000_000
"""What browsers and viewers show; 200 MB of memory while it is drawn."""

_DRAWING = Lock()
"""matplotlib's settings and fonts are shared by all threads."""


def draw(histograms: Mapping[str, Histogram], format: Format, out: BinaryIO, *, title: str) -> None:
    """Draw histograms, six a page or all on one sheet, under the title."""
    with _DRAWING, mpl.rc_context(SETTINGS):
        if format is Format.PDF:
            _draw_pages(histograms, out, title)
        else:
            _draw_sheet(histograms, format, out, title)


def _draw_pages(histograms: Mapping[str, Histogram], out: BinaryIO, title: str) -> None:
    metadata = {"Title": title, "Creator": "Entrepot", "CreationDate": None}
    rest, pages = iter(histograms.items()), math.ceil(len(histograms) / (_ACROSS * _DOWN))
    with PdfPages(out, metadata=metadata) as document:
        for number in range(1, pages + 1):
            panels = dict(islice(rest, _ACROSS * _DOWN))
            figure = _figure(panels, title, f"Page {number} of {pages}", across=_ACROSS, down=_DOWN)
            document.savefig(figure)


def _draw_sheet(histograms: Mapping[str, Histogram], format: Format, out: BinaryIO, title: str) -> None:
    across = min(len(histograms), max(_ACROSS, math.ceil(math.sqrt(len(histograms) / 1.5))))
    down = math.ceil(len(histograms) / across)
    count = f"{len(histograms):,} column{'' if len(histograms) == 1 else 's'}"
    figure = _figure(histograms, title, count, across=across, down=down)
    wide, high = figure.get_size_inches()
    metadata: dict[str, Any] = {"Title": title}
    if format is Format.SVG:
        metadata |= {"Creator": "Entrepot", "Date": None}
    else:
        metadata["Software"] = "Entrepot"
    FigureCanvasAgg(figure).print_figure(out, format=str(format), dpi=resolution(wide, high), metadata=metadata)


def resolution(wide: float, high: float) -> int:
    """The dots per inch of a sheet of so many inches: less for great ones, so that they can be opened and looked at."""
    return math.floor(min(_DPI, _MOST_SIDE / max(wide, high), math.sqrt(_MOST_PIXELS / (wide * high))))


def _figure(panels: Mapping[str, Histogram], title: str, aside: str, *, across: int, down: int) -> Figure:
    wide, high = 2 * _SIDE + across * _CELL_WIDTH, _HEADER + down * _CELL_HEIGHT + _FOOT
    figure = Figure(figsize=(wide, high), facecolor="white")
    _write_header(figure, title, aside)
    for place, (name, histogram) in enumerate(panels.items()):
        row, column = divmod(place, across)
        left = _SIDE + column * _CELL_WIDTH + _LEFT
        bottom = high - _HEADER - (row + 1) * _CELL_HEIGHT + _BELOW
        size = (_CELL_WIDTH - _LEFT - _RIGHT) / wide, (_CELL_HEIGHT - _ABOVE - _BELOW) / high
        draw_panel(figure.add_axes((left / wide, bottom / high, *size)), name, histogram)
    return figure


def _write_header(figure: Figure, title: str, aside: str) -> None:
    wide, high = figure.get_size_inches()
    left, right, line = (_SIDE + 0.1) / wide, 1 - (_SIDE + 0.1) / wide, 1 - 0.6 / high
    text = shortened(drawable(title), (wide - 3.5) * 6)
    figure.text(left, line, text, size=14, color=INK, family=families(text), parse_math=False)
    figure.text(right, line, aside, size=9, color=FAINT, ha="right")
    figure.add_artist(Line2D([left, right], [line - 0.13 / high] * 2, color=RULE, linewidth=0.8))
