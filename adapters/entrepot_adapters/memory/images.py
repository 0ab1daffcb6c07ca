"""What is known of images, in memory."""

from collections.abc import Callable, Collection, Mapping
from collections.abc import Set as AbstractSet
from threading import Lock

import msgspec

from entrepot_core.collection import ImageRecord
from entrepot_core.errors import DatasetNotFound
from entrepot_core.image import Image, Rendered
from entrepot_core.names import DatasetId, DatasetRef, Digest
from entrepot_core.ports.blobs import Blob


class MemoryImages:
    """Remembers images as long as this object lives.

    Args:
        find: Finds a dataset; raises where there is none.
    """

    def __init__(self, find: Callable[[DatasetRef], object]) -> None:
        self._find = find
        self._records: dict[DatasetId, dict[str, ImageRecord]] = {}
        self._renditions: dict[tuple[Digest, str], Rendered] = {}
        self._lock = Lock()

    def known(self, dataset: DatasetId, texts: Collection[str] | None = None) -> Mapping[str, ImageRecord]:
        """What is known of the images that these texts name."""
        with self._lock:
            found = dict(self._records.get(dataset, {})) if self._is_there(dataset) else {}
        return found if texts is None else {text: found[text] for text in texts if text in found}

    def record(self, dataset: DatasetId, *records: ImageRecord) -> None:
        """Remember what is known of images, in place of what was."""
        self._find(DatasetRef(dataset))
        with self._lock:
            self._records.setdefault(dataset, {}).update((record.text, record) for record in records)

    def leave(self, dataset: DatasetId, texts: Collection[str], version: int | None) -> None:
        """Remember since which version these are not named any more."""
        with self._lock:
            records = self._records.get(dataset, {})
            for text in records.keys() & set(texts):
                records[text] = msgspec.structs.replace(records[text], left_at=version)

    def forget(self, dataset: DatasetId, oldest: int) -> None:
        """Forget the images of a dataset that no version names from ``oldest`` on."""
        with self._lock:
            records = self._records.get(dataset, {})
            kept = {text: one for text, one in records.items() if one.left_at is None or one.left_at > oldest}
            self._records[dataset] = kept

    def image(self, digest: Digest) -> Image | None:
        """An original, if some dataset has it."""
        with self._lock:
            return self._originals().get(digest)

    def rendition(self, digest: Digest, key: str) -> Rendered | None:
        """What was made of an original by this key, if it was."""
        with self._lock:
            return self._renditions.get((digest, key))

    def add_rendition(self, digest: Digest, key: str, rendered: Rendered) -> None:
        """Remember what was made of an original."""
        with self._lock:
            self._renditions[digest, key] = rendered

    def trim(self) -> None:
        """Forget what was made of originals that no dataset has."""
        with self._lock:
            originals = self._originals()
            self._renditions = {key: made for key, made in self._renditions.items() if key[0] in originals}

    def blobs(self) -> AbstractSet[Blob]:
        """The blobs of originals that some dataset has, and of what was made of them."""
        with self._lock:
            originals = self._originals()
            made = [rendered for (of, _), rendered in self._renditions.items() if of in originals]
            return {
                *(Blob(image.digest, image.size) for image in originals.values()),
                *(Blob(one.digest, one.size) for one in made),
            }

    def _originals(self) -> dict[Digest, Image]:
        """The originals of the datasets that are there; those of others are let go of here."""
        self._records = {one: records for one, records in self._records.items() if self._is_there(one)}
        images = (record.image for records in self._records.values() for record in records.values())
        return {image.digest: image for image in images if image is not None}

    def _is_there(self, dataset: DatasetId) -> bool:
        try:
            self._find(DatasetRef(dataset))
        except DatasetNotFound:
            return False
        return True
