"""What is known of images, in an SQL database."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Any

from sqlalchemy import Engine, Row, bindparam, delete, exists, insert, select, union, update

from entrepot_adapters.sql.models import DatasetRow, ImageRow, RenditionRow
from entrepot_adapters.sql.remembering import Remembered
from entrepot_adapters.sql.repository import Repository
from entrepot_core.collection import ImageRecord
from entrepot_core.errors import DatasetNotFound
from entrepot_core.image import Image, Rendered
from entrepot_core.names import DatasetId, Digest
from entrepot_core.ports.blobs import Blob

_AT_ONCE = 500
"""How many texts a statement names."""

_RECORDS = select(
    ImageRow.text,
    ImageRow.url,
    ImageRow.checked_at,
    ImageRow.left_at,
    ImageRow.validators,
    ImageRow.problem,
    ImageRow.digest,
    ImageRow.size,
    ImageRow.look,
)
_LOCK = select(DatasetRow.id).where(DatasetRow.id == bindparam("dataset")).with_for_update()
_FORGET = delete(ImageRow).where(ImageRow.dataset_id == bindparam("dataset"), ImageRow.text == bindparam("known"))
_ADD = insert(ImageRow)
_IN_USE = exists().where(ImageRow.digest == RenditionRow.original)


class SqlImages(Repository):
    """Remembers images in a database whose tables are there already; ``open_database`` sees to that.

    Args:
        engine: Makes the connections.
        stamp: Tells the database's state, where it can: renditions are looked up once as long as it stays equal.
    """

    def __init__(self, engine: Engine, stamp: Callable[[], object] = object) -> None:
        super().__init__(engine)
        self._images = Remembered[Image | None](stamp)
        self._renditions = Remembered[Rendered | None](stamp)

    def known(self, dataset: DatasetId, texts: Collection[str] | None = None) -> Mapping[str, ImageRecord]:
        """What is known of the images that these texts name."""
        wanted = _RECORDS.where(ImageRow.dataset_id == dataset)
        with self.reading() as connection:
            if texts is None:
                found = connection.execute(wanted).all()
            else:
                parts = (wanted.where(ImageRow.text.in_(part)) for part in _parts(texts))
                found = list(chain.from_iterable(connection.execute(part).all() for part in parts))
        return {row.text: _record(row) for row in found}

    def record(self, dataset: DatasetId, *records: ImageRecord) -> None:
        """Remember what is known of images, in place of what was."""
        newest = {record.text: record for record in records}
        with self.writing_rows() as connection:
            if connection.execute(_LOCK, {"dataset": dataset}).one_or_none() is None:
                raise DatasetNotFound(ref=dataset)
            if newest:
                connection.execute(_FORGET, [{"dataset": dataset, "known": text} for text in newest])
                connection.execute(_ADD, [_values(dataset, record) for record in newest.values()])

    def leave(self, dataset: DatasetId, texts: Collection[str], version: int | None) -> None:
        """Remember since which version these are not named any more."""
        of_dataset = update(ImageRow).where(ImageRow.dataset_id == dataset).values(left_at=version)
        with self.writing_rows() as connection:
            for part in _parts(texts):
                connection.execute(of_dataset.where(ImageRow.text.in_(part)))

    def forget(self, dataset: DatasetId, oldest: int) -> None:
        """Forget the images of a dataset that no version names from ``oldest`` on."""
        with self.writing_rows() as connection:
            connection.execute(delete(ImageRow).where(ImageRow.dataset_id == dataset, ImageRow.left_at <= oldest))

    def image(self, digest: Digest) -> Image | None:
        """An original, if some dataset has it."""
        return self._images.get(digest, lambda: self._image(digest))

    def _image(self, digest: Digest) -> Image | None:
        wanted = select(ImageRow.digest, ImageRow.size, ImageRow.look).where(ImageRow.digest == digest).limit(1)
        with self.reading() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else Image(Digest(row.digest), row.size, row.look)

    def rendition(self, digest: Digest, key: str) -> Rendered | None:
        """What was made of an original by this key, if it was."""
        return self._renditions.get((digest, key), lambda: self._rendition(digest, key))

    def _rendition(self, digest: Digest, key: str) -> Rendered | None:
        columns = (RenditionRow.digest, RenditionRow.size, RenditionRow.format, RenditionRow.width, RenditionRow.height)
        wanted = select(*columns).where(RenditionRow.original == digest, RenditionRow.key == key)
        with self.reading() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else Rendered(Digest(row.digest), row.size, row.format, row.width, row.height)

    def add_rendition(self, digest: Digest, key: str, rendered: Rendered) -> None:
        """Remember what was made of an original."""
        with self.writing_rows() as connection:
            connection.execute(delete(RenditionRow).where(RenditionRow.original == digest, RenditionRow.key == key))
            values = {name: getattr(rendered, name) for name in rendered.__struct_fields__}
            connection.execute(insert(RenditionRow), [{"original": digest, "key": key, **values}])

    def trim(self) -> None:
        """Forget what was made of originals that no dataset has."""
        with self.writing_rows() as connection:
            connection.execute(delete(RenditionRow).where(~_IN_USE))

    def blobs(self) -> AbstractSet[Blob]:
        """The blobs of originals that some dataset has, and of what was made of them."""
        originals = select(ImageRow.digest, ImageRow.size).where(ImageRow.digest.is_not(None))
        made = select(RenditionRow.digest, RenditionRow.size).where(_IN_USE)
        with self.reading() as connection:
            rows: Sequence[Row[*tuple[Any, ...]]] = connection.execute(union(originals, made)).all()
        return {Blob(Digest(digest), size) for digest, size in rows}


def _parts(texts: Collection[str]) -> Iterator[list[str]]:
    every = list(texts)
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))


def _values(dataset: DatasetId, record: ImageRecord) -> dict[str, object]:
    image = record.image
    return {
        "dataset_id": dataset,
        "text": record.text,
        "url": record.url,
        "checked_at": record.checked_at,
        "left_at": record.left_at,
        "validators": record.validators,
        "problem": record.problem,
        "digest": None if image is None else image.digest,
        "size": None if image is None else image.size,
        "look": None if image is None else image.look,
    }


def _record(row: Row[*tuple[Any, ...]]) -> ImageRecord:
    image = None if row.digest is None else Image(Digest(row.digest), row.size, row.look)
    return ImageRecord(
        text=row.text,
        url=row.url,
        checked_at=row.checked_at,
        left_at=row.left_at,
        image=image,
        problem=row.problem,
        validators=row.validators,
    )
