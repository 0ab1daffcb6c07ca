"""The images of a dataset, as people hold them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

import msgspec
from attrs import frozen

from entrepot.library import notebook
from entrepot.library.pictures import pixels
from entrepot_core.collection import ImagePage, ImageView

if TYPE_CHECKING:
    import polars as pl


@frozen(repr=False)
class Images(Sequence[ImageView]):
    r"""Some of the images of a dataset, cell by cell: where each is, or why it isn't there.

    >>> pictured = store.add(b"make,photo\nAda,none.jpg\n", "pictured", images="photo")
    >>> images = pictured.images()
    >>> images, images[0].row, images[0].state
    (<Images: 0 stored, 1 failed, 0 pending>, 1, 'failed')

    Attributes:
        page: The page as the store gave it.
    """

    page: ImagePage

    @property
    def stored(self) -> int:
        """How many are there, in all."""
        return self.page.stored

    @property
    def failed(self) -> int:
        """How many can't be had, in all."""
        return self.page.failed

    @property
    def pending(self) -> int:
        """How many have not been asked for yet, in all."""
        return self.page.pending

    @property
    def total(self) -> int:
        """How many fit what was asked for, on all pages."""
        return self.page.total

    def frame(self) -> "pl.DataFrame":
        r"""These as a polars frame.

        >>> pictured = store.add(b"make,photo\nAda,none.jpg\n", "pictured", images="photo")
        >>> pictured.images().frame().select("row", "column", "text", "state").rows()
        [(1, 'photo', 'none.jpg', 'failed')]
        """
        import polars as pl

        kinds = {"row": pl.Int64, "width": pl.Int64, "height": pl.Int64, "size": pl.Int64}
        schema = {name: kinds.get(name, pl.String) for name in ImageView.__struct_fields__}
        return pl.DataFrame([msgspec.structs.astuple(one) for one in self], schema=schema, orient="row")

    @overload
    def __getitem__(self, place: int) -> ImageView: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[ImageView]: ...

    def __getitem__(self, place: int | slice) -> ImageView | Sequence[ImageView]:
        return self.page.items[place]

    def __len__(self) -> int:
        return len(self.page.items)

    def __repr__(self) -> str:
        return f"<Images: {self._counts}>"

    def _repr_html_(self) -> str:
        return notebook.images_html(self._counts, [(one, pixels(one)) for one in self], self.total)

    @property
    def _counts(self) -> str:
        return f"{self.stored:,} stored, {self.failed:,} failed, {self.pending:,} pending"
