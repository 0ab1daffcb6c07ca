"""Storing images that somebody gives, and having cells name them."""

from collections.abc import Sequence
from contextlib import ExitStack

import msgspec
from attrs import frozen

from entrepot_core.changes import DatasetChanges
from entrepot_core.collection import ImageRecord, image_path
from entrepot_core.dataset import Dataset
from entrepot_core.dialect import no_report
from entrepot_core.errors import InvalidOption, LimitExceeded
from entrepot_core.image import Image
from entrepot_core.names import DatasetRef
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.operations import ImageUpload
from entrepot_core.rows.edits import Row
from entrepot_core.rows.views import RowsChanged
from entrepot_core.schema import ROW_ID
from entrepot_core.use_cases.amending import update_rows
from entrepot_core.use_cases.arriving import arrived
from entrepot_core.use_cases.reading import get_row
from entrepot_core.use_cases.recognising import check_images


@frozen
class _Taken:
    """An image that was stored, for a cell of a column."""

    row: int
    column: str
    image: Image

    @property
    def text(self) -> str:
        """What the cell is to say."""
        return image_path(self.image.digest)


def put_images(driven: Driven, ref: DatasetRef, images: Sequence[ImageUpload], expected: int | None) -> RowsChanged:
    """Store images, then change the cells that are to name them; the dataset may have other columns of images then."""
    dataset = driven.catalogue.find(ref)
    dataset.require(expected)
    columns = [_column(dataset, one.column) for one in images]
    for row in {one.row for one in images}:  # before anything is stored for one that isn't there
        get_row(driven, DatasetRef(dataset.id), row, None)
    with ExitStack() as held:  # until a record refers to them, only their scratch files keep them
        taken = [_taken(driven, one, column, held) for one, column in zip(images, columns, strict=True)]
        for one in taken:
            record = ImageRecord(text=one.text, url=None, checked_at=driven.clock.now(), image=one.image)
            driven.images.record(dataset.id, record)
        changed = update_rows(driven, DatasetRef(dataset.id), _rows(taken), expected, whole=False)
    revision = _declare(driven, dataset, columns)
    return changed if revision is None else msgspec.structs.replace(changed, revision=revision)


def _taken(driven: Driven, upload: ImageUpload, column: str, held: ExitStack) -> _Taken:
    arrival = held.enter_context(arrived(driven, upload.source, no_report))
    if arrival.staged.size > driven.image_bytes:
        raise LimitExceeded(limit="ENTREPOT_MAX_IMAGE_BYTES", allowed=driven.image_bytes)
    look = driven.imaging.inspect(arrival.staged.file)
    blob = driven.blobs.keep(arrival.staged)
    return _Taken(upload.row, column, Image(blob.digest, blob.size, look))


def _rows(taken: Sequence[_Taken]) -> list[Row]:
    rows: dict[int, dict[str, object]] = {}
    for one in taken:
        row = rows.setdefault(one.row, {ROW_ID: one.row})
        if one.column in row:
            reason = f"row {one.row} is given two images"
            raise InvalidOption(option="column", value=one.column, reason=reason)
        row[one.column] = one.text
    return list(rows.values())


def _column(dataset: Dataset, named: str | None) -> str:
    if named is not None:
        check_images(dataset.version.schema, [named])
        return named
    match dataset.image_columns:
        case (column,):
            return column
        case ():
            reason = "name the column that the image is for"
        case columns:
            reason = f"name the column that the image is for: {', '.join(columns)}"
    raise InvalidOption(option="column", value="", reason=reason)


def _declare(driven: Driven, dataset: Dataset, columns: Sequence[str]) -> int | None:
    """Make columns ones of images that weren't; answer the dataset's revision then."""
    if set(columns) <= set(dataset.image_columns):
        return None
    at = driven.clock.now()

    def declare(found: Dataset) -> Dataset:
        images = tuple(dict.fromkeys((*(found.images or ()), *columns)))
        return found.edited(DatasetChanges(images=images), at)

    return driven.catalogue.change(DatasetRef(dataset.id), declare).revision
