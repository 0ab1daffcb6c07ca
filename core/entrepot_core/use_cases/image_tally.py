"""Counting what became of the images that cells name."""

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from attrs import define, field

from entrepot_core.collection import ImageRecord, ImageState, unfit
from entrepot_core.dataset import Dataset
from entrepot_core.dialect import SHOWN_FLAWS, Flaw, ImagesReport
from entrepot_core.names import Digest
from entrepot_core.ports.driven import Driven
from entrepot_core.use_cases.image_cells import Cell, Scope, cells, in_batches

_Place = tuple[int | None, str | None]


@define
class Tally:
    """What became of some cells.

    Attributes:
        counts: How many are in each state.
        failures: The first that failed.
        cells: Which of those asked for are among them, as row and column.
    """

    counts: Counter[ImageState] = field(factory=Counter[ImageState])
    failures: list[Flaw] = field(factory=list[Flaw])
    cells: set[_Place] = field(factory=set[_Place])


def report_of(driven: Driven, dataset: Dataset, scope: Scope) -> ImagesReport:
    """What became of the images that a version names, of which perhaps only some parts have to be looked at."""
    come = _tally(driven, dataset, scope.come)
    if scope.before is None:
        return _report(come.counts, come.failures)
    known = {(flaw.row, flaw.column) for flaw in scope.before.failures}
    gone = _tally(driven, dataset, scope.gone, known)
    before = counts_of(scope.before)
    stay = [flaw for flaw in scope.before.failures if (flaw.row, flaw.column) not in gone.cells]
    counts = Counter[ImageState]({one: before[one] - gone.counts[one] + come.counts[one] for one in before})
    return _report(counts, sorted([*stay, *come.failures], key=lambda flaw: (flaw.row or 0, flaw.column or "")))


def counts_of(report: ImagesReport) -> Counter[ImageState]:
    """How many images are in each state."""
    return Counter({"stored": report.stored, "failed": report.failed, "pending": report.pending})


def states(
    driven: Driven, dataset: Dataset, found: Iterator[Cell]
) -> Iterator[tuple[Cell, ImageState, ImageRecord | None]]:
    """Cells, each with whether its image is there, and what is known of it."""
    for batch in in_batches(found):
        known = driven.images.known(dataset.id, {cell.text for cell in batch if unfit(cell.text) is None})
        for cell in batch:
            record = known.get(cell.text)
            yield cell, _state(cell, record), record


def problem_of(cell: Cell, record: ImageRecord | None) -> str | None:
    """What is wrong with a cell's image, or was at the last attempt."""
    return unfit(cell.text) if record is None else record.problem


def _state(cell: Cell, record: ImageRecord | None) -> ImageState:
    if record is not None:
        return "failed" if record.image is None else "stored"
    return "pending" if unfit(cell.text) is None else "failed"


def _tally(
    driven: Driven, dataset: Dataset, parts: Sequence[Digest], wanted: AbstractSet[_Place] = frozenset()
) -> Tally:
    tally = Tally()
    for cell, state, record in states(driven, dataset, cells(driven, dataset, parts)):
        tally.counts[state] += 1
        if (cell.row, cell.column) in wanted:
            tally.cells.add((cell.row, cell.column))
        if state == "failed" and len(tally.failures) < SHOWN_FLAWS:
            problem = problem_of(cell, record) or ""
            tally.failures.append(Flaw(problem, row=cell.row, column=cell.column, value=cell.text[:1_000]))
    return tally


def _report(counts: Counter[ImageState], failures: Sequence[Flaw]) -> ImagesReport:
    return ImagesReport(counts["stored"], counts["failed"], counts["pending"], tuple(failures[:SHOWN_FLAWS]))
