"""A changed table on its way: parts that stay, and new ones in scratch files."""

import io
from collections.abc import Iterable
from types import TracebackType
from typing import Self

import polars as pl

from entrepot_adapters.polars.editing.given import Columns
from entrepot_adapters.polars.stored import COMPRESSION, DATA_PAGE, ROW_GROUP, part_metadata
from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Blobs, Staged
from entrepot_core.ports.editor import Edited
from entrepot_core.schema import ROW_ID


class Draft:
    """Collects the parts of a changed table, in order. Left without ``finish``, its scratch files are gone.

    Args:
        blobs: Where the parts will be kept.
        most: The most rows of a part.
    """

    def __init__(self, blobs: Blobs, most: int) -> None:
        self._blobs = blobs
        self._most = most
        self._parts: list[Digest | Staged] = []
        self._with_nulls: set[str] = set()

    def keep(self, part: Digest) -> None:
        """Let a part stay."""
        self._parts.append(part)

    def write(self, frame: pl.DataFrame, columns: Columns) -> None:
        """Write rows into new parts, each no longer than a row group, so that the next edit of one is cheap.

        Raises:
            DiskFull: There is no room for them.
        """
        for rows in frame.iter_slices(self._most):
            self._write(rows, columns)

    def write_empty(self, columns: Columns) -> None:
        """Write a part without rows, for its columns."""
        self._write(pl.DataFrame(schema=dict(columns.dtypes)), columns)

    def _write(self, rows: pl.DataFrame, columns: Columns) -> None:
        staged = self._blobs.stage()
        self._parts.append(staged)
        written = io.BytesIO()  # not the scratch file: so the store itself sees its bytes, and hashes them on the way
        rows.write_parquet(
            written,
            compression=COMPRESSION,
            statistics=True,
            row_group_size=ROW_GROUP,
            data_page_size=DATA_PAGE,
            metadata=part_metadata([name for name in rows.columns if name in columns.documents]),
        )
        staged.write(written.getvalue())
        self._with_nulls.update(one.name for one in rows if one.name != ROW_ID and one.null_count())

    @property
    def is_empty(self) -> bool:
        """Whether there is no part yet."""
        return not self._parts

    def take(self, pieces: Edited) -> None:
        """Take over the parts of what was a draft of its own."""
        self._parts += pieces.parts
        self._with_nulls |= pieces.with_nulls

    def finish(self, ids: Iterable[int]) -> Edited:
        """The changed table, which has the scratch files from now on."""
        parts, self._parts = tuple(self._parts), []
        return Edited(parts=parts, ids=tuple(ids), with_nulls=frozenset(self._with_nulls))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with Edited(tuple(self._parts), (), frozenset()):
            self._parts = []
