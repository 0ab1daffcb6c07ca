"""The ``Charts`` port, drawn by matplotlib."""

from collections.abc import Mapping
from typing import BinaryIO

from entrepot_adapters.charts.quiet import quiet
from entrepot_core.formats import Format
from entrepot_core.profile import Histogram


class MatplotlibCharts:
    """Draws charts without pyplot, whatever the reader's own settings of matplotlib are."""

    def histograms(self, histograms: Mapping[str, Histogram], format: Format, out: BinaryIO, *, title: str) -> None:
        """Draw histograms: PDF as A4 pages of six, SVG and PNG as one sheet.

        A PNG has at most 16,384 pixels a side and 50 megapixels, so that past some 800 columns its text gets too
        small to read. Names are shortened in their middle to the width of a panel. The same histograms give the same
        bytes.
        """
        with quiet():
            from entrepot_adapters.charts import pages

            pages.draw(histograms, format, out, title=title)
