"""Making documents of a dataset: charts, and whatever else is written into a scratch file first."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO, Protocol

from entrepot_core.dataset import Dataset
from entrepot_core.download import Download
from entrepot_core.errors import InvalidOption, NothingToPlot, UnknownColumn, UnknownFormat
from entrepot_core.formats import CHART_FORMATS, Format
from entrepot_core.names import DatasetRef, Digest
from entrepot_core.ports.blobs import Blobs
from entrepot_core.ports.driven import Driven
from entrepot_core.profile import Histogram
from entrepot_core.use_cases.browsing import read_profile
from entrepot_core.use_cases.finding import found

_CHUNK = 1 << 18
_MOST_BINS = 1_000


def plot(
    driven: Driven,
    ref: DatasetRef,
    format: Format,
    version: int | None,
    columns: tuple[str, ...] | None,
    bins: int | None,
) -> Download:
    """Draw the histograms of numeric columns: the stored ones, or with other bins from the table."""
    if format not in CHART_FORMATS:
        raise UnknownFormat(format=str(format), formats=[str(one) for one in CHART_FORMATS])
    if bins is not None and not 1 <= bins <= _MOST_BINS:
        raise InvalidOption(option="bins", value=str(bins), reason=f"give a number from 1 to {_MOST_BINS:,}")
    with found(driven, ref, version) as dataset:
        histograms = _histograms(driven, dataset, _numeric(dataset, columns), bins)
    if not histograms:
        raise NothingToPlot(ref=dataset.name)
    draw = partial(driven.charts.histograms, histograms, format, title=dataset.title or dataset.name)
    return rendered(driven.blobs, draw, f"{dataset.name}.{format}", format)


def _numeric(dataset: Dataset, columns: tuple[str, ...] | None) -> list[str]:
    schema = dataset.version.schema
    for column in columns or ():
        if column not in schema.names:
            raise UnknownColumn(column=column, columns=schema.names)
    return [name for name in schema.numeric if columns is None or name in columns]


def _histograms(driven: Driven, dataset: Dataset, columns: list[str], bins: int | None) -> dict[str, Histogram]:
    if bins is not None:
        return driven.tables.histograms(dataset.version.parts, columns, bins)
    stored = {column.name: column.histogram for column in read_profile(driven, dataset).columns}
    return {name: histogram for name in columns if (histogram := stored[name])}


def rendered(blobs: Blobs, write: Callable[[BinaryIO], None], file_name: str, format: Format) -> Download:
    """A download of what ``write`` writes into a scratch file, which goes when the download is closed."""
    scratch = blobs.stage()
    try:
        write(scratch.file)
        size = scratch.size
        scratch.file.seek(0)
    except BaseException:
        scratch.close()
        raise
    return Download(file_name, format.content_type, chunks_of(scratch.file), size, release=scratch.close)


def chunks_of(file: BinaryIO, most: int | None = None) -> Iterator[bytes]:
    """The bytes of a file from where it stands, in chunks; all of them, or ``most``."""
    left = most
    while chunk := file.read(_CHUNK if left is None else min(left, _CHUNK)):
        left = None if left is None else left - len(chunk)
        yield chunk


class HasBlob(Protocol):
    """Something whose bytes are a blob."""

    @property
    def digest(self) -> Digest:
        """Where they are."""
        ...

    @property
    def size(self) -> int:
        """How many."""
        ...


def stored(blobs: Blobs, form: HasBlob, file_name: str, media_type: str) -> Download:
    """A download of stored bytes, of which any part can be read."""
    file = blobs.open(form.digest)

    def part(start: int, stop: int) -> Iterator[bytes]:
        file.seek(start)
        return chunks_of(file, stop - start)

    return Download(file_name, media_type, chunks_of(file), form.size, part, file.close)
