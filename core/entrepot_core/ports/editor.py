"""Changes stored tables."""

from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self

from attrs import define

from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Staged
from entrepot_core.profile import Profile
from entrepot_core.rows.edits import TypedRow
from entrepot_core.rows.selection import Filter
from entrepot_core.schema import Schema


@define
class Edited:
    """A table that was changed. It is a context manager; leaving it closes its scratch files.

    Attributes:
        parts: The table's parts, in order: those that stayed, and scratch files of new ones, complete. Where nothing
            is other than before, they are the parts that were.
        ids: The numbers of the rows that were added, found or removed, in their order.
        with_nulls: Columns that have a null in a new part.
    """

    parts: tuple[Digest | Staged, ...]
    ids: tuple[int, ...]
    with_nulls: frozenset[str]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for part in self.parts:
            if not isinstance(part, str):
                part.close()


class Editor(Protocol):
    """Makes tables of other tables, of whose parts it reads and writes anew only those that it has to.

    ``parts`` are the parts of one table, for whose columns rows and filters were made; ``_id`` ascends over them all.
    At least one part is left, for its columns. Values are stored as the column stores them; where one can't be,
    ``InvalidRows`` is raised, without the values, which only who was given them can show. Any method raises
    ``BlobDamaged`` where a part that it needs is missing or can't be read, and ``DiskFull``; then nothing is left.
    """

    def append(self, parts: Sequence[Digest], rows: Sequence[TypedRow], first: int) -> Edited:
        """Add rows at the end, numbered from ``first``; what they don't give is null.

        Small last parts are written anew together with them, so that a table of many additions has few parts.
        """
        ...

    def update(self, parts: Sequence[Digest], rows: Sequence[TypedRow], *, whole: bool) -> Edited:
        """Give rows new values, by their numbers; what they don't give stays, or is null if they are ``whole``.

        ``Edited.ids`` has the numbers that were found. Parts whose rows have the values already stay.
        """
        ...

    def remove(self, parts: Sequence[Digest], rows: Sequence[int] | tuple[Filter, ...]) -> Edited:
        """Remove rows, by their numbers or by filters that must all hold; ``Edited.ids`` has those that were found."""
        ...

    def profile(self, parts: Sequence[Digest], schema: Schema, *, dates_are_text: bool) -> Profile:
        """The statistics of the table, as ``Importer.load`` computes them."""
        ...
