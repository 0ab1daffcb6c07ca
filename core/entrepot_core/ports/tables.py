"""Reads stored tables."""

from collections.abc import Generator, Iterator, Sequence
from typing import Protocol

from attrs import frozen

from entrepot_core.formats import Format
from entrepot_core.names import Digest
from entrepot_core.profile import Histogram
from entrepot_core.rows.selection import Selection
from entrepot_core.rows.views import Facet, RowDifferences


class ArrowTable(Protocol):
    """Rows in Arrow's memory layout, by the Arrow PyCapsule interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


@frozen
class TablePage:
    """Some of the rows of a selection.

    Attributes:
        rows: A JSON array of objects, in the encoding of ``Tables.stream`` for JSON.
        total: How many rows the selection has in all; none where counting was not wished.
        more: Whether there are rows after these.
        decimals: The columns whose fractions are all decimals, also those within lists and objects.
    """

    rows: bytes
    total: int | None
    more: bool
    decimals: frozenset[str] = frozenset()


class TableFile(Protocol):
    """A table as one file, of which any part can be read; the same bytes in every process and at any time."""

    @property
    def size(self) -> int:
        """How many bytes it has."""
        ...

    def read(self, start: int, stop: int) -> Generator[bytes, None, None]:
        """Its bytes from a place up to another; closing the generator releases what it holds.

        Raises:
            BlobDamaged: A part is missing.
        """
        ...


class Tables(Protocol):
    """Reads the tables whose Parquet parts are kept as blobs.

    ``parts`` are the parts of one table, in order; a selection was made for its schema. Its columns are read in the
    order wished (``_id`` can be named). Memory does not grow with the number of rows, but for what is kept at hand
    within a budget, and for eight bytes a row where a selection filters or sorts. Any method raises ``BlobDamaged``
    where a part is missing or can't be read, and ``InvalidFilter`` where a value doesn't fit how a column is stored,
    as a time with a zone where the column has none.
    """

    def page(
        self, parts: Sequence[Digest], selection: Selection, offset: int, limit: int, *, count: bool = True
    ) -> TablePage:
        """Some rows; ``count`` wishes for their total."""
        ...

    def stream(
        self, parts: Sequence[Digest], selection: Selection, format: Format, rows: slice
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

    def whole(self, parts: Sequence[Digest]) -> TableFile | None:
        """All rows and columns, ``_id`` apart, as a Parquet file; none where the parts can't be joined as they are.

        It is what ``stream`` would give, but that rows may be grouped otherwise, and is there at once.
        """
        ...

    def batches(self, parts: Sequence[Digest], selection: Selection, rows: slice) -> Iterator[ArrowTable]:
        """Rows in the selection's order, some ten thousand at a time."""
        ...

    def histograms(self, parts: Sequence[Digest], columns: Sequence[str], bins: int) -> dict[str, Histogram]:
        """The histograms of numeric columns with ``bins`` bins, of those columns that have a finite value."""
        ...

    def facets(self, parts: Sequence[Digest], selection: Selection, limit: int) -> tuple[Facet, ...]:
        """The ``limit`` most frequent values of each of the selection's columns among its rows, null and NaN as one."""
        ...

    def differences(
        self, before: Sequence[Digest], after: Sequence[Digest], columns: Sequence[str], limit: int
    ) -> RowDifferences:
        """How the rows of two tables differ in ``columns``, which both have with the same type, by ``_id``.

        Parts that both tables have are not read. At most ``limit`` rows are shown.
        """
        ...
