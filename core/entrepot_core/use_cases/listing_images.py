"""Listing the images of a dataset, cell by cell."""

from collections import Counter
from collections.abc import Mapping

from entrepot_core.collection import ImagePage, ImageQuery, ImageRecord, ImageView, image_path
from entrepot_core.names import DatasetRef
from entrepot_core.ports.driven import Driven
from entrepot_core.use_cases.finding import found
from entrepot_core.use_cases.picturing import Cell, cells, state_of


def list_images(driven: Driven, ref: DatasetRef, query: ImageQuery) -> ImagePage:
    """List the images of a dataset's newest version, with what is wrong with them."""
    counts, fitting, items = Counter[str](), 0, list[ImageView]()
    with found(driven, ref, None) as dataset:
        known = driven.images.known(dataset.id)
        for cell in cells(driven, dataset):
            state, _ = state_of(cell.text, known)
            counts[state] += 1
            if query.state in {None, state} and query.row in {None, cell.row}:
                if query.offset <= fitting < query.offset + query.limit:
                    items.append(_view(cell, known))
                fitting += 1
    return ImagePage(
        items=tuple(items),
        columns=dataset.image_columns,
        stored=counts["stored"],
        failed=counts["failed"],
        pending=counts["pending"],
        total=fitting,
        limit=query.limit,
        offset=query.offset,
    )


def _view(cell: Cell, known: Mapping[str, ImageRecord]) -> ImageView:
    state, problem = state_of(cell.text, known)
    record = known.get(cell.text)
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
