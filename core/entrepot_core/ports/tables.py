"""Reads stored tables."""

from collections.abc import Generator, Iterator, Sequence
from typing import Protocol

from entrepot_core.formats import Format
from entrepot_core.names import Digest
from entrepot_core.profile import Histogram


class ArrowTable(Protocol):
    """Rows in Arrow's memory layout, by the Arrow PyCapsule interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class Tables(Protocol):
    """Reads the tables whose Parquet parts are kept as blobs.

    ``parts`` are the parts of one table, in order; ``columns`` names what to read of it, in the order wished
    (``_id`` can be named). Columns that aren't there are the caller's mistake. Memory does not grow with the
    number of rows. Any method raises ``BlobDamaged`` where a part is missing or can't be read.
    """

    def page(self, parts: Sequence[Digest], columns: Sequence[str], offset: int, limit: int) -> bytes:
        """Some rows as a JSON array of objects, in the encoding of ``stream`` for JSON."""
        ...

    def stream(
        self, parts: Sequence[Digest], columns: Sequence[str], format: Format, rows: slice
    ) -> Generator[bytes, None, None]:
        """Rows encoded as CSV, TSV, JSON (an array of objects), NDJSON, Parquet or an Arrow stream.

        Closing the generator releases what it holds.

        In text: dates and times as ISO 8601 (datetimes of a time zone in UTC, with ``Z``), durations as ISO
        8601, binary as base64; in CSV and TSV null is the empty field and an empty string is ``""``; in JSON,
        NaN and infinities are null, integers and decimals are exact numbers, and nested values stay nested, those
        stored as text as well. In CSV and TSV nested values are their JSON, in Parquet and Arrow those stored as
        text stay text. A table of one column may hold empty lines: they are its nulls.
        """
        ...

    def batches(self, parts: Sequence[Digest], columns: Sequence[str], rows: slice) -> Iterator[ArrowTable]:
        """Rows in the stored order, some ten thousand at a time."""
        ...

    def histograms(self, parts: Sequence[Digest], columns: Sequence[str], bins: int) -> dict[str, Histogram]:
        """The histograms of numeric columns with ``bins`` bins, of those columns that have a finite value."""
        ...
