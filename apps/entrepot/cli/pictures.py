"""Images, for people."""

import re
import sys
from collections.abc import Sequence
from typing import NamedTuple

from entrepot.cli.output import Cell, print_table, say
from entrepot.library.pictures import digest_of, pixels
from entrepot_core.collection import ImageView
from entrepot_core.dialect import ImagesReport
from entrepot_core.image import RenditionFormat
from entrepot_core.views import DatasetView

_SHOWN_TEXT = 24
"""How much of a cell's text has room beside what is wrong with it."""
_PLACE = re.compile(r"(?:.*/)?images/([^/?#]+)(?:/([^/?#.]+)(?:\.(webp|jpe?g))?)?/?(?:[?#].*)?", re.DOTALL)


class Named(NamedTuple):
    """What somebody says of an image: its digest alone, or as far as a URL tells it."""

    digest: str
    rendition: str | None = None
    format: RenditionFormat | None = None


def named(text: str) -> Named:
    """The image that a digest names, or the path or the URL where it is.

    >>> named("ab12"), named("http://127.0.0.1:8000/images/ab12/web.jpg")
    (Named(digest='ab12', rendition=None, format=None), Named(digest='ab12', rendition='web', format='jpeg'))
    """
    if (found := _PLACE.fullmatch(text.strip())) is None:
        return Named(text)
    digest, rendition, ending = found.groups()
    return Named(digest, rendition, None if ending is None else "webp" if ending == "webp" else "jpeg")


def print_images(images: Sequence[ImageView]) -> int:
    """A line an image: what names it, and what is wrong with it; answers how many columns found no room."""
    heads = ["row", "state", "text", "problem", "column", "pixels", "image"]
    return print_table(heads, [_line(one) for one in images])


def _line(image: ImageView) -> list[Cell]:
    digest = None if image.path is None else digest_of(image.path)
    return [image.row, image.state, _text(image.text), image.problem, image.column, pixels(image), digest]


def _text(text: str) -> str:
    """A cell's text: for a person its end, by which URLs differ."""
    if not sys.stdout.isatty() or len(text) <= _SHOWN_TEXT:
        return text
    return f"…{text[1 - _SHOWN_TEXT :]}"


def print_counts(view: DatasetView) -> None:
    """One line of result: how many images are there, and how many are not."""
    found = view.import_report.images or ImagesReport()
    print(f"{view.name}\t{found.stored:,} stored\t{found.failed:,} failed\t{found.pending:,} pending")


def tell_of_images(view: DatasetView) -> None:
    """Which images could not be had, if some: the first of them, how to see the others, and how to try again."""
    found = view.import_report.images
    if found is None:
        return
    if found.failed:
        say(f"{view.name}: {_of(found.failed, found)} failed{_first(found)}")
    if found.pending:
        say(f"{view.name}: {_of(found.pending, found)} not asked for yet.")
    if found.failed:
        say(f"See which: entrepot images {view.name} --state failed")
    if found.failed or found.pending:
        say(f"Try again: entrepot images {view.name} --retry")


def _of(number: int, found: ImagesReport) -> str:
    total = found.stored + found.failed + found.pending
    return f"{number:,} of {total:,} image{'s' * (total != 1)}"


def _first(found: ImagesReport) -> str:
    if not found.failures:
        return "."
    flaw = found.failures[0]
    begin = ". The first: " if found.failed > 1 else ": "
    return f"{begin}row {flaw.row}, column {flaw.column}, {flaw.value}: {flaw.detail}"
