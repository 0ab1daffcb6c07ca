"""Images, for people."""

from collections.abc import Sequence

from entrepot.cli.output import Cell, print_table, say
from entrepot.library.pictures import digest_of, pixels
from entrepot_core.collection import ImageView
from entrepot_core.dialect import ImagesReport
from entrepot_core.views import DatasetView


def print_images(images: Sequence[ImageView]) -> None:
    """A line an image: the cell that names it, whether it is there, and what is wrong with it."""
    heads = ["row", "column", "state", "pixels", "problem", "image"]
    print_table(heads, [_line(one) for one in images])


def _line(image: ImageView) -> list[Cell]:
    digest = None if image.path is None else digest_of(image.path)
    return [image.row, image.column, image.state, pixels(image), image.problem, digest]


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
