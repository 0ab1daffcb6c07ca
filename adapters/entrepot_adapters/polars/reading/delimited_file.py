"""A delimited file without faults, and how polars reads it as columns of strings."""

from collections.abc import Mapping, Sequence
from typing import IO

import msgspec
import polars as pl

from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.landing import Scan
from entrepot_adapters.polars.reading.intake import Intake
from entrepot_adapters.polars.reading.options import nulled
from entrepot_adapters.polars.reading.progress import Progress
from entrepot_adapters.polars.writing import Written


class ShortRows(Exception):
    """Some rows have fewer cells than others; polars takes the missing ones for null."""


class HeaderAgain(Exception):
    """A row may be the header, which stands there once more."""


class LongCell(Exception):
    """A cell is longer than allowed."""


class SpareUsed(Exception):
    """The column behind the last delimiter of a row, which has no name and was thought to be empty, is not."""


class DelimitedFile(msgspec.Struct, frozen=True):
    """A delimited file, ready to be read.

    Attributes:
        file: It, in UTF-8, with line feeds at the ends of rows.
        mark: The delimiter.
        quote: The character around cells.
        start: How many lines stand before its first row.
        width: How many columns it has.
        rows: How many rows it has at the most.
        content: How many bytes of it belong to cells, to delimiters, and perhaps to ends of rows; None where that is
            not known.
        line_end: How many of these end each row.
        is_spare: Whether rows have one more cell, which is empty.
        already: Which share of the import is done before it is read.
        cell_bytes: How long a cell may be, where some may be longer.
        is_even: Whether all of its rows are known to have all their cells.
        has_gaps: Whether some of the last cells are empty, as far as was seen.
        heading: How the header begins that no row may be: its first two cells; empty where a row may.
    """

    file: IO[bytes]
    mark: bytes
    quote: str
    start: int
    width: int
    rows: int
    content: int | None
    line_end: int = 1
    is_spare: bool = False
    already: float = 0.0
    cell_bytes: int | None = None
    is_even: bool = False
    has_gaps: bool = True
    heading: tuple[str, ...] = ()

    @staticmethod
    def prefix(null_values: Sequence[str]) -> str:
        """How the names of raw columns begin: as they stand in the file, or with nulls put in first."""
        return "r" if null_values else "s"

    def scan(self, intake: Intake) -> Scan:
        """How to read the raw columns."""
        progress = Progress(intake.report, intake.size, self.rows, self.already)
        limits, null_values = intake.limits, intake.options.null_values
        cells = self.width + self.is_spare
        schema = {f"s{number}": pl.String for number in range(cells)}

        def begin(most: int | None = None) -> pl.LazyFrame:
            if not self.rows:
                return pl.LazyFrame(schema=schema).with_columns(self._prepared(null_values))
            self.file.seek(0)
            frame = pl.scan_csv(
                self.file,
                has_header=False,
                skip_lines=self.start,
                schema=schema,
                separator=self.mark.decode(),
                quote_char=self.quote,
            )
            if limits.rows is not None and self.rows > limits.rows:
                frame = frame.head(limits.rows + 1)
            # few rows are taken first: polars reads ahead of what is watched
            watched = progress.watched(frame) if most is None else frame.head(most)
            return watched.with_columns(self._prepared(null_values))

        return begin

    def _prepared(self, null_values: Sequence[str]) -> list[pl.Expr]:
        if not null_values:
            return []
        return [nulled(pl.col(f"s{number}"), null_values).alias(f"r{number}") for number in range(self.width)]

    def measures(self, columns: Sequence[Column]) -> Mapping[str, pl.Expr]:
        """Measure what tells whether all rows have all their cells, and the values in the spare column.

        A row that is short has nothing in its last cell: where all of these are filled, cells need not be measured.
        Also find the longest text, and whether the header stands there again.
        """
        spare = {"spare": pl.col(f"s{self.width}").count()} if self.is_spare else {}
        again = {"headings": self._is_heading().any()} if self.heading else {}
        texts = [pl.col(f"s{number}") for number, column in enumerate(columns) if column.reading.is_lossless]
        lengths = [text.str.len_bytes().max() for text in texts] if self.cell_bytes is not None else []
        longest = {"longest": pl.max_horizontal(lengths)} if lengths else {}
        if self.is_even:
            return {**again, **spare, **longest}
        if self.has_gaps:
            return {**again, "bytes": self._bytes(), **spare, **longest}
        return {**again, "gaps": pl.col(f"s{self.width - 1}").null_count(), **longest}

    def _is_heading(self) -> pl.Expr:
        """Whether a row begins as the header does, perhaps with spaces behind it."""
        first, second = self.heading
        return pl.when(pl.col("s0") == first).then(pl.col("s1")).str.strip_chars_end() == second.rstrip()

    def _bytes(self) -> pl.Expr:
        """How many bytes all cells have."""
        cells = [pl.col(f"s{number}") for number in range(self.width + self.is_spare)]
        return pl.sum_horizontal(cell.str.len_bytes().cast(pl.Int64).sum() for cell in cells)

    def check(self, written: Written, scan: Scan) -> None:
        """Account for every byte of the file, and compare the longest cell with what is allowed.

        What is neither in a cell nor ends a row is a delimiter, of which each row needs as many as the others. So a
        cell is missed that polars has not found, or has read as another text than stands there.

        Args:
            written: What was read.
            scan: Begins to read the raw columns anew.

        Raises:
            HeaderAgain: A row may be the header.
            LongCell: It is longer.
            ShortRows: Some have too few cells, or what was read is not all that there is.
            SpareUsed: There is something in the column that was thought to be empty.
        """
        measures = written.measures
        if measures.get("headings"):
            raise HeaderAgain
        if measures.get("spare"):
            raise SpareUsed
        if self.cell_bytes is not None and (measures.get("longest") or 0) > self.cell_bytes:
            raise LongCell
        if self.is_even or measures.get("gaps") == 0:
            return
        read = measures.get("bytes")
        if read is None:
            read = scan().select(self._bytes()).collect(engine="streaming").item()
        needed = read + written.rows * (self.width + self.is_spare - 1 + self.line_end)
        if self.content != needed:
            raise ShortRows(f"of {self.content} bytes {needed} are accounted for")
