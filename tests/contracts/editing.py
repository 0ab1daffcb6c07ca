"""A table on a desk, where an editor works on it, and what came of that can be looked at."""

from collections.abc import Sequence
from typing import BinaryIO

import polars as pl
from attrs import define, field

from entrepot_adapters.polars.field_types import field_type
from entrepot_core.errors import DiskFull
from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Blob, Blobs, InUse, Leavings, Staged
from entrepot_core.ports.editor import Edited, Editor
from entrepot_core.rows.edits import Row, changed_rows, new_rows
from entrepot_core.schema import Field, FieldType, Schema


@define
class WatchedBlobs:
    """Blobs that remember which scratch files were made and which blobs were opened, and may be full.

    Attributes:
        inner: Where they are.
        staged: The scratch files.
        opened: The blobs that were opened.
        room: For how many scratch files there is room.
    """

    inner: Blobs
    staged: list[Staged] = field(factory=list)
    opened: list[Digest] = field(factory=list)
    room: int = 1_000_000

    def stage(self) -> Staged:
        if len(self.staged) >= self.room:
            raise DiskFull
        self.staged.append(self.inner.stage())
        return self.staged[-1]

    def open(self, digest: Digest) -> BinaryIO:
        self.opened.append(digest)
        return self.inner.open(digest)

    def keep(self, staged: Staged) -> Blob:
        return self.inner.keep(staged)

    def probe(self) -> None:
        self.inner.probe()

    def leavings(self, in_use: InUse) -> Leavings:
        return self.inner.leavings(in_use)

    def sweep(self, in_use: InUse) -> Leavings:
        return self.inner.sweep(in_use)

    def set_aside(self, digest: Digest) -> None:
        self.inner.set_aside(digest)


@define
class Desk:
    """An editor with its blobs.

    Attributes:
        editor: Works on the blobs.
        blobs: What it works on.
        schema: Of the tables.
    """

    editor: Editor
    blobs: WatchedBlobs
    schema: Schema = field(factory=lambda: Schema(()))

    def append(self, parts: Sequence[Digest], rows: Sequence[Row], first: int) -> Edited:
        return self.editor.append(parts, new_rows(rows, self.schema), first)

    def update(self, parts: Sequence[Digest], rows: Sequence[Row], *, whole: bool = False) -> Edited:
        return self.editor.update(parts, changed_rows(rows, self.schema), whole=whole)

    def kept(self, edited: Edited) -> list[Digest]:
        """The table as it is kept; no scratch file is open after that."""
        with edited:
            parts = [part if isinstance(part, str) else self.blobs.keep(part).digest for part in edited.parts]
        assert self.is_clear
        return parts

    def read(self, parts: Sequence[Digest]) -> pl.DataFrame:
        """All rows of a table."""
        frames: list[pl.DataFrame] = []
        for part in parts:
            with self.blobs.inner.open(part) as file:
                frames.append(pl.read_parquet(file))
        return pl.concat(frames)

    @property
    def is_clear(self) -> bool:
        """Whether no scratch file is left open."""
        return all(one.file.closed for one in self.blobs.staged)


def schema_of(frame: pl.DataFrame, documents: Sequence[str] = ()) -> Schema:
    """The schema of a frame, with ``_id`` left out."""
    types = {name: FieldType.JSON if name in documents else field_type(dtype) for name, dtype in frame.schema.items()}
    return Schema(tuple(Field(name, kind) for name, kind in types.items() if name != "_id"))
