"""Listing the images of a dataset, cell by cell."""

from collections import Counter
from collections.abc import Iterator

from entrepot_core.collection import ImagePage, ImageQuery, ImageRecord, ImageState, ImageView, image_path
from entrepot_core.dataset import Dataset
from entrepot_core.names import DatasetRef
from entrepot_core.ports.driven import Driven
from entrepot_core.rows.filters import Condition, Operator
from entrepot_core.schema import ROW_ID
from entrepot_core.use_cases.finding import found
from entrepot_core.use_cases.image_cells import Cell, cells
from entrepot_core.use_cases.image_tally import counts_of, problem_of, states

_Found = tuple[Cell, ImageState, ImageRecord | None]


def list_images(driven: Driven, ref: DatasetRef, query: ImageQuery) -> ImagePage:
    """List the images of a dataset's newest version, with what is wrong with them.

    How many there are in all stands in the version's report, once its images have been asked for; then no more of the
    table is read than has to be shown.
    """
    with found(driven, ref, None) as dataset:
        counts, fitting = _counts(driven, dataset), _fitting(driven, dataset, query)
        items = [_view(*one) for place, one in enumerate(_until(fitting, query)) if place >= query.offset]
        total = len(items) if query.row is not None else counts.total() if query.state is None else counts[query.state]
    return ImagePage(
        items=tuple(items),
        columns=dataset.image_columns,
        stored=counts["stored"],
        failed=counts["failed"],
        pending=counts["pending"],
        total=total,
        limit=query.limit,
        offset=query.offset,
    )


def _until(fitting: Iterator[_Found], query: ImageQuery) -> Iterator[_Found]:
    for place, one in enumerate(fitting, start=1):
        yield one
        if place == query.offset + query.limit:
            return


def _fitting(driven: Driven, dataset: Dataset, query: ImageQuery) -> Iterator[_Found]:
    of_row = () if query.row is None else (Condition(ROW_ID, Operator.EXACT, (query.row,)),)
    for one in states(driven, dataset, cells(driven, dataset, dataset.version.parts, of_row)):
        if query.state in {None, one[1]}:
            yield one


def _counts(driven: Driven, dataset: Dataset) -> Counter[ImageState]:
    told = dataset.version.report.images
    if told is not None and dataset.imaged == dataset.version.number:
        return counts_of(told)
    every = states(driven, dataset, cells(driven, dataset, dataset.version.parts))
    return Counter(state for _, state, _ in every)


def _view(cell: Cell, state: ImageState, record: ImageRecord | None) -> ImageView:
    problem = problem_of(cell, record)
    if record is None or record.image is None:
        return ImageView(cell.row, cell.column, cell.text, state, problem)
    image = record.image
    return ImageView(
        row=cell.row,
        column=cell.column,
        text=cell.text,
        state=state,
        problem=problem,
        path=image_path(image.digest),
        media_type=image.look.media_type,
        width=image.look.width,
        height=image.look.height,
        size=image.size,
    )
