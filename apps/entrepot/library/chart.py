"""A chart that shows itself in a notebook."""

from collections.abc import Callable
from functools import cached_property

from attrs import define, field

from entrepot_core.download import Download
from entrepot_core.formats import Format


@define(slots=False, repr=False)
class Chart:
    """The histograms of a dataset, drawn when they are looked at.

    >>> chart = cars.plot(columns=["price"])
    >>> chart.svg[:5], chart.png[1:4]
    ('<?xml', b'PNG')

    Attributes:
        title: What is drawn.
    """

    title: str
    _draw: Callable[[Format], Download] = field(repr=False)

    @cached_property
    def svg(self) -> str:
        """The chart as SVG."""
        return self._drawn(Format.SVG).decode()

    @cached_property
    def png(self) -> bytes:
        """The chart as PNG."""
        return self._drawn(Format.PNG)

    def _drawn(self, format: Format) -> bytes:
        with self._draw(format) as download:
            return download.read()

    def __repr__(self) -> str:
        return f"<Chart {self.title!r}>"

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_png_(self) -> bytes:
        return self.png
