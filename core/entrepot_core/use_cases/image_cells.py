"""The cells of a table that name images."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import msgspec
from attrs import frozen

from entrepot_core.dataset import Dataset
from entrepot_core.dialect import ImagesReport
from entrepot_core.errors import NotFound
from entrepot_core.formats import Format
from entrepot_core.image import names_something
from entrepot_core.names import DatasetRef, Digest
from entrepot_core.ports.driven import Driven
from entrepot_core.rows.filters import Condition
from entrepot_core.rows.selection import Selection
from entrepot_core.schema import ROW_ID

_AT_ONCE = 1_000
"""How many cells are looked up at once."""


class Cell(msgspec.Struct, frozen=True):
    """A cell that names an image: its row's number, its column, and what stands in it."""

    row: int
    column: str
    text: str


@frozen
class Scope:
    """Which parts of a table have to be looked at.

    Attributes:
        come: The parts with cells that nobody looked at.
        gone: Those of the version that was looked at before, which this one has no more.
        before: What became of that version's images; none where all has to be looked at.
    """

    come: Sequence[Digest]
    gone: Sequence[Digest] = ()
    before: ImagesReport | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all of the table is looked at."""
        return self.before is None


def scope_of(driven: Driven, dataset: Dataset, *, is_part: bool) -> Scope:
    """What to look at of a version: all of it; or, where that will do, what an edit changed since somebody looked.

    That will do where every image of that version was asked for, and every failure named.
    """
    whole = Scope(dataset.version.parts)
    seen = _seen(driven, dataset) if is_part and dataset.imaged else None
    if seen is None or seen.image_columns != dataset.image_columns:
        return whole
    before, old, new = seen.version.report.images, seen.version.parts, dataset.version.parts
    if before is None or before.pending or before.failed > len(before.failures):
        return whole
    if seen.version.report.source_url != dataset.version.report.source_url:
        return whole
    return Scope([one for one in new if one not in set(old)], [one for one in old if one not in set(new)], before)


def _seen(driven: Driven, dataset: Dataset) -> Dataset | None:
    try:
        return driven.catalogue.find(DatasetRef(dataset.id), dataset.imaged)
    except NotFound:
        return None


def cells(
    driven: Driven, dataset: Dataset, parts: Sequence[Digest], filters: tuple[Condition, ...] = ()
) -> Iterator[Cell]:
    """The cells of parts of a dataset's table that name images, by row; of the rows that fit ``filters``."""
    columns = dataset.image_columns
    if not columns or not parts:
        return
    selection = Selection(columns=(ROW_ID, *columns), filters=filters)
    chunks = driven.tables.stream(parts, selection, Format.NDJSON, slice(0, None))
    try:
        for line in _lines(chunks):
            row = msgspec.json.decode(line)
            for column in columns:
                text = row[column]
                if isinstance(text, str) and names_something(text):
                    yield Cell(row[ROW_ID], column, text)
    finally:
        chunks.close()


def in_batches(found: Iterable[Cell]) -> Iterator[list[Cell]]:
    """The same cells, some at a time."""
    waiting = iter(found)
    while batch := list(islice(waiting, _AT_ONCE)):
        yield batch


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
    if rest:
        yield rest
