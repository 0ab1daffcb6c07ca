"""Storing images that somebody gives, and having cells name them."""

from collections.abc import Sequence
from contextlib import ExitStack

from attrs import frozen

from entrepot_core.collection import ImageRecord, image_path
from entrepot_core.dataset import Dataset
from entrepot_core.dialect import no_report
from entrepot_core.errors import ImageError, InvalidImage, InvalidOption, LimitExceeded
from entrepot_core.image import Image, Look
from entrepot_core.names import DatasetRef
from entrepot_core.ports.blobs import Staged
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.operations import ImageUpload
from entrepot_core.rows.views import RowsChanged
from entrepot_core.schema import ROW_ID
from entrepot_core.use_cases.amending import update_rows
from entrepot_core.use_cases.arriving import arrived
from entrepot_core.use_cases.reading import get_row
from entrepot_core.use_cases.recognising import check_images


@frozen
class _Taken:
    """An image that has come, for a cell.

    Attributes:
        row: The row's number.
        column: The column.
        staged: The image's bytes.
        look: What it is.
    """

    row: int
    column: str
    staged: Staged
    look: Look


def put_images(driven: Driven, ref: DatasetRef, images: Sequence[ImageUpload], expected: int | None) -> RowsChanged:
    """Store images, then change the cells that are to name them. Nothing is stored where one can't be."""
    dataset = driven.catalogue.find(ref)
    dataset.require(expected)
    places = [(one.row, _column(dataset, one.column)) for one in images]
    _check_places(driven, dataset, places)
    with ExitStack() as held:  # until a record refers to them, only their scratch files keep them
        taken = _all_taken(driven, images, places, held)
        rows: dict[int, dict[str, object]] = {}
        for one in taken:
            rows.setdefault(one.row, {ROW_ID: one.row})[one.column] = _recorded(driven, dataset, one)
        return update_rows(driven, DatasetRef(dataset.id), list(rows.values()), expected, whole=False)


def _check_places(driven: Driven, dataset: Dataset, places: Sequence[tuple[int, str]]) -> None:
    for row, column in places:
        if places.count((row, column)) > 1:
            raise InvalidOption(option="column", value=column, reason=f"row {row} is given two images for it")
        get_row(driven, DatasetRef(dataset.id), row, None)


def _all_taken(
    driven: Driven, images: Sequence[ImageUpload], places: Sequence[tuple[int, str]], held: ExitStack
) -> list[_Taken]:
    """The images, once all have come; where there are several, all that are none are told of.

    Raises:
        InvalidImage: One is none.
    """
    taken, errors = list[_Taken](), list[ImageError]()
    for one, (row, column) in zip(images, places, strict=True):
        try:
            taken.append(_taken(driven, one, column, held))
        except InvalidImage as error:
            if len(images) == 1:
                raise
            errors.append(ImageError(row, column, one.source.known.file_name, error.reason))
    if errors:
        raise InvalidImage(reason=errors[0].detail, errors=tuple(errors))
    return taken


def _taken(driven: Driven, upload: ImageUpload, column: str, held: ExitStack) -> _Taken:
    staged = held.enter_context(arrived(driven, upload.source, no_report)).staged
    if staged.size > driven.image_bytes:
        raise LimitExceeded(limit="ENTREPOT_MAX_IMAGE_BYTES", allowed=driven.image_bytes)
    return _Taken(upload.row, column, staged, driven.imaging.inspect(staged.file))


def _recorded(driven: Driven, dataset: Dataset, taken: _Taken) -> str:
    """Store an image; answer what a cell says to name it."""
    blob = driven.blobs.keep(taken.staged)
    text, image = image_path(blob.digest), Image(blob.digest, blob.size, taken.look)
    driven.images.record(dataset.id, ImageRecord(text=text, url=None, checked_at=driven.clock.now(), image=image))
    return text


def _column(dataset: Dataset, named: str | None) -> str:
    if named is not None:
        check_images(dataset.version.schema, [named])
        if named not in dataset.image_columns:
            reason = "it is not known to hold images; edit the dataset to say that it does (option images)"
            raise InvalidOption(option="column", value=named[:200], reason=reason)
        return named
    match dataset.image_columns:
        case (column,):
            return column
        case ():
            reason = "name the column that the image is for"
        case columns:
            reason = f"name the column that the image is for: {', '.join(columns)}"
    raise InvalidOption(option="column", value="", reason=reason)
