"""A chart that shows itself in a notebook."""

from collections.abc import Callable
from functools import cached_property

from attrs import define, field

from entrepot.library import notebook
from entrepot_core.download import Download
from entrepot_core.errors import EntrepotError
from entrepot_core.formats import Format


@define(slots=False, repr=False)
class Chart:
    """The histograms of a dataset, drawn when they are looked at.

    >>> chart = cars.plot(columns=["price"])
    >>> chart.svg[:5], chart.png[1:4]
    ('<?xml', b'PNG')

    In a notebook it tells in its place why it can't be drawn; ``svg`` and ``png`` raise that.

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

    @cached_property
    def _problem(self) -> EntrepotError | None:
        """Why it can't be drawn: a notebook would print all that led to the error."""
        try:
            _ = self.svg
        except EntrepotError as error:
            return error
        return None

    def _repr_html_(self) -> str | None:
        return None if self._problem is None else notebook.problem_html(self._problem)

    def _repr_svg_(self) -> str | None:
        return self.svg if self._problem is None else None

    def _repr_png_(self) -> bytes | None:
        return self.png if self._problem is None else None
