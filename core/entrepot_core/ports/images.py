"""What is remembered of images."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from typing import Protocol

from entrepot_core.collection import ImageRecord
from entrepot_core.image import Image, Rendered
from entrepot_core.names import DatasetId, Digest
from entrepot_core.ports.blobs import Blob


class Images(Protocol):
    """Remembers which images the cells of datasets name, and what was made of them.

    Every method is atomic and safe to use from several threads and processes; see ``Catalogue`` for what any may raise.
    What is remembered of a dataset goes with it.
    """

    def known(self, dataset: DatasetId, texts: Collection[str] | None = None) -> Mapping[str, ImageRecord]:
        """What is known of the images that these texts name, by text; by default of all of a dataset."""
        ...

    def record(self, dataset: DatasetId, *records: ImageRecord) -> None:
        """Remember what is known of images, in place of what was; of several with one text, the last.

        Raises:
            DatasetNotFound: The dataset is gone.
        """
        ...

    def leave(self, dataset: DatasetId, texts: Collection[str], version: int | None) -> None:
        """Remember since which version these are not named any more; none where they are again."""
        ...

    def forget(self, dataset: DatasetId, oldest: int) -> None:
        """Forget the images of a dataset that no version names from ``oldest`` on."""
        ...

    def image(self, digest: Digest) -> Image | None:
        """An original, if some dataset has it."""
        ...

    def rendition(self, digest: Digest, key: str) -> Rendered | None:
        """What was made of an original by this key, if it was."""
        ...

    def add_rendition(self, digest: Digest, key: str, rendered: Rendered) -> None:
        """Remember what was made of an original; it is forgotten when no dataset has that any more."""
        ...

    def trim(self) -> None:
        """Forget what was made of originals that no dataset has."""
        ...

    def blobs(self) -> AbstractSet[Blob]:
        """The blobs of originals that some dataset has, and of what was made of them."""
        ...
